import { u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The figure and the length say two octets, the description of the field says three: two are sent and accepted. */
export const magGroupIdentifier = option({
  type: 5,
  kind: 'mag-group-identifier',
  name: 'MAG-Group-Identifier',
  section: 'RFC 7563 §3.2',
  layout: layout(u16('group')),
});
