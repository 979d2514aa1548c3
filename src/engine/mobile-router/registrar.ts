/**
 * Keeps the bindings at the home agent equal to what the uplinks are: compares, for each uplink, what ought to be
 * registered with what has been acknowledged, sends the difference, and repeats itself until it is acknowledged.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { type Address, equalAddress } from '../../wire/address.ts';
import type { SecurityAssociation } from '../authentication.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import type { BoundAddress } from '../identifiers/form.ts';
import type { Now } from '../types.ts';
import type { BindingUpdateFields } from './binding-update.ts';
import { type Entry, usableCareOfAddress } from './binding-update-list.ts';
import type { FlowBindingList } from './flow-bindings/flow-binding-list.ts';
import { type Goal, Goals, isSameGoal } from './goals.ts';
import type { HomeAgents } from './home-agents.ts';
import { initialTimeout, nextTimeout } from './retransmission.ts';
import { Terms } from './terms.ts';
import { UpdateWriter } from './update-writer.ts';
import { UplinkChoice } from './uplink-choice.ts';

/** A Binding Update: a whole packet, the home agent that it is for, and the device that it has to leave by. */
export interface OutgoingUpdate {
  readonly packet: Uint8Array;
  readonly homeAgent: Address;
  readonly device: string;
}

/** Where a message goes and comes from, and what stands in it. */
interface Statement {
  readonly via: Entry;
  readonly source: Address;
  readonly homeAgent: Address;
  readonly bindings: readonly BoundAddress[];
  /** Seconds; 0 de-registers. */
  readonly lifetime: number;
  readonly linkLayerAddress?: Uint8Array | undefined;
}

export class Registrar {
  readonly terms: Terms;
  readonly choice: UplinkChoice;
  readonly goals: Goals;
  readonly writer: UpdateWriter;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  readonly #homeAgents: HomeAgents;
  readonly #dialect: Dialect;
  readonly #flowBindings: FlowBindingList | undefined;

  /** @param sequence of the message before the first one: unpredictable to others */
  constructor(
    config: MobileRouterConfig,
    entries: readonly Entry[],
    homeAgents: HomeAgents,
    association: SecurityAssociation | undefined,
    dialect: Dialect,
    sequence: number,
    flowBindings: FlowBindingList | undefined,
  ) {
    this.#config = config;
    this.#flowBindings = flowBindings;
    this.#entries = entries;
    this.#homeAgents = homeAgents;
    this.#dialect = dialect;
    this.terms = new Terms(config);
    this.choice = new UplinkChoice(config, entries);
    this.goals = new Goals(entries, this.terms, this.choice, flowBindings);
    this.writer = new UpdateWriter(config, association, dialect, sequence);
  }

