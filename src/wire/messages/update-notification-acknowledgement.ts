import { reserved, u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** IANA "Update Notification Acknowledgement Status Codes". Below 128: processed. */
const STATUS_NAMES = {
  0: 'success',
  128: 'failed to update session parameters',
  129: 'missing vendor-specific option',
  130: 'cannot meet QoS service request',
  131: 'reason unspecified',
  132: 'mobile node not attached',
};

export const updateNotificationAcknowledgement = message({
  type: 20,
  kind: 'update-notification-acknowledgement',
  name: 'Update Notification Acknowledgement',
  section: 'RFC 7077 §4.2',
  layout: layout(
    u16('sequence'), // that of the notification
    u8('status', STATUS_NAMES),
    reserved(3),
  ),
});
