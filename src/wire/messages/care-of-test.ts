import { u16 } from '../layout/numbers.ts';
import { octets } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

export const careOfTest = message({
  type: 4,
  kind: 'care-of-test',
  name: 'Care-of Test',
  section: 'RFC 6275 §6.1.6',
  layout: layout(
    u16('nonceIndex'), // for the Nonce Indices option
    octets('cookie', 8), // that of the Care-of Test Init
    octets('keygenToken', 8),
  ),
});
