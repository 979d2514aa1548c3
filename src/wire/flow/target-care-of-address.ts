import { IPV4_ADDRESS_LENGTH } from '../address.ts';
import { reserved } from '../layout/numbers.ts';
import { eitherAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Where a flow is moved to. Its RFC states no alignment: the address is put on its natural boundary (RFC 6089 §4.2.1). */
export const targetCareOfAddress = option({
  type: 5,
  kind: 'target-care-of-address',
  name: 'Target Care-of Address',
  section: 'RFC 7109 §6.2.2',
  layout: layout(reserved(2), eitherAddress('address')),
  alignment: ({ address }) => (address.length === IPV4_ADDRESS_LENGTH ? [4, 0] : [8, 4]),
  malformed: 'refused',
});
