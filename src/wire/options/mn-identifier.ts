import { u8 } from '../layout/numbers.ts';
import { text } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** IANA "Mobile Node Identifier Option Subtypes" (RFC 4283, RFC 8371). */
export const MN_IDENTIFIER_SUBTYPES = {
  1: 'NAI',
  2: 'IPv6 address',
  3: 'IMSI',
  4: 'P-TMSI',
  5: 'EUI-48',
  6: 'EUI-64',
  7: 'GUTI',
  8: 'DUID',
};

/** Who the mobile node is. */
export const mnIdentifier = option({
  type: 8,
  kind: 'mn-identifier',
  name: 'Mobile Node Identifier',
  section: 'RFC 4283 §3',
  layout: layout(u8('subtype', MN_IDENTIFIER_SUBTYPES), text('identifier')),
  malformed: 'refused',
});
