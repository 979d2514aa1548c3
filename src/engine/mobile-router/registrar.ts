/**
 * Keeps the bindings at the home agent equal to what the uplinks are: compares, for each uplink, what ought to be
 * registered with what has been acknowledged, sends the difference, and repeats itself until it is acknowledged.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import type { Address } from '../../wire/address.ts';
import { equalAddress } from '../../wire/address.ts';
import type { SecurityAssociation } from '../authentication.ts';
import { choosePath } from '../path-choice.ts';
import { nextSequence } from '../sequence.ts';
import type { Timestamp } from '../timestamp.ts';
import { isLater, timestampFromWall } from '../timestamp.ts';
import type { Now } from '../types.ts';
import { type BoundAddress, emitBindingUpdate } from './binding-update.ts';
import type { Entry } from './binding-update-list.ts';
import { isRegistered, usableCareOfAddress, wantedPriority } from './binding-update-list.ts';
import {
  INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION,
  initialTimeout,
  nextTimeout,
  UpdateRate,
} from './retransmission.ts';

interface Goal {
  readonly action: 'register' | 'deregister';
  readonly careOfAddress: Address;
  readonly priority: number;
}

/** A Binding Update for the home agent: a whole packet, and the device that it has to leave by. */
export interface OutgoingUpdate {
  readonly packet: Uint8Array;
  readonly device: string;
}

export class Registrar {
  /** Several care-of addresses with identifiers (RFC 5648); false once the home agent turned out not to know them. */
  multiple = true;
  bulk: boolean;
  /** The O flag is still to be sent: nothing is known about bindings of an earlier life (RFC 5648 §5.9). */
  bootstrapping = true;
  /** The bindings were made with the other R flag, which the home agent must not change: they go first (RFC 3963 §5.2). */
  startingOver = false;
  timestamps: boolean;
  preferred: string | undefined;
  sequence: number;
  /** Milliseconds that the home agent's clock is ahead of ours. */
  clockOffset = 0;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  readonly #association: SecurityAssociation | undefined;
  readonly #regularRate = new UpdateRate();
  #lastTimestamp: Timestamp | undefined;
  /** Uplink of the latest bootstrapping attempt: the next attempt takes another one. */
  #lastBootstrap: Entry | undefined;

  constructor(
    config: MobileRouterConfig,
    entries: readonly Entry[],
    association: SecurityAssociation | undefined,
    sequence: number,
  ) {
    this.#config = config;
    this.#entries = entries;
    this.#association = association;
    this.bulk = config.registration === 'bulk';
    this.timestamps = config.auth.kind === 'rfc4285' && config.auth.replay === 'timestamp';
    this.sequence = sequence & 0xffff;
  }

  /** Sends every Binding Update that is due. */
  step(now: Now): OutgoingUpdate[] {
    return [...this.#startOver(now), ...this.#sendDue(now)];
  }

  #startOver(now: Now): OutgoingUpdate[] {
    const updates = this.startingOver ? this.deregisterAll(now) : [];
    if (updates.length === 0) return [];
    this.startingOver = false;
    this.bootstrapping = true;
    for (const entry of this.#entries) {
      entry.binding = undefined;
      entry.maybeBound = false;
    }
    return updates;
  }