  /** The home agent is told as soon as may be. */
  disagreeOnCopies(now: number): void {
    this.writer.copies = false;
    if (!this.terms.copies) return;
    this.terms.copies = false;
    for (const { binding } of this.#entries) if (binding !== undefined) binding.refreshAt = now;
  }

  /** Sends every Binding Update that is due. */
  step(now: Now): OutgoingUpdate[] {
    if (this.#homeAgents.current === undefined || now.monotonic < this.#homeAgents.holdUntil) return [];
    return [...this.#startOver(now), ...this.#sendDue(now)];
  }

  /** Monotonic time at which {@link step} has something to send. */
  nextWake(): number {
    const { current, holdUntil } = this.#homeAgents;
    return current === undefined ? Number.POSITIVE_INFINITY : Math.max(this.goals.nextDue(), holdUntil);
  }

  /** Another home agent, which knows nothing of the router yet, and of whose ways nothing is known. */
  startAnew(): void {
    this.terms.startAnew();
    this.#flowBindings?.startAnew();
    this.writer.correctClock(0);
    this.writer.homeAddressUntil = Number.POSITIVE_INFINITY;
  }

  /** De-registers everything in one message without identifiers (RFC 5648 §5.4). */
  deregisterAll(now: Now): OutgoingUpdate[] {
    const { current } = this.#homeAgents;
    const bound = current !== undefined && this.#entries.some(entry => entry.maybeBound);
    return bound ? this.deregistration(current, now) : [];
  }

  /**
   * The same, for any home agent; nothing while there is no uplink.
   * @param clock milliseconds that its clock is ahead of ours, if not as that of the one in use
   */
  deregistration(homeAgent: Address, now: Now, clock?: number): OutgoingUpdate[] {
    const via = this.choice.carrier();
    const source = via && usableCareOfAddress(via);
    if (via === undefined || source === undefined) return [];
    return [this.#output({ via, source, homeAgent, bindings: [], lifetime: 0 }, now, clock)];
  }

  /**
   * Says from the home address, over the home link, that there is to be no binding (RFC 6275 §11.5.5, RFC 3963 §5.8,
   * RFC 5648 §5.5.1). Without identifiers: it is about all.
   */
  returnHome(entry: Entry, now: Now): OutgoingUpdate[] {
    const { homeAddress } = this.#config;
    const homeAgent = this.#homeAgents.current!;
    const update = this.#output(
      { via: entry, source: homeAddress, homeAgent, bindings: [], lifetime: 0 },
      now,
    );
    const goal: Goal = { action: 'deregister', bid: 0, careOfAddress: homeAddress, priority: 0 };
    this.#note(entry, goal, 0, now.monotonic, true);
    return [update];
  }

  #startOver(now: Now): OutgoingUpdate[] {
    const updates = this.terms.startingOver ? this.deregisterAll(now) : [];
    if (updates.length === 0) return [];
    this.terms.startingOver = false;
    this.terms.bootstrapping = true;
    for (const entry of this.#entries) {
      entry.binding = undefined;
      entry.maybeBound = false;
    }
    return updates;
  }

  #sendDue(now: Now): OutgoingUpdate[] {
    const { goals } = this;
    const { bulk, aloneFirst, bootstrapping } = this.terms;
    const dueBy = (dueAt: (entry: Entry) => number) =>
      this.#entries.filter(entry => dueAt(entry) <= now.monotonic);
    const bindings = dueBy(entry => goals.bindingDueAt(entry));
    // What is to be said about flows goes with any message.
    const due = bindings.length > 0 ? bindings : dueBy(entry => goals.dueAt(entry));
    if (due.length === 0) return [];
    const home = goals.home();
    if (bootstrapping) {
      if (goals.quietUntil() > now.monotonic) return [];
      if ((!bulk || aloneFirst) && home === undefined) return this.#send([this.choice.first(due)], now);
      const registering = this.#entries.filter(entry => goals.of(entry) !== undefined);
      return this.#send(
        registering.filter(entry => goals.allowedAt(entry, 'register') <= now.monotonic),
        now,
      );
    }
    if (!bulk && home === undefined) return due.flatMap(entry => this.#send([entry], now));
    if (aloneFirst && home === undefined) return this.#sendAloneFirst(due, now);
    const leaving = due.filter(entry => goals.of(entry)?.action === 'deregister');
    const registering = due.filter(entry => !leaving.includes(entry));
    // RFC 5648 §5.6.5: a registration that does not say so means that the node has left its home link.
    if (home !== undefined && registering.length > 0 && !registering.includes(home)) registering.push(home);
    // One message of the draft can do both (draft §5.3).
    if (registering.length > 0 && this.#dialect.identifiers.draft) {
      return this.#send([...registering, ...leaving], now);
    }
    return [...this.#send(leaving, now), ...this.#send(registering, now)];
  }

  /** What is due for a refresh takes along all others that could be. */
  #sendAloneFirst(due: readonly Entry[], now: Now): OutgoingUpdate[] {
    const { goals } = this;
    const alone = due.filter(entry => !goals.isKept(entry));
    const together = this.#entries.filter(
      entry => goals.isKept(entry) && goals.allowedAt(entry, 'register') <= now.monotonic,
    );
    const isRefresh = alone.length < due.length;
    return [
      ...alone.flatMap(entry => this.#send([entry], now)),
      ...(isRefresh ? this.#send(together, now) : []),
    ];
  }

  #send(entries: readonly Entry[], now: Now): OutgoingUpdate[] {
    const first = entries[0];
    if (first === undefined) return [];
    const goals = entries.map(entry => this.goals.of(entry)!);
    const registers = goals.some(({ action }) => action === 'register');
    const via = this.#speaker(entries, registers) ?? first;
    const source = usableCareOfAddress(via);
    if (source === undefined) return [];
    const ends = goals.map((goal, at) => careOfUntil(entries[at]!, goal));
    const lifetime = registers ? this.writer.lifetime(now.monotonic, Math.min(...ends)) : 0;
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
    const output = this.#output({ via, source, homeAgent, bindings, lifetime, linkLayerAddress }, now);
    if (registers) this.#homeAgents.asked(now.monotonic);
    for (const [index, entry] of entries.entries()) {
      this.#note(entry, goals[index]!, lifetime, now.monotonic);
    }
    return [...before, output];
  }

  #speaker([first, ...others]: readonly Entry[], registers: boolean): Entry | undefined {
    if (others.length > 0) return this.choice.carrier();
    return registers ? this.choice.speakerFor(first!) : this.choice.carrier(first);
  }

