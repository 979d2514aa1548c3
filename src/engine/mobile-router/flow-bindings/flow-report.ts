/** What a mobile router tells a person about its flow bindings. */
import { flowStatusName } from '../../../wire/options/flow-identification.ts';
import { toFlowSelector } from '../../flow-bindings/selector.ts';
import { selectorWords } from '../../flow-bindings/selector-words.ts';
import type { WantedFlowBindingReport } from '../../status.ts';
import type { FlowBindingList } from './flow-binding-list.ts';
import type { FlowEntry } from './flow-entry.ts';

export function reportFlowBindings({ entries }: FlowBindingList): WantedFlowBindingReport[] {
  return entries.flatMap(entry => {
    const { fid, priority, wanted, refusal } = entry;
    if (wanted === undefined) return [];
    return [
      {
        fid,
        priority,
        rule: wanted.rule,
        selector: selectorWords(toFlowSelector(wanted.selector)),
        bids: wanted.bids,
        state: stateOf(entry),
        refusal: refusal === undefined ? null : flowStatusName(refusal.status),
      },
    ];
  });
}

function stateOf({ wanted, held, said, refusal }: FlowEntry): WantedFlowBindingReport['state'] {
  if (refusal !== undefined) return 'refused';
  if (wanted?.bids.length === 0) return 'inactive';
  const isHeld = said === undefined && held?.bids.join() === wanted?.bids.join();
  return isHeld ? 'accepted' : 'asked';
}
