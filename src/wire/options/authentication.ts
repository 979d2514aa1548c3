import { u8, u32 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const SUBTYPES = { 1: 'MN-HA', 2: 'MN-AAA' };

export const authentication = option({
  type: 9,
  kind: 'authentication',
  name: 'Mobility Message Authentication',
  section: 'RFC 4285 §5',
  layout: layout(
    u8('subtype', SUBTYPES),
    u32('spi'),
    rest('data'), // the authenticator: 12 octets with HMAC-SHA1
  ),
  alignment: [4, 1],
  malformed: 'refused',
});
