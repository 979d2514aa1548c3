import { reserved } from '../layout/numbers.ts';
import { ipv4Address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const ipv4CareOfAddress = option({
  type: 32,
  kind: 'ipv4-care-of-address',
  name: 'IPv4 Care-of Address',
  section: 'RFC 5555 §3.1.2',
  layout: layout(reserved(2), ipv4Address('address')),
  alignment: [4, 0],
});
