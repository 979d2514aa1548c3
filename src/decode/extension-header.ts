/** The extension headers of IPv6 (RFC 8200 §4). */
import { isGlobalUnicast } from '../wire/address.ts';
import { destinationOptions } from '../wire/destination-options.ts';
import { NEXT_HEADER_NAMES } from '../wire/ipv6.ts';
import { bits, flag, number, unused } from '../wire/layout/bits.ts';
import { reserved, u8, u32 } from '../wire/layout/numbers.ts';
import { type Field, layout, octetsField } from '../wire/layout/part.ts';
import { ROUTING_TYPE_2, TYPE_2_HEADER_EXT_LEN, type2RoutingHeader } from '../wire/type2-routing-header.ts';
import { type Dissector, faulty, fixedFields, type Walk } from './walk.ts';

const UNIT = 8;

const optionsHeader = layout(u8('nextHeader', NEXT_HEADER_NAMES), u8('headerExtLen'));

/** Where a header ends by its own length field of `unit` octets beyond the first 8; not past the packet. */
function extent(walk: Walk, at: number, end: number, unit = UNIT, first = UNIT) {
  const next = at + first + walk.octets[at + 1]! * unit;
  const fault = next > end ? `runs ${next - end} octets past the packet` : undefined;
  return { next: Math.min(next, end), fault };
}

export function showOptionsHeader(name: string, section: string): Dissector {
  return (walk, at, end) => {
    const shown = fixedFields(walk, at, end, { name, section, layout: optionsHeader });
    if (shown === undefined) return undefined;
    const { octets } = walk;
    const { next, fault } = extent(walk, at, end);
    const fields = faulty(shown, 'headerExtLen', fault);
    const first = fields.length;
    // Alignment counts from the header, which begins at a multiple of 8 of the packet.
    const inner: Field[] = [];
    destinationOptions.show(octets.subarray(at, next), optionsHeader.size, next - at, inner);
    fields.push(...inner.map(field => moved(field, at)));
    const home = fields
      .slice(first)
      .find(field => field.name === 'Home Address' && field.fault === undefined);
    if (home !== undefined) walk.source = octets.subarray(home.offset + 2, home.offset + home.length);
    walk.fields.push({ name, section, offset: at, length: next - at, fields });
    return fault === undefined ? { protocol: octets[at]!, at: next, end } : undefined;
  };
}

/** A field of a part of the packet that begins at `by`. */
export function moved(field: Field, by: number): Field {
  const offset = field.offset + by;
  return field.fields === undefined
    ? { ...field, offset }
    : { ...field, offset, fields: field.fields.map(inner => moved(inner, by)) };
}

const routingHeader = layout(
  u8('nextHeader', NEXT_HEADER_NAMES),
  u8('headerExtLen'),
  u8('routingType', { 0: 'source route (deprecated)', 2: 'Mobile IPv6', 3: 'RPL', 4: 'segment routing' }),
  u8('segmentsLeft'),
);

export const showRoutingHeader: Dissector = (walk, at, end) => {
  const name = 'Routing header';
  const section = 'RFC 8200 §4.4';
  const shown = fixedFields(walk, at, end, { name, section, layout: routingHeader });
  if (shown === undefined) return undefined;
  const { octets } = walk;
  const { next, fault } = extent(walk, at, end);
  const place = { offset: at, length: next - at };
  if (octets[at + 2] !== ROUTING_TYPE_2) {
    const fields = faulty(shown, 'headerExtLen', fault);
    fields.push(octetsField('data', octets, at + routingHeader.size, next));
    walk.fields.push({ name, section, ...place, fields });
  } else {
    walk.fields.push({
      name: 'Type 2 routing header',
      section: 'RFC 6275 §6.4',
      ...place,
      fields: type2Fields(walk, at, next),
    });
  }
  return fault === undefined ? { protocol: octets[at]!, at: next, end } : undefined;
};

/** RFC 6275 §11.3.3 */
function type2Fields(walk: Walk, at: number, end: number): Field[] {
  const { octets } = walk;
  const fields: Field[] = [];
  type2RoutingHeader.show(octets, at, end, fields);
  const home = octets.subarray(at + UNIT, at + type2RoutingHeader.size);
  const whole = home.length === 16;
  if (whole) walk.destination = home;
  const lengthFault = octets[at + 1] === TYPE_2_HEADER_EXT_LEN ? undefined : 'is not 2';
  const leftFault = octets[at + 3] === 1 ? undefined : 'is not 1';
  const homeFault = whole && !isGlobalUnicast(home) ? 'is not unicast routable' : undefined;
  const lengthChecked = faulty(fields, 'headerExtLen', lengthFault);
  return faulty(faulty(lengthChecked, 'segmentsLeft', leftFault), 'homeAddress', homeFault);
}

const fragmentHeader = layout(
  u8('nextHeader', NEXT_HEADER_NAMES),
  reserved(1),
  bits(2, number('fragmentOffset', 13), unused(2), flag('moreFragments', 'M')),
  u32('identification'),
);

export const showFragmentHeader: Dissector = (walk, at, end) => {
  const header = { name: 'Fragment header', section: 'RFC 8200 §4.5', layout: fragmentHeader };
  const fields = fixedFields(walk, at, end, header);
  if (fields === undefined) return undefined;
  const { octets } = walk;
  const { name, section } = header;
  const next = at + fragmentHeader.size;
  walk.fields.push({ name, section, offset: at, length: fragmentHeader.size, fields });
  const isWhole = octets[at + 2] === 0 && (octets[at + 3]! & 0xf9) === 0;
  if (isWhole) return { protocol: octets[at]!, at: next, end };
  walk.fields.push({ ...octetsField('fragment', octets, next, end), section });
  return undefined;
};

const authenticationHeader = layout(
  u8('nextHeader', NEXT_HEADER_NAMES),
  u8('payloadLen'),
  reserved(2),
  u32('spi'),
  u32('sequence'),
);

export const showAuthenticationHeader: Dissector = (walk, at, end) => {
  const header = { name: 'Authentication Header', section: 'RFC 4302 §2', layout: authenticationHeader };
  const shown = fixedFields(walk, at, end, header);
  if (shown === undefined) return undefined;
  const { octets } = walk;
  const { name, section } = header;
  const { next, fault } = extent(walk, at, end, 4);
  const fields = faulty(shown, 'payloadLen', fault);
  if (next > at + authenticationHeader.size) {
    fields.push(octetsField('integrityCheckValue', octets, at + authenticationHeader.size, next));
  }
  walk.fields.push({ name, section, offset: at, length: next - at, fields });
  return fault === undefined ? { protocol: octets[at]!, at: next, end } : undefined;
};