  #sendDue(now: Now): OutgoingUpdate[] {
    const due = this.#entries.filter(entry => this.#dueAt(entry) <= now.monotonic);
    if (due.length === 0) return [];
    if (this.bootstrapping) {
      if (this.#quietUntil() > now.monotonic) return [];
      if (!this.bulk) return this.#send([this.#bootstrapEntry(due)], now);
      const registering = this.#entries.filter(entry => this.#goal(entry) !== undefined);
      return this.#send(
        registering.filter(entry => this.#allowedAt(entry, 'register') <= now.monotonic),
        now,
      );
    }
    if (!this.bulk) return due.flatMap(entry => this.#send([entry], now));
    const registering = due.filter(entry => this.#goal(entry)?.action === 'register');
    const leaving = due.filter(entry => !registering.includes(entry));
    return [...this.#send(leaving, now), ...this.#send(registering, now)];
  }

  /** Monotonic time at which {@link step} has something to send. */
  nextWake(): number {
    const due = Math.min(Number.POSITIVE_INFINITY, ...this.#entries.map(entry => this.#dueAt(entry)));
    return this.bootstrapping ? Math.max(due, this.#quietUntil()) : due;
  }

  /** Takes over the home agent's clock; what was stamped by the wrong one was never accepted and binds nobody. */
  correctClock(offset: number): void {
    this.clockOffset = offset;
    this.#lastTimestamp = undefined;
  }

  /** De-registers everything in one message without identifiers (RFC 5648 §5.4). */
  deregisterAll(now: Now): OutgoingUpdate[] {
    const via = this.#carrier(undefined);
    const source = via && usableCareOfAddress(via);
    if (via === undefined || source === undefined || !this.#entries.some(entry => entry.maybeBound))
      return [];
    return [this.#output(via, source, [], 0, now)];
  }

  /** Another uplink that could speak for this one, or for all. */
  anotherLives(entry: Entry): boolean {
    return this.#entries.some(
      other => other !== entry && isRegistered(other) && other.prober.state !== 'dead',
    );
  }

  /** What the home agent knows the uplink's binding by; 0: it knows no identifiers. */
  bid(entry: Entry): number {
    return this.multiple ? entry.uplink.bid : 0;
  }

  wantedPriority(entry: Entry): number {
    return wantedPriority(entry, this.preferred, this.anotherLives(entry));
  }

  /** What the home agent should hold for this uplink; undefined: nothing to ask for. */
  #goal(entry: Entry): Goal | undefined {
    const careOfAddress = usableCareOfAddress(entry);
    if (!this.multiple && entry !== this.#sole()) return undefined;
    if (careOfAddress !== undefined) {
      return { action: 'register', careOfAddress, priority: this.wantedPriority(entry) };
    }
    const bound = entry.binding?.careOfAddress ?? entry.pending?.careOfAddress;
    // The O flag, still to be sent, will de-register everything else.
    if (!this.multiple || this.bootstrapping || !entry.maybeBound || bound === undefined) return undefined;
    if (this.#carrier(entry) === undefined) return undefined;
    return { action: 'deregister', careOfAddress: bound, priority: 0 };
  }

  #dueAt(entry: Entry): number {
    const goal = this.#goal(entry);
    if (goal === undefined) return Number.POSITIVE_INFINITY;
    const allowed = this.#allowedAt(entry, goal.action);
    const { pending, binding } = entry;
    // Until a message is acknowledged, what the home agent holds may be what it said or what was there before.
    if (pending !== undefined) return isSame(pending, goal) ? Math.max(entry.retransmitAt, allowed) : allowed;
    const isBound = binding !== undefined && isSame({ action: 'register', ...binding }, goal);
    return isBound ? Math.max(binding.refreshAt, allowed) : allowed;
  }

  #allowedAt(entry: Entry, action: Goal['action']): number {
    return Math.max(this.#rate(entry).allowedAt(action), entry.refusal?.until ?? 0);
  }

  /** Without identifiers, all uplinks take turns with one binding. */
  #rate(entry: Entry): UpdateRate {
    return this.multiple ? entry.rate : this.#regularRate;
  }

  /** While bootstrapping only one message should be on its way: two with the O flag would undo each other. */
  #quietUntil(): number {
    const times = this.#entries.map(({ pending, retransmitAt }) =>
      pending === undefined
        ? Number.NEGATIVE_INFINITY
        : Math.min(retransmitAt, pending.sentAt + INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION),
    );
    return Math.max(...times);
  }

  #bootstrapEntry(due: readonly Entry[]): Entry {
    const others = due.filter(entry => entry !== this.#lastBootstrap);
    const candidates = others.length > 0 ? others : due;
    const { entry } = choosePath(candidates.map(candidate => asCandidate(candidate, this)))!;
    this.#lastBootstrap = entry;
    return entry;
  }

  /** The uplink that a message leaves by when it cannot or should not leave by the uplink it is about. */
  #carrier(except: Entry | undefined): Entry | undefined {
    const usable = this.#entries.filter(
      entry => entry !== except && usableCareOfAddress(entry) !== undefined,
    );
    const registered = usable.filter(isRegistered);
    const live = registered.filter(entry => entry.prober.state !== 'dead');
    const pool = live.length > 0 ? live : usable;
    return choosePath(pool.map(entry => asCandidate(entry, this)))?.entry;
  }

  /** The uplink to register while the home agent takes one care-of address only: what is not known to be dead will do. */
  #sole(): Entry | undefined {
    const usable = this.#entries.filter(entry => usableCareOfAddress(entry) !== undefined);
    const candidates = usable.map(entry => {
      const { state } = entry.prober;
      return { ...asCandidate(entry, this), state: state === 'dead' ? state : ('unknown' as const) };
    });
    return choosePath(candidates)?.entry;
  }

