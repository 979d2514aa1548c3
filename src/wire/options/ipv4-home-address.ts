import { ipv4PrefixRule } from '../ipv4-home-address-fields.ts';
import { agreeing } from '../layout/agreement.ts';
import { bits, flag, number, unused } from '../layout/bits.ts';
import { ipv4Address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The mobile node's IPv4 home address; 0.0.0.0 asks for one. */
export const ipv4HomeAddress = option({
  type: 29,
  kind: 'ipv4-home-address',
  name: 'IPv4 Home Address',
  section: 'RFC 5555 §3.1.1',
  layout: agreeing(
    layout(
      bits(
        2,
        number('prefixLength', 6), // 1..32; 32 for a single address
        flag('prefixRequested', 'P'), // of a mobile network; for new requests only
        unused(9),
      ),
      ipv4Address('address'),
    ),
    value => (value.prefixLength === 0 ? 'prefix length 0 is invalid' : ipv4PrefixRule(value)),
  ),
  alignment: [4, 0],
});
