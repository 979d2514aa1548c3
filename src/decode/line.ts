/** A packet in one line, for logs and as a title. */
import type { Field } from '../wire/layout/part.ts';
import type { Decoded } from './packet.ts';
import { summary } from './summary.ts';

/** `2001:db8:a::2 > 2001:db8:ffff::1: Heartbeat, R, sequence 9`; the addresses are those of the outermost header. */
export function packetLine({ fields }: Decoded): string {
  const [outer] = fields;
  const last = fields.at(-1);
  if (outer === undefined || last === undefined) return 'nothing';
  return `${textOf(outer, 'source')} > ${textOf(outer, 'destination')}: ${summary(last)}`;
}

function textOf(header: Field, name: string): string {
  return String(header.fields?.find(field => field.name === name)?.value ?? '?');
}
