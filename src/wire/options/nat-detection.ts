import { bits, flag, unused } from '../layout/bits.ts';
import { u32 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The refresh time that says that no NAT was seen and no keepalives are needed. */
const NO_KEEPALIVES = 0xffffffff;

export const natDetection = option({
  type: 31,
  kind: 'nat-detection',
  name: 'NAT Detection',
  section: 'RFC 5555 §3.2.2',
  layout: layout(
    bits(2, flag('forceUdp', 'F'), unused(15)), // UDP encapsulation even without a NAT
    u32('refreshTime', { 0: 'ignored', [NO_KEEPALIVES]: 'no keepalives' }), // suggested, in seconds
  ),
  alignment: [4, 0],
});
