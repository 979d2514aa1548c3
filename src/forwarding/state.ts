/**
 * The forwarding state that kedge wants the kernel to have: plain values, in parts that do not depend on each other (one
 * for each mobile router, one for each node of a home agent). The reconciler makes the kernel agree with all of them
 * together and touches nothing that kedge does not own.
 */
import type { SteeringRule } from '../engine/steering.ts';
import type { Mark } from '../netlink/rule.ts';
import type { XfrmDirection } from '../netlink/xfrm.ts';
import type { MobilityExtension } from '../netlink/xfrm-key.ts';
import type { Address, Prefix } from '../wire/address.ts';
import type { Copies } from './copies.ts';
import type { Marks } from './marks.ts';

/** An `ip6tnl` device, or an `ip6gre` one for copies. Names begin with {@link TUNNEL_PREFIX}: that is how kedge knows its own. */
export interface Tunnel {
  readonly name: string;
  /** Outer source and destination. */
  readonly local: Address;
  readonly remote: Address;
  /** Index of the device that the outer packets must leave by; 0 leaves it to routing. */
  readonly link: number;
  /** Octets of an inner packet. */
  readonly mtu: number;
  /** Device group: the filter knows by it whose tunnel this is. */
  readonly group: number;
  /** GRE with this key, and numbers in what leaves; absent: IPv6 in IPv6. */
  readonly key?: number | undefined;
}

/** A /128 address that kedge puts on a device: the home address, on the loopback device and, at home, on that of the home link. */
export interface LocalAddress {
  readonly address: Address;
  /** Name of the device; undefined: the loopback device. */
  readonly device?: string;
  /** The kernel makes sure that nobody else on the link has it (RFC 4862 §5.4). */
  readonly tested?: boolean;
  /** What the kernel's Mobile IPv6 takes for a home address; never the source of packets that name none. */
  readonly home?: boolean;
  /** Not the source of new sessions where there is a choice (RFC 4862 §5.5.4). */
  readonly deprecated?: boolean;
}

export interface Route {
  readonly table: number;
  readonly destination: Prefix;
  readonly metric: number;
  /** `unreachable` answers the sender; `unicast` leaves by `device`. */
  readonly kind: 'unicast' | 'unreachable';
  /** Name of a tunnel in this state or of any other device; for `unicast` only. */
  readonly device?: string;
  readonly gateway?: Address;
}

/** An entry in the neighbour cache of a device that stays. */
export interface Neighbor {
  /** Name of the device. */
  readonly device: string;
  readonly neighbor: Address;
  /** Undefined: the kernel answers neighbour solicitations for it there, as its proxy (RFC 4861 §7.2.8). */
  readonly linkLayerAddress: Uint8Array | undefined;
  /** R bit of these answers. */
  readonly router: boolean;
}

/**
 * Puts a mobility extension header into packets, or accepts it in those that are received. `from` and `to` are what the
 * upper layers see.
 */
export interface XfrmState {
  readonly header: MobilityExtension;
  /** `::`: any. */
  readonly from: Address;
  readonly to: Address;
  /** In place of the home address; `::` in what is received: any. */
  readonly careOfAddress: Address;
  /**
   * By which the kernel tells the care-of addresses of one sender apart ({@link careOfMark}), or the lanes of what is
   * sent.
   */
  readonly mark: number;
  /** Bits of the mark that count; absent: all, or with mark 0 none. */
  readonly mask?: number | undefined;
}

/** Which packets may or shall have mobility extension headers, the outermost first; without any they have none. */
export interface XfrmPolicy {
  readonly direction: XfrmDirection;
  /** `::`: any. */
  readonly from: Address;
  readonly to: Address;
  /** Of the upper layer; 0: any other. */
  readonly protocol: number;
  /** Of ICMPv6; undefined: any. */
  readonly messageType?: number | undefined;
  /** Of a lane; absent: of any packets. */
  readonly mark?: Mark | undefined;
  readonly headers: readonly MobilityExtension[];
}

export interface Rule {
  readonly priority: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
  /** Only packets with this value in these bits of the firewall mark. */
  readonly mark?: Mark | undefined;
  readonly table: number;
}

/**
 * What kedge's own nftables table (`inet kedge`) has to enforce. It names groups of tunnels, not tunnels: so it
 * stays the same when bindings come and go, and a failover never waits for it.
 */
export interface Filter {
  /** Largest TCP MSS for segments that pass a tunnel, in octets; 0: no clamp. */
  readonly mss: number;
  /** Inner sources that may come out of the tunnels of a group (RFC 3963 §9 and RFC 6275 §10.4.5, home agent). */
  readonly sources: readonly { readonly group: number; readonly prefix: Prefix }[];
  /** Inner destinations that may come out of the tunnels of a group (mobile router). What neither list has is dropped. */
  readonly destinations: readonly { readonly group: number; readonly prefix: Prefix }[];
  /**
   * The mobile network prefixes that forwarded packets have their sources in when they enter a tunnel of that group (mobile
   * router, RFC 3963 §9). Undefined: no such tunnels.
   */
  readonly entrants: { readonly group: number; readonly prefixes: readonly Prefix[] } | undefined;
  /** The router's own addresses: a forwarded packet that bears one as its source is forged (RFC 3963 §9). */
  readonly ownAddresses: readonly Address[];
  /**
   * Far ends of the router's tunnels. What comes from them in a tunnel is for this router or, when it would be forwarded,
   * for a care-of address that has gone: it must not leave by another uplink.
   */
  readonly tunnelPeers: readonly Address[];
  /** Mark packets with extension headers by the care-of address that they come from ({@link careOfMark}). */
  readonly careOfMarks?: boolean;
  /** Keep back the kernel's ICMPv6 Parameter Problems about Mobility Header packets. */
  readonly hideParameterProblems: boolean;
}

