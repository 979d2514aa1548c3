import { u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Which nonces of the correspondent node the keygen tokens of a Binding Update are made with. */
export const nonceIndices = option({
  type: 4,
  kind: 'nonce-indices',
  name: 'Nonce Indices',
  section: 'RFC 6275 §6.2.6',
  layout: layout(
    u16('home'),
    u16('careOf'), // ignored when a binding is deleted
  ),
  alignment: [2, 0],
});
