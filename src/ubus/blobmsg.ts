/**
 * Values as libubox's `blobmsg` writes them: attributes whose identifier is a type, with a name before the content: u16
 * length, the name, NUL, padded to 4. Items of arrays have empty names.
 */
import type { JsonObject, JsonValue } from '../engine/types.ts';
import { decodeUtf8 } from '../wire/utf8.ts';
import { type Attribute, type BlobWriter, padded, parseAttributes } from './blob.ts';

/** Identifiers of types. `unspecified` is null. */
export const Type = {
  unspecified: 0,
  array: 1,
  table: 2,
  string: 3,
  int64: 4,
  int32: 5,
  int16: 6,
  boolean: 7,
  double: 8,
} as const;

/** Deeper nesting is refused: nobody's messages need it. */
const DEEPEST = 32;

/** Writes the members of a table. */
export function writeMembers(writer: BlobWriter, table: JsonObject): void {
  for (const [name, value] of Object.entries(table)) {
    if (value !== undefined) writeValue(writer, name, value);
  }
}

function writeValue(writer: BlobWriter, name: string, value: JsonValue): void {
  const start = writer.open(typeOf(value), name);
  if (typeof value === 'string') writer.text(value);
  else if (typeof value === 'boolean') writer.octets(Uint8Array.of(value ? 1 : 0));
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (Array.isArray(value)) for (const item of value) writeValue(writer, '', item);
  else if (value !== null) writeMembers(writer, value as JsonObject);
  writer.close(start);
}

function typeOf(value: JsonValue): number {
  switch (typeof value) {
    case 'string':
      return Type.string;
    case 'boolean':
      return Type.boolean;
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) return Type.double;
      return value === (value | 0) ? Type.int32 : Type.int64;
    default:
      if (value === null) return Type.unspecified;
      return Array.isArray(value) ? Type.array : Type.table;
  }
}

function writeNumber(writer: BlobWriter, value: number): void {
  const type = typeOf(value);
  if (type === Type.int32) writer.u32(value);
  else if (type === Type.int64) writer.u64(BigInt(value));
  else writer.double(value);
}

/** The table whose members fill `octets`; undefined when they make no sense. 64 bits may lose their last digits. */
export function parseMembers(octets: Uint8Array, depth = 0): JsonObject | undefined {
  const attributes = depth > DEEPEST ? undefined : parseAttributes(octets);
  if (attributes === undefined) return undefined;
  const members: [string, JsonValue][] = [];
  for (const attribute of attributes) {
    const member = parseMember(attribute, depth);
    if (member === undefined) return undefined;
    members.push(member);
  }
  return Object.fromEntries(members);
}

function parseMember({ id, extended, content }: Attribute, depth: number): [string, JsonValue] | undefined {
  if (!extended || content.length < 2) return undefined;
  const length = (content[0]! << 8) | content[1]!;
  const begin = padded(2 + length + 1);
  if (begin > content.length || content[2 + length] !== 0) return undefined;
  const value = parseValue(id, content.subarray(begin), depth);
  return value === undefined ? undefined : [decodeUtf8(content.subarray(2, 2 + length)), value];
}

/** Octets of the types of one length. */
const LENGTHS: { readonly [type: number]: number } = {
  [Type.int64]: 8,
  [Type.int32]: 4,
  [Type.int16]: 2,
  [Type.boolean]: 1,
  [Type.double]: 8,
};

function parseValue(type: number, octets: Uint8Array, depth: number): JsonValue | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const length = LENGTHS[type];
  if (length !== undefined && octets.length !== length) return undefined;
  switch (type) {
    case Type.unspecified:
      return null;
    case Type.array:
      return parseItems(octets, depth + 1);
    case Type.table:
      return parseMembers(octets, depth + 1);
    case Type.string:
      return parseText(octets);
    case Type.int64:
      return Number(view.getBigInt64(0));
    case Type.int32:
      return view.getInt32(0);
    case Type.int16:
      return view.getInt16(0);
    case Type.boolean:
      return octets[0] !== 0;
    case Type.double:
      return view.getFloat64(0);
    default:
      return undefined;
  }
}

function parseItems(octets: Uint8Array, depth: number): JsonValue[] | undefined {
  const attributes = depth > DEEPEST ? undefined : parseAttributes(octets);
  const items = attributes?.map(attribute => parseMember(attribute, depth)?.[1]);
  return items?.some(item => item === undefined) ? undefined : (items as JsonValue[] | undefined);
}

/** A string with the NUL that ends it; undefined without one. */
export function parseText(octets: Uint8Array): string | undefined {
  const end = octets.indexOf(0);
  return end === octets.length - 1 ? decodeUtf8(octets.subarray(0, end)) : undefined;
}
