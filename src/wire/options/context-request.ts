import { reserved } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';
import { OptionSet } from '../option-set.ts';
import { subOptions } from '../sub-options.ts';

/** The types are those of mobility options; the data say which one of them is meant. */
const requests = new OptionSet<never>(
  { what: 'context request', section: 'RFC 5949 §6.2.1', pads: false },
  [],
);

/** What the new mobile access gateway wants to know about the mobile node. */
export const contextRequest = option({
  type: 40,
  kind: 'context-request',
  name: 'Context Request',
  section: 'RFC 5949 §6.2.1',
  layout: layout(reserved(2), subOptions('requests', requests)),
});
