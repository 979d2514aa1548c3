/** The codec of what shows packets to people: it knows everything that has a number. */
import { type DialectFault, dialectFaults } from './draft/dialect.ts';
import { FURTHER_MESSAGES } from './further-messages.ts';
import { FURTHER_OPTIONS } from './further-options.ts';
import type { MessageFormat } from './message-format.ts';
import { type DraftNumbers, type FurtherFormats, MobilityCodec } from './mobility-header.ts';
import { OPAQUE_MESSAGES } from './opaque-messages.ts';
import { OPAQUE_OPTIONS } from './opaque-options.ts';

const FURTHER: FurtherFormats = {
  options: { formats: FURTHER_OPTIONS, names: OPAQUE_OPTIONS },
  messages: { formats: FURTHER_MESSAGES as unknown as readonly MessageFormat[], names: OPAQUE_MESSAGES },
};

export const COMPLETE = new MobilityCodec({}, FURTHER);

/** The same in a peer's dialect, or all that is wrong with its numbers. */
export function dialectCodec(
  numbers: DraftNumbers,
):
  | { readonly ok: true; readonly codec: MobilityCodec }
  | { readonly ok: false; readonly faults: readonly DialectFault[] } {
  const faults = dialectFaults(numbers);
  return faults.length === 0
    ? { ok: true, codec: new MobilityCodec(numbers, FURTHER) }
    : { ok: false, faults };
}
