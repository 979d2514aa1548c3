import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { Field } from '../../../src/wire/layout/part.ts';
import type { MobilityCodec } from '../../../src/wire/mobility-header.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { concatenated, octets } from './octets.ts';

/** Options in a Binding Refresh Request: they begin at its offset 8. Padded to a multiple of 8 when they are not. */
export function carrier(area: Uint8Array): Uint8Array {
  const missing = -area.length & 7;
  const padding = missing === 1 ? octets('00') : Uint8Array.of(1, missing - 2, ...new Array(missing).fill(0));
  const options = missing === 0 ? area : concatenated(area, padding.slice(0, missing));
  const header = octets('3b 00 00 00 0000 0000');
  header[1] = options.length / 8;
  return concatenated(header, options);
}

/** The options in these octets; throws when the message is refused. */
export function optionsIn(area: Uint8Array, codec: MobilityCodec = COMPLETE): readonly MobilityOption[] {
  const result = codec.parse(carrier(area));
  if (!result.ok || !('options' in result.value)) throw new Error('no Binding Refresh Request');
  return result.value.options;
}

/** The octets of the options in a Binding Refresh Request. */
export function emittedOptions(
  options: readonly MobilityOption[],
  codec: MobilityCodec = COMPLETE,
): Uint8Array {
  return codec.emit({ kind: 'binding-refresh-request', options }).slice(8);
}

/** All fields, those within others included, as a reader of the packet sees them. */
export function shownFields(area: Uint8Array, codec: MobilityCodec = COMPLETE): readonly Field[] {
  const shown: Field[] = [];
  codec.show(carrier(area), shown);
  const flat = (fields: readonly Field[]): Field[] =>
    fields.flatMap(field => [field, ...flat(field.fields ?? [])]);
  return flat(shown);
}
