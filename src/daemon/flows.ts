/** Where flows go: the rules of all roles with the kernel's counters, and why a packet takes its path. */
import { type Entry, isImpaired } from '../engine/mobile-router/binding-update-list.ts';
import { type KnownPacket, searchRule } from '../engine/rule-search.ts';
import type { FlowReport, FlowShareReport, WhyReport } from '../engine/status.ts';
import type { Steering, SteeringAction, SteeringRule } from '../engine/steering.ts';
import { counterName, nodeScope, routerScope } from '../forwarding/scope.ts';
import { selectorText } from '../forwarding/selector-text.ts';
import { type Address, hostPrefix, type Prefix, prefixContains } from '../wire/address.ts';
import type { Roles } from './roles.ts';

/** A mobile network whose flows are told apart, at its router or at its anchor. */
interface Network {
  readonly role: FlowReport['role'];
  readonly node: string;
  readonly scope: string;
  readonly direction: 'outward' | 'inward';
  readonly prefixes: readonly Prefix[];
  readonly steering: Steering | undefined;
  /** What carries all else. */
  readonly active: string | null;
  readonly usedUp: readonly string[];
  readonly unfit: WhyReport['unfit'];
  pathName(bid: number): string;
}

/** Rules in an answer. */
const MOST_RULES = 500;
/** Counters that nft is asked for at once: its answer has at most 64 KiB. */
const BATCH = 200;

export type RunNft = (text: string) => Promise<{ readonly status: number; readonly text: string }>;

/** @param node name of a mobile router or peer; undefined: all */
export async function reportFlows(
  roles: Roles,
  node: string | undefined,
  nft: RunNft,
): Promise<readonly FlowReport[]> {
  const rules = networks(roles)
    .filter(network => node === undefined || network.node === node)
    .flatMap(network => (network.steering?.rules ?? []).map(rule => ({ network, rule })))
    .slice(0, MOST_RULES);
  const counters = await readCounters(
    rules.map(({ network, rule }) => counterName(network.scope, rule.id)),
    nft,
  );
  return rules.map(({ network, rule }) => {
    const counted = counters.get(counterName(network.scope, rule.id));
    return {
      role: network.role,
      node: network.node,
      ...reportRule(network, rule),
      packets: counted?.packets ?? null,
      octets: counted?.octets ?? null,
    };
  });
}

/** Undefined: neither address is in a mobile network that is known here. */
export function explain(
  roles: Roles,
  source: Address,
  destination: Address,
  more: Pick<KnownPacket, 'protocol'> & { readonly port?: number | undefined },
): WhyReport | undefined {
  const contains = ({ prefixes }: Network, address: Address) =>
    prefixes.some(prefix => prefixContains(prefix, address));
  const all = networks(roles);
  const network =
    all.find(each => each.role === 'mobile_router' && contains(each, source)) ??
    all.find(each => each.role === 'home_agent' && contains(each, destination));
  if (network === undefined) return undefined;
  const outward = network.direction === 'outward';
  const { rule, possible } = searchRule(network.steering?.rules ?? [], {
    inside: outward ? source : destination,
    outside: outward ? destination : source,
    protocol: more.protocol,
    ...(outward ? { outsidePort: more.port } : { insidePort: more.port }),
  });
  return {
    role: network.role,
    node: network.node,
    rule: rule === undefined ? null : reportRule(network, rule),
    possible: possible.map(each => reportRule(network, each)),
    active: network.active,
    usedUp: network.usedUp,
    unfit: network.unfit,
    symmetric: (network.steering?.returns ?? []).length > 0,
  };
}

function unfitness(entry: Entry): [string, string][] {
  const isFit = entry.state === 'registered' || entry.state === 'at-home';
  if (isFit && !isImpaired(entry)) return [];
  return [[entry.uplink.name, isFit ? 'impaired' : entry.state]];
}

function networks({ mobileRouters, homeAgent }: Roles): Network[] {
  const found: Network[] = [];
  for (const mobileRouter of mobileRouters) {
    const { config, steering } = mobileRouter;
    found.push({
      role: 'mobile_router',
      node: config.name,
      scope: routerScope(config.slot ?? 0),
      direction: 'outward',
      prefixes: [hostPrefix(config.homeAddress), ...config.prefixes],
      steering,
      active: mobileRouter.active.entry?.uplink.name ?? null,
      unfit: Object.fromEntries(mobileRouter.entries.flatMap(unfitness)),
      usedUp: mobileRouter.entries.filter(({ budget }) => budget?.usedUp).map(({ uplink }) => uplink.name),
      pathName: bid => config.uplinks.find(uplink => uplink.bid === bid)?.name ?? `BID ${bid}`,
    });
  }
  for (const [rank, node] of (homeAgent?.view().nodes ?? []).entries()) {
    found.push({
      role: 'home_agent',
      node: node.name,
      scope: nodeScope(rank),
      direction: 'inward',
      prefixes: [hostPrefix(node.homeAddress), ...node.prefixes],
      steering: node.steering,
      usedUp: [],
      unfit: {},
      active: node.active === undefined ? null : `BID ${node.active}`,
      pathName: bid => `BID ${bid}`,
    });
  }
  return found;
}

function reportRule(network: Network, { id, name, selectors, action }: SteeringRule) {
  return {
    id,
    rule: name,
    matches: selectors.map(selector => selectorText(selector, network.direction)),
    action: action.kind === 'lanes' ? (action.shares.length > 1 ? 'balance' : 'prefer') : action.kind,
    shares: sharesOf(action).map(share => reportShare(network, share)),
  } as const;
}

function sharesOf(action: SteeringAction): readonly { readonly lane: number; readonly weight: number }[] {
  if (action.kind === 'drop') return [];
  return action.kind === 'lanes' ? action.shares : action.lanes.map(lane => ({ lane, weight: 1 }));
}

function reportShare(
  { steering, active, pathName }: Network,
  { lane: number, weight }: { readonly lane: number; readonly weight: number },
): FlowShareReport {
  const lane = steering!.lanes.find(each => each.number === number);
  const carrier = lane?.active === undefined ? (lane?.only ? null : active) : pathName(lane.active);
  return { paths: (lane?.bids ?? []).map(pathName), only: lane?.only ?? false, weight, carrier };
}

/** Those that cannot be read are missing. */
async function readCounters(
  names: readonly string[],
  nft: RunNft,
): Promise<Map<string, { readonly packets: number; readonly octets: number }>> {
  const counters = new Map<string, { packets: number; octets: number }>();
  for (let at = 0; at < names.length; at += BATCH) {
    const batch = names.slice(at, at + BATCH);
    const { status, text } = await nft(batch.map(name => `list counter inet kedge ${name}\n`).join(''));
    if (status !== 0) continue;
    for (const [, name, packets, octets] of text.matchAll(/counter (\w+) \{\s+packets (\d+) bytes (\d+)/g)) {
      counters.set(name!, { packets: Number(packets), octets: Number(octets) });
    }
  }
  return counters;
}
