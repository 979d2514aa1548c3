import { bits, flag, unused } from '../layout/bits.ts';
import { hundredMilliseconds } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const transientBinding = option({
  type: 43,
  kind: 'transient-binding',
  name: 'Transient Binding',
  section: 'RFC 6058',
  layout: layout(
    bits(1, unused(7), flag('latePathSwitch', 'L')),
    hundredMilliseconds('lifetime'), // of the transient state
  ),
});
