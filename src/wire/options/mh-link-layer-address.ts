import { u8 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const CODE_NAMES = { 2: 'of the mobile node' };

export const mhLinkLayerAddress = option({
  type: 7,
  kind: 'mh-link-layer-address',
  name: 'Mobility Header Link-Layer Address',
  section: 'RFC 5568 §6.4.4',
  layout: layout(u8('code', CODE_NAMES), rest('address')),
});
