import { bits, flag, unused } from '../../layout/bits.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, ndOptions, noCode, target } from '../parts.ts';

export const neighborAdvertisement = icmpv6({
  type: 136,
  kind: 'neighbor-advertisement',
  name: 'Neighbor Advertisement',
  section: 'RFC 4861 §4.4',
  hopLimit: 255,
  layout: layout(
    noCode,
    checksumField,
    bits(4, flag('router', 'R'), flag('solicited', 'S'), flag('override', 'O'), unused(29)),
    target,
    ndOptions,
  ),
});
