/**
 * The network of the main scenarios with a third uplink, `sat`, and access networks that give the router any /64 of a
 * /56. The access routers are known by their link-local addresses, so that they stay when the care-of addresses change.
 */
import { now, sleep } from './clock.ts';
import { MAIN, mainTopology } from './main-topology.ts';
import type { HostPlan, LinkPlan, Network, NetworkPlan } from './network.ts';
import { hasRouteByTunnel, receivedByTunnels } from './procfs.ts';

/** Another home agent, on the host `second` behind the link `second`. */
export const SECOND_ANCHOR = '2001:db8:3::2';

export const THREE = ['lte', 'wifi', 'sat'] as const;
export type Three = (typeof THREE)[number];

const ACCESS: Readonly<Record<Three, { readonly net: string; readonly delay: number }>> = {
  lte: { net: 'a', delay: 20 },
  wifi: { net: 'b', delay: 30 },
  sat: { net: 'c', delay: 60 },
};
const GATEWAY = 'fe80::1';
/** Milliseconds. */
const ROUTING_INTERVAL = 100;
/** Milliseconds without a packet out of a home agent's tunnels after which it counts as cut off: several probes of `fast`. */
const SILENCE = 1500;

/** The router's address in one of the /64s (0 to 255) of an access network. */
export const careOfAddress = (uplink: Three, subnet: number): string =>
  `2001:db8:${ACCESS[uplink].net}:${subnet.toString(16)}::2`;

export function threeUplinks(): NetworkPlan {
  const main = mainTopology({ capture: false });
  const links: Record<string, LinkPlan> = { ...main.links };
  const hosts: Record<string, HostPlan> = { ...main.hosts };
  for (const [at, uplink] of THREE.entries()) {
    const { net, delay } = ACCESS[uplink];
    const core = `2001:db8:c${net}::`;
    const host = `${uplink}-gw`;
    links[uplink] = {
      near: {
        host: 'router',
        addresses: [`${careOfAddress(uplink, 0)}/64`],
        gateway: GATEWAY,
        metric: 1024 + at,
      },
      far: { host, addresses: [`${GATEWAY}/64`, `2001:db8:${net}::1/56`] },
      delay,
      rate: '20mbit',
      limit: 200,
      capture: false,
    };
    links[`${uplink}-core`] = {
      near: { host, addresses: [`${core}2/64`], gateway: `${core}1` },
      far: { host: 'core', addresses: [`${core}1/64`] },
      capture: false,
    };
    hosts[host] = {
      forwarding: true,
      nftables: `table ip6 ingress {
        chain forward {
          type filter hook forward priority 0
          iifname "${uplink}" ip6 saddr != 2001:db8:${net}::/56 counter drop
        }
      }`,
    };
  }
  const routes = THREE.map(
    uplink => `2001:db8:${ACCESS[uplink].net}::/56 via 2001:db8:c${ACCESS[uplink].net}::2`,
  );
  hosts.second = { forwarding: true };
  links.second = {
    near: { host: 'second', addresses: [`${SECOND_ANCHOR}/64`], gateway: '2001:db8:3::1' },
    far: { host: 'core', addresses: ['2001:db8:3::1/64'] },
    capture: false,
  };
  hosts.core = { forwarding: true, routes: [`${MAIN.homeNetwork} via ${MAIN.anchor}`, ...routes] };
  return { hosts, links };
}

/**
 * What a routing daemon would do on the hosts of several home agents: packets for the mobile network go to the one that has
 * got a way to it last, or is the only one to have one and to hear the router. A home agent that never heard that it was left
 * has its way still, and when the router comes back to it nothing about it is new: so what counts is who hears the router. Until
 * `stop` says so.
 */
export async function followRoutes(
  network: Network,
  anchors: readonly { readonly host: string; readonly address: string }[],
  stop: () => boolean,
): Promise<void> {
  const witnesses = anchors.map(({ host }) => network.start(host, `witness-${host}`, ['sleep', 'infinity']));
  const had = anchors.map(() => false);
  const heard = anchors.map(() => ({ packets: 0, at: Number.NEGATIVE_INFINITY }));
  let current = 0;
  while (!stop()) {
    const has = witnesses.map(({ pid }) => hasRouteByTunnel(pid));
    for (const [index, { pid }] of witnesses.entries()) {
      const packets = receivedByTunnels(pid);
      if (packets !== heard[index]!.packets) heard[index] = { packets, at: now() };
    }
    const hears = has.map((serves, index) => serves && heard[index]!.at > now() - SILENCE);
    const newest = has.findIndex((serves, index) => serves && !had[index]);
    const other = hears[current] ? -1 : hears.indexOf(true);
    const fallback = has[current] ? -1 : has.indexOf(true);
    const next = newest >= 0 ? newest : other >= 0 ? other : fallback;
    for (const index of had.keys()) had[index] = has[index]!;
    if (next >= 0 && next !== current) {
      current = next;
      await network.ip('core', `route replace ${MAIN.homeNetwork} via ${anchors[current]!.address}`);
    }
    await sleep(ROUTING_INTERVAL);
  }
}

/** The access network gives the router another address in place of the one it has, the new one first or last. */
export async function renumber(
  network: Network,
  uplink: Three,
  from: number,
  to: number,
  gently: boolean,
): Promise<void> {
  const add = `address add ${careOfAddress(uplink, to)}/64 dev ${uplink} nodad`;
  const remove = `address delete ${careOfAddress(uplink, from)}/64 dev ${uplink}`;
  await network.ip('router', ...(gently ? [add, remove] : [remove, add]));
}
