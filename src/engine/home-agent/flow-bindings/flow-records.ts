/** What a home agent remembers of the flows of a node across a restart of its process. */

import { type NodeFlows, newNodeFlows } from '../../flow-bindings/flow-binding.ts';
import { selectorOfText, selectorText } from '../../flow-bindings/selector.ts';
import { asArray, asObject, isCount } from '../../record-values.ts';
import type { JsonObject, JsonValue } from '../../types.ts';

export function saveFlows({ bindings, shares, lanes }: NodeFlows): JsonObject {
  return {
    bindings: bindings.map(({ fid, priority, selector, bids }) => [
      fid,
      priority,
      selectorText(selector),
      bids,
    ]),
    shares: shares.map(({ bid, weight }) => [bid, weight]),
    lanes: Object.fromEntries(lanes),
  };
}

/** Whatever is not as {@link saveFlows} has written it is left out. @param limit flow bindings at most */
export function restoreFlows(record: JsonValue | undefined, limit: number): NodeFlows | undefined {
  const saved = asObject(record);
  if (saved === undefined) return undefined;
  const flows = newNodeFlows();
  const bindings = asArray(saved.bindings).flatMap(item => {
    const [fid, priority, text, list] = asArray(item);
    const selector = typeof text === 'string' ? selectorOfText(text) : undefined;
    const bids = asArray(list).filter(isCount);
    if (!isCount(fid) || !isCount(priority) || selector === undefined || bids.length === 0) return [];
    return [{ fid, priority, selector, bids }];
  });
  flows.bindings = bindings.slice(0, limit);
  flows.shares = asArray(saved.shares).flatMap(item => {
    const [bid, weight] = asArray(item);
    return isCount(bid) && isCount(weight) && weight > 0 ? [{ bid, weight }] : [];
  });
  for (const [key, number] of Object.entries(asObject(saved.lanes) ?? {})) {
    if (isCount(number) && number > 0) flows.lanes.set(key, number);
  }
  return flows;
}
