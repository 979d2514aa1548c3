import { bits, flag, unused } from '../layout/bits.ts';
import { choice } from '../layout/choice.ts';
import { reserved, u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** IANA "Flow Binding Indication Triggers". 250 to 255 are for tests. */
const TRIGGER_NAMES = {
  1: 'unspecified',
  2: 'administrative reason',
  3: 'possible out-of-sync BCE state',
};

/** IANA "Flow Binding Acknowledgement Status Codes". Below 128: processed. */
const STATUS_NAMES = {
  0: 'success',
  128: 'binding (target CoA) does not exist',
  129: 'action not authorized',
};

/** Flow Binding Indication, from the home agent, and Flow Binding Acknowledgement, by their Flow Binding Type. */
export const flowBinding = message({
  type: 21,
  kind: 'flow-binding',
  name: 'Flow Binding',
  section: 'RFC 7109 §6.1',
  layout: layout(
    choice('flowBinding', 2, {
      indication: [
        1,
        layout(
          u16('sequence'),
          u8('trigger', TRIGGER_NAMES),
          bits(1, flag('acknowledge', 'A'), unused(7)), // an acknowledgement is asked for
        ),
      ],
      acknowledgement: [2, layout(u16('sequence'), u8('status', STATUS_NAMES), reserved(1))],
    }),
  ),
});
