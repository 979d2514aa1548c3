import { agreeing } from '../layout/agreement.ts';
import { u16List } from '../layout/lists.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The registered bindings that the flow uses; with several of them each packet is copied to all. */
export const bindingReference = option({
  type: 2,
  kind: 'binding-reference',
  name: 'Binding Reference',
  section: 'RFC 6089 §4.2.1.3',
  layout: agreeing(layout(u16List('bids')), ({ bids }) => (bids.length === 0 ? 'no BID' : undefined)),
  alignment: [2, 0],
  malformed: 'refused',
});
