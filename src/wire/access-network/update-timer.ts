import { fourSeconds } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const updateTimer = option({
  type: 6,
  kind: 'update-timer',
  name: 'ANI Update-Timer',
  section: 'RFC 7563 §3.3',
  layout: layout(fourSeconds('timer')), // 0: report changes at once
});
