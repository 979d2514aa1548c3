import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The care-of address when it is not the source of the packet. */
export const alternateCareOfAddress = option({
  type: 3,
  kind: 'alternate-care-of-address',
  name: 'Alternate Care-of Address',
  section: 'RFC 6275 §6.2.5',
  layout: layout(address('address')),
  alignment: [8, 6],
  malformed: 'refused',
});
