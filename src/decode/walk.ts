/** What the dissectors of the single headers share. */
import type { Address, Ipv4Address } from '../wire/address.ts';
import { checksum, plainChecksum } from '../wire/checksum.ts';
import type { Header } from '../wire/layout/header.ts';
import { type Field, octetsField } from '../wire/layout/part.ts';
import type { MobilityCodec } from '../wire/mobility-header.ts';

/** A packet on the way through its headers. */
export interface Walk {
  readonly octets: Uint8Array;
  readonly codec: MobilityCodec;
  /** One for each header so far. */
  readonly fields: Field[];
  /** What checksums are computed over: of the innermost IP header so far, or home addresses that stand for them. */
  source: Address | Ipv4Address;
  destination: Address | Ipv4Address;
}

/** The header to go on with; undefined: the packet is done, or cannot be read further. */
export type Next = { readonly protocol: number; readonly at: number; readonly end: number } | undefined;

/** Reads the header at `at`, appends its fields, and says what follows. `end` is where the packet ends. */
export type Dissector = (walk: Walk, at: number, end: number) => Next;

/**
 * The fields of a header that ends at `next` at the latest; undefined, and a fault, when the packet ends before what it has
 * at least.
 */
export function headerFields(
  walk: Walk,
  at: number,
  end: number,
  header: Header<never>,
  next = at + header.size,
): Field[] | undefined {
  const { name, section, size } = header;
  if (at + size > end) {
    const fault = `the packet ends within it: ${end - at} octets, not ${size}`;
    walk.fields.push({ ...octetsField(name, walk.octets, at, end), section, fault });
    return undefined;
  }
  const fields: Field[] = [];
  header.show(walk.octets, at, Math.min(Math.max(next, at + size), end), fields);
  return fields;
}

/** Appends a header with these fields. */
export function push(
  walk: Walk,
  { name, section }: Header<never>,
  at: number,
  end: number,
  fields: Field[],
): void {
  walk.fields.push({ name, section, offset: at, length: end - at, fields });
}

/** Appends what has no dissector: its octets. */
export function pushOctets(walk: Walk, name: string, at: number, end: number): void {
  if (at < end) walk.fields.push(octetsField(name, walk.octets, at, end));
}

/** The fields with a fault, if there is one, at the one of this name. */
export function faulty(fields: readonly Field[], name: string, fault: string | undefined): Field[] {
  return fields.map(field => (field.name === name && fault !== undefined ? { ...field, fault } : field));
}

/** The fields with a remark on the one of this name. */
export function remarked(fields: readonly Field[], name: string, meaning: string): Field[] {
  return fields.map(field => (field.name === name ? { ...field, meaning } : field));
}

/** What is wrong with a length that lets something end at `next`. */
export function overrun(next: number, end: number): string | undefined {
  return next > end ? `runs ${next - end} octets past the packet` : undefined;
}

/**
 * Says of the field `checksum` whether it is right; `right` is what it should be, `partial` what a host writes that leaves
 * the work to its network card: where it is captured before that, nothing is wrong.
 */
export function judgedChecksum(fields: readonly Field[], right: number, partial?: number): Field[] {
  const seen = fields.find(field => field.name === 'checksum')?.value;
  if (seen === partial && seen !== right) return remarked(fields, 'checksum', 'left to the network card');
  return seen === right
    ? remarked(fields, 'checksum', 'correct')
    : faulty(fields, 'checksum', `is wrong: ${right} would be right`);
}

/**
 * The right value of the checksum at `field` of `octets[start..end)`: over the pseudo-header of the walk's addresses and
 * `protocol`, or over the octets alone.
 */
export function rightChecksum(
  walk: Walk,
  protocol: number | undefined,
  start: number,
  end: number,
  field: number,
): number {
  const part = walk.octets.slice(start, end);
  part.fill(0, field - start, field - start + 2);
  return protocol === undefined
    ? plainChecksum(part)
    : checksum(walk.source, walk.destination, protocol, part);
}

/** The sum of the pseudo-header alone, for a payload of this length. */
export function partialChecksum(walk: Walk, protocol: number, length: number): number {
  return checksum(walk.source, walk.destination, protocol, new Uint8Array(length)) ^ 0xffff;
}

/** A field of a part of the packet that begins at `by`. */
export function moved(field: Field, by: number): Field {
  const offset = field.offset + by;
  return field.fields === undefined
    ? { ...field, offset }
    : { ...field, offset, fields: field.fields.map(inner => moved(inner, by)) };
}

export function u16(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!;
}
