/**
 * Field layouts. A format states its fields once, in wire order, and is read and written from that statement:
 *
 *     const format = layout(u16('sequence'), u8('status'), reserved(1), address('homeAddress'));
 *
 * All numbers are unsigned and big-endian. Reading never throws; writing throws a RangeError for a value that
 * its field cannot hold, which is an error of the caller and never of a peer.
 */
import { ADDRESS_LENGTH, type Address, type Prefix, prefixOf } from './address.ts';

/** A run of octets and the properties of a value that it carries. */
export interface Part<T> {
  /** Octets it takes at least. */
  readonly size: number;
  /** Octets it takes beyond `size` for this value; only the last part of a layout may have it. */
  tail?(value: T): number;
  /** Reads `octets` from `at`, up to `end` for a tail; `at + size <= end` holds. False: not what it must be. */
  read(octets: Uint8Array, at: number, end: number, into: object): boolean;
  write(octets: Uint8Array, at: number, value: T): void;
}

type Merged<P> = P extends readonly [Part<infer First>, ...infer Rest] ? First & Merged<Rest> : unknown;
type Fields = Record<string, unknown>;

/** The parts one after the other. Without a tail it must fill the octets exactly. */
export function layout<const P extends readonly Part<object>[]>(...parts: P): Part<Merged<P>> {
  const offsets: number[] = [];
  let size = 0;
  for (const part of parts) {
    offsets.push(size);
    size += part.size;
  }
  const count = parts.length;
  const last = parts[count - 1];
  const hasTail = last?.tail !== undefined;
  const format: Part<object> = {
    size,
    read(octets, at, end, into) {
      if (hasTail ? end - at < size : end - at !== size) return false;
      for (let index = 0; index < count; index++) {
        if (!parts[index]!.read(octets, at + offsets[index]!, end, into)) return false;
      }
      return true;
    },
    write(octets, at, value) {
      for (let index = 0; index < count; index++) parts[index]!.write(octets, at + offsets[index]!, value);
    },
  };
  if (last?.tail !== undefined) format.tail = value => last.tail!(value);
  return format as Part<Merged<P>>;
}

/** Octets of a value in this layout. */
export function layoutLength<T>(format: Part<T>, value: T): number {
  return format.tail === undefined ? format.size : format.size + format.tail(value);
}

function number<const N extends string>(name: N, size: number, unit: number): Part<Record<N, number>> {
  const limit = 2 ** (8 * size);
  return {
    size,
    read(octets, at, _end, into) {
      let value = octets[at]!;
      for (let index = 1; index < size; index++) value = value * 256 + octets[at + index]!;
      (into as Fields)[name] = value * unit;
      return true;
    },
    write(octets, at, fields) {
      let value: number = fields[name] / unit;
      if (!(value >= 0 && value < limit && Number.isInteger(value))) {
        throw new RangeError(`${name} ${fields[name]}: no multiple of ${unit} below ${limit * unit}`);
      }
      for (let index = size - 1; index >= 0; index--) {
        octets[at + index] = value & 0xff;
        value = Math.floor(value / 256);
      }
    },
  };
}

export const u8 = <const N extends string>(name: N) => number(name, 1, 1);
export const u16 = <const N extends string>(name: N) => number(name, 2, 1);
export const u32 = <const N extends string>(name: N) => number(name, 4, 1);

/** 16 bits that count units of four seconds; the value is in seconds. */
export const fourSeconds = <const N extends string>(name: N) => number(name, 2, 4);

/** Sent as zero, ignored on receipt. */
export function reserved(size: number): Part<object> {
  return {
    size,
    read: () => true,
    write(octets, at) {
      octets.fill(0, at, at + size);
    },
  };
}

/**
 * `size` octets of flags, each named with its mask. The bits that have no name are the number `rest`, in place;
 * without `rest` they are reserved.
 */
