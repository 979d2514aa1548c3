/** The extension headers of IPv6 (RFC 8200 §4). */
import { isGlobalUnicast } from '../wire/address.ts';
import { authenticationHeader, authenticationHeaderLength } from '../wire/authentication-header.ts';
import { destinationOptions } from '../wire/destination-options.ts';
import { fragmentHeader, isAtomicFragment } from '../wire/fragment-header.ts';
import { NEXT_HEADER_NAMES } from '../wire/ipv6.ts';
import { header } from '../wire/layout/header.ts';
import { type Names, u8 } from '../wire/layout/numbers.ts';
import { rest } from '../wire/layout/octets.ts';
import type { Field } from '../wire/layout/part.ts';
import { ROUTING_TYPE_2, TYPE_2_HEADER_EXT_LEN, type2RoutingHeader } from '../wire/type2-routing-header.ts';
import { type Dissector, faulty, headerFields, moved, overrun, push, pushOctets, type Walk } from './walk.ts';

const UNIT = 8;

/** What begins with these two octets; after `next` follows what the first says. */
function follower(walk: Walk, at: number, end: number, next: number) {
  return next > end ? undefined : { protocol: walk.octets[at]!, at: next, end };
}

export function showOptionsHeader(name: string, section: string): Dissector {
  const format = header(name, section, u8('nextHeader', NEXT_HEADER_NAMES), u8('headerExtLen'));
  return (walk, at, end) => {
    const shown = headerFields(walk, at, end, format);
    if (shown === undefined) return undefined;
    const { octets } = walk;
    const next = at + UNIT + octets[at + 1]! * UNIT;
    const last = Math.min(next, end);
    // Alignment counts from the header, which begins at a multiple of 8 of the packet.
    const options: Field[] = [];
    destinationOptions.show(octets.subarray(at, last), format.size, last - at, options);
    const home = options.find(field => field.name === 'Home Address' && field.length === 18);
    if (home !== undefined) walk.source = octets.subarray(at + home.offset + 2, at + home.offset + 18);
    const fields = faulty(shown, 'headerExtLen', overrun(next, end));
    push(walk, format, at, last, [...fields, ...options.map(field => moved(field, at))]);
    return follower(walk, at, end, next);
  };
}

const ROUTING_TYPES: Names = {
  0: 'source route',
  2: 'Mobile IPv6',
  3: 'RPL source route',
  4: 'segment routing',
};

const routingHeader = header(
  'Routing header',
  'RFC 8200 §4.4',
  u8('nextHeader', NEXT_HEADER_NAMES),
  u8('headerExtLen'),
  u8('routingType', ROUTING_TYPES),
  u8('segmentsLeft'),
  rest('data'),
);

export const showRoutingHeader: Dissector = (walk, at, end) => {
  const { octets } = walk;
  const next = at + UNIT + (octets[at + 1] ?? 0) * UNIT;
  const isType2 = octets[at + 2] === ROUTING_TYPE_2;
  const format = isType2 ? type2RoutingHeader : routingHeader;
  const shown = headerFields(walk, at, end, format, next);
  if (shown === undefined) return undefined;
  const fields = isType2 ? type2Faults(walk, at, shown) : shown;
  push(walk, format, at, Math.min(next, end), faulty(fields, 'headerExtLen', overrun(next, end)));
  return follower(walk, at, end, next);
};

/** RFC 6275 §11.3.3 */
function type2Faults(walk: Walk, at: number, fields: readonly Field[]): Field[] {
  const { octets } = walk;
  const home = octets.subarray(at + UNIT, at + type2RoutingHeader.size);
  walk.destination = home;
  const lengthFault =
    octets[at + 1] === TYPE_2_HEADER_EXT_LEN ? undefined : `is not ${TYPE_2_HEADER_EXT_LEN}`;
  const leftFault = octets[at + 3] === 1 ? undefined : 'is not 1';
  const homeFault = isGlobalUnicast(home) ? undefined : 'is not unicast routable';
  const lengthChecked = faulty(fields, 'headerExtLen', lengthFault);
  return faulty(faulty(lengthChecked, 'segmentsLeft', leftFault), 'homeAddress', homeFault);
}

export const showFragmentHeader: Dissector = (walk, at, end) => {
  const fields = headerFields(walk, at, end, fragmentHeader);
  if (fields === undefined) return undefined;
  const next = at + fragmentHeader.size;
  push(walk, fragmentHeader, at, next, fields);
  if (isAtomicFragment(walk.octets, at)) return follower(walk, at, end, next);
  pushOctets(walk, 'fragment', next, end);
  return undefined;
};

export const showAuthenticationHeader: Dissector = (walk, at, end) => {
  const next = at + authenticationHeaderLength(walk.octets[at + 1] ?? 0);
  const fields = headerFields(walk, at, end, authenticationHeader, next);
  if (fields === undefined) return undefined;
  const tooShort = next < at + authenticationHeader.size ? 'is below that of the fixed fields' : undefined;
  const fault = tooShort ?? overrun(next, end);
  push(walk, authenticationHeader, at, Math.min(next, end), faulty(fields, 'payloadLength', fault));
  return fault === undefined ? follower(walk, at, end, next) : undefined;
};
