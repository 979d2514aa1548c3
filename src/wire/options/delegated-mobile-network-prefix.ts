import { agreeing } from '../layout/agreement.ts';
import { bits, flag, unused } from '../layout/bits.ts';
import { u8 } from '../layout/numbers.ts';
import { eitherAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A prefix for the network behind a mobile router; all zero asks for one. */
export const delegatedMobileNetworkPrefix = option({
  type: 55,
  kind: 'delegated-mobile-network-prefix',
  name: 'Delegated Mobile Network Prefix',
  section: 'RFC 7148 §4.1',
  layout: agreeing(
    layout(
      bits(1, flag('ipv4', 'V'), unused(7)),
      u8('prefixLength'), // bits after it in the address mean nothing
      eitherAddress('address'),
    ),
    ({ ipv4 = false, prefixLength, address }) => {
      if (ipv4 !== (address.length === 4)) return 'the V flag and the length of the address disagree';
      return prefixLength > 8 * address.length ? `prefix length ${prefixLength} is too long` : undefined;
    },
  ),
  alignment: [8, 2],
});
