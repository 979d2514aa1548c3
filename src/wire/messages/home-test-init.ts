import { reserved } from '../layout/numbers.ts';
import { octets } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Asks a correspondent node for a home keygen token, through the home agent. */
export const homeTestInit = message({
  type: 1,
  kind: 'home-test-init',
  name: 'Home Test Init',
  section: 'RFC 6275 §6.1.3',
  layout: layout(
    reserved(2),
    octets('cookie', 8), // random
  ),
});
