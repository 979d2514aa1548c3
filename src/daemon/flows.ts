/** Where flows go: the rules of all roles with the kernel's counters, and why a packet takes its path. */
import { type Entry, isImpaired } from '../engine/mobile-router/binding-update-list.ts';
import { type KnownPacket, searchRule } from '../engine/rule-search.ts';
import type { FlowReport, FlowShareReport, WhyReport } from '../engine/status.ts';
import type { Steering, SteeringAction, SteeringRule } from '../engine/steering.ts';
import type { DirectLane } from '../engine/view.ts';
import { directRules } from '../forwarding/direct-classifier.ts';
import { counterName, directScope, nodeScope, routerScope } from '../forwarding/scope.ts';
import { selectorText } from '../forwarding/selector-text.ts';
import {
  type Address,
  equalAddress,
  formatAddress,
  hostPrefix,
  type Prefix,
  prefixContains,
} from '../wire/address.ts';
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
  /** The way without the tunnel between these two; undefined: there is none. */
  direct?(outside: Address): DirectWay | undefined;
}

interface DirectWay {
  /** Of what is in no lane. */
  readonly careOfAddress: Address;
  readonly lanes?: readonly DirectLane[] | undefined;
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
    all.find(each => each.role === 'home_agent' && contains(each, destination)) ??
    all.find(each => each.role === 'correspondent' && contains(each, destination) && each.direct!(source));
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
    direct: directly(network, source, destination, rule),
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

/** Of the mobile network only the home address goes without the tunnel. */
function directly(
  { direct, direction, prefixes }: Network,
  source: Address,
  destination: Address,
  rule: SteeringRule | undefined,
): string | null {
  const [inside, outside] = direction === 'outward' ? [source, destination] : [destination, source];
  const way = equalAddress(inside, prefixes[0]!.address) ? direct?.(outside) : undefined;
  if (way === undefined) return null;
  if (rule === undefined) return formatAddress(way.careOfAddress);
  const { action } = rule;
  if (action.kind !== 'lanes' || action.shares.length > 1) return null;
  const { careOfAddress } = way.lanes?.find(({ number }) => number === action.shares[0]!.lane) ?? way;
  return careOfAddress === undefined ? null : formatAddress(careOfAddress);
}

function networks({ mobileRouters, homeAgent, correspondent }: Roles): Network[] {
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
      direct: outside =>
        mobileRouter.routeOptimization?.direct().find(way => equalAddress(way.correspondent, outside)),
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
  const peers = correspondent?.view().peers ?? [];
  for (const peer of peers) {
    const { homeAddress, ownAddress, steering, active, lanes } = peer;
    const rank = peers.filter(each => equalAddress(each.homeAddress, homeAddress)).indexOf(peer);
    const bindings = correspondent!.cache.find(ownAddress, homeAddress)!.bindings;
    found.push({
      role: 'correspondent',
      node: formatAddress(homeAddress),
      scope: directScope(homeAddress),
      direction: 'inward',
      prefixes: [hostPrefix(homeAddress)],
      steering: steering && { ...steering, rules: directRules(peer, rank) },
      usedUp: [],
      unfit: {},
      active: formatAddress(active),
      pathName: bid => {
        const binding = bindings.get(bid);
        return binding === undefined ? `BID ${bid}` : formatAddress(binding.careOfAddress);
      },
      direct: outside => (equalAddress(outside, ownAddress) ? { careOfAddress: active, lanes } : undefined),
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
