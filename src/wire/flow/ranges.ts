/** The fields of a binary traffic selector (RFC 6088 §3): each may be present as one value or as a range. */
import type { Field, Part } from '../layout/part.ts';
import type { Alignment } from '../option-format.ts';
import type { AnyField, Range } from './range-field.ts';

/** The ranges that a table of fields carries. */
type Ranges<F extends readonly AnyField[]> = {
  readonly [G in F[number] as G['name']]?: Range<ReturnType<G['read']>> | undefined;
};

const FLAGS = 4;

/** 32 bits that say which fields are present, from the first one down; then those fields. */
export function ranges<const F extends readonly AnyField[]>(
  ...fields: F
): Part<Ranges<F>> & { tail(value: Ranges<F>): number } {
  type Values = Readonly<Record<string, Range<unknown> | undefined>>;
  const table = fields.map((field, index) => ({ field, start: 31 - 2 * index, end: 30 - 2 * index }));
  const flagsAt = (octets: Uint8Array, at: number): number =>
    ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0;
  const has = (flags: number, bit: number): number => (flags >>> bit) & 1;
  /** The rule that a range breaks: RFC 6088 says where it starts and where it ends, so not the other way round. */
  const reversed = ({ name, compare }: AnyField, { start, end }: Range<unknown>): string | undefined =>
    end !== undefined && compare(start, end) > 0 ? `${name}: the end is before the start` : undefined;

  return {
    size: FLAGS,
    tail(value: Values) {
      let length = 0;
      for (const { name, width } of fields) {
        const range = value[name];
        if (range !== undefined) length += range.end === undefined ? width : 2 * width;
      }
      return length;
    },
    read(octets, at, end, into) {
      const flags = flagsAt(octets, at);
      let next = at + FLAGS;
      for (const { field, start: startBit, end: endBit } of table) {
        const { name, width, letters } = field;
        const count = has(flags, startBit) + has(flags, endBit);
        if (count === 0) continue;
        if (has(flags, startBit) === 0) {
          return { rule: `flag ${letters[1]} is set without flag ${letters[0]}`, offset: at };
        }
        if (next + count * width > end) return { rule: `${name} runs past the end`, offset: next };
        const start = field.read(octets, next);
        const range: Range<unknown> =
          count === 1 ? { start } : { start, end: field.read(octets, next + width) };
        const rule = reversed(field, range);
        if (rule !== undefined) return { rule, offset: next };
        (into as Record<string, unknown>)[name] = range;
        next += count * width;
      }
      return next === end ? undefined : { rule: `${end - next} octets that no flag announces`, offset: next };
    },
    write(octets, at, value: Values) {
      let flags = 0;
      let next = at + FLAGS;
      for (const { field, start: startBit, end: endBit } of table) {
        const range = value[field.name];
        if (range === undefined) continue;
        const rule = reversed(field, range);
        if (rule !== undefined) throw new RangeError(rule);
        flags |= 1 << startBit;
        field.write(octets, next, range.start);
        next += field.width;
        if (range.end === undefined) continue;
        flags |= 1 << endBit;
        field.write(octets, next, range.end);
        next += field.width;
      }
      for (let index = 0; index < FLAGS; index++) octets[at + index] = flags >>> (24 - 8 * index);
    },
    show(octets, at, end, shown) {
      const flags = flagsAt(octets, at);
      const letters = fields.map(field => field.letters).join('');
      const set = [...letters].filter((_letter, index) => has(flags, 31 - index) === 1).join(' ');
      shown.push({ name: 'flags', offset: at, length: FLAGS, value: flags, meaning: set });
      let next = at + FLAGS;
      for (const { field, start: startBit, end: endBit } of table) {
        const { name, width, letters } = field;
        const shownRange: Field[] = [];
        const from = next;
        for (const [part, bit, letter] of [
          ['start', startBit, letters[0]],
          ['end', endBit, letters[1]],
        ] as const) {
          if (has(flags, bit) === 0) continue;
          if (next + width > end) return;
          const value = field.text(field.read(octets, next));
          shownRange.push({ name: part, offset: next, length: width, value, meaning: letter });
          next += width;
        }
        if (next > from) shown.push({ name, offset: from, length: next - from, fields: shownRange });
      }
    },
  } as Part<Ranges<F>> & { tail(value: Ranges<F>): number };
}

/** Where the sub-option may begin: the natural boundary of the widest field that is present. */
export function naturalAlignment(fields: readonly AnyField[], value: object): Alignment {
  const present = fields.filter(({ name }) => Reflect.get(value, name) !== undefined);
  const widest = Math.max(1, ...present.map(({ width }) => width));
  return [widest === 1 || widest === 2 || widest === 4 ? widest : 8, 0];
}
