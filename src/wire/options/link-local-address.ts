import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The address of the mobile access gateway on the access link; all zero asks the local mobility anchor for one. */
export const linkLocalAddress = option({
  type: 26,
  kind: 'link-local-address',
  name: 'Link-local Address',
  section: 'RFC 5213 §8.7',
  layout: layout(address('address')),
  alignment: [8, 6],
});
