/** The IP headers. */
import { IPV6_HEADER_LENGTH, ipv6Header } from '../wire/ipv6.ts';
import { type Dissector, faulty, fixedFields, u16 } from './walk.ts';

const IPV6 = { name: 'Internet Protocol Version 6', section: 'RFC 8200 §3', layout: ipv6Header };

export const showIpv6: Dissector = (walk, at, end) => {
  const shown = fixedFields(walk, at, end, IPV6);
  if (shown === undefined) return undefined;
  const { octets } = walk;
  const start = at + IPV6_HEADER_LENGTH;
  const payloadEnd = start + u16(octets, at + 4);
  const versionFault = octets[at]! >> 4 === 6 ? undefined : 'the version is not 6';
  const lengthFault = payloadEnd > end ? `runs ${payloadEnd - end} octets past the packet` : undefined;
  const fields = faulty(faulty(shown, 'version', versionFault), 'payloadLength', lengthFault);
  const { name, section } = IPV6;
  walk.fields.push({ name, section, offset: at, length: IPV6_HEADER_LENGTH, fields });
  walk.source = octets.subarray(at + 8, at + 24);
  walk.destination = octets.subarray(at + 24, at + 40);
  if (versionFault !== undefined) return undefined;
  return { protocol: octets[at + 6]!, at: start, end: Math.min(end, payloadEnd) };
};
