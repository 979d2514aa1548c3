/** What the dissectors of the single headers share. */
import type { Address, Ipv4Address } from '../wire/address.ts';
import { type Field, octetsField, type Part } from '../wire/layout/part.ts';
import type { MobilityCodec } from '../wire/mobility-header.ts';

/** A packet on the way through its headers. */
export interface Walk {
  readonly octets: Uint8Array;
  readonly codec: MobilityCodec;
  /** One for each header so far. */
  readonly fields: Field[];
  /** Of the innermost IP header so far: what checksums are computed over. */
  source: Address | Ipv4Address;
  destination: Address | Ipv4Address;
}

/** The header to go on with; undefined: the packet is done, or cannot be read further. */
export type Next = { readonly protocol: number; readonly at: number; readonly end: number } | undefined;

/** Reads the header at `at`, appends its fields, and says what follows. `end` is where the packet ends. */
export type Dissector = (walk: Walk, at: number, end: number) => Next;

export interface Header {
  readonly name: string;
  readonly section: string;
  readonly layout: Part<object>;
}

/** The fields of a header, or undefined and a fault when the packet ends before them. */
export function fixedFields(walk: Walk, at: number, end: number, header: Header): Field[] | undefined {
  const { name, section, layout } = header;
  if (at + layout.size > end) {
    const fault = `the packet ends within it: ${end - at} octets, not ${layout.size}`;
    walk.fields.push({ ...octetsField(name, walk.octets, at, end), section, fault });
    return undefined;
  }
  const fields: Field[] = [];
  layout.show(walk.octets, at, at + layout.size, fields);
  return fields;
}

/** The fields with a fault at the one of this name. */
export function faulty(fields: readonly Field[], name: string, fault: string | undefined): Field[] {
  return fields.map(field => (field.name === name && fault !== undefined ? { ...field, fault } : field));
}

/** The fields with a remark on the one of this name. */
export function remarked(fields: readonly Field[], name: string, meaning: string): Field[] {
  return fields.map(field => (field.name === name ? { ...field, meaning } : field));
}

export function u16(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!;
}
