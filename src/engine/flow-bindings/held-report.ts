/** What who holds flow bindings tells a person about one. */
import type { FlowBindingReport } from '../status.ts';
import type { FlowBinding } from './flow-binding.ts';
import { toFlowSelector } from './selector.ts';
import { selectorWords } from './selector-words.ts';

/** @param bound what is bound, by BID */
export function reportFlowBinding(
  { fid, priority, selector, bids }: FlowBinding,
  bound: ReadonlyMap<number, unknown>,
): FlowBindingReport {
  const words = selector.format === 'ipv4' ? 'IPv4' : selectorWords(toFlowSelector(selector));
  return { fid, priority, selector: words, bids, active: bids.some(bid => bound.has(bid)) };
}
