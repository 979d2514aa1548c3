import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** By the key that the home address was made from. */
export const signature = option({
  type: 13,
  kind: 'signature',
  name: 'Signature',
  section: 'RFC 4866 §5.2',
  layout: layout(rest('signature')),
});
