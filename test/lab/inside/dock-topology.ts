/**
 * The main network with a home link, `br-lan`, that the router can be plugged into twice:
 *
 *   lan --lan-- router --lte-- … core --home-- anchor [br-lan]
 *                 | \---wifi-- … /               | |    |
 *                 | `--------dock1---------------' |    |
 *                 `----------dock2-----------------'    |
 *                                   neighbor --desk-----'
 *
 * That is draft-ietf-monami6-multiplecoa-00, figures 3 to 6, and RFC 5648, figures 1 to 3 (topology a): which one it is
 * depends on the carriers. With `annex` the router is plugged into another link of the home agent, as in figure 7 of the
 * draft: it is a foreign link to it.
 */
import { anchorText, routerText } from './configuration.ts';
import { MAIN, mainTopology } from './main-topology.ts';
import type { Network, NetworkPlan } from './network.ts';
import { LABTOOL } from './process.ts';

export const DOCK = {
  link: 'br-lan',
  prefix: '2001:db8:100::/64',
  anchor: '2001:db8:100::1',
  neighbor: '2001:db8:100::20',
  annex: '2001:db8:e::2',
} as const;

const UPLINKS = ['lte', 'wifi', 'dock1', 'dock2', 'annex'] as const;

/** @param advertised `dock1` learns address and next hop from Router Advertisements ({@link advertiseHome}) */
export function dockTopology(advertised = false): NetworkPlan {
  const main = mainTopology();
  const { routes = [], ...core } = main.hosts.core!;
  return {
    hosts: {
      ...main.hosts,
      core: { ...core, routes: [...routes, `2001:db8:e::/64 via ${MAIN.anchor}`] },
      neighbor: {},
    },
    links: {
      ...main.links,
      dock1: {
        near: advertised
          ? { host: 'router', autoconf: true }
          : { host: 'router', addresses: ['2001:db8:100::d1/64'], gateway: DOCK.anchor, metric: 1026 },
        far: { host: 'anchor' },
      },
      dock2: {
        near: { host: 'router', addresses: ['2001:db8:100::d2/64'], gateway: DOCK.anchor, metric: 1027 },
        far: { host: 'anchor' },
      },
      desk: {
        near: { host: 'neighbor', addresses: [`${DOCK.neighbor}/64`], gateway: DOCK.anchor },
        far: { host: 'anchor' },
      },
      annex: {
        near: {
          host: 'router',
          addresses: [`${DOCK.annex}/64`],
          gateway: '2001:db8:e::1',
          metric: 1028,
        },
        far: { host: 'anchor', addresses: ['2001:db8:e::1/64'] },
      },
    },
  };
}

/** The bridge of the home link; the router is plugged into nothing of it yet. */
export async function buildDock(network: Network): Promise<void> {
  for (const link of ['dock1', 'dock2', 'annex']) await network.link(link).carrier('near', false);
  await network.ip(
    'anchor',
    `link add ${DOCK.link} address 02:00:00:00:ff:01 type bridge forward_delay 0 mcast_snooping 0`,
    ...['dock1', 'dock2', 'desk'].map(port => `link set ${port} master ${DOCK.link}`),
    `link set ${DOCK.link} up`,
    `address add ${DOCK.anchor}/64 dev ${DOCK.link} nodad`,
  );
}

/** The home agent is the default router of the home link, and says so. */
export function advertiseHome(network: Network): void {
  network.start('anchor', 'ra-home', [LABTOOL, 'advertise', DOCK.link, DOCK.prefix]);
}

const vessel = { name: 'vessel', homeAddress: MAIN.homeAddress, prefixes: [MAIN.mobileNetworkPrefix] };

export const dockRouterConfig = (...lines: string[]): string =>
  routerText({ ...vessel, homeAgents: [DOCK.anchor], uplinks: UPLINKS, lines });

export const dockAnchorConfig = (...lines: string[]): string =>
  anchorText({
    address: DOCK.anchor,
    peers: [vessel],
    lines: [`option home_link '${DOCK.link}'`, `list home_prefix '${DOCK.prefix}'`, ...lines],
  });
