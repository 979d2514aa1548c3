/** What a type of Mobility Header message is, stated once. */
import type { Flat, Part } from './layout/part.ts';

export interface MessageFormat<Kind extends string = string, Value = object> {
  /** IANA "Mobility Header Types" number. */
  readonly type: number;
  readonly kind: Kind;
  /** As its RFC calls it. */
  readonly name: string;
  readonly section: string;
  /** The octets after the checksum and before the mobility options: of a fixed size, or one that they tell. */
  readonly layout: Part<Value>;
}

/** A format whose number nobody assigned: it comes from the configuration. */
export type DraftMessageFormat<Kind extends string = string, Value = object> = Omit<
  MessageFormat<Kind, Value>,
  'type'
>;

/** The value of a message of this format. */
export type MessageOf<F, Option> =
  F extends DraftMessageFormat<infer Kind, infer Value>
    ? Flat<{ readonly kind: Kind; readonly options: readonly Option[] } & Value>
    : never;

/** Infers what a format carries. */
export function message<const Kind extends string, Value>(
  format: MessageFormat<Kind, Value>,
): MessageFormat<Kind, Value> {
  return format;
}

export function draftMessage<const Kind extends string, Value>(
  format: DraftMessageFormat<Kind, Value>,
): DraftMessageFormat<Kind, Value> {
  return format;
}
