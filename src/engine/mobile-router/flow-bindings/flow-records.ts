/** What a mobile router remembers of its flow bindings: their numbers for good, what the home agent holds while it is that one. */
import { asArray, isCount } from '../../record-values.ts';
import type { JsonObject, JsonValue } from '../../types.ts';
import type { FlowBindingList } from './flow-binding-list.ts';
import type { FlowContent, FlowEntry } from './flow-entry.ts';

/** Undefined: there are none. */
export function saveFlowBindings({ entries, nextFid, formerFids }: FlowBindingList): JsonObject | undefined {
  if (entries.length === 0 && formerFids.size === 0) return undefined;
  return {
    nextFid,
    ...(formerFids.size > 0 && { former: [...formerFids] }),
    entries: entries.map(({ key, fid, priority, held, said }) => {
      const isCertain = held !== undefined && said === undefined;
      return [key, fid, priority, isCertain ? [held.priority, held.selector, held.bids] : null];
    }),
  };
}

/** @param adopts the bindings of the record are those of the present home agent */
export function restoreFlowBindings(list: FlowBindingList, record: JsonObject, adopts: boolean): void {
  if (isCount(record.nextFid) && record.nextFid > 0 && record.nextFid <= 65_535) {
    list.nextFid = record.nextFid;
  }
  for (const item of asArray(record.former)) {
    const [key, fid] = asArray(item);
    if (typeof key === 'string' && isNumber(fid)) list.formerFids.set(key, fid);
  }
  const entries = asArray(record.entries).flatMap((item): FlowEntry[] => {
    const [key, fid, priority, held] = asArray(item);
    if (typeof key !== 'string' || !isNumber(fid) || !isNumber(priority)) return [];
    const content = adopts ? contentOf(held) : undefined;
    return [{ key, fid, priority, wanted: undefined, held: content, said: undefined, refusal: undefined }];
  });
  const isUnique = (values: readonly (number | string)[]) => new Set(values).size === values.length;
  if (isUnique(entries.map(({ fid }) => fid)) && isUnique(entries.map(({ key }) => key)))
    list.entries = entries;
}

function contentOf(value: JsonValue | undefined): FlowContent | undefined {
  const [priority, selector, bids] = asArray(value);
  if (!isNumber(priority) || typeof selector !== 'string') return undefined;
  return { priority, selector, bids: asArray(bids).filter(isNumber) };
}

/** Of 16 bits, and not the reserved 0. */
function isNumber(value: JsonValue | undefined): value is number {
  return isCount(value) && value > 0 && value <= 65_535;
}
