/** Unsigned numbers of whole octets, and octets without a meaning. */
import type { Part } from './part.ts';

/** What some values stand for. */
export type Names = Readonly<Record<number, string>>;
type Fields = Record<string, unknown>;

function number<const N extends string>(
  name: N,
  size: number,
  unit: number,
  names?: Names,
  unitName?: string,
): Part<Readonly<Record<N, number>>> {
  const limit = 2 ** (8 * size);
  const valueAt = (octets: Uint8Array, at: number): number => {
    let value = octets[at]!;
    for (let index = 1; index < size; index++) value = value * 256 + octets[at + index]!;
    return value * unit;
  };
  return {
    size,
    read(octets, at, _end, into) {
      (into as Fields)[name] = valueAt(octets, at);
      return undefined;
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
    show(octets, at, _end, shown) {
      const value = valueAt(octets, at);
      shown.push({ name, offset: at, length: size, value, meaning: names?.[value] ?? unitName });
    },
  };
}

export const u8 = <const N extends string>(name: N, names?: Names) => number(name, 1, 1, names);
export const u16 = <const N extends string>(name: N, names?: Names) => number(name, 2, 1, names);
export const u32 = <const N extends string>(name: N, names?: Names) => number(name, 4, 1, names);
export const u48 = <const N extends string>(name: N) => number(name, 6, 1);

/** 16 bits that count units of four seconds; the value is in seconds. */
export const fourSeconds = <const N extends string>(name: N) => number(name, 2, 4, undefined, 'seconds');

/** An octet that counts tenths of a second; the value is in milliseconds. */
export const hundredMilliseconds = <const N extends string>(name: N) =>
  number(name, 1, 100, undefined, 'milliseconds');

/** Sent as zero, ignored on receipt. */
export function reserved(size: number): Part<object> {
  return {
    size,
    read: () => undefined,
    write(octets, at) {
      octets.fill(0, at, at + size);
    },
    show() {},
  };
}
