/** Fields of some bits, stated from the most significant bit on, as the figures of the RFCs draw them. */
import type { Names } from './numbers.ts';
import type { Flat, Part } from './part.ts';

interface BitField<T> {
  /** Absent: reserved. */
  readonly name?: string;
  readonly width: number;
  readonly isFlag: boolean;
  /** The letter of a flag in its figure. */
  readonly letter?: string;
  readonly names?: Names | undefined;
  readonly section?: string | undefined;
  /** Carries the type only. */
  readonly type?: T;
}

type Merged<F> = F extends readonly [BitField<infer First>, ...infer Rest] ? First & Merged<Rest> : unknown;

/** A flag; absent in a value that is written: not set. */
export function flag<const N extends string>(
  name: N,
  letter: string,
  section?: string,
): BitField<{ readonly [K in N]?: boolean | undefined }> {
  return { name, width: 1, isFlag: true, letter, section };
}

export function number<const N extends string>(
  name: N,
  width: number,
  names?: Names,
  section?: string,
): BitField<Readonly<Record<N, number>>> {
  return { name, width, isFlag: false, names, section };
}

/** Sent as zero, ignored on receipt. */
export function unused(width: number): BitField<object> {
  return { width, isFlag: false };
}

/** The fields of `8 * size` bits. */
export function bits<const F extends readonly BitField<object>[]>(
  size: 1 | 2 | 4,
  ...fields: F
): Part<Flat<Merged<F>>> {
  let left = 8 * size;
  const named: { field: BitField<object> & { name: string }; shift: number; limit: number }[] = [];
  for (const field of fields) {
    left -= field.width;
    const { name } = field;
    if (name !== undefined) named.push({ field: { ...field, name }, shift: left, limit: 2 ** field.width });
  }
  if (left !== 0) throw new RangeError(`${8 * size - left} bits in ${size} octets`);
  const wordAt = (octets: Uint8Array, at: number): number => {
    let word = 0;
    for (let index = 0; index < size; index++) word = (word << 8) | octets[at + index]!;
    return word;
  };
  // A field of all 32 bits would be a u32.
  const fieldOf = (word: number, shift: number, limit: number): number => (word >>> shift) & (limit - 1);
  return {
    size,
    read(octets, at, _end, into) {
      const word = wordAt(octets, at);
      for (const { field, shift, limit } of named) {
        const value = fieldOf(word, shift, limit);
        (into as Record<string, unknown>)[field.name] = field.isFlag ? value === 1 : value;
      }
      return undefined;
    },
    write(octets, at, value) {
      let word = 0;
      for (const { field, shift, limit } of named) {
        const given = (value as Record<string, unknown>)[field.name];
        if (field.isFlag) {
          if (given === true) word |= 1 << shift;
        } else {
          const bits = given as number;
          if (!(bits >= 0 && bits < limit && Number.isInteger(bits))) {
            throw new RangeError(`${field.name} ${given}: no number below ${limit}`);
          }
          word |= bits << shift;
        }
      }
      for (let index = size - 1; index >= 0; index--) {
        octets[at + index] = word & 0xff;
        word >>>= 8;
      }
    },
    show(octets, at, _end, shown) {
      const word = wordAt(octets, at);
      for (const { field, shift, limit } of named) {
        const { name, isFlag, letter, names, section } = field;
        const value = fieldOf(word, shift, limit);
        const place = { name, offset: at, length: size, section };
        shown.push(
          isFlag
            ? { ...place, value: value === 1, meaning: letter }
            : { ...place, value, meaning: names?.[value] },
        );
      }
    },
  } as Part<Flat<Merged<F>>>;
}
