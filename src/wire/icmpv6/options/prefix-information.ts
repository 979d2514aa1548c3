import { agreeing } from '../../layout/agreement.ts';
import { bits, flag, unused } from '../../layout/bits.ts';
import { reserved, u8, u32 } from '../../layout/numbers.ts';
import { address } from '../../layout/octets.ts';
import { layout } from '../../layout/part.ts';
import { option } from '../../option-format.ts';

export const prefixInformation = option({
  type: 3,
  kind: 'prefix-information',
  name: 'Prefix Information',
  section: 'RFC 4861 §4.6.2',
  layout: layout(
    agreeing(u8('prefixLength'), ({ prefixLength }) =>
      prefixLength > 128 ? `prefix length ${prefixLength} is above 128` : undefined,
    ),
    bits(
      1,
      flag('onLink', 'L'),
      flag('autonomous', 'A'),
      flag('routerAddress', 'R', 'RFC 6275 §7.2'),
      unused(5),
    ),
    u32('validLifetime'), // seconds; all ones: infinite
    u32('preferredLifetime'), // seconds; all ones: infinite
    reserved(4),
    address('prefix'), // with R the router's whole address; otherwise bits after the length mean nothing
  ),
});
