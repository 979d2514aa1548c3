/** One flow binding as the mobile router knows it (RFC 6089 §4.3): what is wanted, held, and said meanwhile. */
import type { FlowSubOption } from '../../../wire/flow/sub-options.ts';
import type { Ipv6Selector } from '../../../wire/flow/traffic-selector.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import type { WantedFlow } from './wanted-flows.ts';

/** What a Flow Identification option says. */
export interface FlowContent {
  readonly priority: number;
  /** As text: equal texts, equal selectors. */
  readonly selector: string;
  readonly bids: readonly number[];
}

/** Times are monotonic, milliseconds. */
export interface FlowEntry {
  readonly key: string;
  readonly fid: number;
  priority: number;
  /** Undefined: it is to go. */
  wanted: WantedFlow | undefined;
  /** What the home agent has acknowledged; undefined: nothing. */
  held: FlowContent | undefined;
  /** What another message has said since, which nobody has acknowledged: until then `held` is a guess. */
  said: { readonly sequence: number; readonly content: FlowContent | undefined } | undefined;
  /** Why the home agent did not take it, and when it is asked again. */
  refusal: { readonly status: number; readonly until: number; readonly attempts: number } | undefined;
}

/**
 * What the home agent should hold. While none of its paths is registered a flow binding stays as it is: the home agent
 * knows itself that it counts for nothing then.
 * @param bound by BID, what the home agent has acknowledged
 */
export function desired(
  entry: FlowEntry,
  bound: ReadonlyMap<number, unknown>,
  now: number,
): FlowContent | undefined {
  const { wanted, priority, held, refusal } = entry;
  if (wanted === undefined || (refusal !== undefined && refusal.until > now)) return undefined;
  const bids = wanted.bids.filter(bid => bound.has(bid));
  if (bids.length === 0) return held;
  return { priority, selector: wanted.text, bids };
}

export function isSameContent(a: FlowContent | undefined, b: FlowContent | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.priority === b.priority && a.selector === b.selector && a.bids.join() === b.bids.join();
}

/** @param known what the home agent holds for certain: that much is left out (RFC 6089 §5.2.2.2) */
export function identification(
  fid: number,
  content: FlowContent,
  selector: Ipv6Selector,
  known: FlowContent | undefined,
): Extract<MobilityOption, { kind: 'flow-identification' }> {
  const subOptions: FlowSubOption[] = [];
  if (known?.selector !== content.selector) subOptions.push({ kind: 'traffic-selector', selector });
  if (known?.bids.join() !== content.bids.join()) {
    subOptions.push({ kind: 'binding-reference', bids: content.bids });
  }
  return { kind: 'flow-identification', fid, priority: content.priority, status: 0, subOptions };
}
