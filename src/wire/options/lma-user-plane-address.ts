import { reserved } from '../layout/numbers.ts';
import { optionalAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Where the local mobility anchor ends its tunnels; without the address in a Proxy Binding Update. */
export const lmaUserPlaneAddress = option({
  type: 59,
  kind: 'lma-user-plane-address',
  name: 'LMA User-Plane Address',
  section: 'RFC 7389 §4',
  layout: layout(reserved(2), optionalAddress('address')),
});
