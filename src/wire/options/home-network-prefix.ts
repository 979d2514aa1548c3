import { bits, flag, unused } from '../layout/bits.ts';
import { prefix } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The mobile node's prefix; all zero asks the local mobility anchor to assign one. */
export const homeNetworkPrefix = option({
  type: 22,
  kind: 'home-network-prefix',
  name: 'Home Network Prefix',
  section: 'RFC 5213 §8.3',
  layout: layout(
    bits(1, flag('offLink', 'L', 'RFC 7864 §4.1'), unused(7)), // for flow mobility: not hosted on the access link
    prefix('prefix'),
  ),
  alignment: [8, 4],
});
