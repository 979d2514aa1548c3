/** The messages of the Mobility Header (RFC 6275 §6.1): those that roles act upon. */
import type { DRAFT_MESSAGES } from './draft/messages.ts';
import type { FURTHER_MESSAGES } from './further-messages.ts';
import type { MessageOf } from './message-format.ts';
import { bindingAcknowledgement } from './messages/binding-acknowledgement.ts';
import { bindingError } from './messages/binding-error.ts';
import { bindingRefreshRequest } from './messages/binding-refresh-request.ts';
import { bindingUpdate } from './messages/binding-update.ts';
import { careOfTest } from './messages/care-of-test.ts';
import { careOfTestInit } from './messages/care-of-test-init.ts';
import { heartbeat } from './messages/heartbeat.ts';
import { homeTest } from './messages/home-test.ts';
import { homeTestInit } from './messages/home-test-init.ts';
import type { MobilityOption } from './mobility-option.ts';

/** Of IANA's "Mobility Header Types", by number. The others are in `further-messages.ts`: to a role they are unknown. */
export const MESSAGE_FORMATS = [
  bindingRefreshRequest,
  homeTestInit,
  careOfTestInit,
  homeTest,
  careOfTest,
  bindingUpdate,
  bindingAcknowledgement,
  bindingError,
  heartbeat,
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
type KnownFormat = (typeof MESSAGE_FORMATS | typeof FURTHER_MESSAGES)[number];
export type StructuredMessage = MessageOf<KnownFormat, MobilityOption> | DraftMessage;
export type MobilityMessage = StructuredMessage | OpaqueMessage;
/** Numbers of the drafts' own messages, by kind; those without are unknown. */
export type DraftMessageNumbers = Readonly<Partial<Record<DraftMessage['kind'], number | undefined>>>;

export type MessageOfKind<K extends MobilityMessage['kind']> = Extract<MobilityMessage, { kind: K }>;

export type BindingUpdate = MessageOfKind<'binding-update'>;
export type BindingAcknowledgement = MessageOfKind<'binding-acknowledgement'>;
export type BindingError = MessageOfKind<'binding-error'>;
export type BindingRefreshRequest = MessageOfKind<'binding-refresh-request'>;
export type Heartbeat = MessageOfKind<'heartbeat'>;
