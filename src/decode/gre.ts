/** Generic Routing Encapsulation. */
import { GreProtocol, greHeader } from '../wire/gre.ts';
import { NextHeader } from '../wire/ipv6.ts';
import { type Dissector, headerFields, judgedChecksum, pushOctets, rightChecksum, u16 } from './walk.ts';

const CHECKSUM_PRESENT = 0x80;

export const showGre: Dissector = (walk, at, end) => {
  const { octets } = walk;
  const length = at + greHeader.size > end ? undefined : greHeader.extent!(octets, at, end);
  const next = at + (length ?? greHeader.size);
  const fields = headerFields(walk, at, end, greHeader, next);
  if (fields === undefined) return undefined;
  const fault = greHeader.read(octets, at, end, {})?.rule;
  const hasChecksum = fault === undefined && (octets[at]! & CHECKSUM_PRESENT) !== 0;
  const judged = hasChecksum
    ? judgedChecksum(fields, rightChecksum(walk, undefined, at, end, at + 4))
    : fields;
  const { name, section } = greHeader;
  walk.fields.push({ name, section, offset: at, length: next - at, fields: judged, fault });
  if (fault !== undefined) return undefined;
  const type = u16(octets, at + 2);
  if (type === GreProtocol.ipv6) return { protocol: NextHeader.ipv6, at: next, end };
  if (type === GreProtocol.ipv4) return { protocol: NextHeader.ipv4, at: next, end };
  pushOctets(walk, 'payload', next, end);
  return undefined;
};
