import { agreeing } from '../layout/agreement.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** A mobile access gateway that takes part in localized routing. */
export const magIpv6Address = option({
  type: 51,
  kind: 'mag-ipv6-address',
  name: 'MAG IPv6 Address',
  section: 'RFC 6705 §11.1',
  layout: agreeing(layout(reserved(1), u8('addressLength'), address('address')), ({ addressLength }) =>
    addressLength === 128 ? undefined : `address length ${addressLength} is not 128`,
  ),
  alignment: [8, 4],
});
