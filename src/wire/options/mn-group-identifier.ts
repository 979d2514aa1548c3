import { reserved, u8, u32 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const mnGroupIdentifier = option({
  type: 50,
  kind: 'mn-group-identifier',
  name: 'Mobile Node Group Identifier',
  section: 'RFC 6602 §4.3',
  layout: layout(
    u8('subtype', { 1: 'bulk binding update group' }),
    reserved(1),
    u32('group', { 1: 'all sessions' }), // 0 is reserved
  ),
});
