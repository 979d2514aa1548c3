/** `kedge decode` for people: an indented line a field, with its section; faults stand under what they are about. */
import type { DecodeFault } from '../decode/faults.ts';
import { packetLine } from '../decode/line.ts';
import type { Decoded } from '../decode/packet.ts';
import { words } from '../decode/summary.ts';
import type { Field } from '../wire/layout/part.ts';
import { printable, type Screen } from './layout.ts';
import { counted } from './units.ts';

const INDENT = '  ';
/** Columns before the section; longer lines push it out. */
const SECTION_COLUMN = 56;

/** One packet: a title, its fields, and how many faults there are. */
export function renderDecoded(packet: Decoded, title: string, screen: Screen): string[] {
  return [
    screen.paint(`${title}${printable(packetLine(packet))}`, 'strong'),
    ...packet.fields.flatMap(field => renderField(field, INDENT, screen)),
    ...renderFaults(packet.faults, screen),
  ];
}

function renderField(field: Field, indent: string, screen: Screen): string[] {
  const { section } = field;
  const line = indent + printable(label(field));
  const lines = [
    section === undefined ? line : `${line.padEnd(SECTION_COLUMN)}  ${screen.paint(section, 'faint')}`,
  ];
  if (field.fault !== undefined)
    lines.push(screen.paint(`${indent}${INDENT}! ${printable(field.fault)}`, 'bad'));
  for (const inner of field.fields ?? []) lines.push(...renderField(inner, indent + INDENT, screen));
  return lines;
}

/** `lifetime: 600 (seconds)`, `acknowledge (A): set`, `Binding Identifier (mobility option 35)`. */
function label({ name, value, meaning }: Field): string {
  const title = words(name);
  if (typeof value === 'boolean') {
    return `${title}${meaning === undefined ? '' : ` (${meaning})`}: ${value ? 'set' : 'not set'}`;
  }
  const note = meaning === undefined ? '' : ` (${meaning})`;
  return value === undefined ? `${title}${note}` : `${title}: ${value}${note}`;
}

function renderFaults(faults: readonly DecodeFault[], screen: Screen): string[] {
  if (faults.length === 0) return [];
  const list = faults.map(({ offset, rule, where, section }) => {
    const source = section === undefined ? '' : ` (${section})`;
    return printable(`${INDENT}offset ${offset}, ${where}: ${rule}${source}`);
  });
  return [screen.paint(`${counted(faults.length, 'fault')}:`, 'bad'), ...list];
}
