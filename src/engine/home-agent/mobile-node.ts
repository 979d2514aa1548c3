/** A mobile node as its home agent knows it, and its bindings (RFC 6275 §9.1, RFC 5648 §4.1). */
import type { PeerConfig } from '../../uci/types.ts';
import { type Address, equalAddress, type Prefix } from '../../wire/address.ts';
import { SecurityAssociation } from '../authentication.ts';
import type { NodeFlows } from '../flow-bindings/flow-binding.ts';
import type { CreateHmac } from '../hmac.ts';
import { type Dialect, dialectOf } from '../identifiers/dialect.ts';
import { choosePath, type PathCandidate } from '../path-choice.ts';
import type { PathProber } from '../path-prober.ts';
import { RateLimit } from '../rate-limit.ts';
import type { Timestamp } from '../timestamp.ts';
import type { TrafficMeter } from '../traffic-meter.ts';

/** Answers to messages of one node that change nothing: a second, and how many at once. */
const REJECTION_RATE = 10;
const REJECTION_BURST = 20;

/** Times are monotonic, milliseconds. */
export interface Binding {
  /** 0: a regular binding, without identifier. */
  readonly bid: number;
  readonly careOfAddress: Address;
  /** The care-of address is the home address: the node is on its home link as well (RFC 5648 §5.6). No probes go there. */
  readonly home: boolean;
  /** BID-PRI (RFC 6089 §4.1.1), 0 when the mobile node did not state one. */
  priority: number;
  /** Seconds granted. */
  lifetime: number;
  expiresAt: number;
  /** A Binding Refresh Request has been sent since it was registered. */
  asked: boolean;
  readonly prober: PathProber;
  /** Undefined: not counted yet. */
  traffic?: TrafficMeter;
  /** Sequence number of the newest heartbeat request of the mobile node. */
  heartbeat: number | undefined;
}

/** What the configuration says of the node and what it has registered. Times are monotonic, milliseconds. */
export interface MobileNode {
  readonly peer: PeerConfig;
  readonly dialect: Dialect;
  readonly association: SecurityAssociation | undefined;
  readonly bindings: Map<number, Binding>;
  /** R flag of the bindings (RFC 3963 §6.1.1). */
  mobileRouter: boolean;
  /** Prefixes to forward: registered ones or, in implicit mode, the configured ones. */
  prefixes: readonly Prefix[];
  /** It takes copies of packets, and drops all but the first. */
  copies: boolean;
  /** L flag of the bindings: the link-local address with the same interface identifier is defended too. */
  linkLocal: boolean;
  /** It has said on the home link that it is there. */
  present: boolean;
  /** Where it is there, when it must not answer neighbour solicitations (RFC 5648 §5.6.3). */
  linkLayerAddress: Uint8Array | undefined;
  sequence: number | undefined;
  /** When the latest Binding Update was admitted. */
  updatedAt: number;
  timestamp: Timestamp | undefined;
  /** Some heartbeat has been answered: silence means something. */
  answers: boolean;
  /** Of answers to what cannot change anything, e.g. replayed messages. */
  readonly rejections: RateLimit;
  active: Binding | undefined;
  /** Undefined: no flow binding so far. */
  flows: NodeFlows | undefined;
}

/** A node that has registered nothing yet. */
export function newMobileNode(peer: PeerConfig, createHmac: CreateHmac): MobileNode {
  return {
    peer,
    dialect: dialectOf(peer.dialect),
    association: peer.auth.kind === 'rfc4285' ? new SecurityAssociation(peer.auth, createHmac) : undefined,
    bindings: new Map(),
    mobileRouter: false,
    prefixes: [],
    copies: false,
    linkLocal: false,
    present: false,
    linkLayerAddress: undefined,
    sequence: undefined,
    updatedAt: Number.NEGATIVE_INFINITY,
    timestamp: undefined,
    answers: false,
    rejections: new RateLimit(REJECTION_RATE, REJECTION_BURST),
    active: undefined,
    flows: undefined,
  };
}

/** Chooses the binding that carries the node's traffic; true when it is another one than before. */
export function chooseBinding(node: MobileNode): boolean {
  const chosen = choosePath([...node.bindings.values()].map(pathCandidate))?.binding;
  const changed = chosen !== node.active;
  node.active = chosen;
  return changed;
}

/** Nothing probes the home link. */
export function pathCandidate(binding: Binding): PathCandidate & { readonly binding: Binding } {
  const { home, prober, priority } = binding;
  const state = home ? 'alive' : prober.state;
  const barred = prober.mustAnswer && state === 'unknown';
  return { binding, state, answeredAt: prober.answeredAt, priority, barred };
}

export function hasHomeBinding(node: MobileNode): boolean {
  for (const binding of node.bindings.values()) if (binding.home) return true;
  return false;
}

/** The other binding of the node that has this care-of address: an address can carry one tunnel only. */
export function bindingWithAddress(
  node: MobileNode,
  careOfAddress: Address,
  except: number,
): Binding | undefined {
  for (const binding of node.bindings.values()) {
    if (binding.bid !== except && equalAddress(binding.careOfAddress, careOfAddress)) return binding;
  }
  return undefined;
}
