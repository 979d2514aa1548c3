import { reserved, u8 } from '../layout/numbers.ts';
import { text } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';
import { MN_IDENTIFIER_SUBTYPES } from './mn-identifier.ts';

/** Who the mobile access gateway is, whatever its care-of address. */
export const magIdentifier = option({
  type: 64,
  kind: 'mag-identifier',
  name: 'MAG Identifier',
  section: 'RFC 8278 §4.2',
  layout: layout(u8('subtype', MN_IDENTIFIER_SUBTYPES), reserved(1), text('identifier')),
});
