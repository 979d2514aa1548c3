/** What the home agent ought to hold for each uplink, and when the next message about that is due. */
import { type Address, equalAddress } from '../../wire/address.ts';
import { type Entry, isRegistered, usableCareOfAddress } from './binding-update-list.ts';
import type { FlowBindingList } from './flow-bindings/flow-binding-list.ts';
import { INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION, UpdateRate } from './retransmission.ts';
import type { Terms } from './terms.ts';
import type { UplinkChoice } from './uplink-choice.ts';

export interface Goal {
  readonly action: 'register' | 'deregister';
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
}

/** Times are monotonic, milliseconds; Infinity: never. */
export class Goals {
  /** Without identifiers, all uplinks take turns with one binding. */
  readonly regularRate = new UpdateRate();

  readonly #entries: readonly Entry[];
  readonly #terms: Terms;
  readonly #choice: UplinkChoice;
  readonly #flowBindings: FlowBindingList | undefined;

  constructor(
    entries: readonly Entry[],
    terms: Terms,
    choice: UplinkChoice,
    flowBindings: FlowBindingList | undefined,
  ) {
    this.#flowBindings = flowBindings;
    this.#entries = entries;
    this.#terms = terms;
    this.#choice = choice;
  }

  /** What the home agent knows the uplink's present binding by. */
  boundBid(entry: Entry): number {
    return entry.binding?.bid ?? this.#bid(entry);
  }

  /** What the home agent should hold for this uplink; undefined: nothing to ask for. */
  of(entry: Entry): Goal | undefined {
    const careOfAddress = usableCareOfAddress(entry);
    const { multiple, bootstrapping } = this.#terms;
    if (!multiple && entry !== this.#choice.sole()) return undefined;
    if (careOfAddress !== undefined) {
      const priority = this.#choice.wantedPriority(entry);
      return { action: 'register', bid: this.#bid(entry), careOfAddress, priority };
    }
    const bound = entry.binding?.careOfAddress ?? entry.pending?.careOfAddress;
    // The O flag, still to be sent, will de-register everything else.
    if (!multiple || bootstrapping || !entry.maybeBound || bound === undefined) return undefined;
    if (this.#choice.carrier(entry) === undefined || this.#isInUse(bound)) return undefined;
    const bid = entry.binding?.bid ?? entry.pending?.bid ?? this.#bid(entry);
    return { action: 'deregister', bid, careOfAddress: bound, priority: 0 };
  }

  /** When a message about this uplink is due. */
  dueAt(entry: Entry): number {
    const flowsDue = this.#flowBindings?.dueAt();
    if (flowsDue === undefined || flowsDue === Number.POSITIVE_INFINITY || entry !== this.#spokesman())
      return this.bindingDueAt(entry);
    return Math.min(this.bindingDueAt(entry), Math.max(flowsDue, this.allowedAt(entry, 'register')));
  }

  /** The same, as far as it is about its binding. */
  bindingDueAt(entry: Entry): number {
    const goal = this.of(entry);
    if (goal === undefined) return Number.POSITIVE_INFINITY;
    const home = goal.action === 'register' ? this.home() : undefined;
    const allowed = Math.max(
      this.allowedAt(entry, goal.action),
      home === undefined ? 0 : this.allowedAt(home, 'register'),
    );
    const { pending, binding } = entry;
    // Until a message is acknowledged, what the home agent holds may be what it said or what was there before.
    if (pending !== undefined)
      return isSameGoal(pending, goal) ? Math.max(entry.retransmitAt, allowed) : allowed;
    const isBound = binding !== undefined && isSameGoal({ action: 'register', ...binding }, goal);
    return isBound && !this.#isContested(entry) ? Math.max(binding.refreshAt, allowed) : allowed;
  }

  /** The home agent holds what it ought to: a message only renews it. */
  isKept(entry: Entry): boolean {
    const { binding } = entry;
    const goal = this.of(entry);
    return (
      goal !== undefined && binding !== undefined && isSameGoal({ action: 'register', ...binding }, goal)
    );
  }

  /** The uplink whose messages say what there is to say about flows. */
  #spokesman(): Entry | undefined {
    const { multiple, bootstrapping } = this.#terms;
    if (!multiple || bootstrapping) return undefined;
    const carrier = this.#choice.carrier();
    if (carrier !== undefined && isRegistered(carrier)) return carrier;
    return this.#entries.find(isRegistered);
  }

  /** When the next message about any uplink is due. */
  nextDue(): number {
    const due = Math.min(Number.POSITIVE_INFINITY, ...this.#entries.map(entry => this.dueAt(entry)));
    return this.#terms.bootstrapping ? Math.max(due, this.quietUntil()) : due;
  }

  /** The uplink that is to have a binding for the home link (RFC 5648 §5.6.3): it is part of every registration. */
  home(): Entry | undefined {
    return this.#entries.find(
      entry =>
        entry.place === 'home' && entry.refusal === undefined && usableCareOfAddress(entry) !== undefined,
    );
  }

  allowedAt(entry: Entry, action: Goal['action']): number {
    return Math.max(this.rate(entry).allowedAt(action), entry.refusal?.until ?? 0);
  }

  rate(entry: Entry): UpdateRate {
    return this.#terms.multiple ? entry.rate : this.regularRate;
  }

  /** While bootstrapping only one message should be on its way: two with the O flag would undo each other. */
  quietUntil(): number {
    const times = this.#entries.map(({ pending, retransmitAt }) =>
      pending === undefined
        ? Number.NEGATIVE_INFINITY
        : Math.min(retransmitAt, pending.sentAt + INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION),
    );
    return Math.max(...times);
  }

  /** The one binding may have become another uplink's, by a message that was not answered. */
  #isContested(entry: Entry): boolean {
    return (
      !this.#terms.multiple && this.#entries.some(other => other !== entry && other.pending !== undefined)
    );
  }

  /** What the home agent is to know the uplink's binding by; 0: it knows no identifiers. */
  #bid(entry: Entry): number {
    return this.#terms.multiple ? entry.uplink.bid : 0;
  }

  /** The care-of address carries traffic by a binding that is about to get another identifier: first the new one. */
  #isInUse(careOfAddress: Address): boolean {
    return this.#entries.some(entry => {
      const own = usableCareOfAddress(entry);
      if (own === undefined || !equalAddress(own, careOfAddress)) return false;
      return this.boundBid(entry) !== this.#bid(entry);
    });
  }
}

export function isSameGoal(a: Goal, b: Goal): boolean {
  const isAlike = a.action === b.action && a.bid === b.bid && a.priority === b.priority;
  return isAlike && equalAddress(a.careOfAddress, b.careOfAddress);
}
