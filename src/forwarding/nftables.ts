/**
 * The filter as nftables text: one table of kedge's own, replaced in one transaction. It works with nft 1.0 and
 * needs no kernel module beyond nft core.
 */
import { type Address, formatAddress, formatPrefix, type Prefix, prefixCovers } from '../wire/address.ts';
import { CARE_OF_MARK } from './care-of-mark.ts';
import { type Filter, TUNNEL_PREFIX } from './state.ts';

export const TABLE = 'inet kedge';
const TUNNELS = `"${TUNNEL_PREFIX}*"`;
const IPV6_IN_IPV6 = 41;
const MOBILITY_HEADER = 135;
/** What the headers of mobility enclose: a message of mobile prefix discovery, or the Mobility Header. */
const ENCLOSED = '{ 58, 135 }';
/** The headers that may stand before a Mobility Header: Routing and Destination Options. */
const BEFORE_MOBILITY_HEADER = '{ 43, 60 }';
const ROUTING_HEADER = 43;
/** Where the type of a routing header stands in a packet that has no header before it, and where a Pointer tells that. */
const ROUTING_TYPE = 40 + 2;
const POINTER = 8 * 4;
/** Bits from the ICMPv6 header to the next header field of the invoking packet, and of the header behind it. */
const INVOKING_NEXT_HEADER = 8 * (8 + 6);
const INVOKING_SECOND_NEXT_HEADER = 8 * (8 + 40);

/** Text for `nft -f -`; it takes the place of the table from before. `undefined` leaves no table. */
export function nftablesText(filter: Filter | undefined): string {
  // The first line makes the second one work when there is no table yet.
  const removal = `table ${TABLE} {}\ndelete table ${TABLE}\n`;
  return filter === undefined ? removal : `${removal}table ${TABLE} {\n${parts(filter).join('\n')}}\n`;
}

function parts(filter: Filter): string[] {
  return [
    groupSet('sources', filter.sources),
    groupSet('destinations', filter.destinations),
    chain('from_tunnel', undefined, [
      'iifgroup . ip6 saddr @sources return',
      'iifgroup . ip6 daddr @destinations return',
      'counter drop',
    ]),
    chain('input', 'input priority filter', [
      ...(filter.careOfMarks ? [`ip6 nexthdr ${BEFORE_MOBILITY_HEADER} ${CARE_OF_MARK}`] : []),
      `iifname ${TUNNELS} jump from_tunnel`,
    ]),
    chain('forward', 'forward priority filter', [
      `iifname ${TUNNELS} jump from_tunnel`,
      ...forgeries(filter),
      ...strays(filter),
    ]),
    ...(filter.mss > 0 ? [chain('clamp', 'forward priority mangle', clamps(filter.mss))] : []),
    ...(filter.hideParameterProblems ? [chain('output', 'output priority filter', parameterProblems())] : []),
  ];
}

/** What would enter a tunnel with a source that is nobody's in the mobile network, or the router's own. */
function forgeries({ entrants, ownAddresses }: Filter): string[] {
  const rules: string[] = [];
  if (entrants !== undefined) {
    const { group, prefixes } = entrants;
    const others =
      prefixes.length === 0 ? '' : ` ip6 saddr != { ${disjoint(prefixes).map(elementText).join(', ')} }`;
    rules.push(`oifgroup ${group}${others} counter drop`);
  }
  if (ownAddresses.length > 0) {
    rules.push(`oifname ${TUNNELS} ip6 saddr ${anonymousSet(ownAddresses)} counter drop`);
  }
  return rules;
}

function strays(filter: Filter): string[] {
  if (filter.tunnelPeers.length === 0) return [];
  const peers = anonymousSet(filter.tunnelPeers);
  return [`iifname != ${TUNNELS} ip6 saddr ${peers} ip6 nexthdr ${IPV6_IN_IPV6} counter drop`];
}

const anonymousSet = (addresses: readonly Address[]): string =>
  `{ ${[...new Set(addresses.map(formatAddress))].sort().join(', ')} }`;

function clamps(mss: number): string[] {
  const clamp = `tcp flags & syn == syn tcp option maxseg size > ${mss} tcp option maxseg size set ${mss}`;
  return [`iifname ${TUNNELS} ${clamp}`, `oifname ${TUNNELS} ${clamp}`];
}

/**
 * The kernel does not know the Home Address option and, on some hosts, not the Mobility Header and the type 2 routing header:
 * it answers with code 2, 1 or 0, the last with a pointer to the type. Any other code 0 is kedge's own answer (RFC 6275
 * §9.2.1) and passes.
 */
function parameterProblems(): string[] {
  const problem = 'icmpv6 type parameter-problem icmpv6 code';
  const kernels = `${problem} { 1, 2 }`;
  return [
    `${problem} 0 @th,${POINTER},32 ${ROUTING_TYPE} @th,${INVOKING_NEXT_HEADER},8 ${ROUTING_HEADER} counter drop`,
    `${kernels} @th,${INVOKING_NEXT_HEADER},8 ${MOBILITY_HEADER} counter drop`,
    `${kernels} @th,${INVOKING_NEXT_HEADER},8 ${BEFORE_MOBILITY_HEADER} @th,${INVOKING_SECOND_NEXT_HEADER},8 ${ENCLOSED} counter drop`,
  ];
}

type Members = Filter['sources'];

/** A set of pairs; nft refuses elements that overlap. */
function groupSet(name: string, members: Members): string {
  const byGroup = new Map<number, Prefix[]>();
  for (const { group, prefix } of members) {
    const prefixes = byGroup.get(group);
    if (prefixes === undefined) byGroup.set(group, [prefix]);
    else prefixes.push(prefix);
  }
  const elements = [...byGroup]
    .flatMap(([group, prefixes]) => disjoint(prefixes).map(prefix => `${group} . ${elementText(prefix)}`))
    .sort();
  const list = elements.length === 0 ? '' : `\t\telements = {\n\t\t\t${elements.join(',\n\t\t\t')}\n\t\t}\n`;
  return `\tset ${name} {\n\t\ttype devgroup . ipv6_addr\n\t\tflags interval\n${list}\t}\n`;
}

export const elementText = (prefix: Prefix): string =>
  prefix.length === 128 ? formatAddress(prefix.address) : formatPrefix(prefix);

/** The prefixes without those that another one covers. */
export function disjoint(prefixes: readonly Prefix[]): Prefix[] {
  const kept: Prefix[] = [];
  for (const prefix of [...prefixes].sort((a, b) => a.length - b.length)) {
    if (!kept.some(wider => prefixCovers(wider, prefix))) kept.push(prefix);
  }
  return kept;
}

function chain(name: string, hook: string | undefined, rules: readonly string[]): string {
  const base = hook === undefined ? [] : [`type filter hook ${hook}; policy accept;`];
  return `\tchain ${name} {\n${[...base, ...rules].map(line => `\t\t${line}\n`).join('')}\t}\n`;
}