/**
 * Which lane the packets of a mobile network take: the nftables table marks them. As it does not say which path carries a
 * lane, it stays the same when paths die and come back.
 */
export interface Classifier {
  /** What its nftables objects begin with; no other part has it. */
  readonly scope: string;
  /**
   * `outward`: at the router, packets come from the mobile network; `inward`: at the anchor, they go there; `direct`: at a
   * correspondent, they are its own, and nothing is remembered of connections, of which it sees half.
   */
  readonly direction: 'outward' | 'inward' | 'direct';
  /** Of the mobile network, and its home address; for `direct` that one alone. */
  readonly prefixes: readonly Prefix[];
  /** For `direct`: our own addresses that the home address has bindings with. */
  readonly ownAddresses?: readonly Address[];
  /** While it is the same array, the rules have not changed. */
  readonly rules: readonly SteeringRule[];
  /** Flows without a rule go where their latest packet in the other direction came from: the tunnels and their lanes. */
  readonly returns: readonly {
    readonly device: string;
    readonly lane: number;
    /** Its own among those of the node, 0..63. */
    readonly place: number;
  }[];
  readonly marks: Marks;
}

export interface ForwardingItems {
  readonly tunnels: readonly Tunnel[];
  readonly addresses: readonly LocalAddress[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  /** Absent: none. */
  readonly neighbors?: readonly Neighbor[];
  readonly states?: readonly XfrmState[];
  readonly policies?: readonly XfrmPolicy[];
}

export type ForwardingItem = Tunnel | LocalAddress | Route | Rule | Neighbor | XfrmState | XfrmPolicy;

export interface ForwardingState extends ForwardingItems {
  /** Undefined: no nftables table. */
  readonly filter: Filter | undefined;
  /** Absent: packets bear no mark, the active path carries all of them. */
  readonly classifier?: Classifier | undefined;
  /** Absent: nothing is copied. */
  readonly copies?: Copies | undefined;
}

/** By a name that stays: a part takes the place of the one with the same name. */
export type ForwardingParts = ReadonlyMap<string, ForwardingState>;

/** The same with rules from the priority `first` on, in place of {@link RULE_PRIORITY}. */
export function withRulesFrom<P extends ForwardingChanges>(first: number | undefined, parts: P): P;
export function withRulesFrom(first: number | undefined, parts: ForwardingChanges): ForwardingChanges {
  const shift = (first ?? RULE_PRIORITY.first) - RULE_PRIORITY.first;
  if (shift === 0) return parts;
  const moved = (rule: Rule): Rule => ({ ...rule, priority: rule.priority + shift });
  return new Map(
    [...parts].map(([name, state]): [string, ForwardingState | undefined] => [
      name,
      state && { ...state, rules: state.rules.map(moved) },
    ]),
  );
}

/** What becomes of parts; undefined: it goes. */
export type ForwardingChanges = ReadonlyMap<string, ForwardingState | undefined>;

/** The filter that enforces what each of them does; undefined without any. */
export function mergeFilters(filters: readonly Filter[]): Filter | undefined {
  if (filters.length === 0) return undefined;
  const clamps = filters.map(filter => filter.mss).filter(mss => mss > 0);
  return {
    mss: clamps.length === 0 ? 0 : Math.min(...clamps),
    sources: filters.flatMap(filter => filter.sources),
    destinations: filters.flatMap(filter => filter.destinations),
    entrants: mergeEntrants(filters.flatMap(({ entrants }) => entrants ?? [])),
    ownAddresses: filters.flatMap(filter => filter.ownAddresses),
    tunnelPeers: filters.flatMap(filter => filter.tunnelPeers),
    ...(filters.some(filter => filter.careOfMarks) ? { careOfMarks: true } : {}),
    hideParameterProblems: filters.some(filter => filter.hideParameterProblems),
  };
}

/** Only mobile routers have them, and those are of one group. */
function mergeEntrants(all: readonly NonNullable<Filter['entrants']>[]): Filter['entrants'] {
  const [first] = all;
  return first && { group: first.group, prefixes: all.flatMap(({ prefixes }) => prefixes) };
}

/** Every device that kedge owns has a name that begins so. */
export const TUNNEL_PREFIX = 'kdg-';
/**
 * `proto` of every route, rule, address and neighbour that kedge owns: the number of the Mobility Header, which no routing
 * daemon uses for itself (186, for one, is FRR's BGP).
 */
export const ROUTE_PROTOCOL = 135;
/** Priorities of kedge's `ip rule`s, unless configured otherwise: below mwan3's 1000-3999 and netifd's 10000 and up. */
export const RULE_PRIORITY = { first: 900 } as const;
/**
 * Routing tables of kedge: `base` carries the mobile network, `base` + BID the uplink with that BID. A second mobile router
 * has the same {@link TABLES} further on, and so on.
 */
export const TABLE_BASE = 7100;
export const TABLES = 100_000;
/** `reqid` of kedge's XFRM states. */
export const XFRM_OWNER = 7100;
/** Priorities of kedge's XFRM policies: any other policy, such as one of IPsec, comes first. */
export const XFRM_PRIORITY = { first: 0x7fffff00, last: 0x7fffff03 } as const;
/** Metric of kedge's unicast routes: before what an administrator or a Router Advertisement puts beside them. */
export const ROUTE_METRIC = 128;
/** Metric of the `unreachable` routes: behind everything. */
export const LAST_METRIC = 0xffffffff;
