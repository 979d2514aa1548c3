/** The messages of the Mobility Header (RFC 6275 §6.1): their registry. */
import type { DRAFT_MESSAGES } from './draft/messages.ts';
import type { MessageOf } from './message-format.ts';
import { bindingAcknowledgement } from './messages/binding-acknowledgement.ts';
import { bindingError } from './messages/binding-error.ts';
import { bindingRefreshRequest } from './messages/binding-refresh-request.ts';
import { bindingRevocation } from './messages/binding-revocation.ts';
import { bindingUpdate } from './messages/binding-update.ts';
import { careOfTest } from './messages/care-of-test.ts';
import { careOfTestInit } from './messages/care-of-test-init.ts';
import { flowBinding } from './messages/flow-binding.ts';
import { handoverAcknowledge } from './messages/handover-acknowledge.ts';
import { handoverInitiate } from './messages/handover-initiate.ts';
import { heartbeat } from './messages/heartbeat.ts';
import { homeAgentSwitch } from './messages/home-agent-switch.ts';
import { homeTest } from './messages/home-test.ts';
import { homeTestInit } from './messages/home-test-init.ts';
import { localizedRoutingAcknowledgment } from './messages/localized-routing-acknowledgment.ts';
import { localizedRoutingInitiation } from './messages/localized-routing-initiation.ts';
import { subscriptionQuery } from './messages/subscription-query.ts';
import { subscriptionResponse } from './messages/subscription-response.ts';
import { updateNotification } from './messages/update-notification.ts';
import { updateNotificationAcknowledgement } from './messages/update-notification-acknowledgement.ts';
import type { MobilityOption } from './mobility-option.ts';

/** IANA "Mobility Header Types", by number. */
export const MESSAGE_FORMATS = [
  bindingRefreshRequest,
  homeTestInit,
  careOfTestInit,
  homeTest,
  careOfTest,
  bindingUpdate,
  bindingAcknowledgement,
  bindingError,
  homeAgentSwitch,
  heartbeat,
  handoverInitiate,
  handoverAcknowledge,
  bindingRevocation,
  localizedRoutingInitiation,
  localizedRoutingAcknowledgment,
  updateNotification,
  updateNotificationAcknowledgement,
  flowBinding,
  subscriptionQuery,
  subscriptionResponse,
] as const;

/** A message of a type that is not known here. Re-emitted bit for bit. */
export interface OpaqueMessage {
  readonly kind: 'opaque';
  /** MH Type. */
  readonly type: number;
  /** Everything after the checksum: 8n+2 octets. */
  readonly data: Uint8Array;
}

type DraftMessage = MessageOf<(typeof DRAFT_MESSAGES)[number], MobilityOption>;
export type StructuredMessage = MessageOf<(typeof MESSAGE_FORMATS)[number], MobilityOption> | DraftMessage;
export type MobilityMessage = StructuredMessage | OpaqueMessage;
/** Numbers of the drafts' own messages, by kind; those without are unknown. */
export type DraftMessageNumbers = Readonly<Partial<Record<DraftMessage['kind'], number | undefined>>>;

export type MessageOfKind<K extends MobilityMessage['kind']> = Extract<MobilityMessage, { kind: K }>;

export type BindingUpdate = MessageOfKind<'binding-update'>;
export type BindingAcknowledgement = MessageOfKind<'binding-acknowledgement'>;
export type BindingError = MessageOfKind<'binding-error'>;
export type BindingRefreshRequest = MessageOfKind<'binding-refresh-request'>;
export type Heartbeat = MessageOfKind<'heartbeat'>;
