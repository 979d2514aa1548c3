/** ICMPv6 (RFC 4443), with the messages of Mobile IPv6 and neighbour discovery. */
import { ICMPV6_CHECKSUM, icmpv6Format, showIcmpv6 as showMessage } from '../wire/icmpv6/icmpv6-message.ts';
import { NextHeader } from '../wire/ipv6.ts';
import type { Field } from '../wire/layout/part.ts';
import { type Dissector, judgedChecksum, moved, rightChecksum } from './walk.ts';

export const showIcmpv6: Dissector = (walk, at, end) => {
  const fields: Field[] = [];
  const message = walk.octets.slice(at, end);
  const fault = showMessage(message, fields);
  const { name, section } = icmpv6Format(message[0] ?? -1) ?? { name: 'ICMPv6', section: 'RFC 4443 §2.1' };
  const placed = fields.map(field => moved(field, at));
  const judged =
    placed.length === 0
      ? placed
      : judgedChecksum(placed, rightChecksum(walk, NextHeader.icmpv6, at, end, at + ICMPV6_CHECKSUM));
  walk.fields.push({ name, section, offset: at, length: end - at, fields: judged, fault });
  return undefined;
};
