import { reserved } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { linkLayerAlignment } from '../link-layer-alignment.ts';
import { option } from '../option-format.ts';

/** Of the distributed logical interface, in the form of RFC 4861 §4.6. */
export const dlifLinkLayerAddress = option({
  type: 70,
  kind: 'dlif-link-layer-address',
  name: 'DLIF Link-Layer Address',
  section: 'RFC 8885 §4.8',
  layout: layout(reserved(2), rest('address', 1)),
  alignment: ({ address }) => linkLayerAlignment(address),
});
