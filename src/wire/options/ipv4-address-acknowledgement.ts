import { IPV4_HOME_ADDRESS_STATUS_NAMES, ipv4PrefixRule } from '../ipv4-home-address-fields.ts';
import { agreeing } from '../layout/agreement.ts';
import { bits, number, unused } from '../layout/bits.ts';
import { u8 } from '../layout/numbers.ts';
import { ipv4Address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** What became of an IPv4 home address in a Binding Update. */
export const ipv4AddressAcknowledgement = option({
  type: 30,
  kind: 'ipv4-address-acknowledgement',
  name: 'IPv4 Address Acknowledgement',
  section: 'RFC 5555 §3.2.1',
  layout: agreeing(
    layout(
      u8('status', IPV4_HOME_ADDRESS_STATUS_NAMES),
      bits(1, number('prefixLength', 6), unused(2)), // of the address allocated; 0 in case of failure
      ipv4Address('address'),
    ),
    ipv4PrefixRule,
  ),
  alignment: [4, 0],
});
