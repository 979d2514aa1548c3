import { u32 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** How often the sender of a Heartbeat response has lost its sessions by a restart. */
export const restartCounter = option({
  type: 28,
  kind: 'restart-counter',
  name: 'Restart Counter',
  section: 'RFC 5847 §3.4',
  layout: layout(u32('counter')),
  alignment: [4, 2],
});
