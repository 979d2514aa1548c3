import { u8, u32 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const vendorSpecific = option({
  type: 19,
  kind: 'vendor-specific',
  name: 'Vendor-Specific Mobility',
  section: 'RFC 5094 §3',
  layout: layout(
    u32('vendor'), // IANA "Private Enterprise Numbers"
    u8('subtype'),
    rest('data'),
  ),
  alignment: [4, 2],
});
