import { ADDRESS_LENGTH, IPV4_ADDRESS_LENGTH } from '../address.ts';
import { agreeing } from '../layout/agreement.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { eitherAddress } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const CODE_NAMES = { 1: 'IPv6', 2: 'IPv4' };
const LENGTHS = new Map([
  [1, ADDRESS_LENGTH],
  [2, IPV4_ADDRESS_LENGTH],
]);

/** The local mobility anchor of the mobile node. */
export const lmaAddress = option({
  type: 41,
  kind: 'lma-address',
  name: 'Local Mobility Anchor Address',
  section: 'RFC 5949 §6.2.2',
  layout: agreeing(
    layout(u8('code', CODE_NAMES), reserved(1), eitherAddress('address')),
    ({ code, address }) =>
      LENGTHS.get(code) === address.length
        ? undefined
        : `code ${code} with ${address.length} octets of address`,
  ),
  // RFC 6275 §6.2.1: natural boundaries.
  alignment: ({ address }) => (address.length === ADDRESS_LENGTH ? [8, 4] : [4, 0]),
});