  /** What takes the place of the O flag in the draft. */
  #purge(via: Entry, source: Address, homeAgent: Address, now: Now): OutgoingUpdate[] {
    if (!this.#dialect.identifiers.draft) return [];
    const { regularRate } = this.goals;
    if (regularRate.allowedAt('register') > now.monotonic) return [];
    regularRate.sent(now.monotonic);
    return [this.#output({ via, source, homeAgent, bindings: [], lifetime: 0 }, now)];
  }

  #note(entry: Entry, goal: Goal, lifetime: number, now: number, returning = false): void {
    const { sequence, timestamp } = this.writer;
    // RFC 6275 §11.7.1: as a new home address, which the home agent may first test for duplicates.
    const isNew = this.#entries.every(({ binding }) => binding === undefined);
    const again = entry.pending !== undefined && isSameGoal(entry.pending, goal);
    const timeout = again
      ? nextTimeout(entry.timeout)
      : initialTimeout(isNew ? undefined : entry.prober.rtt, entry.binding === undefined);
    entry.pending = {
      ...goal,
      sequence,
      timestamp,
      lifetime,
      sentAt: now,
      bulk: this.terms.bulk,
      returning,
      overwrite: this.#overwrites(lifetime) || (again && entry.pending!.overwrite),
    };
    entry.timeout = timeout;
    entry.retransmitAt = now + timeout;
    entry.lastSequence = sequence;
    entry.maybeBound = true;
    this.goals.rate(entry).sent(now);
  }

  #output({ via, ...said }: Statement, now: Now, clock?: number): OutgoingUpdate {
    const overwrite = this.#overwrites(said.lifetime) && !this.#dialect.identifiers.draft;
    const prefixes = said.lifetime > 0 ? this.terms.namedPrefixes : [];
    const fields = { ...said, prefixes, overwrite };
    const flows = this.#flowOptions(fields);
    const packet = this.writer.write({ ...fields, flows }, now, clock);
    if (flows !== undefined) this.#flowBindings?.sent(this.writer.sequence, now.monotonic);
    return { packet, homeAgent: said.homeAgent, device: via.uplink.device };
  }

  /** Undefined: what the message is about ends all flow bindings, or it is for a home agent that has none. */
  #flowOptions(fields: Omit<BindingUpdateFields, 'sequence' | 'timestamp'>) {
    if (fields.bindings.length > 0 && this.terms.multiple) {
      return this.#flowBindings?.compose(fields.overwrite ? undefined : () => this.writer.room(fields));
    }
    const { current } = this.#homeAgents;
    if (current !== undefined && equalAddress(fields.homeAgent, current)) this.#flowBindings?.forget();
    return undefined;
  }

  #overwrites(lifetime: number): boolean {
    return this.terms.bootstrapping && this.terms.multiple && lifetime > 0;
  }
}

/** When a care-of address that is to be registered ends. */
function careOfUntil({ status }: Entry, { action, careOfAddress }: Goal): number {
  const end = status?.ends?.find(({ address }) => equalAddress(address, careOfAddress));
  return action === 'register' && end !== undefined ? end.validUntil : Number.POSITIVE_INFINITY;
}
