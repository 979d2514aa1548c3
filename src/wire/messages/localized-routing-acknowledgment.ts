import { bits, flag, unused } from '../layout/bits.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Below 128: processed. */
const STATUS_NAMES = { 0: 'success', 128: 'localized routing not allowed', 129: 'mobile node not attached' };

export const localizedRoutingAcknowledgment = message({
  type: 18,
  kind: 'localized-routing-acknowledgment',
  name: 'Localized Routing Acknowledgment',
  section: 'RFC 6705 §10.2',
  layout: layout(
    u16('sequence'), // that of the initiation
    bits(1, flag('unsolicited', 'U'), unused(7)), // then the lifetime is what the sender would like
    u8('status', STATUS_NAMES),
    u16('lifetime'), // seconds
  ),
});
