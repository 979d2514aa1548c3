/**
 * The building blocks of every rtnetlink message: scalars in host byte order, fixed structures, and lists of
 * attributes. A layout is stated once, as data; reading and writing follow from it.
 */
import { LITTLE_ENDIAN } from './byte-order.ts';

/** One value and its octets. `decode` gives undefined when the octets cannot be that value. */
export interface Codec<T> {
  decode(bytes: Uint8Array): T | undefined;
  encode(value: T): Uint8Array;
}

/** A value with a fixed number of octets. */
export interface Fixed<T> extends Codec<T> {
  readonly size: number;
  get(view: DataView, offset: number): T;
  set(view: DataView, offset: number, value: T): void;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function fixed<T>(size: number, get: Fixed<T>['get'], set: Fixed<T>['set']): Fixed<T> {
  return {
    size,
    get,
    set,
    decode: bytes => (bytes.length < size ? undefined : get(viewOf(bytes), 0)),
    encode: value => {
      const bytes = new Uint8Array(size);
      set(viewOf(bytes), 0, value);
      return bytes;
    },
  };
}

export const u8 = fixed(
  1,
  (view, at) => view.getUint8(at),
  (view, at, value) => view.setUint8(at, value),
);
export const u16 = fixed(
  2,
  (view, at) => view.getUint16(at, LITTLE_ENDIAN),
  (view, at, value) => view.setUint16(at, value, LITTLE_ENDIAN),
);
export const u32 = fixed(
  4,
  (view, at) => view.getUint32(at, LITTLE_ENDIAN),
  (view, at, value) => view.setUint32(at, value, LITTLE_ENDIAN),
);
/** Exact up to 2^53. */
export const u64 = fixed(
  8,
  (view, at) => {
    const [low, high] = LITTLE_ENDIAN ? [at, at + 4] : [at + 4, at];
    return view.getUint32(high, LITTLE_ENDIAN) * 2 ** 32 + view.getUint32(low, LITTLE_ENDIAN);
  },
  (view, at, value) => view.setBigUint64(at, BigInt(value), LITTLE_ENDIAN),
);
export const s32 = fixed(
  4,
  (view, at) => view.getInt32(at, LITTLE_ENDIAN),
  (view, at, value) => view.setInt32(at, value, LITTLE_ENDIAN),
);

/** An IPv6 address in a structure; a copy, so that the datagram it came in can be freed. */
export const fixedAddress = fixed<Uint8Array>(
  16,
  (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, 16).slice(),
  (view, at, value) => new Uint8Array(view.buffer, view.byteOffset + at, 16).set(value),
);

/** NUL-terminated octets, one character each. */
export const text: Codec<string> = {
  decode: bytes => {
    const end = bytes.indexOf(0);
    return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
  },
  encode: value => Uint8Array.from([...value].map(char => char.charCodeAt(0)).concat(0)),
};

/** The octets themselves. */
export const octets: Codec<Uint8Array> = {
  decode: bytes => bytes,
  encode: value => value,
};

/** An IPv6 address; a copy, so that the datagram it came in can be freed. */
export const address: Codec<Uint8Array> = {
  decode: bytes => (bytes.length === 16 ? bytes.slice() : undefined),
  encode: value => value,
};

/** A C structure: its size and, for each field, offset and type. Octets without a name are zero. */
export function struct<T extends object>(
  size: number,
  fields: { readonly [K in keyof T]: readonly [offset: number, Fixed<T[K]>] },
): Fixed<T> {
  const list = Object.entries(fields) as [keyof T, readonly [number, Fixed<T[keyof T]>]][];
  return fixed(
    size,
    (view, at) => {
      const value = {} as T;
      for (const [name, [offset, type]] of list) value[name] = type.get(view, at + offset);
      return value;
    },
    (view, at, value) => {
      for (const [name, [offset, type]] of list) type.set(view, at + offset, value[name]);
    },
  );
}

const ATTRIBUTE_HEADER = 4;
/** The two high bits of an attribute's type are flags (nested, network byte order). */
const ATTRIBUTE_TYPE_MASK = 0x3fff;

/** Messages and attributes begin at multiples of four octets. */
export const align = (length: number): number => (length + 3) & ~3;

/** Every attribute of a list as it stands; undefined when a length does not fit. */
export function splitAttributes(
  bytes: Uint8Array,
): { readonly type: number; readonly value: Uint8Array }[] | undefined {
  const found: { type: number; value: Uint8Array }[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at + ATTRIBUTE_HEADER <= bytes.length; ) {
    const length = view.getUint16(at, LITTLE_ENDIAN);
    if (length < ATTRIBUTE_HEADER || at + length > bytes.length) return undefined;
    found.push({
      type: view.getUint16(at + 2, LITTLE_ENDIAN) & ATTRIBUTE_TYPE_MASK,
      value: bytes.subarray(at + ATTRIBUTE_HEADER, at + length),
    });
    at += align(length);
  }
  return found;
}

/** One attribute with its header and padding. */
export function attribute(type: number, value: Uint8Array): Uint8Array {
  const length = ATTRIBUTE_HEADER + value.length;
  const bytes = new Uint8Array(align(length));
  const view = viewOf(bytes);
  view.setUint16(0, length, LITTLE_ENDIAN);
  view.setUint16(2, type, LITTLE_ENDIAN);
  bytes.set(value, ATTRIBUTE_HEADER);
  return bytes;
}

/**
 * A list of attributes: for each field, its type number and codec. Fields may be absent; attributes without a
 * field, or with octets that their codec refuses, are passed over.
 */
export function attributes<T extends object>(
  layout: {
    readonly [K in keyof T]-?: readonly [type: number, codec: Codec<NonNullable<T[K]>>];
  },
): Codec<T> {
  const entries = Object.entries(layout) as [keyof T, readonly [number, Codec<unknown>]][];
  const byType = new Map(entries.map(([name, [type, codec]]) => [type, { name, codec }]));
  return {
    decode: bytes => {
      const list = splitAttributes(bytes);
      if (list === undefined) return undefined;
      const value = {} as Record<keyof T, unknown>;
      for (const item of list) {
        const field = byType.get(item.type);
        const decoded = field?.codec.decode(item.value);
        if (field !== undefined && decoded !== undefined) value[field.name] = decoded;
      }
      return value as T;
    },
    encode: value =>
      concat(
        entries.flatMap(([name, [type, codec]]) =>
          value[name] === undefined ? [] : [attribute(type, codec.encode(value[name]))],
        ),
      ),
  };
}

/** A message body: a fixed structure, then attributes; one flat value. */
export function body<H extends object, A extends object>(header: Fixed<H>, list: Codec<A>): Codec<H & A> {
  return {
    decode: bytes => {
      const fixed = header.decode(bytes);
      const rest = fixed && list.decode(bytes.subarray(align(header.size)));
      return fixed && rest && { ...fixed, ...rest };
    },
    encode: value => {
      const fixed = new Uint8Array(align(header.size));
      fixed.set(header.encode(value));
      return concat([fixed, list.encode(value)]);
    },
  };
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
