import { agreeing } from '../layout/agreement.ts';
import { u16List } from '../layout/lists.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The flow bindings that are to stay as they are. */
export const flowSummary = option({
  type: 44,
  kind: 'flow-summary',
  name: 'Flow Summary',
  section: 'RFC 6089 §4.2.2',
  layout: agreeing(layout(u16List('fids')), ({ fids }) => (fids.length === 0 ? 'no FID' : undefined)),
  alignment: [2, 0],
});
