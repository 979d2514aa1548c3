/**
 * Keeps the bindings at the home agent equal to what the uplinks are: compares, for each uplink, what ought to be
 * registered with what has been acknowledged, sends the difference, and repeats itself until it is acknowledged.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import type { Address } from '../../wire/address.ts';
import { equalAddress } from '../../wire/address.ts';
import type { SecurityAssociation } from '../authentication.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import type { BoundAddress } from '../identifiers/form.ts';
import { choosePath } from '../path-choice.ts';
import { nextSequence } from '../sequence.ts';
import type { Timestamp } from '../timestamp.ts';
import { isLater, timestampFromWall } from '../timestamp.ts';
import type { Now } from '../types.ts';
import { emitBindingUpdate } from './binding-update.ts';
import type { Entry } from './binding-update-list.ts';
import { isRegistered, usableCareOfAddress, wantedPriority } from './binding-update-list.ts';
import type { HomeAgents } from './home-agents.ts';
import {
  INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION,
  initialTimeout,
  nextTimeout,
  UpdateRate,
} from './retransmission.ts';

interface Goal {
  readonly action: 'register' | 'deregister';
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
}

/** A Binding Update: a whole packet, the home agent that it is for, and the device that it has to leave by. */
export interface OutgoingUpdate {
  readonly packet: Uint8Array;
  readonly homeAgent: Address;
  readonly device: string;
}

export class Registrar {
  /** Several care-of addresses with identifiers (RFC 5648); false also once the home agent turned out not to know them. */
  multiple: boolean;
  bulk: boolean;
  /**
   * Nothing is known about bindings of an earlier life, which are still to be replaced: by the O flag (RFC 5648 §5.9) or,
   * in the draft, by a de-registration of all before.
   */
  bootstrapping = true;
  /** The bindings were made with the other R flag, which the home agent must not change: they go first (RFC 3963 §5.2). */
  startingOver = false;
  timestamps: boolean;
  preferred: string | undefined;
  sequence: number;
  /** Milliseconds that the home agent's clock is ahead of ours. */
  clockOffset = 0;
  /** Monotonic time at which the home address ends, as far as that is to be heeded. */
  homeAddressUntil = Number.POSITIVE_INFINITY;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  readonly #homeAgents: HomeAgents;
  readonly #association: SecurityAssociation | undefined;
  readonly #dialect: Dialect;
  readonly #regularRate = new UpdateRate();
  #lastTimestamp: Timestamp | undefined;
  /** Uplink of the latest bootstrapping attempt: the next attempt takes another one. */
  #lastBootstrap: Entry | undefined;

  constructor(
    config: MobileRouterConfig,
    entries: readonly Entry[],
    homeAgents: HomeAgents,
    association: SecurityAssociation | undefined,
    dialect: Dialect,
    sequence: number,
  ) {
    this.#config = config;
    this.#entries = entries;
    this.#homeAgents = homeAgents;
    this.#association = association;
    this.#dialect = dialect;
    this.multiple = this.wantsSeveral;
    this.bulk = config.registration === 'bulk';
    this.timestamps = config.auth.kind === 'rfc4285' && config.auth.replay === 'timestamp';
    this.sequence = sequence & 0xffff;
  }

  /** The configuration asks for several care-of addresses. */
  get wantsSeveral(): boolean {
    return this.#config.registration !== 'regular';
  }

