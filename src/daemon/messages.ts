/** The messages that the roles receive and send, on the sockets for them. */
import type { Output, ReceivedPacket } from '../engine/types.ts';
import type { Helper, ReceivedMessage, Socket } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import type { KernelView } from '../netlink/kernel-view.ts';
import { UNSPECIFIED } from '../wire/address.ts';
import { NextHeader, sourceOf } from '../wire/ipv6.ts';
import type { Trace } from './trace.ts';
import { vital } from './vital-socket.ts';

/** Destination options (the Home Address option), routing header (type 2), Mobility Header. */
const PROTOCOLS = [60, 43, 135] as const;

export interface MessagesHost {
  /** Names the devices. */
  readonly view: KernelView;
  received(packet: ReceivedPacket): void;
  /** No message can be received any more, and why. */
  fail(reason: string): void;
}

export class Messages {
  /** Sees every message, if there is one. */
  trace: Trace | undefined;
  readonly #helper: Helper;
  readonly #log: LogSink;
  readonly #host: MessagesHost;
  readonly #packets: Socket;
  /** Of ICMPv6, with the types that it was opened for. */
  #icmpv6: { readonly socket: Socket; readonly types: string } | undefined;

  constructor(helper: Helper, log: LogSink, host: MessagesHost) {
    this.#helper = helper;
    this.#log = log;
    this.#host = host;
    this.#packets = helper.open(
      { kind: 'raw6-send' },
      { received() {}, failed: reason => log('debug', reason) },
    );
    for (const protocol of PROTOCOLS) {
      helper.open(
        { kind: 'raw6', protocol },
        {
          received: message => this.#receive(protocol, message),
          ...vital(log, reason => host.fail(reason)),
        },
      );
    }
  }

  /** ICMPv6 messages of these types are received from now on, and no others. */
  listen(icmpv6Types: readonly number[]): void {
    const types = icmpv6Types.join();
    if (this.#icmpv6?.types === types) return;
    this.#icmpv6?.socket.close();
    if (icmpv6Types.length === 0) {
      this.#icmpv6 = undefined;
      return;
    }
    const socket = this.#helper.open(
      { kind: 'icmpv6', types: icmpv6Types },
      {
        received: message => this.#receive(NextHeader.icmpv6, message),
        failed: reason => this.#log('warning', `ICMPv6: ${reason}`),
      },
    );
    this.#icmpv6 = { socket, types };
  }

  send({ packet, destination, device, onLink }: Extract<Output, { kind: 'send' }>): void {
    const ifindex = device === undefined ? undefined : this.#host.view.linkNamed(device)?.index;
    if (device !== undefined && ifindex === undefined) return;
    this.trace?.sent(packet, device);
    // The rules of source-address routing look at what the socket says, not into the packet; and without a source
    // the kernel takes the device seriously.
    const source = onLink ? undefined : sourceOf(packet);
    this.#packets.send(packet, { source, destination, ifindex });
  }

  #receive(nextHeader: number, message: ReceivedMessage): void {
    const { source = UNSPECIFIED, destination, bytes, ifindex, hopLimit } = message;
    if (destination === undefined) return;
    const device = this.#host.view.deviceName(ifindex);
    const packet = { source, destination, nextHeader, bytes, device, hopLimit };
    this.trace?.received(packet);
    this.#host.received(packet);
  }
}
