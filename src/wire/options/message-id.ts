import { layout, u32 } from '../layout.ts';
import type { OptionFormat } from './format.ts';

/** RFC 4285 §6: the time of day against replay, as an NTP timestamp. */
export interface MessageId {
  readonly kind: 'message-id';
  /** Since 1900-01-01 UTC, modulo 2^32. */
  readonly seconds: number;
  /** In units of 2^-32 s. */
  readonly fraction: number;
}

export const messageId: OptionFormat<MessageId> = {
  type: 10,
  kind: 'message-id',
  section: 'RFC 4285 §6',
  layout: layout(u32('seconds'), u32('fraction')),
  alignment: () => [8, 2],
  malformed: 'refused',
};
