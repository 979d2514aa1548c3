import { BINDING_STATUS_NAMES } from '../binding-status.ts';
import { bits, flag, number } from '../layout/bits.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { optionalAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A malformed one is answered with status 164, MCOA MALFORMED (RFC 5648 §6.2). */
export const bindingIdentifier = option({
  type: 35,
  kind: 'binding-identifier',
  name: 'Binding Identifier',
  section: 'RFC 5648 §4.3',
  layout: layout(
    u16('bid'), // 1..65535; 0 is reserved
    u8('status', BINDING_STATUS_NAMES), // in an acknowledgement: overrides its status for this BID unless it is 0
    bits(
      1,
      flag('home', 'H'), // simultaneous home and foreign binding
      number('priority', 7, undefined, 'RFC 6089 §4.1'), // lower is preferred; 0: the sender knows RFC 5648 only
    ),
    optionalAddress('careOfAddress'),
  ),
  alignment: ({ careOfAddress }) => (careOfAddress === undefined ? [2, 0] : [8, 2]),
});
