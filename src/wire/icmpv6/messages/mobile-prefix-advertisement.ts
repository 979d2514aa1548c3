import { bits, flag, unused } from '../../layout/bits.ts';
import { u16 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField, ndOptions, noCode } from '../parts.ts';

/** Sent with a type 2 routing header. */
export const mobilePrefixAdvertisement = icmpv6({
  type: 147,
  kind: 'mobile-prefix-advertisement',
  name: 'Mobile Prefix Advertisement',
  section: 'RFC 6275 §6.8',
  layout: layout(
    noCode,
    checksumField,
    u16('identifier'), // of the solicitation
    bits(2, flag('managed', 'M'), flag('otherConfiguration', 'O'), unused(14)),
    ndOptions,
  ),
});
