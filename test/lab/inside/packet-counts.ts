/**
 * Counts the packets between a host behind the router and one on the Internet, by tables of the lab's own: where they enter and
 * leave each host, and where they have got a route. What is missing between two of these was dropped in between.
 */
import { MAIN } from './main-topology.ts';
import type { Network } from './network.ts';

const OUTWARD = `ip6 saddr ${MAIN.mobileNetworkPrefix} ip6 daddr ${MAIN.peer}`;
const INWARD = `ip6 saddr ${MAIN.peer} ip6 daddr ${MAIN.mobileNetworkPrefix}`;
const TUNNELS = '"kdg-*"';

export interface Crossing {
  /** Came in, got a route, left. */
  readonly entered: number;
  readonly routed: number;
  readonly left: number;
}

/** Where a host's packets come from, and where they go to. */
interface Way {
  readonly name: string;
  readonly packets: string;
  readonly from: string;
  readonly to: string;
}

const ways = (outside: string, isRouter: boolean): Way[] => [
  { name: 'outward', packets: OUTWARD, from: isRouter ? outside : TUNNELS, to: isRouter ? TUNNELS : outside },
  { name: 'inward', packets: INWARD, from: isRouter ? TUNNELS : outside, to: isRouter ? outside : TUNNELS },
];

const hook = (name: string, priority: number, rules: readonly string[]): string =>
  `chain ${name} { type filter hook ${name} priority ${priority}; ${rules.map(rule => `${rule};`).join(' ')} }`;

/** @param outside device on the side that has no tunnels: the LAN of a router, the Internet of a home agent */
export function countCrossings(
  network: Network,
  host: string,
  outside: string,
  isRouter: boolean,
): Promise<string> {
  const all = ways(`"${outside}"`, isRouter);
  const counters = all.flatMap(({ name }) => ['entered', 'routed', 'left'].map(point => `${name}_${point}`));
  const text = `table ip6 crossing {
    ${counters.map(name => `counter ${name} {}`).join('\n')}
    ${hook(
      'prerouting',
      -310,
      all.map(({ name, packets, from }) => `iifname ${from} ${packets} counter name ${name}_entered`),
    )}
    ${hook(
      'forward',
      -310,
      all.map(({ name, packets, from }) => `iifname ${from} ${packets} counter name ${name}_routed`),
    )}
    ${hook(
      'postrouting',
      310,
      all.map(({ name, packets, to }) => `oifname ${to} ${packets} counter name ${name}_left`),
    )}
  }`;
  return network.run(host, ['nft', '-f', '-'], text);
}

/** At the ends: what leaves a host for the other one, and what arrives from there. */
export function countEnds(network: Network, host: string): Promise<string> {
  const [sent, arrived] = host === 'lan' ? [OUTWARD, INWARD] : [INWARD, OUTWARD];
  const text = `table ip6 crossing {
    counter sent {}
    counter arrived {}
    ${hook('output', 310, [`${sent} counter name sent`])}
    ${hook('input', -310, [`${arrived} counter name arrived`])}
  }`;
  return network.run(host, ['nft', '-f', '-'], text);
}

async function counters(network: Network, host: string): Promise<Map<string, number>> {
  const text = await network.run(host, ['nft', 'list', 'counters', 'table', 'ip6', 'crossing']);
  const found = text.matchAll(/counter (\w+) \{\s+packets (\d+)/g);
  return new Map([...found].map(([, name, packets]) => [name!, Number(packets)]));
}

export async function readEnds(network: Network, host: string): Promise<{ sent: number; arrived: number }> {
  const found = await counters(network, host);
  return { sent: found.get('sent')!, arrived: found.get('arrived')! };
}

export async function readCrossings(
  network: Network,
  host: string,
): Promise<{ outward: Crossing; inward: Crossing; noRoute: number }> {
  const found = await counters(network, host);
  const crossing = (name: string): Crossing => ({
    entered: found.get(`${name}_entered`)!,
    routed: found.get(`${name}_routed`)!,
    left: found.get(`${name}_left`)!,
  });
  const kernel = await network.run(host, ['cat', '/proc/net/snmp6']);
  const noRoute = Number(/Ip6InNoRoutes\s+(\d+)/.exec(kernel)![1]);
  return { outward: crossing('outward'), inward: crossing('inward'), noRoute };
}

/** Packets that links have dropped, in each direction, whoever they were for; what met no carrier is not among them. */
export async function readLinks(
  network: Network,
  links: readonly string[],
): Promise<Record<string, { toNear: number; toFar: number }>> {
  const text = await network.run('wires', ['tc', '-s', 'qdisc', 'show']);
  const found = new Map(
    [...text.matchAll(/qdisc netem \S+ dev (\S+) .*\n.*\(dropped (\d+)/g)].map(([, device, dropped]) => [
      device!,
      Number(dropped),
    ]),
  );
  const dropped = (device: string): number => found.get(device)!;
  return Object.fromEntries(
    links.map(link => [link, { toNear: dropped(`${link}-near`), toFar: dropped(`${link}-far`) }]),
  );
}
