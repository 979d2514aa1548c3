/**
 * The whole forwarding state that kedge wants the kernel to have: a plain value. The reconciler makes the
 * kernel agree with it and touches nothing that kedge does not own.
 */
import type { Address, Prefix } from '../wire/address.ts';

/** An `ip6tnl` device. Names begin with {@link TUNNEL_PREFIX}: that is how kedge knows its own. */
export interface Tunnel {
  readonly name: string;
  /** Outer source and destination. */
  readonly local: Address;
  readonly remote: Address;
  /** Index of the device that the outer packets must leave by; 0 leaves it to routing. */
  readonly link: number;
  /** Octets of an inner packet. */
  readonly mtu: number;
}

/** A /128 address that kedge puts on the loopback device (the home address). */
export interface LocalAddress {
  readonly address: Address;
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

export interface Rule {
  readonly priority: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
  readonly table: number;
}

/** What kedge's own nftables table (`inet kedge`) has to enforce. */
export interface Filter {
  /** Largest TCP MSS for segments that pass a tunnel, in octets; 0: no tunnel, no clamp. */
  readonly mss: number;
  /** Inner source prefixes that may come out of a tunnel towards the inside; the rest is dropped (RFC 3963 §6.? home agent). */
  readonly allowedSources: readonly { readonly tunnel: string; readonly source: Prefix }[];
  /** Inner destinations that may come out of any tunnel (mobile router); undefined: not restricted. */
  readonly allowedDestinations: readonly Prefix[] | undefined;
  /** Keep back the kernel's ICMPv6 Parameter Problems about Mobility Header packets. */
  readonly hideParameterProblems: boolean;
}

export interface ForwardingState {
  readonly tunnels: readonly Tunnel[];
  readonly addresses: readonly LocalAddress[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly filter: Filter;
}

/** Every device that kedge owns has a name that begins so. */
export const TUNNEL_PREFIX = 'kdg-';
/** `proto` of every route, rule and address that kedge owns. */
export const ROUTE_PROTOCOL = 186;
/** Priorities of kedge's `ip rule`s: below mwan3's 1000-3999 and netifd's 10000 and up. */
export const RULE_PRIORITY = { first: 900, last: 999 } as const;
/** Routing tables of kedge: `base` carries the mobile network, `base + BID`-like slots the uplinks. */
export const TABLE_BASE = 7100;
