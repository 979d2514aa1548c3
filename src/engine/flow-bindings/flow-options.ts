/** What the flow options of an accepted Binding Update make of a node's list of flow bindings (RFC 6089 §5.3.2-5.3.4). */
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { flowIdentification } from '../../wire/options/flow-identification.ts';
import type { FlowBinding } from './flow-binding.ts';
import { type BinarySelector, selectorText } from './selector.ts';
import { FLOW_STATUS } from './status.ts';

type FlowIdentification = Extract<MobilityOption, { kind: 'flow-identification' }>;

export interface FlowTerms {
  /** Flow bindings that the node may have; 0: none, by configuration. */
  readonly limit: number;
  /** Whether one may lead to several care-of addresses, a copy to each. */
  readonly copies: boolean;
  isBound(bid: number): boolean;
}

export interface FlowOutcome {
  /** The same array when nothing changed. */
  readonly bindings: readonly FlowBinding[];
  /** For the acknowledgement (RFC 6089 §5.3.5). */
  readonly answers: readonly MobilityOption[];
}

/** A Flow Identification option, and the flow binding that it makes or why it makes none. */
interface Request {
  readonly option: FlowIdentification;
  outcome: FlowBinding | number;
}

/**
 * @param held in the order of priority
 * @param options of a message that is accepted, and whose bindings are there already
 */
export function applyFlowOptions(
  held: readonly FlowBinding[],
  options: readonly MobilityOption[],
  terms: FlowTerms,
): FlowOutcome {
  const requests = options.flatMap(readRequest);
  if (terms.limit === 0) {
    for (const request of requests) request.outcome = FLOW_STATUS.prohibited;
    return { bindings: [], answers: requests.map(answer) };
  }
  const named = new Set(requests.map(({ option }) => option.fid));
  const refreshed = new Set(
    options
      .flatMap(option => (option.kind === 'flow-summary' ? option.fids : []))
      .filter(fid => !named.has(fid)),
  );
  // What the message does not name goes (§5.3.4).
  const kept = held.filter(({ fid }) => named.has(fid) || refreshed.has(fid));
  const before = new Map(kept.map(binding => [binding.fid, binding]));
  if (named.size < requests.length) for (const request of requests) request.outcome = FLOW_STATUS.malformed;
  for (const request of requests) {
    if (request.outcome === FLOW_STATUS.successful) {
      request.outcome = judge(request.option, before.get(request.option.fid), terms);
    }
  }
  limit(requests, before, terms.limit);
  const merged = merge(requests, before);
  const isSame = merged.length === held.length && merged.every((binding, index) => binding === held[index]);
  const bindings = isSame ? held : merged;
  const missing = [...refreshed].filter(fid => !before.has(fid)).slice(0, terms.limit);
  return { bindings, answers: [...requests.map(answer), ...missing.map(notFound)] };
}

/** The status of what is malformed is settled; all else is still to be judged. */
function readRequest(option: MobilityOption): Request[] {
  if (option.kind === 'flow-identification') {
    const isReserved = option.fid === 0 || option.priority === 0;
    return [{ option, outcome: isReserved ? FLOW_STATUS.malformed : FLOW_STATUS.successful }];
  }
  if (option.kind !== 'opaque' || option.type !== flowIdentification.type) return [];
  const [high = 0, low = 0, highPriority = 0, lowPriority = 0] = option.data;
  const fid = (high << 8) | low;
  const priority = (highPriority << 8) | lowPriority;
  return [
    {
      option: { kind: 'flow-identification', fid, priority, status: 0, subOptions: [] },
      outcome: FLOW_STATUS.malformed,
    },
  ];
}

/** §5.3.2.1 without a flow binding of this FID, §5.3.2.2 with one: what the option leaves out stays. */
function judge(
  { fid, priority, subOptions }: FlowIdentification,
  known: FlowBinding | undefined,
  terms: FlowTerms,
): FlowBinding | number {
  let selector: BinarySelector | undefined = known?.selector;
  let bids = known?.bids;
  for (const option of subOptions) {
    if (option.kind === 'traffic-selector') {
      if (option.selector.format === 'opaque') return FLOW_STATUS.selectorNotSupported;
      selector = option.selector;
    }
    if (option.kind === 'binding-reference') {
      bids = [...new Set(option.bids)];
      if (!bids.every(bid => terms.isBound(bid))) return FLOW_STATUS.bidNotFound;
      if (bids.length > 1 && !terms.copies) return FLOW_STATUS.rejected;
    }
  }
  if (selector === undefined || bids === undefined) return FLOW_STATUS.malformed;
  const binding = { fid, priority, selector, bids };
  return known !== undefined && isSameBinding(known, binding) ? known : binding;
}

function isSameBinding(a: FlowBinding, b: FlowBinding): boolean {
  const isAlike = a.priority === b.priority && a.bids.join() === b.bids.join();
  return isAlike && selectorText(a.selector) === selectorText(b.selector);
}

/** Refuses what is beyond the limit, and what would share its priority with another flow binding (§4.2). */
function limit(requests: readonly Request[], before: ReadonlyMap<number, FlowBinding>, most: number): void {
  let room = most - before.size;
  for (const request of requests) {
    if (typeof request.outcome === 'number' || before.has(request.option.fid)) continue;
    room -= 1;
    if (room < 0) request.outcome = FLOW_STATUS.rejected;
  }
  // What is refused stays as it was, with a priority that others may have been given meanwhile.
  for (let clash = findClash(requests, before); clash !== undefined; clash = findClash(requests, before)) {
    clash.outcome = FLOW_STATUS.rejected;
  }
}

function findClash(
  requests: readonly Request[],
  before: ReadonlyMap<number, FlowBinding>,
): Request | undefined {
  const changed = requests.filter(({ outcome }) => typeof outcome !== 'number');
  const fids = new Set(changed.map(({ option }) => option.fid));
  const taken = new Set(
    [...before.values()].filter(({ fid }) => !fids.has(fid)).map(({ priority }) => priority),
  );
  return changed.find(({ option: { priority } }) => {
    if (taken.has(priority)) return true;
    taken.add(priority);
    return false;
  });
}

function merge(requests: readonly Request[], before: ReadonlyMap<number, FlowBinding>): FlowBinding[] {
  const after = new Map(before);
  for (const { outcome } of requests) if (typeof outcome !== 'number') after.set(outcome.fid, outcome);
  return [...after.values()].sort((a, b) => a.priority - b.priority);
}

function answer({ option, outcome }: Request): FlowIdentification {
  return { ...option, status: typeof outcome === 'number' ? outcome : FLOW_STATUS.successful };
}

function notFound(fid: number): FlowIdentification {
  return {
    kind: 'flow-identification',
    fid,
    priority: 0,
    status: FLOW_STATUS.fidNotFound,
    subOptions: [],
  };
}
