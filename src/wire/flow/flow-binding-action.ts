import { reserved, u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** IANA "Flow Binding Action Values". */
const ACTION_NAMES = { 11: 'add', 12: 'delete', 13: 'modify', 14: 'refresh', 15: 'move', 16: 'revoke' };

/** What the mobile node is to do with the flow binding. */
export const flowBindingAction = option({
  type: 4,
  kind: 'flow-binding-action',
  name: 'Flow Binding Action',
  section: 'RFC 7109 §6.2.1',
  layout: layout(reserved(1), u8('action', ACTION_NAMES)),
  malformed: 'refused',
});
