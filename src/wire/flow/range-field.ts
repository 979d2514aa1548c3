/** A field of a binary traffic selector (RFC 6088 §3), which may be present as one value or as a range. */
import {
  ADDRESS_LENGTH,
  type Address,
  formatAddress,
  formatIpv4Address,
  IPV4_ADDRESS_LENGTH,
  type Ipv4Address,
} from '../address.ts';

/** All values from `start` to `end`, both included; without `end` just `start`. */
export interface Range<T> {
  readonly start: T;
  readonly end?: T | undefined;
}

/** A pair of fields, in the order of its two flags. */
export interface RangeField<N extends string, T> {
  readonly name: N;
  /** The letters of the flags of start and end. */
  readonly letters: string;
  /** Octets of each of the two. */
  readonly width: number;
  readonly read: (octets: Uint8Array, at: number) => T;
  /** Throws a RangeError when the value does not fit. */
  readonly write: (octets: Uint8Array, at: number, value: T) => void;
  readonly text: (value: T) => number | string;
  /** Negative, zero or positive. */
  readonly compare: (a: T, b: T) => number;
}

// biome-ignore lint/suspicious/noExplicitAny: fields of different values stand in one table
export type AnyField = RangeField<string, any>;

/**
 * An unsigned number of `bits` bits at the end of `width` octets; the bits before are ignored. The last `ignored` bits
 * take no part in comparisons.
 */
export function numberRange<const N extends string>(
  letters: string,
  name: N,
  width: 1 | 2 | 4,
  bits = 8 * width,
  ignored = 0,
): RangeField<N, number> {
  const limit = 2 ** bits;
  return {
    name,
    letters,
    width,
    read(octets, at) {
      let value = 0;
      for (let index = 0; index < width; index++) value = value * 256 + octets[at + index]!;
      return value % limit;
    },
    write(octets, at, value) {
      if (!(value >= 0 && value < limit && Number.isInteger(value))) throw new RangeError(`${name} ${value}`);
      for (let index = 0; index < width; index++) octets[at + index] = value >>> (8 * (width - 1 - index));
    },
    text: value => value,
    compare: (a, b) => (a >>> ignored) - (b >>> ignored),
  };
}

function octetsRange<const N extends string>(
  letters: string,
  name: N,
  width: number,
  text: (value: Uint8Array) => string,
): RangeField<N, Uint8Array> {
  return {
    name,
    letters,
    width,
    read: (octets, at) => octets.slice(at, at + width),
    write(octets, at, value) {
      if (value.length !== width) throw new RangeError(`${name}: ${value.length} octets, not ${width}`);
      octets.set(value, at);
    },
    text,
    compare(a, b) {
      const at = a.findIndex((octet, index) => octet !== b[index]);
      return at < 0 ? 0 : a[at]! - b[at]!;
    },
  };
}

export const addressRange = <const N extends string>(letters: string, name: N): RangeField<N, Address> =>
  octetsRange(letters, name, ADDRESS_LENGTH, formatAddress);
export const ipv4AddressRange = <const N extends string>(
  letters: string,
  name: N,
): RangeField<N, Ipv4Address> => octetsRange(letters, name, IPV4_ADDRESS_LENGTH, formatIpv4Address);
