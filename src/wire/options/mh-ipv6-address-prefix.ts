import { agreeing } from '../layout/agreement.ts';
import { u8 } from '../layout/numbers.ts';
import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const CODE_NAMES = {
  1: 'old care-of address',
  2: 'new care-of address',
  3: "new access router's address",
  4: "new access router's prefix",
};

export const mhIpv6AddressPrefix = option({
  type: 34,
  kind: 'mh-ipv6-address-prefix',
  name: 'Mobility Header IPv6 Address/Prefix',
  section: 'RFC 5568 §6.4.2',
  layout: agreeing(
    layout(
      u8('code', CODE_NAMES),
      u8('prefixLength'), // 0..128
      address('address'), // of a prefix: bits beyond its length are ignored
    ),
    ({ prefixLength }) => (prefixLength > 128 ? `prefix length ${prefixLength} is above 128` : undefined),
  ),
  alignment: [8, 4],
});
