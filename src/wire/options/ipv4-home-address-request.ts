import { ipv4PrefixRule } from '../ipv4-home-address-fields.ts';
import { agreeing } from '../layout/agreement.ts';
import { bits, number, unused } from '../layout/bits.ts';
import { ipv4Address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Asks the local mobility anchor for an IPv4 home address; 0.0.0.0: for any. */
export const ipv4HomeAddressRequest = option({
  type: 36,
  kind: 'ipv4-home-address-request',
  name: 'IPv4 Home Address Request',
  section: 'RFC 5844 §3.3.1',
  layout: agreeing(
    layout(bits(2, number('prefixLength', 6), unused(10)), ipv4Address('address')),
    ipv4PrefixRule,
  ),
  alignment: [4, 0],
});
