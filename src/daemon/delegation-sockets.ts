/** The sockets that DHCPv6 messages come to: UDP port 547 of the home agent's address, or of the home addresses of mobile routers. */
import type { ReceivedPacket } from '../engine/types.ts';
import type { Helper, Socket } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import type { KernelView } from '../netlink/kernel-view.ts';
import type { Config } from '../uci/types.ts';
import { type Address, addressKey, formatAddress, UNSPECIFIED } from '../wire/address.ts';
import { NextHeader } from '../wire/ipv6.ts';

export class DelegationSockets {
  readonly #helper: Helper;
  readonly #log: LogSink;
  readonly #view: KernelView;
  readonly #received: (packet: ReceivedPacket) => void;
  readonly #sockets = new Map<string, Socket>();

  /** @param view names the devices */
  constructor(helper: Helper, log: LogSink, view: KernelView, received: (packet: ReceivedPacket) => void) {
    this.#helper = helper;
    this.#log = log;
    this.#view = view;
    this.#received = received;
  }

  /** Those that the configuration needs, and no others. */
  listen({ mobileRouters, homeAgent }: Config): void {
    const wanted = mobileRouters.flatMap(({ delegation, homeAddress }) => (delegation ? [homeAddress] : []));
    if (homeAgent?.peers.some(({ delegation }) => delegation)) wanted.push(homeAgent.address);
    const keys = wanted.map(addressKey);
    for (const [key, socket] of this.#sockets) {
      if (keys.includes(key)) continue;
      socket.close();
      this.#sockets.delete(key);
    }
    for (const address of wanted) {
      const key = addressKey(address);
      if (!this.#sockets.has(key)) this.#sockets.set(key, this.#open(address));
    }
  }

  #open(address: Address): Socket {
    return this.#helper.open(
      { kind: 'dhcpv6', address },
      {
        received: ({ source = UNSPECIFIED, destination = address, bytes, ifindex, hopLimit }) => {
          const device = this.#view.deviceName(ifindex);
          this.#received({ source, destination, nextHeader: NextHeader.udp, bytes, device, hopLimit });
        },
        failed: reason =>
          this.#log('error', `prefix delegation: UDP port 547 of ${formatAddress(address)}: ${reason}`),
        // A reload tries again.
        closed: () => this.#sockets.delete(addressKey(address)),
      },
    );
  }
}
