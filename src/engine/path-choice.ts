/** Which of several registered paths carries the traffic: the same rule at both ends. */
import type { PathState } from './path-prober.ts';

export interface PathCandidate {
  readonly state: PathState;
  /** Monotonic time (ms) when the path was last known to be alive. */
  readonly answeredAt: number;
  /** It lives, but should carry nothing while a better one does. */
  readonly poor?: boolean;
  /** It is to carry nothing at all before it has answered. */
  readonly barred?: boolean;
  /** BID-PRI (RFC 6089 §4.1.1): lower is preferred; 0, not stated, is the last. */
  readonly priority: number;
}

const RANK: Readonly<Record<PathState, number>> = { alive: 0, unknown: 1, dead: 2 };

/**
 * The best candidate: an answering path before an unproven one before a dead one (the last resort); of dead ones the
 * one that lived last, for when all are silent it is the peer that is gone, and the path that worked until then is the
 * one that works still - single answers while all recover do not toss the traffic about. Among equals a poor one after the
 * others, then the lowest priority value; the earlier one when these are equal too.
 */
export function choosePath<T extends PathCandidate>(candidates: Iterable<T>): T | undefined {
  let best: T | undefined;
  for (const candidate of candidates) {
    if (candidate.barred) continue;
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

function isBetter(a: PathCandidate, b: PathCandidate): boolean {
  const byState = RANK[a.state] - RANK[b.state];
  if (byState !== 0) return byState < 0;
  const isPoor = a.poor === true;
  if (a.state !== 'dead' && isPoor !== (b.poor === true)) return !isPoor;
  const byAnswer = a.state === 'dead' ? b.answeredAt - a.answeredAt : 0;
  return byAnswer !== 0 ? byAnswer < 0 : statedPriority(a) < statedPriority(b);
}

/** BID-PRI as a place in an order: what was not stated is the last. */
export function statedPriority(candidate: { readonly priority: number }): number {
  return candidate.priority === 0 ? UNSTATED_PRIORITY : candidate.priority;
}

/** After all that can be stated, in an octet of the draft's sub-option as well. */
const UNSTATED_PRIORITY = 256;

/** BID-PRI of a path that costs money: after all others. */
export const METERED_PRIORITY = 126;

/** BID-PRI of a path that should carry nothing while another lives: the field has seven bits. */
export const LOWEST_PRIORITY = 127;
