import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Of the distributed logical interface that stands for a MAAR at each of its peers. */
export const dlifLinkLocalAddress = option({
  type: 69,
  kind: 'dlif-link-local-address',
  name: 'DLIF Link-Local Address',
  section: 'RFC 8885 §4.7',
  layout: layout(address('address')),
  alignment: [8, 6],
});
