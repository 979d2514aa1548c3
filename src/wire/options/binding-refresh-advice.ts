import { fourSeconds } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** How soon the home agent would like the next registration. */
export const bindingRefreshAdvice = option({
  type: 2,
  kind: 'binding-refresh-advice',
  name: 'Binding Refresh Advice',
  section: 'RFC 6275 §6.2.4',
  layout: layout(fourSeconds('interval')),
  alignment: [2, 0],
  malformed: 'refused',
});
