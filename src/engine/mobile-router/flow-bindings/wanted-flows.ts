/** Which flow bindings a mobile router's policy comes to (RFC 6089 §5.2). */
import type { Ipv6Selector } from '../../../wire/flow/traffic-selector.ts';
import { selectorText, toTrafficSelector } from '../../flow-bindings/selector.ts';
import type { LaneShare, Steering, SteeringAction } from '../../steering.ts';

export interface WantedFlow {
  /** The same as long as it means the same part of the policy. */
  readonly key: string;
  /** Name of the rule that it is part of. */
  readonly rule: string;
  readonly selector: Ipv6Selector;
  /** The same, by {@link selectorText}. */
  readonly text: string;
  /** Where its packets are to come by now, each getting a copy; none while no path of the rule is there. */
  readonly bids: readonly number[];
}

/** What is summed up in each Binding Update has to fit into it with all else. */
const MOST_FLOWS = 128;

/**
 * In the order of priority. What only the router can see, what is dropped and what is divided by weight has no flow
 * binding: the first two RFC 6089 cannot say, and a divided flow comes back by the path that it went.
 * @param active BID of what carries all else
 */
export function wantedFlows(steering: Steering, active: number | undefined): WantedFlow[] {
  const flows = steering.rules.flatMap(({ name, selectors, action }) => {
    const bids = bidsOf(action, steering, active);
    if (bids === undefined) return [];
    const each = selectors.length === 0 ? [{}] : selectors;
    return each.flatMap((flowSelector, index): WantedFlow[] => {
      const selector = toTrafficSelector(flowSelector);
      if (selector === undefined) return [];
      return [{ key: `${name}.${index}`, rule: name, selector, text: selectorText(selector), bids }];
    });
  });
  return flows.slice(0, MOST_FLOWS);
}

/** How all that no other rule matches is divided: BIDs and weights from 1 to 15; empty: it is not. */
export function wantedShares(steering: Steering): { readonly bid: number; readonly weight: number }[] {
  const rule = steering.rules.find(({ selectors }) => selectors.length === 0);
  if (rule?.action.kind !== 'lanes' || rule.action.shares.length < 2) return [];
  const sums = new Map<number, number>();
  for (const { lane, weight } of rule.action.shares) {
    const bid = activeOf(lane, steering);
    if (bid !== undefined) sums.set(bid, (sums.get(bid) ?? 0) + weight);
  }
  const weights = inFourBits([...sums.values()]);
  return [...sums.keys()].map((bid, index) => ({ bid, weight: weights[index]! }));
}

function bidsOf(
  action: SteeringAction,
  steering: Steering,
  active: number | undefined,
): number[] | undefined {
  if (action.kind === 'drop') return undefined;
  if (action.kind === 'lanes' && action.shares.length !== 1) return undefined;
  const lanes = action.kind === 'lanes' ? action.shares.map(({ lane }: LaneShare) => lane) : action.lanes;
  const bids = lanes.map(lane => activeOf(lane, steering, active)).filter(bid => bid !== undefined);
  return [...new Set(bids)];
}

/** @param otherwise when nothing in the lane lives, unless its packets must take no other path */
function activeOf(lane: number, { lanes }: Steering, otherwise?: number): number | undefined {
  const found = lanes.find(({ number }) => number === lane);
  return found?.active ?? (found?.only ? undefined : otherwise);
}

/** The numbers from 1 to 15 whose proportions come closest. */
function inFourBits(weights: readonly number[]): number[] {
  const largest = Math.max(...weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let top = 1; top <= 15; top++) {
    const scaled = weights.map(weight => Math.max(1, Math.round((weight * top) / largest)));
    const sum = scaled.reduce((all, weight) => all + weight, 0);
    const error = Math.max(
      ...scaled.map((weight, index) => Math.abs(weight / sum - weights[index]! / total)),
    );
    if (error < least - 1e-9) [best, least] = [scaled, error];
  }
  return best;
}
