import { reserved } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Asks the mobile node to register again. */
export const bindingRefreshRequest = message({
  type: 0,
  kind: 'binding-refresh-request',
  name: 'Binding Refresh Request',
  section: 'RFC 6275 §6.1.2',
  layout: layout(reserved(2)),
});
