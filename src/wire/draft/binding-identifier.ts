import { ADDRESS_LENGTH } from '../address.ts';
import { agreeing } from '../layout/agreement.ts';
import { bits, flag, unused } from '../layout/bits.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { optionalAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { draftOption } from '../option-format.ts';

const STATUS_NAMES = { 128: 'INCOMPLIANT BID SUBOPTION' };

/**
 * The BID sub-option of a Binding Update, Binding Acknowledgement, Binding Refresh Request or Binding Error. The draft
 * states no alignment: its fields are put on their natural boundaries (RFC 3775 §6.2.1).
 */
export const draftBindingIdentifier = draftOption({
  kind: 'monami6-binding-identifier',
  name: 'Binding Unique Identifier',
  section: 'draft-ietf-monami6-multiplecoa-00 §4.3.1',
  layout: agreeing(
    layout(
      u16('bid'), // 1..65535; 0 is reserved
      u8('priorityOrStatus', STATUS_NAMES), // in a Binding Update the priority: higher is preferred, 0 is none
      bits(
        1,
        flag('hasCareOfAddress', 'C'),
        flag('removable', 'R'), // remove this binding; only with a care-of address (bulk registration)
        unused(6),
      ),
      optionalAddress('careOfAddress'), // IPv6
    ),
    ({ hasCareOfAddress, careOfAddress }) =>
      (careOfAddress?.length ?? 0) === (hasCareOfAddress === true ? ADDRESS_LENGTH : 0)
        ? undefined
        : 'length is 4 when the C flag is unset, 20 when it is set',
  ),
  alignment: ({ careOfAddress }) => (careOfAddress === undefined ? [2, 0] : [8, 2]),
});
