import { agreeing } from '../layout/agreement.ts';
import { bits, flag, unused } from '../layout/bits.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';
import { ACCESS_TECHNOLOGY_NAMES } from './access-technology-type.ts';

/** One of several care-of addresses of a mobile access gateway. */
export const magMultipathBinding = option({
  type: 63,
  kind: 'mag-multipath-binding',
  name: 'MAG Multipath Binding',
  section: 'RFC 8278 §4.1',
  layout: agreeing(
    layout(
      u8('technology', ACCESS_TECHNOLOGY_NAMES),
      u8('label'), // of the interface
      u8('bid'), // 1..254; 0 and 255 are reserved
      bits(
        1,
        flag('bulk', 'B'), // re-register all bindings
        flag('overwrite', 'O'), // replace all bindings; never in a de-registration
        unused(6),
      ),
      reserved(2),
    ),
    ({ bulk, overwrite }) => (bulk && overwrite ? 'B and O are both set' : undefined),
  ),
});