  /** Sends every Binding Update that is due. */
  step(now: Now): OutgoingUpdate[] {
    if (this.#homeAgents.current === undefined || now.monotonic < this.#homeAgents.holdUntil) return [];
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
      if (!this.bulk && this.#homeEntry() === undefined) return this.#send([this.#bootstrapEntry(due)], now);
      const registering = this.#entries.filter(entry => this.#goal(entry) !== undefined);
      return this.#send(
        registering.filter(entry => this.#allowedAt(entry, 'register') <= now.monotonic),
        now,
      );
    }
    const home = this.#homeEntry();
    if (!this.bulk && home === undefined) return due.flatMap(entry => this.#send([entry], now));
    const leaving = due.filter(entry => this.#goal(entry)?.action === 'deregister');
    const registering = due.filter(entry => !leaving.includes(entry));
    // RFC 5648 §5.6.5: a registration that does not say so means that the node has left its home link.
    if (home !== undefined && registering.length > 0 && !registering.includes(home)) registering.push(home);
    // One message of the draft can do both (draft §5.3).
    if (registering.length > 0 && this.#dialect.identifiers.draft) {
      return this.#send([...registering, ...leaving], now);
    }
    return [...this.#send(leaving, now), ...this.#send(registering, now)];
  }

  /** Monotonic time at which {@link step} has something to send. */
  nextWake(): number {
    const { current, holdUntil } = this.#homeAgents;
    return current === undefined ? Number.POSITIVE_INFINITY : Math.max(this.#nextDue(), holdUntil);
  }

  #nextDue(): number {
    const due = Math.min(Number.POSITIVE_INFINITY, ...this.#entries.map(entry => this.#dueAt(entry)));
    return this.bootstrapping ? Math.max(due, this.#quietUntil()) : due;
  }

  /** Takes over the home agent's clock; what was stamped by the wrong one was never accepted and binds nobody. */
  correctClock(offset: number): void {
    this.clockOffset = offset;
    this.#lastTimestamp = undefined;
  }

  /** Seconds to ask for: units of 4, not beyond the end of the home address (RFC 6275 §11.4.2). */
  #lifetime(now: number): number {
    const left = Math.floor((this.homeAddressUntil - now) / 4000) * 4;
    return Math.max(Math.min(this.#config.lifetime, left), 4);
  }

  /** Another home agent, which knows nothing of the router yet, and of whose ways nothing is known. */
  startAnew(): void {
    this.multiple = this.wantsSeveral;
    this.bulk = this.#config.registration === 'bulk';
    this.bootstrapping = true;
    this.startingOver = false;
    this.correctClock(0);
  }

  /** De-registers everything in one message without identifiers (RFC 5648 §5.4). */
  deregisterAll(now: Now): OutgoingUpdate[] {
    const { current } = this.#homeAgents;
    const bound = current !== undefined && this.#entries.some(entry => entry.maybeBound);
    return bound ? this.deregistration(current, now) : [];
  }

  /** The same, for any home agent; nothing while there is no uplink. */
  deregistration(homeAgent: Address, now: Now): OutgoingUpdate[] {
    const via = this.#carrier(undefined);
    const source = via && usableCareOfAddress(via);
    if (via === undefined || source === undefined) return [];
    return [this.#output(via, source, homeAgent, [], 0, now)];
  }

  /**
   * Says from the home address, over the home link, that there is to be no binding (RFC 6275 §11.5.5, RFC 3963 §5.8,
   * RFC 5648 §5.5.1). Without identifiers: it is about all.
   */
  returnHome(entry: Entry, now: Now): OutgoingUpdate[] {
    const { homeAddress } = this.#config;
    const update = this.#output(entry, homeAddress, this.#homeAgents.current!, [], 0, now);
    const goal: Goal = { action: 'deregister', bid: 0, careOfAddress: homeAddress, priority: 0 };
    this.#note(entry, goal, 0, now.monotonic, true);
    return [update];
  }

  /** Another uplink that could speak for this one, or for all. */
  anotherLives(entry: Entry): boolean {
    return this.#entries.some(
      other => other !== entry && isRegistered(other) && other.prober.state !== 'dead',
    );
  }

  /** What the home agent knows the uplink's present binding by. */
  boundBid(entry: Entry): number {
    return entry.binding?.bid ?? this.bid(entry);
  }

  /** What the home agent is to know the uplink's binding by; 0: it knows no identifiers. */
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
      return {
        action: 'register',
        bid: this.bid(entry),
        careOfAddress,
        priority: this.wantedPriority(entry),
      };
    }
    const bound = entry.binding?.careOfAddress ?? entry.pending?.careOfAddress;
    // The O flag, still to be sent, will de-register everything else.
    if (!this.multiple || this.bootstrapping || !entry.maybeBound || bound === undefined) return undefined;
    if (this.#carrier(entry) === undefined || this.#isInUse(bound)) return undefined;
    const bid = entry.binding?.bid ?? entry.pending?.bid ?? this.bid(entry);
    return { action: 'deregister', bid, careOfAddress: bound, priority: 0 };
  }

  /** The care-of address carries traffic by a binding that is about to get another identifier: first the new one. */
  #isInUse(careOfAddress: Address): boolean {
    return this.#entries.some(entry => {
      const own = usableCareOfAddress(entry);
      if (own === undefined || !equalAddress(own, careOfAddress)) return false;
      return this.boundBid(entry) !== this.bid(entry);
    });
  }

  #dueAt(entry: Entry): number {
    const goal = this.#goal(entry);
    if (goal === undefined) return Number.POSITIVE_INFINITY;
    const home = goal.action === 'register' ? this.#homeEntry() : undefined;
    const allowed = Math.max(
      this.#allowedAt(entry, goal.action),
      home === undefined ? 0 : this.#allowedAt(home, 'register'),
    );
    const { pending, binding } = entry;
    // Until a message is acknowledged, what the home agent holds may be what it said or what was there before.
    if (pending !== undefined) return isSame(pending, goal) ? Math.max(entry.retransmitAt, allowed) : allowed;
    const isBound = binding !== undefined && isSame({ action: 'register', ...binding }, goal);
    return isBound ? Math.max(binding.refreshAt, allowed) : allowed;
  }

  /** The uplink that is to have a binding for the home link (RFC 5648 §5.6.3): it is part of every registration. */
  #homeEntry(): Entry | undefined {
    return this.#entries.find(
      entry =>
        entry.place === 'home' && entry.refusal === undefined && usableCareOfAddress(entry) !== undefined,
    );
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

  /** The uplink that the configuration wants all messages to leave by, while it can be used. */
  #chosen(): Entry | undefined {
    const chosen = this.#entries.find(entry => entry.uplink.name === this.#config.registerOver);
    if (chosen === undefined || usableCareOfAddress(chosen) === undefined) return undefined;
    return chosen.prober.state === 'dead' && this.anotherLives(chosen) ? undefined : chosen;
  }

