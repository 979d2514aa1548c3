import { reserved, u8 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const civicLocation = option({
  type: 4,
  kind: 'civic-location',
  name: 'Civic-Location',
  section: 'RFC 7563 §3.1',
  layout: layout(u8('format', { 0: 'RFC 4776 §3.1' }), reserved(1), rest('location')),
});
