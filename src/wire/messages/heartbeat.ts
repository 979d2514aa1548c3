import { bits, flag, unused } from '../layout/bits.ts';
import { u32 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

export const heartbeat = message({
  type: 13,
  kind: 'heartbeat',
  name: 'Heartbeat',
  section: 'RFC 5847 §3.3',
  layout: layout(
    bits(
      2,
      unused(14),
      flag('unsolicited', 'U'), // a response that nobody asked for
      flag('response', 'R'),
    ),
    u32('sequence'), // a response carries that of its request
  ),
});
