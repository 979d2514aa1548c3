/**
 * The Generic Signaling messages of draft-ietf-mext-generic-signaling-message-00, as far as they can be known from a
 * draft that uses them (draft-xia-netext-flow-binding-00 §4 to §8): a request and an acknowledgement with a Status,
 * both with mobility options. The text itself was not to be had, so the order and the widths of the fields are an
 * assumption: those of their successors, Update Notification and Update Notification Acknowledgement (RFC 7077 §4).
 */
import { BINDING_STATUS_NAMES } from '../binding-status.ts';
import { reserved, u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { draftMessage } from '../message-format.ts';

const SECTION = 'draft-ietf-mext-generic-signaling-message-00';

export const genericSignalingRequest = draftMessage({
  kind: 'generic-signaling-request',
  name: 'Generic Signaling Request',
  section: SECTION,
  layout: layout(u16('sequence'), reserved(4)),
});

export const genericSignalingAcknowledgement = draftMessage({
  kind: 'generic-signaling-acknowledgement',
  name: 'Generic Signaling Acknowledgement',
  section: SECTION,
  layout: layout(
    u16('sequence'), // that of the request
    u8('status', BINDING_STATUS_NAMES), // 0: accepted, 130: insufficient resources
    reserved(3),
  ),
});
