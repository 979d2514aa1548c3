import { IPV4_HOME_ADDRESS_STATUS_NAMES, ipv4PrefixRule } from '../ipv4-home-address-fields.ts';
import { agreeing } from '../layout/agreement.ts';
import { bits, number, unused } from '../layout/bits.ts';
import { u8 } from '../layout/numbers.ts';
import { ipv4Address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const ipv4HomeAddressReply = option({
  type: 37,
  kind: 'ipv4-home-address-reply',
  name: 'IPv4 Home Address Reply',
  section: 'RFC 5844 §3.3.2',
  layout: agreeing(
    layout(
      u8('status', IPV4_HOME_ADDRESS_STATUS_NAMES),
      bits(1, number('prefixLength', 6), unused(2)),
      ipv4Address('address'),
    ),
    ipv4PrefixRule,
  ),
  alignment: [4, 0],
});
