/**
 * Keeps the flow bindings at the home agent equal to what the policy wants (RFC 6089 §5.2): every Binding Update names all
 * of them, those that stay in a summary, those that changed in options of their own; what it leaves out goes.
 */
import type { Address } from '../../../wire/address.ts';
import { layoutLength } from '../../../wire/layout/part.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import { flowIdentification } from '../../../wire/options/flow-identification.ts';
import { FLOW_STATUS } from '../../flow-bindings/status.ts';
import type { Steering } from '../../steering.ts';
import { MAX_BINDACK_TIMEOUT, nextTimeout } from '../retransmission.ts';
import { desired, type FlowContent, type FlowEntry, identification, isSameContent } from './flow-entry.ts';
import { LoadBalance } from './load-balance.ts';
import { assignPriorities } from './priorities.ts';
import { type WantedFlow, wantedFlows } from './wanted-flows.ts';

/** Until what was said is said again; the message that it stood in is repeated sooner if its uplink lives. */
const FIRST_TIMEOUT = 2000;
/** After a second refusal in a row, and at most. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 600_000;
/** Flows that have gone whose numbers are remembered. */
const MOST_FORMER = 128;
/** Messages that are remembered with the number of options that they had. */
const MOST_MESSAGES = 8;
const LAST_FID = 65_535;
/** Octets of an option beyond its data, with the most padding before it and within. */
const OPTION_OVERHEAD = 10;
/** FIDs in one summary (RFC 6089 §5.2.3). */
const MOST_IN_SUMMARY = 127;

/** What came of an acknowledgement. */
export type FlowAnswer =
  | { readonly kind: 'settled'; readonly changed: boolean; readonly refused: readonly FlowEntry[] }
  /** The home agent knows nothing of flow bindings (RFC 6089 §5.2.6). */
  | { readonly kind: 'unsupported' };

/** Times are monotonic, milliseconds; Infinity: never. */
export class FlowBindingList {
  /** In the order of priority; at the end what is to go. */
  entries: FlowEntry[] = [];
  /** False once the home agent turned out not to know flow bindings. */
  supported = true;
  nextFid = 1;
  /** FIDs of flows that have gone, by their keys: who comes back has the same one again. */
  readonly formerFids = new Map<string, number>();
  readonly #balance: LoadBalance | undefined;
  #steering: Steering | undefined;
  #active: number | undefined;
  /** Care-of addresses that the home agent has acknowledged, by BID. */
  #bound: ReadonlyMap<number, Address> = new Map();
  #now = 0;
  /** What the message that is being composed says. */
  #draft: { readonly entry: FlowEntry; readonly content: FlowContent | undefined }[] = [];
  /** Flow Identification options by the sequence number of their message. */
  readonly #asked = new Map<number, number>();
  /** Not everything fitted into the latest message: what is left waits for its acknowledgement. */
  #waitsFor: number | undefined;
  #hasLeftover = false;
  /** Some option has come back from this home agent. */
  #proven = false;
  #timeout = FIRST_TIMEOUT;
  #retryAt = 0;

  /** Some option has come back: flow bindings are kept. */
  get proven(): boolean {
    return this.#proven;
  }

  /** @param balances the home agent speaks the load balancing of MMI */
  constructor(balances: boolean) {
    this.#balance = balances ? new LoadBalance() : undefined;
  }

  /**
   * To be called before anything is asked of the list.
   * @param steering what the policy comes to now; the same one as before as long as nothing changes
   * @param active BID of what carries all else
   * @param bound by BID, the care-of addresses that the home agent has acknowledged and that can be used
   */
  want(
    steering: Steering | undefined,
    active: number | undefined,
    bound: ReadonlyMap<number, Address>,
    now: number,
  ): void {
    this.#bound = bound;
    this.#now = now;
    this.#balance?.want(steering, bound);
    if (steering === this.#steering && active === this.#active) return;
    this.#steering = steering;
    this.#active = active;
    this.#arrange(steering === undefined ? [] : wantedFlows(steering, active));
  }

  #arrange(wanted: readonly WantedFlow[]): void {
    const known = new Map(this.entries.map(entry => [entry.key, entry]));
    const entries = wanted.map(flow => {
      const entry = known.get(flow.key) ?? this.#newEntry(flow.key);
      known.delete(flow.key);
      // Another wish has another chance.
      if (entry.wanted !== undefined && !isSameWish(entry.wanted, flow)) entry.refusal = undefined;
      entry.wanted = flow;
      return entry;
    });
    const priorities = assignPriorities(entries.map(({ priority }) => priority || undefined));
    for (const [index, entry] of entries.entries()) entry.priority = priorities[index]!;
    const leaving = [...known.values()];
    for (const entry of leaving) entry.wanted = undefined;
    this.entries = [...entries, ...leaving];
    this.#dropGone();
  }

