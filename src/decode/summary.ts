/** A message in one line, for logs and as the title of a decoded packet. */
import type { Field } from '../wire/layout/part.ts';

/** `Binding Update, sequence 7, A H R, lifetime 600, Binding Identifier (bid 1, priority 10)`. */
export function summary({ name, value, fields }: Field): string {
  const own = value === undefined ? name : `${name} ${value}`;
  return [own, ...(fields ?? []).flatMap(field => part(field))].join(', ');
}

/** What the name of the message says already, or nobody asks for in one line. */
const DULL = ['type', 'code', 'checksum', 'Pad1', 'PadN'];

/** Flags that are not set and padding say nothing. */
function part(field: Field): string[] {
  const { name, value, fields, meaning } = field;
  if (value === false || DULL.includes(name)) return [];
  if (value === true) return [meaning ?? name];
  if (fields === undefined) return value === undefined ? [] : [`${words(name)} ${value}`];
  const inner = fields.flatMap(part).join(', ');
  return [inner === '' ? name : `${name} (${inner})`];
}

/** Written in capitals everywhere in the field. */
const ABBREVIATIONS = /\b(bid|fid|spi|mh|udp|tlv|gre|dns|iid|mag|lma|nat|ha|rr)\b/g;

/** `careOfAddress` -> `care-of address`; what is not in camel case stays. */
export function words(name: string): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return name;
  const plain = name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replace('care of', 'care-of');
  return plain.replace(ABBREVIATIONS, abbreviation => abbreviation.toUpperCase());
}
