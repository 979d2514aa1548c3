/**
 * Field layouts. A format states its fields once, in wire order, and is read, written and shown from that statement:
 *
 *     const format = layout(u16('sequence'), u8('status'), reserved(1), address('homeAddress'));
 *
 * All numbers are unsigned and big-endian. Reading never throws; writing throws a RangeError for a value that
 * its field cannot hold, which is an error of the caller and never of a peer.
 */

/** The rule that received octets break. */
export interface Fault {
  readonly rule: string;
  /** Octets from the start of the buffer; absent: the format as a whole does not fit its octets. */
  readonly offset?: number;
}

/** One field as a reader sees it. */
export interface Field {
  /** In camel case, as in the value that the layout reads. */
  readonly name: string;
  /** Octets from the start of the buffer, and how many; a field of some bits has the octets that hold them. */
  readonly offset: number;
  readonly length: number;
  /** Absent when `fields` say it all. Octets are hexadecimal, addresses are text. */
  readonly value?: number | boolean | string | undefined;
  /** What the value stands for, e.g. the name of a status. */
  readonly meaning?: string | undefined;
  /** Where the field is defined; absent: where the format around it is. */
  readonly section?: string | undefined;
  readonly fields?: readonly Field[];
  /** The rule that it breaks. */
  readonly fault?: string | undefined;
}

/** A run of octets and the properties of a value that it carries. */
export interface Part<T> {
  /** Octets it takes at least. */
  readonly size: number;
  /**
   * Octets it takes beyond `size` for this value when it is written at `at`; only the last part of a layout may have it.
   */
  tail?(value: T, at: number): number;
  /**
   * Octets of a part that itself says how long it is, read from `at`; undefined when it runs past `end`. A part with a
   * `tail` and without this takes all that is left.
   */
  extent?(octets: Uint8Array, at: number, end: number): number | undefined;
  /** Reads `octets` from `at`, up to `end` for a tail; `at + size <= end` holds. */
  read(octets: Uint8Array, at: number, end: number, into: object): Fault | undefined;
  write(octets: Uint8Array, at: number, value: T): void;
  /** Appends its fields, whatever the octets are; `at + size <= end` holds. */
  show(octets: Uint8Array, at: number, end: number, shown: Field[]): void;
}

type Merged<P> = P extends readonly [Part<infer First>, ...infer Rest] ? First & Merged<Rest> : unknown;
/** The same type, written out. */
export type Flat<T> = { [K in keyof T]: T[K] };

/** The value that a layout carries. */
export type ValueOf<P> = P extends Part<infer T> ? T : never;

/** The parts one after the other. Without a tail they must fill the octets exactly. */
export function layout<const P extends readonly Part<object>[]>(...parts: P): Part<Flat<Merged<P>>> {
  const offsets: number[] = [];
  let size = 0;
  for (const part of parts) {
    offsets.push(size);
    size += part.size;
  }
  const count = parts.length;
  const last = parts[count - 1];
  const lastOffset = offsets[count - 1]!;
  const hasTail = last?.tail !== undefined;
  const format: Part<object> = {
    size,
    read(octets, at, end, into) {
      const length = end - at;
      if (hasTail ? length < size : length !== size) {
        return { rule: `${length} octets, not ${hasTail ? 'at least ' : ''}${size}` };
      }
      for (let index = 0; index < count; index++) {
        const fault = parts[index]!.read(octets, at + offsets[index]!, end, into);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    write(octets, at, value) {
      for (let index = 0; index < count; index++) parts[index]!.write(octets, at + offsets[index]!, value);
    },
    show(octets, at, end, shown) {
      for (let index = 0; index < count; index++) {
        const from = at + offsets[index]!;
        if (from + parts[index]!.size > end) return;
        parts[index]!.show(octets, from, end, shown);
      }
      if (!hasTail && end - at > size) shown.push(octetsField('surplus', octets, at + size, end));
    },
  };
  if (last?.tail !== undefined) format.tail = (value, at) => last.tail!(value, at + lastOffset);
  if (last?.extent !== undefined) {
    format.extent = (octets, at, end) => {
      const extent = at + size > end ? undefined : last.extent!(octets, at + lastOffset, end);
      return extent === undefined ? undefined : lastOffset + extent;
    };
  }
  return format as Part<Flat<Merged<P>>>;
}

/** Octets of a value in this layout, written at `at`. */
export function layoutLength<T>(format: Part<T>, value: T, at = 0): number {
  return format.tail === undefined ? format.size : format.size + format.tail(value, at);
}

/** A part that is defined elsewhere than the format around it. */
export function cited<T>(section: string, part: Part<T>): Part<T> {
  return {
    ...part,
    show(octets, at, end, shown) {
      const own: Field[] = [];
      part.show(octets, at, end, own);
      for (const field of own) shown.push({ ...field, section: field.section ?? section });
    },
  };
}

export function hexadecimal(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += (octet < 16 ? '0' : '') + octet.toString(16);
  return text;
}

export function octetsField(name: string, octets: Uint8Array, at: number, end: number): Field {
  return { name, offset: at, length: end - at, value: hexadecimal(octets.subarray(at, end)) };
}
