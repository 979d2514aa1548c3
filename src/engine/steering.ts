/**
 * Which packets between a mobile network and its correspondents take which path: what policy (at the router) and flow
 * bindings (RFC 6089, at both ends) come to, as plain values. `forwarding/` makes nftables rules, routing tables and rules
 * of it, at the router and at the anchor in the same way.
 *
 * A rule says which *lane* its packets take, and a lane is an order of paths: the first live one carries what is in the
 * lane. So when a path dies or comes back only routes change, never what classifies packets. Shares are a choice between
 * lanes at the first packet of a flow: 70:30 over `a` and `b` is lane [a, b] seven times and lane [b, a] three times of ten.
 */
import type { Address } from '../wire/address.ts';
import type { Range } from '../wire/flow/range-field.ts';

/**
 * Packets of both directions, named from the mobile network: `inside` is the address or port of the mobile node,
 * `outside` that of the correspondent. A packet is matched when each range that is present contains its field.
 */
export interface FlowSelector {
  readonly inside?: Range<Address> | undefined;
  readonly outside?: Range<Address> | undefined;
  /** Upper-layer protocol number. */
  readonly protocol?: Range<number> | undefined;
  readonly insidePort?: Range<number> | undefined;
  readonly outsidePort?: Range<number> | undefined;
  /** Differentiated Services code point, 0..63. */
  readonly dscp?: Range<number> | undefined;
  /** 20 bits. */
  readonly flowLabel?: Range<number> | undefined;
  /** Of ESP or AH. */
  readonly spi?: Range<number> | undefined;
  /** Only the router can see these two: the device that sent the packet in the mobile network, and its firewall mark. */
  readonly linkLayerAddress?: Uint8Array | undefined;
  readonly mark?: { readonly value: number; readonly mask: number } | undefined;
}

/** An order of paths. Lanes have numbers from 1 that stay while their order stays. */
export interface Lane {
  readonly number: number;
  /** BIDs, the most preferred one first. */
  readonly bids: readonly number[];
  /** What is in the lane never takes another path; otherwise, when none of them lives, it goes as all else does. */
  readonly only: boolean;
  /** The path that carries it now, one of `bids`; undefined: none of them lives. */
  readonly active: number | undefined;
}

export interface LaneShare {
  readonly lane: number;
  /** Parts of the sum over the rule's shares, at least 1. */
  readonly weight: number;
}

export type SteeringAction =
  /** With several shares, each flow (or each packet) chooses by weight. */
  | { readonly kind: 'lanes'; readonly shares: readonly LaneShare[]; readonly per: 'flow' | 'packet' }
  /**
   * A copy of each packet to each of the lanes. The lane `through` leads to whatever makes the copies or, where nothing
   * does, to the first live one of their paths.
   */
  | { readonly kind: 'replicate'; readonly lanes: readonly number[]; readonly through: number }
  | { readonly kind: 'drop' };

/** The first rule whose selectors (one of them) match decides. */
export interface SteeringRule {
  /** From 1; the same as long as it means the same flow, so that established flows find it again. */
  readonly id: number;
  /** For people and counters. */
  readonly name: string;
  /** None: everything. */
  readonly selectors: readonly FlowSelector[];
  readonly action: SteeringAction;
}

export interface Steering {
  readonly lanes: readonly Lane[];
  /** In their order of priority. */
  readonly rules: readonly SteeringRule[];
  /**
   * At an anchor: what no rule matches goes by the path that its latest packet from the mobile network came by, in these
   * lanes. Absent: by the active path.
   */
  readonly returns?: readonly { readonly bid: number; readonly lane: number }[] | undefined;
}
