import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The mobility anchor and access router at which the mobile node is. */
export const servingMaar = option({
  type: 68,
  kind: 'serving-maar',
  name: 'Serving MAAR',
  section: 'RFC 8885 §4.6',
  layout: layout(address('address')),
  alignment: [8, 6],
});
