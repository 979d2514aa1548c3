/**
 * Mobile networks in a mobile network, on the uplinks and the Internet of the main scenarios:
 *
 *   guest --lan3-- inner --deep-- middle --visited-- router --lte, wifi-- ...
 *                                    \--cell-- core      \--seat-- node     (a mobile node)
 *                                                         \--lan-- lan      (a host of the outer network)
 *
 * `router` is the outer mobile router; `second` is another home agent, on the core.
 */
import type { RouterPlan } from './configuration.ts';
import { MAIN, type MainOptions, mainTopology } from './main-topology.ts';
import type { LinkPlan, NetworkPlan } from './network.ts';

export const SECOND_ANCHOR = '2001:db8:3::2';
/** Prefixes of the outer router, one for each of its LANs. */
const VISITED = '2001:db8:102::';
const SEAT = '2001:db8:103::';
/** The mobile node's care-of address. */
export const SEAT_ADDRESS = `${SEAT}2`;

export interface Nest {
  readonly outer: RouterPlan;
  /** Two uplinks: the outer router's network, and one of its own. */
  readonly middle: RouterPlan;
  readonly inner: RouterPlan;
  readonly node: RouterPlan;
  /** The host in the innermost network. */
  readonly guest: string;
}

/** @param apart whether middle router and mobile node have the second home agent; the others have the first one */
export function nest(apart: boolean): Nest {
  const [net, theirs] = apart ? ['2001:db8:2', SECOND_ANCHOR] : ['2001:db8:1', MAIN.anchor];
  return {
    outer: {
      name: 'outer',
      homeAddress: MAIN.homeAddress,
      homeAgents: [MAIN.anchor],
      prefixes: [MAIN.mobileNetworkPrefix, `${VISITED}/64`, `${SEAT}/64`],
      uplinks: ['lte', 'wifi'],
    },
    middle: {
      name: 'middle',
      homeAddress: `${net}00::11`,
      homeAgents: [theirs],
      prefixes: [`${net}11::/64`],
      uplinks: ['visited', 'cell'],
    },
    inner: {
      name: 'inner',
      homeAddress: '2001:db8:100::12',
      homeAgents: [MAIN.anchor],
      prefixes: ['2001:db8:121::/64'],
      uplinks: ['deep'],
    },
    node: { name: 'node', homeAddress: `${net}00::13`, homeAgents: [theirs], uplinks: ['seat'] },
    guest: '2001:db8:121::100',
  };
}

export function nestedTopology({ middle }: Nest, options: MainOptions): NetworkPlan {
  const main = mainTopology(options);
  const { capture = 0 } = options;
  const deep = middle.prefixes![0]!.replace('/64', '');
  const between = (near: string, net: string, far: string, host = '2', metric = 1024): LinkPlan => ({
    near: { host: near, addresses: [`${net}${host}/64`], gateway: `${net}1`, metric },
    far: { host: far, addresses: [`${net}1/64`] },
    capture,
  });
  return {
    hosts: {
      ...main.hosts,
      core: {
        ...main.hosts.core!,
        routes: [...main.hosts.core!.routes!, `2001:db8:200::/40 via ${SECOND_ANCHOR}`],
      },
      second: { forwarding: true },
      middle: { forwarding: true },
      inner: { forwarding: true },
      node: {},
      guest: {},
    },
    links: {
      ...main.links,
      second: between('second', '2001:db8:3::', 'core'),
      visited: between('middle', VISITED, 'router'),
      cell: { ...between('middle', '2001:db8:d::', 'core', '2', 1025), delay: 40 },
      deep: between('inner', deep, 'middle'),
      seat: between('node', SEAT, 'router'),
      lan3: between('guest', '2001:db8:121::', 'inner', '100'),
    },
  };
}
