import { u32 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** The time of day against replay, as an NTP timestamp. */
export const messageId = option({
  type: 10,
  kind: 'message-id',
  name: 'Mobility Message Replay Protection',
  section: 'RFC 4285 §6',
  layout: layout(
    u32('seconds'), // since 1900-01-01 UTC, modulo 2^32
    u32('fraction'), // in units of 2^-32 s
  ),
  alignment: [8, 2],
  malformed: 'refused',
});
