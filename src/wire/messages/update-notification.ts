import { bits, flag, unused } from '../layout/bits.ts';
import { u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** IANA "Update Notification Reasons". */
const REASON_NAMES = {
  1: 'force re-registration',
  2: 'update session parameters',
  3: 'vendor-specific reason',
  4: 'ANI parameters requested',
  5: 'QoS service request',
  6: '3GPP-specific',
  7: '3GPP-specific',
  8: 'flow mobility',
};

/** From the local mobility anchor: something about a session has changed. */
export const updateNotification = message({
  type: 19,
  kind: 'update-notification',
  name: 'Update Notification',
  section: 'RFC 7077 §4.1',
  layout: layout(
    u16('sequence'),
    u16('reason', REASON_NAMES), // 0 and 255 are reserved
    bits(
      2,
      flag('acknowledge', 'A'),
      flag('retransmission', 'D'), // the same message was sent before
      unused(14),
    ),
  ),
});
