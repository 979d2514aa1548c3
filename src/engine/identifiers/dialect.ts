/** What one peer speaks: the numbers of its messages, and the form of its binding identifiers. */
import { type DraftNumbers, MobilityCodec, STANDARD } from '../../wire/mobility-header.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { IdentifierForm } from './form.ts';
import { monami6 } from './monami6.ts';
import { RFC_5648 } from './rfc5648.ts';

export interface Dialect {
  readonly codec: MobilityCodec;
  readonly identifiers: IdentifierForm;
}

export const PLAIN: Dialect = { codec: STANDARD, identifiers: RFC_5648 };

/** Peers with the same `dialect` section share what is made of it. */
const dialects = new WeakMap<DraftNumbers, Dialect>();

/** @param numbers as the configuration has checked them; undefined: no drafts */
export function dialectOf(numbers: DraftNumbers | undefined): Dialect {
  if (numbers === undefined) return PLAIN;
  const known = dialects.get(numbers);
  if (known !== undefined) return known;
  const type = numbers.options?.['monami6-binding-identifier'];
  const dialect = {
    codec: new MobilityCodec(numbers),
    identifiers: type === undefined ? RFC_5648 : monami6(type),
  };
  dialects.set(numbers, dialect);
  return dialect;
}

/** The message read again as its sender, who is known by now, means it. */
export function understood(received: ReceivedMobility, { codec }: Dialect): ReceivedMobility {
  if (codec === STANDARD) return received;
  const message = codec.parse(received.header);
  return message.ok ? { ...received, message: message.value } : received;
}
