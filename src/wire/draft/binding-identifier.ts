import { bits, flag, unused } from '../layout/bits.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { optionalAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { draftOption } from '../option-set.ts';

const STATUS_NAMES = { 128: 'INCOMPLIANT BID SUBOPTION' };

/** The BID sub-option, for peers that speak the draft. Whoever reads it checks that C and the address agree. */
export const draftBindingIdentifier = draftOption({
  kind: 'monami6-binding-identifier',
  name: 'Binding Unique Identifier',
  section: 'draft-ietf-monami6-multiplecoa-00 §4.3.1',
  layout: layout(
    u16('bid'), // 1..65535; 0 is reserved
    u8('priorityOrStatus', STATUS_NAMES), // in a Binding Update the priority: higher is preferred, 0 is none
    bits(
      1,
      flag('hasCareOfAddress', 'C'),
      flag('removable', 'R'), // remove this binding; only with a care-of address (bulk registration)
      unused(6),
    ),
    optionalAddress('careOfAddress'),
  ),
});
