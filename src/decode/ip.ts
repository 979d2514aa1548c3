/** The IP headers. */
import { ipv4Header } from '../wire/ipv4.ts';
import { IPV6_HEADER_LENGTH, ipv6Header } from '../wire/ipv6.ts';
import {
  type Dissector,
  faulty,
  headerFields,
  judgedChecksum,
  overrun,
  push,
  pushOctets,
  rightChecksum,
  u16,
} from './walk.ts';

export const showIpv6: Dissector = (walk, at, end) => {
  const shown = headerFields(walk, at, end, ipv6Header);
  if (shown === undefined) return undefined;
  const { octets } = walk;
  const start = at + IPV6_HEADER_LENGTH;
  const payloadEnd = start + u16(octets, at + 4);
  const versionFault = octets[at]! >> 4 === 6 ? undefined : 'is not 6';
  const fields = faulty(faulty(shown, 'version', versionFault), 'payloadLength', overrun(payloadEnd, end));
  push(walk, ipv6Header, at, start, fields);
  walk.source = octets.subarray(at + 8, at + 24);
  walk.destination = octets.subarray(at + 24, at + 40);
  if (versionFault !== undefined) return undefined;
  return { protocol: octets[at + 6]!, at: start, end: Math.min(end, payloadEnd) };
};

export const showIpv4: Dissector = (walk, at, end) => {
  const { octets } = walk;
  const start = at + ((octets[at] ?? 0) & 0xf) * 4;
  const shown = headerFields(walk, at, end, ipv4Header, start);
  if (shown === undefined) return undefined;
  const packetEnd = at + u16(octets, at + 2);
  const versionFault = octets[at]! >> 4 === 4 ? undefined : 'is not 4';
  const least = at + ipv4Header.size;
  const lengthFault = start < least ? `is below ${ipv4Header.size / 4}` : overrun(start, end);
  const totalFault = packetEnd < start ? 'is below the length of the header' : overrun(packetEnd, end);
  const lengths = faulty(faulty(shown, 'headerLength', lengthFault), 'totalLength', totalFault);
  const fields = faulty(lengths, 'version', versionFault);
  const headerEnd = Math.min(Math.max(start, least), end);
  const judged =
    lengthFault === undefined
      ? judgedChecksum(fields, rightChecksum(walk, undefined, at, start, at + 10))
      : fields;
  push(walk, ipv4Header, at, headerEnd, judged);
  walk.source = octets.subarray(at + 12, at + 16);
  walk.destination = octets.subarray(at + 16, at + 20);
  if (versionFault !== undefined || lengthFault !== undefined || packetEnd < start) return undefined;
  const payloadEnd = Math.min(end, packetEnd);
  if ((u16(octets, at + 6) & 0x3fff) !== 0) {
    pushOctets(walk, 'fragment', start, payloadEnd);
    return undefined;
  }
  return { protocol: octets[at + 9]!, at: start, end: payloadEnd };
};
