import { reserved } from '../layout/numbers.ts';
import { octets } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Asks a correspondent node for a care-of keygen token, straight from the care-of address. */
export const careOfTestInit = message({
  type: 2,
  kind: 'care-of-test-init',
  name: 'Care-of Test Init',
  section: 'RFC 6275 §6.1.4',
  layout: layout(
    reserved(2),
    octets('cookie', 8), // random
  ),
});
