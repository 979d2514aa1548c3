import { u16 } from '../layout/numbers.ts';
import { octets } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

export const homeTest = message({
  type: 3,
  kind: 'home-test',
  name: 'Home Test',
  section: 'RFC 6275 §6.1.5',
  layout: layout(
    u16('nonceIndex'), // for the Nonce Indices option
    octets('cookie', 8), // that of the Home Test Init
    octets('keygenToken', 8),
  ),
});