  /** The uplink that a message leaves by when it cannot or should not leave by the uplink it is about. */
  #carrier(except: Entry | undefined): Entry | undefined {
    const chosen = this.#chosen();
    if (chosen !== undefined && chosen !== except) return chosen;
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
    const registers = goals.some(({ action }) => action === 'register');
    const speaksForItself = first.prober.state !== 'dead' || !this.anotherLives(first);
    const own = entries.length === 1 && registers && speaksForItself;
    const via = own
      ? (this.#chosen() ?? first)
      : (this.#carrier(entries.length === 1 ? first : undefined) ?? first);
    const source = usableCareOfAddress(via);
    if (source === undefined) return [];
    const lifetime = registers ? this.#lifetime(now.monotonic) : 0;
    const bindings = goals.map(
      ({ action, bid, careOfAddress, priority }): BoundAddress => ({
        bid,
        careOfAddress,
        priority,
        remove: registers && action === 'deregister',
      }),
    );
    const homeAgent = this.#homeAgents.current!;
    const before = this.#overwrites(lifetime) ? this.#purge(via, source, homeAgent, now) : [];
    const { linkLayerAddress } = entries.find(({ place }) => place === 'home')?.status ?? {};
    const output = this.#output(via, source, homeAgent, bindings, lifetime, now, linkLayerAddress);
    if (registers) this.#homeAgents.asked(now.monotonic);
    for (const [index, entry] of entries.entries()) {
      this.#note(entry, goals[index]!, lifetime, now.monotonic);
    }
    return [...before, output];
  }

  /** What takes the place of the O flag in the draft. */
  #purge(via: Entry, source: Address, homeAgent: Address, now: Now): OutgoingUpdate[] {
    if (!this.#dialect.identifiers.draft) return [];
    if (this.#regularRate.allowedAt('register') > now.monotonic) return [];
    this.#regularRate.sent(now.monotonic);
    return [this.#output(via, source, homeAgent, [], 0, now)];
  }

  #note(entry: Entry, goal: Goal, lifetime: number, now: number, returning = false): void {
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
      bulk: this.bulk,
      returning,
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
    homeAgent: Address,
    bindings: readonly BoundAddress[],
    lifetime: number,
    now: Now,
    linkLayerAddress?: Uint8Array | undefined,
  ): OutgoingUpdate {
    this.sequence = nextSequence(this.sequence);
    const packet = emitBindingUpdate(
      this.#config,
      {
        source,
        homeAgent,
        sequence: this.sequence,
        lifetime,
        overwrite: this.#overwrites(lifetime) && !this.#dialect.identifiers.draft,
        bindings,
        timestamp: this.timestamps ? this.#timestamp(now.wall) : undefined,
        linkLayerAddress,
      },
      this.#association,
      this.#dialect,
    );
    return { packet, homeAgent, device: via.uplink.device };
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
  const isAlike = a.action === b.action && a.bid === b.bid && a.priority === b.priority;
  return isAlike && equalAddress(a.careOfAddress, b.careOfAddress);
}

function asCandidate(entry: Entry, registrar: Registrar) {
  const { state, answeredAt } = entry.prober;
  return { entry, state, answeredAt, priority: registrar.wantedPriority(entry) };
}
