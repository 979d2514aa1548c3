/**
 * The mobile network as an interface of netifd (`proto kedge`). netifd's protocol handler attaches it; from then on this tells
 * netifd what it is like: home address, prefixes for the LANs, and the firewall rules that signalling needs.
 *
 * Its network device is {@link MOBILE_DEVICE}, a tunnel that no packet takes: traffic goes through one tunnel or another,
 * several at a time, and moves between them while netifd must see no change. The name is a pattern to fw4, as it was to
 * iptables, which matches all of kedge's tunnels: a firewall zone with the interface in it holds for them.
 */
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import type { JsonObject } from '../engine/types.ts';
import { type ForwardingState, TUNNEL_PREFIX } from '../forwarding/state.ts';
import { USUAL_TUNNEL_MTU } from '../forwarding/tunnel.ts';
import type { UbusClient } from '../ubus/client.ts';
import type { Lease, MobileRouterConfig } from '../uci/types.ts';
import { formatAddress, formatPrefix, type Prefix } from '../wire/address.ts';
import { NETIFD } from './interfaces.ts';
import { isOf } from './router-name.ts';

export const MOBILE_DEVICE = `${TUNNEL_PREFIX}+`;

/** What netifd is to do with a message of a protocol handler. */
const UPDATE = 0;

const NOTHING: ForwardingState = { tunnels: [], addresses: [], routes: [], rules: [], filter: undefined };

/**
 * What netifd is told about an interface, as `proto_send_update` of its shell handlers would. Configured prefixes have no
 * lifetimes: they stay. One that is not named any more (RFC 3963 §5.4.2) netifd deprecates for two hours; a lifetime of zero
 * would take it from the hosts at once.
 * @param prefixes those of the mobile network that no home agent refuses
 * @param devices network devices of the router's uplinks
 * @param now monotonic, milliseconds, which what is left of the lifetimes counts from
 */
export function announcement(
  name: string,
  router: MobileRouterConfig,
  prefixes: readonly Prefix[],
  devices: readonly string[],
  now: number,
): JsonObject {
  return {
    action: UPDATE,
    ifname: MOBILE_DEVICE,
    'link-up': true,
    // The address is on the loopback device, where uplinks and tunnels come and go without it.
    'address-external': true,
    keep: false,
    ip6addr: [{ ipaddr: formatAddress(router.homeAddress), mask: '128' }],
    ip6prefix: prefixes.map(
      (prefix, index) => formatPrefix(prefix) + lifetimes(router.delegation?.leases[index], now),
    ),
    data: { firewall: devices.map(device => signallingRule(router, device)) },
    interface: name,
  };
}

/** Seconds: preferred, valid. */
function lifetimes(lease: Lease | undefined, now: number): string {
  const { preferredUntil = Number.POSITIVE_INFINITY, validUntil = Number.POSITIVE_INFINITY } = lease ?? {};
  if (validUntil === Number.POSITIVE_INFINITY) return '';
  return [preferredUntil, validUntil]
    .map(until => `,${Math.max(Math.floor((until - now) / 1000), 0)}`)
    .join('');
}

/** Mobility Headers and tunnels from the home agents: what they say unasked, fw4 would refuse. */
function signallingRule({ homeAgents, discovery }: MobileRouterConfig, device: string): JsonObject {
  return {
    type: 'rule',
    family: 'ipv6',
    proto: ['135', '41'],
    src: '*',
    ...(discovery === undefined && { src_ip: homeAgents.map(formatAddress) }),
    device,
    direction: 'in',
    target: 'ACCEPT',
  };
}

export class MobileInterfaces {
  readonly #client: UbusClient;
  /** Names of the interfaces, with the router each one stands for (undefined: the only one) and what netifd was told last. */
  readonly #attached = new Map<string, { readonly router: string | undefined; told: string }>();

  /** The device that was found may be of interfaces that have yet to attach again. */
  #adopts = true;

  constructor(client: UbusClient) {
    this.#client = client;
  }

  attach(name: string, router: string | undefined): void {
    this.#attached.set(name, { router, told: '' });
  }

  detach(name: string): void {
    this.#attached.delete(name);
    this.#adopts = false;
  }

  has(name: string): boolean {
    return this.#attached.has(name);
  }

  /** netifd has these, and no others. */
  keep(names: readonly string[]): void {
    if (names.length === 0) this.#adopts = false;
    for (const name of this.#attached.keys()) if (!names.includes(name)) this.detach(name);
  }

  /**
   * The device, as long as there is an interface.
   * @param isThere the kernel has it
   */
  forwarding(routers: readonly MobileRouterConfig[], isThere: boolean): ForwardingState {
    const [first] = routers;
    const isWanted = this.#attached.size > 0 || (this.#adopts && isThere);
    if (!isWanted || first === undefined) return NOTHING;
    const { homeAddress: local } = first;
    // From an address to itself: nothing takes it, nothing comes out of it.
    const tunnel = { local, remote: local, link: 0, mtu: USUAL_TUNNEL_MTU, group: 0 };
    return { ...NOTHING, tunnels: [{ name: MOBILE_DEVICE, ...tunnel }] };
  }

  /** Tells netifd what is new. Comes when the device is there. */
  update(
    routers: readonly MobileRouter[],
    devicesOf: (router: MobileRouterConfig) => string[],
    now: number,
  ): void {
    for (const [name, interface_] of this.#attached) {
      const { router: wanted } = interface_;
      const router = routers.find(found => wanted === undefined || isOf(wanted, found));
      const newsAt = (time: number) =>
        router
          ? announcement(name, router.config, router.advertised, devicesOf(router.config), time)
          : isDown(name);
      // That time goes by is no news.
      const text = JSON.stringify(newsAt(0));
      if (text === interface_.told) continue;
      interface_.told = text;
      this.#client.call(NETIFD, 'notify_proto', newsAt(now)).then(({ ok }) => {
        if (!ok) interface_.told = '';
      });
    }
  }

  /** The orderly end: the interfaces are down, and wait for kedge. */
  stop(): void {
    for (const name of this.#attached.keys()) this.#client.call(NETIFD, 'notify_proto', isDown(name));
    this.#attached.clear();
  }
}

const isDown = (name: string): JsonObject => ({ action: UPDATE, 'link-up': false, interface: name });
