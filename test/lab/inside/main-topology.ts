/**
 * The network of the main scenarios:
 *
 *   lan --lan-- router --lte-- lte-gw --lte-core--+
 *                  \                             core --home-- anchor
 *                   +--wifi-- wifi-gw -wifi-core-+    --peer-- peer
 *
 * `lan` is a host on the mobile network, `anchor` the home agent, `peer` the correspondent on the Internet. The uplinks
 * delay by 20 ms (lte) and 30 ms (wifi) each way; everything else by nothing. The access routers know nothing of the
 * mobile network and drop what does not come from their own link (ingress filtering).
 */
import type { HostPlan, Impairment, LinkPlan, Network, NetworkPlan } from './network.ts';

/** Addresses of the main network. */
export const MAIN = {
  /** Routed to the anchor by the core: home addresses and mobile network prefixes. */
  homeNetwork: '2001:db8:100::/40',
  homeAddress: '2001:db8:100::10',
  anchor: '2001:db8:1::2',
  peer: '2001:db8:2::2',
  mobileNetworkPrefix: '2001:db8:101::/64',
  /** The router's own address on its LAN, the LAN host's gateway. */
  lanRouter: '2001:db8:101::1',
  lanHost: '2001:db8:101::100',
  lteCareOf: '2001:db8:a::2',
  wifiCareOf: '2001:db8:b::2',
} as const;

export interface MainOptions {
  /**
   * `static` (default): care-of addresses and default routes are there from the start. `ra`: both uplinks learn them
   * from router advertisements (start them with `advertiseUplinks`); the care-of addresses are then EUI-64 ones.
   */
  readonly addressing?: 'static' | 'ra';
  /** Differences from the standard uplinks, for example a rate. */
  readonly lte?: Impairment;
  readonly wifi?: Impairment;
  /** Octets of each packet that captures keep; false: no captures. Default: everything. */
  readonly capture?: number | false;
}

export function mainTopology(options: MainOptions = {}): NetworkPlan {
  const automatic = options.addressing === 'ra';
  const capture = options.capture ?? 0;

  function uplink(name: 'lte' | 'wifi', net: string, metric: number, standard: Impairment): LinkPlan {
    return {
      near: automatic
        ? { host: 'router', autoconf: true }
        : { host: 'router', addresses: [`2001:db8:${net}::2/64`], gateway: `2001:db8:${net}::1`, metric },
      far: { host: `${name}-gw`, addresses: [`2001:db8:${net}::1/64`] },
      ...standard,
      ...options[name],
      capture,
    };
  }

  /** A link without delay from the core (the far end has ::1) to another host (::2). */
  function wired(host: string, net: string, gateway: boolean): LinkPlan {
    return {
      near: {
        host,
        addresses: [`2001:db8:${net}::2/64`],
        ...(gateway && { gateway: `2001:db8:${net}::1` }),
      },
      far: { host: 'core', addresses: [`2001:db8:${net}::1/64`] },
      capture,
    };
  }

  /** BCP 38: what comes from the link must have an address of the link as its source. */
  function accessRouter(link: string, net: string): HostPlan {
    const prefix = `2001:db8:${net}::/64`;
    return {
      forwarding: true,
      nftables: `table ip6 ingress {
        chain forward {
          type filter hook forward priority 0
          iifname "${link}" ip6 saddr != ${prefix} counter drop
        }
      }`,
    };
  }

  return {
    hosts: {
      lan: {},
      router: { forwarding: true },
      'lte-gw': accessRouter('lte', 'a'),
      'wifi-gw': accessRouter('wifi', 'b'),
      core: {
        forwarding: true,
        routes: [
          `${MAIN.homeNetwork} via ${MAIN.anchor}`,
          '2001:db8:a::/64 via 2001:db8:ca::2',
          '2001:db8:b::/64 via 2001:db8:cb::2',
        ],
      },
      anchor: { forwarding: true },
      peer: {},
    },
    links: {
      lan: {
        near: { host: 'lan', addresses: [`${MAIN.lanHost}/64`], gateway: MAIN.lanRouter },
        far: { host: 'router', addresses: [`${MAIN.lanRouter}/64`] },
        capture,
      },
      lte: uplink('lte', 'a', 1024, { delay: 20 }),
      wifi: uplink('wifi', 'b', 1025, { delay: 30 }),
      'lte-core': wired('lte-gw', 'ca', true),
      'wifi-core': wired('wifi-gw', 'cb', true),
      home: wired('anchor', '1', true),
      peer: wired('peer', '2', true),
    },
  };
}

/** Router advertisements on both uplinks, for `addressing: 'ra'`. */
export function advertiseUplinks(network: Network): void {
  network.advertise('lte', 'far', '2001:db8:a::/64');
  network.advertise('wifi', 'far', '2001:db8:b::/64');
}
