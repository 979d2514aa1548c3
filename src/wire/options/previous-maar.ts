import { prefixOf } from '../address.ts';
import { agreeing } from '../layout/agreement.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A mobility anchor and access router where the mobile node was, and the prefix that it has from there. */
export const previousMaar = option({
  type: 67,
  kind: 'previous-maar',
  name: 'Previous MAAR',
  section: 'RFC 8885 §4.5',
  layout: agreeing(
    layout(reserved(1), u8('prefixLength'), address('address'), address('homeNetworkPrefix')),
    ({ prefixLength, homeNetworkPrefix }) =>
      prefixOf(homeNetworkPrefix, prefixLength) === undefined
        ? `prefix length ${prefixLength} is above 128 or a bit beyond it is set`
        : undefined,
  ),
  alignment: [8, 4],
});
