/** The Binding Cache of a correspondent (RFC 6275 §9.1, §9.6, RFC 5648 §6.1). Times are monotonic, milliseconds. */
import { type Address, addressKey, formatAddress } from '../../wire/address.ts';
import { Agenda } from '../agenda.ts';
import type { NodeFlows } from '../flow-bindings/flow-binding.ts';
import type { Outbox } from '../outbox.ts';
import { MAX_NONCE_LIFETIME, type Nonces } from './nonces.ts';

/** An entry that has been idle for so long makes room for another one. */
const IDLE = 60_000;
/** Share of the lifetime at whose beginning a binding in use is worth a Binding Refresh Request. */
const REFRESH_SHARE = 0.25;

export interface Binding {
  readonly peer: Peer;
  /** 0: a regular binding, without identifier. */
  readonly bid: number;
  readonly careOfAddress: Address;
  /** BID-PRI (RFC 6089 §4.1.1); 0: not stated. */
  readonly priority: number;
  /** Seconds granted. */
  readonly lifetime: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  /** Binding Refresh Requests since the latest update. */
  requests: number;
  requestAt: number;
  /** When packets of the binding were seen last. */
  usedAt: number;
}

/** A mobile node, as one of our own addresses knows it. It has a binding as long as it is in the cache. */
export interface Peer {
  readonly ownAddress: Address;
  readonly homeAddress: Address;
  /** Of the last accepted Binding Update about any of its bindings (RFC 5648 §4.1). */
  sequence: number;
  /** Nonce indices of the last accepted registration. */
  nonces: NonceIndices;
  readonly bindings: Map<number, Binding>;
  /** Undefined: no flow binding so far. */
  flows?: NodeFlows | undefined;
}

export interface NonceIndices {
  readonly home: number;
  readonly careOf: number;
}

/** What must not be taken for new once the binding has gone (RFC 6275 §5.2.8, §9.5.3). */
export interface Memory {
  readonly sequence: number;
  readonly nonces: NonceIndices;
  readonly careOfAddress: Address;
  readonly deletedAt: number;
}

export interface Registration {
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
  /** Seconds. */
  readonly lifetime: number;
}

export class BindingCache {
  readonly #limit: number;
  readonly #nonces: Nonces;
  readonly #outbox: Outbox;
  readonly #peers = new Map<string, Peer>();
  readonly #agenda = new Agenda<Binding>();
  readonly #memories = new Map<string, Memory>();
  #size = 0;

  /** @param limit bindings at a time */
  constructor(limit: number, nonces: Nonces, outbox: Outbox) {
    this.#limit = limit;
    this.#nonces = nonces;
    this.#outbox = outbox;
  }

  get size(): number {
    return this.#size;
  }

  /** Each of our addresses has a cache of its own (RFC 6275 §9.1). */
  find(ownAddress: Address, homeAddress: Address): Peer | undefined {
    return this.#peers.get(keyOf(ownAddress, homeAddress));
  }

  peers(): Iterable<Peer> {
    return this.#peers.values();
  }

  /** What is remembered of bindings that the node has had; undefined: nothing that could be replayed. */
  memory(ownAddress: Address, homeAddress: Address, now: number): Memory | undefined {
    const memory = this.#memories.get(keyOf(ownAddress, homeAddress));
    return memory !== undefined && now - memory.deletedAt < MAX_NONCE_LIFETIME ? memory : undefined;
  }

  /** Makes room for one more; false when there is none. */
  makeRoom(now: number): boolean {
    if (this.#memories.size >= 2 * this.#limit && !this.#forgetMemories(now)) return false;
    if (this.#size < this.#limit) return true;
    let idlest: Binding | undefined;
    for (const peer of this.#peers.values()) {
      for (const binding of peer.bindings.values()) {
        if (idlest === undefined || binding.usedAt < idlest.usedAt) idlest = binding;
      }
    }
    if (idlest === undefined || now - idlest.usedAt < IDLE) return false;
    this.remove(idlest, 'made room', now);
    return true;
  }

  /** Adds the binding, or updates the one with the same BID. */
  register(peer: Peer, registration: Registration, now: number): void {
    const { bid, lifetime } = registration;
    const before = peer.bindings.get(bid);
    if (before === undefined) this.#size += 1;
    else this.#agenda.delete(before);
    const binding: Binding = {
      ...registration,
      peer,
      updatedAt: now,
      expiresAt: now + lifetime * 1000,
      requests: 0,
      requestAt: now + lifetime * 1000 * (1 - REFRESH_SHARE),
      usedAt: now,
    };
    peer.bindings.set(bid, binding);
    this.#peers.set(keyOf(peer.ownAddress, peer.homeAddress), peer);
    this.schedule(binding);
    this.#outbox.forwarding(peer.homeAddress);
    const what = before === undefined ? 'registered' : 'refreshed';
    this.#tell(binding, `binding-${what}`, `${what} for ${lifetime} s`);
  }

  /** @param why some words for the log */
  remove(binding: Binding, why: string, now: number): void {
    const { peer } = binding;
    peer.bindings.delete(binding.bid);
    this.#agenda.delete(binding);
    this.#size -= 1;
    if (peer.bindings.size === 0) {
      const key = keyOf(peer.ownAddress, peer.homeAddress);
      this.#peers.delete(key);
      this.#memories.delete(key);
      const { sequence, nonces } = peer;
      this.#memories.set(key, { sequence, nonces, careOfAddress: binding.careOfAddress, deletedAt: now });
    }
    this.#nonces.renew();
    this.#outbox.forwarding(peer.homeAddress);
    this.#tell(binding, 'binding-removed', why);
  }

  /** Wakes when the binding ends or, while it is in use, when a refresh is to be asked for. */
  schedule(binding: Binding): void {
    this.#agenda.set(binding, Math.min(binding.expiresAt, binding.requestAt));
  }

  nextDue(): number {
    return this.#agenda.next();
  }

  /** A binding whose time has come; it must be scheduled again or removed. */
  takeDue(now: number): Binding | undefined {
    return this.#agenda.take(now);
  }

  /** They go in the order in which they came; false when the oldest one still counts. */
  #forgetMemories(now: number): boolean {
    for (const [key, { deletedAt }] of this.#memories) {
      if (now - deletedAt < MAX_NONCE_LIFETIME) break;
      this.#memories.delete(key);
    }
    return this.#memories.size < 2 * this.#limit;
  }

  #tell({ peer, bid, careOfAddress }: Binding, name: string, text: string): void {
    const homeAddress = formatAddress(peer.homeAddress);
    const careOf = formatAddress(careOfAddress);
    const data = { homeAddress, bid, careOfAddress: careOf };
    this.#outbox.event('info', name, `${homeAddress} at ${careOf}: ${text}`, data);
  }
}

/** The binding that packets for the node take: the lowest BID-PRI, and of equal ones the newest (RFC 5648 §6.1). */
export function primaryBinding({ bindings }: Peer): Binding {
  const [first, ...others] = bindings.values();
  return others.reduce((best, other) => (isBetter(other, best) ? other : best), first!);
}

function isBetter(a: Binding, b: Binding): boolean {
  return a.priority === b.priority ? a.updatedAt > b.updatedAt : a.priority < b.priority;
}

function keyOf(ownAddress: Address, homeAddress: Address): string {
  return addressKey(ownAddress) + addressKey(homeAddress);
}
