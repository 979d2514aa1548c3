/** What a type of ICMPv6 message is, stated once. */
import type { Flat, Part } from '../layout/part.ts';

export interface Icmpv6Format<Kind extends string = string, Value = object> {
  /** IANA "ICMPv6 type Numbers". */
  readonly type: number;
  readonly kind: Kind;
  /** As its RFC calls it. */
  readonly name: string;
  readonly section: string;
  /** What the hop limit must be: the message comes from the same link. Absent: any. */
  readonly hopLimit?: 255;
  /** All octets after the type. */
  readonly layout: Part<Value>;
}

/** The value of a message of this format. */
export type Icmpv6Of<F> =
  F extends Icmpv6Format<infer Kind, infer Value> ? Flat<{ readonly kind: Kind } & Value> : never;

/** Infers what a format carries. */
export function icmpv6<const Kind extends string, Value>(
  format: Icmpv6Format<Kind, Value>,
): Icmpv6Format<Kind, Value> {
  return format;
}