  #send(entries: readonly Entry[], now: Now): OutgoingUpdate[] {
    const first = entries[0];
    if (first === undefined) return [];
    const goals = entries.map(entry => this.#goal(entry)!);
    const { action } = goals[0]!;
    const speaksForItself = first.prober.state !== 'dead' || !this.anotherLives(first);
    const own = entries.length === 1 && action === 'register' && speaksForItself;
    const via = own ? first : (this.#carrier(entries.length === 1 ? first : undefined) ?? first);
    const source = usableCareOfAddress(via);
    if (source === undefined) return [];
    const lifetime = action === 'register' ? this.#config.lifetime : 0;
    const bindings = entries.map(
      (entry, index): BoundAddress => ({
        bid: this.bid(entry),
        careOfAddress: goals[index]!.careOfAddress,
        priority: goals[index]!.priority,
      }),
    );
    const output = this.#output(via, source, bindings, lifetime, now);
    for (const [index, entry] of entries.entries()) {
      this.#note(entry, goals[index]!, lifetime, now.monotonic);
    }
    return [output];
  }

  #note(entry: Entry, goal: Goal, lifetime: number, now: number): void {
    const again = entry.pending !== undefined && isSame(entry.pending, goal);
    const timeout = again
      ? nextTimeout(entry.timeout)
      : initialTimeout(entry.prober.rtt, entry.binding === undefined);
    entry.pending = {
      ...goal,
      sequence: this.sequence,
      timestamp: this.timestamps ? this.#lastTimestamp : undefined,
      lifetime,
      sentAt: now,
      identified: this.multiple,
      bulk: this.bulk,
      overwrite: this.#overwrites(lifetime) || (again && entry.pending!.overwrite),
    };
    entry.timeout = timeout;
    entry.retransmitAt = now + timeout;
    entry.lastSequence = this.sequence;
    entry.maybeBound = true;
    this.#rate(entry).sent(now);
  }

  #output(
    via: Entry,
    source: Address,
    bindings: readonly BoundAddress[],
    lifetime: number,
    now: Now,
  ): OutgoingUpdate {
    this.sequence = nextSequence(this.sequence);
    const packet = emitBindingUpdate(
      this.#config,
      {
        source,
        sequence: this.sequence,
        lifetime,
        overwrite: this.#overwrites(lifetime),
        bindings,
        timestamp: this.timestamps ? this.#timestamp(now.wall) : undefined,
      },
      this.#association,
    );
    return { packet, device: via.uplink.device };
  }

  #overwrites(lifetime: number): boolean {
    return this.bootstrapping && this.multiple && lifetime > 0;
  }

  /** Greater than every one before it (RFC 4285 §6), whatever the clock does. */
  #timestamp(wall: number): Timestamp {
    const current = timestampFromWall(wall + this.clockOffset);
    const last = this.#lastTimestamp;
    this.#lastTimestamp =
      last === undefined || isLater(current, last)
        ? current
        : {
            seconds: last.seconds + (last.fraction === 0xffffffff ? 1 : 0),
            fraction: (last.fraction + 1) >>> 0,
          };
    return this.#lastTimestamp;
  }
}

function isSame(a: Goal, b: Goal): boolean {
  return a.action === b.action && a.priority === b.priority && equalAddress(a.careOfAddress, b.careOfAddress);
}

function asCandidate(entry: Entry, registrar: Registrar) {
  const { state, answeredAt } = entry.prober;
  return { entry, state, answeredAt, priority: registrar.wantedPriority(entry) };
}
