import { u8 } from '../layout/numbers.ts';
import { text } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const operatorIdentifier = option({
  type: 3,
  kind: 'operator-identifier',
  name: 'Operator-Identifier',
  section: 'RFC 6757 §3.1.3',
  layout: layout(u8('identifierType', { 1: 'private enterprise number', 2: 'realm' }), text('identifier')),
});
