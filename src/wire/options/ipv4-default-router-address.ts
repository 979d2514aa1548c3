import { reserved } from '../layout/numbers.ts';
import { ipv4Address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const ipv4DefaultRouterAddress = option({
  type: 38,
  kind: 'ipv4-default-router-address',
  name: 'IPv4 Default-Router Address',
  section: 'RFC 5844 §3.3.3',
  layout: layout(reserved(2), ipv4Address('address')),
  alignment: [4, 0],
});