export function flags<const M extends Readonly<Record<string, number>>, const R extends string = never>(
  size: 1 | 2,
  masks: M,
  rest?: R,
): Part<Readonly<Record<keyof M, boolean>> & Readonly<Record<R, number>>> {
  const names = Object.keys(masks);
  const bits = Object.values(masks);
  const others = (size === 1 ? 0xff : 0xffff) & ~bits.reduce((all, mask) => all | mask, 0);
  return {
    size,
    read(octets, at, _end, into) {
      const word = size === 1 ? octets[at]! : (octets[at]! << 8) | octets[at + 1]!;
      for (let index = 0; index < names.length; index++) {
        (into as Fields)[names[index]!] = (word & bits[index]!) !== 0;
      }
      if (rest !== undefined) (into as Fields)[rest] = word & others;
      return true;
    },
    write(octets, at, value) {
      const fields = value as Fields;
      let word = 0;
      if (rest !== undefined) {
        word = fields[rest] as number;
        if ((word & others) !== word) throw new RangeError(`${rest} ${word}: bits outside ${others}`);
      }
      for (let index = 0; index < names.length; index++) {
        if (fields[names[index]!] === true) word |= bits[index]!;
      }
      if (size === 2) octets[at] = word >> 8;
      octets[at + size - 1] = word & 0xff;
    },
  };
}

/** Throws a RangeError when `value` is not 16 octets. */
export function putAddress(octets: Uint8Array, at: number, value: Address, name: string): void {
  if (value.length !== ADDRESS_LENGTH)
    throw new RangeError(`${name}: ${value.length} octets are no IPv6 address`);
  octets.set(value, at);
}

export function address<const N extends string>(name: N): Part<Readonly<Record<N, Address>>> {
  return {
    size: ADDRESS_LENGTH,
    read(octets, at, _end, into) {
      (into as Fields)[name] = octets.slice(at, at + ADDRESS_LENGTH);
      return true;
    },
    write(octets, at, value) {
      putAddress(octets, at, value[name], name);
    },
  };
}

/** An IPv6 address that fills the rest, or nothing. */
export function optionalAddress<const N extends string>(
  name: N,
): Part<Readonly<Record<N, Address | undefined>>> & { tail(value: Record<N, Address | undefined>): number } {
  return {
    size: 0,
    tail: value => (value[name] === undefined ? 0 : ADDRESS_LENGTH),
    read(octets, at, end, into) {
      if (at !== end && end - at !== ADDRESS_LENGTH) return false;
      (into as Fields)[name] = at === end ? undefined : octets.slice(at, end);
      return true;
    },
    write(octets, at, value) {
      const present = value[name];
      if (present !== undefined) putAddress(octets, at, present, name);
    },
  };
}

/** One octet of prefix length, then 16 of address. A host bit that is set, or a length above 128, is refused. */
export function prefix<const N extends string>(name: N): Part<Readonly<Record<N, Prefix>>> {
  return {
    size: 1 + ADDRESS_LENGTH,
    read(octets, at, _end, into) {
      const value = prefixOf(octets.slice(at + 1, at + 1 + ADDRESS_LENGTH), octets[at]!);
      (into as Fields)[name] = value;
      return value !== undefined;
    },
    write(octets, at, fields) {
      const value = fields[name];
      if (prefixOf(value.address, value.length) === undefined) {
        throw new RangeError(`${name}: length ${value.length} above 128 or a host bit set`);
      }
      octets[at] = value.length;
      putAddress(octets, at + 1, value.address, name);
    },
  };
}

/** All octets that are left. */
export function rest<const N extends string>(
  name: N,
): Part<Readonly<Record<N, Uint8Array>>> & { tail(value: Record<N, Uint8Array>): number } {
  return {
    size: 0,
    tail: value => value[name].length,
    read(octets, at, end, into) {
      (into as Fields)[name] = octets.slice(at, end);
      return true;
    },
    write(octets, at, value) {
      octets.set(value[name], at);
    },
  };
}
