import { bits, flag, number, unused } from '../../layout/bits.ts';
import { type Names, u8, u16, u32 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, ndOptions, noCode } from '../parts.ts';

const PREFERENCES: Names = { 0: 'medium', 1: 'high', 2: 'reserved', 3: 'low' };

export const routerAdvertisement = icmpv6({
  type: 134,
  kind: 'router-advertisement',
  name: 'Router Advertisement',
  section: 'RFC 4861 §4.2',
  hopLimit: 255,
  layout: layout(
    noCode,
    checksumField,
    u8('currentHopLimit'), // 0: unspecified
    bits(
      1,
      flag('managed', 'M'),
      flag('otherConfiguration', 'O'),
      flag('homeAgent', 'H', 'RFC 6275 §7.1'),
      number('preference', 2, PREFERENCES, 'RFC 4191 §2.2'),
      unused(3),
    ),
    u16('routerLifetime'), // seconds; 0: no default router
    u32('reachableTime'), // milliseconds; 0: unspecified
    u32('retransmissionTimer'), // milliseconds; 0: unspecified
    ndOptions,
  ),
});