  #newEntry(key: string): FlowEntry {
    const taken = new Set(this.entries.map(({ fid }) => fid));
    const former = this.formerFids.get(key);
    this.formerFids.delete(key);
    const fid = former !== undefined && !taken.has(former) ? former : this.#nextFid(taken);
    return { key, fid, priority: 0, wanted: undefined, held: undefined, said: undefined, refusal: undefined };
  }

  /** The next one that nobody has or had; after very many one that somebody had. */
  #nextFid(taken: ReadonlySet<number>): number {
    const former = new Set(this.formerFids.values());
    let fid: number;
    do {
      fid = this.nextFid;
      this.nextFid = fid === LAST_FID ? 1 : fid + 1;
    } while (taken.has(fid) || former.has(fid));
    return fid;
  }

  /** Entries that are neither wanted nor held go. */
  #dropGone(): void {
    const isThere = ({ wanted, held, said }: FlowEntry) => (wanted ?? held ?? said) !== undefined;
    for (const { key, fid } of this.entries.filter(entry => !isThere(entry))) this.formerFids.set(key, fid);
    for (const key of this.formerFids.keys())
      if (this.formerFids.size > MOST_FORMER) this.formerFids.delete(key);
    this.entries = this.entries.filter(isThere);
  }

  /** When a message has to say something new, or again. */
  dueAt(): number {
    const due = this.supported ? this.#flowsDueAt() : Number.POSITIVE_INFINITY;
    return Math.min(due, this.#balance?.dueAt(this.#retryAt) ?? Number.POSITIVE_INFINITY);
  }

  #flowsDueAt(): number {
    const now = this.#now;
    let due = Number.POSITIVE_INFINITY;
    for (const entry of this.entries) {
      const { said, held, refusal } = entry;
      const content = desired(entry, this.#bound, now);
      if (refusal !== undefined && refusal.until > now) due = Math.min(due, refusal.until);
      if (said !== undefined) due = Math.min(due, isSameContent(content, said.content) ? this.#retryAt : 0);
      else if (!isSameContent(content, held)) due = 0;
    }
    return this.#waitsFor === undefined ? due : Math.max(due, this.#retryAt);
  }

  /**
   * The options for a Binding Update, which {@link sent} must follow.
   * @param room tells the octets for them; undefined: only what is held is kept
   */
  compose(room?: () => number): MobilityOption[] {
    this.#draft = [];
    this.#hasLeftover = false;
    const balance = this.#balance?.compose() ?? [];
    return this.supported ? [...balance, ...this.#composeFlows(room)] : [...balance];
  }

  #composeFlows(room: (() => number) | undefined): MobilityOption[] {
    const now = this.#now;
    const options: MobilityOption[] = [];
    const kept: number[] = [];
    let left: number | undefined;
    const fits = (length: number) => {
      if (room === undefined) return false;
      left ??= room() - 2 * this.entries.length - OPTION_OVERHEAD;
      // Better one that makes the message too long for a packet than none for ever.
      if (length > left && options.length > 0) return false;
      left -= length;
      return true;
    };
    for (const entry of this.entries) {
      const { fid, held, said, wanted } = entry;
      const known = said === undefined ? held : undefined;
      const content = desired(entry, this.#bound, now);
      if (content !== undefined && isSameContent(content, known)) {
        kept.push(fid);
        continue;
      }
      const option = content && wanted && identification(fid, content, wanted.selector, known);
      const length =
        option === undefined ? 0 : layoutLength(flowIdentification.layout, option) + OPTION_OVERHEAD;
      if (option !== undefined && fits(length)) {
        options.push(option);
        this.#draft.push({ entry, content });
        continue;
      }
      if (option !== undefined && room !== undefined) this.#hasLeftover = true;
      if (content !== undefined && known !== undefined) kept.push(fid);
      else if (held !== undefined || said !== undefined) this.#draft.push({ entry, content: undefined });
    }
    return [...summaries(kept), ...options];
  }

  /** What was composed has left in the message with this sequence number. */
  sent(sequence: number, now: number): void {
    this.#balance?.sent(sequence);
    for (const { entry, content } of this.#draft) entry.said = { sequence, content };
    this.#asked.set(sequence, this.#draft.filter(({ content }) => content !== undefined).length);
    for (const old of this.#asked.keys()) {
      if (this.#asked.size > MOST_MESSAGES) this.#asked.delete(old);
    }
    this.#waitsFor = this.#hasLeftover && this.#draft.length > 0 ? sequence : undefined;
    this.#retryAt = now + this.#timeout;
    if (this.#draft.length > 0) this.#timeout = Math.min(nextTimeout(this.#timeout), MAX_BINDACK_TIMEOUT);
    this.#draft = [];
  }

  /** An authentic acknowledgement that accepts the message with this sequence number. */
  answered(sequence: number, options: readonly MobilityOption[], now: number): FlowAnswer {
    this.#balance?.answered(sequence);
    const statuses = new Map(
      options.flatMap(option => (option.kind === 'flow-identification' ? [[option.fid, option.status]] : [])),
    );
    if (statuses.size > 0) this.#proven = true;
    if (!this.#proven && (this.#asked.get(sequence) ?? 0) > 0) {
      this.forget();
      this.supported = false;
      return { kind: 'unsupported' };
    }
    const refused: FlowEntry[] = [];
    let changed = false;
    for (const entry of this.entries) {
      const status = statuses.get(entry.fid);
      const { said } = entry;
      if (said?.sequence === sequence) {
        changed = true;
        entry.said = undefined;
        if (said.content === undefined) entry.held = undefined;
        else if (status !== undefined && status < FLOW_STATUS.prohibited) {
          entry.held = said.content;
          entry.refusal = undefined;
        } else {
          refuse(entry, status ?? FLOW_STATUS.rejected, now);
          refused.push(entry);
        }
      } else if (said === undefined && status === FLOW_STATUS.fidNotFound) {
        // It was in the summary.
        changed = true;
        entry.held = undefined;
      }
    }
    if (changed) this.#timeout = FIRST_TIMEOUT;
    if (this.#waitsFor === sequence) this.#waitsFor = undefined;
    this.#dropGone();
    return { kind: 'settled', changed, refused };
  }

  /** All is gone at the home agent, or it is another one. */
  forget(): void {
    this.#balance?.forget();
    for (const entry of this.entries) {
      entry.held = undefined;
      entry.said = undefined;
      entry.refusal = undefined;
    }
    this.#dropGone();
    this.#waitsFor = undefined;
    this.#timeout = FIRST_TIMEOUT;
  }

  /** Another home agent, of whose ways nothing is known. */
  startAnew(): void {
    this.forget();
    this.supported = true;
    this.#proven = false;
  }
}

/** The first one may have come of what the home agent has lost: then the next attempt says everything. */
function refuse(entry: FlowEntry, status: number, now: number): void {
  const attempts = (entry.refusal?.attempts ?? 0) + 1;
  const mayPass = status !== FLOW_STATUS.prohibited && status !== FLOW_STATUS.selectorNotSupported;
  const pause = FIRST_PAUSE * 2 ** Math.min(attempts - (mayPass ? 2 : 1), 10);
  const until = attempts === 1 && mayPass ? now : now + Math.min(pause, LONGEST_PAUSE);
  entry.held = undefined;
  entry.refusal = { status, until, attempts };
}

function isSameWish(a: WantedFlow, b: WantedFlow): boolean {
  return a.text === b.text && a.bids.join() === b.bids.join();
}

function summaries(fids: readonly number[]): MobilityOption[] {
  const options: MobilityOption[] = [];
  for (let at = 0; at < fids.length; at += MOST_IN_SUMMARY) {
    options.push({ kind: 'flow-summary', fids: fids.slice(at, at + MOST_IN_SUMMARY) });
  }
  return options;
}
