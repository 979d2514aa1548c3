/** What a type of option is, stated once. */
import type { Flat, Part } from './layout/part.ts';

/** `[x, y]` stands for "xn+y" from the start of the header (RFC 8200 §4.2). */
export type Alignment = readonly [multiple: 1 | 2 | 4 | 8, offset: number];

/** What one type of option looks like on the wire. */
export interface OptionFormat<Kind extends string = string, Value = object> {
  /** Its number in the registry. */
  readonly type: number;
  readonly kind: Kind;
  /** As its RFC calls it. */
  readonly name: string;
  readonly section: string;
  /** The octets after the length. */
  readonly layout: Part<Value>;
  /** None when absent. */
  readonly alignment?: Alignment | ((option: Value) => Alignment);
  /** Octets after the length that it does not count; absent: none. Only for a length in octets. */
  readonly uncounted?: number;
  /**
   * What becomes of an option of this type that the layout does not fit. `refused`: the whole message is in error;
   * otherwise it becomes an opaque option, for a role to answer or to ignore.
   */
  readonly malformed?: 'refused';
}

/** A format whose number nobody assigned: it comes from the configuration. */
export type DraftOptionFormat<Kind extends string = string, Value = object> = Omit<
  OptionFormat<Kind, Value>,
  'type'
>;

/** The value of an option of this format. */
export type OptionOf<F> =
  F extends DraftOptionFormat<infer Kind, infer Value> ? Flat<{ readonly kind: Kind } & Value> : never;

/** Infers what a format carries. */
export function option<const Kind extends string, Value>(
  format: OptionFormat<Kind, Value>,
): OptionFormat<Kind, Value> {
  return format;
}

export function draftOption<const Kind extends string, Value>(
  format: DraftOptionFormat<Kind, Value>,
): DraftOptionFormat<Kind, Value> {
  return format;
}

/** An option of a type that is not known here, or one that its layout does not fit. Re-emitted bit for bit, unaligned. */
export interface OpaqueOption {
  readonly kind: 'opaque';
  readonly type: number;
  /** The octets after the length, at most 255. */
  readonly data: Uint8Array;
}

// biome-ignore lint/suspicious/noExplicitAny: formats of different values stand in one list
export type AnyOptionFormat = OptionFormat<string, any>;

export function alignmentOf(format: AnyOptionFormat, option: object): Alignment {
  const { alignment } = format;
  return typeof alignment === 'function' ? alignment(option) : (alignment ?? [1, 0]);
}

/** The first offset from `at` on at which an option may begin. */
export function aligned(at: number, [multiple, offset]: Alignment): number {
  return at + ((offset - at) & (multiple - 1));
}
