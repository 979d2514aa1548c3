import { reserved } from '../layout/numbers.ts';
import { octets } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const mnLlaIid = option({
  type: 42,
  kind: 'mn-lla-iid',
  name: 'Mobile Node Link-local Address Interface Identifier',
  section: 'RFC 5949 §6.2.3',
  layout: layout(reserved(2), octets('interfaceIdentifier', 8)),
  alignment: [8, 4], // RFC 6275 §6.2.1: natural boundaries
});
