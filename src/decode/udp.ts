/** UDP, and the packets that tunnels of Mobile IPv6 put into it (RFC 5555 §4.1, RFC 5844 §4). */
import { IPV4_ADDRESS_LENGTH } from '../wire/address.ts';
import { protocolOf } from '../wire/ip.ts';
import { NextHeader } from '../wire/ipv6.ts';
import { tlvHeader } from '../wire/pmipv6-udp.ts';
import { UdpPort, udpHeader } from '../wire/udp.ts';
import { showBareMobilityHeader } from './mobility.ts';
import {
  type Dissector,
  faulty,
  headerFields,
  judgedChecksum,
  type Next,
  overrun,
  partialChecksum,
  push,
  pushOctets,
  remarked,
  rightChecksum,
  u16,
  type Walk,
} from './walk.ts';

const CHECKSUM = 6;

export const showUdp: Dissector = (walk, at, end) => {
  const shown = headerFields(walk, at, end, udpHeader);
  if (shown === undefined) return undefined;
  const { octets } = walk;
  const start = at + udpHeader.size;
  const datagramEnd = at + u16(octets, at + 4);
  const fault = datagramEnd < start ? 'is below 8' : overrun(datagramEnd, end);
  const fields = faulty(shown, 'length', fault);
  // Only over IPv4 may a sender leave it out (RFC 8200 §8.1).
  const isUnsummed = u16(octets, at + CHECKSUM) === 0 && walk.source.length === IPV4_ADDRESS_LENGTH;
  const right = (): number => rightChecksum(walk, NextHeader.udp, at, datagramEnd, at + CHECKSUM) || 0xffff;
  const judged = isUnsummed
    ? remarked(fields, 'checksum', 'none')
    : fault === undefined
      ? judgedChecksum(fields, right(), partialChecksum(walk, NextHeader.udp, datagramEnd - at))
      : fields;
  push(walk, udpHeader, at, start, judged);
  if (fault !== undefined) return undefined;
  const ports = [u16(octets, at), u16(octets, at + 2)];
  if (ports.includes(UdpPort.pmipv6Control)) return showBareMobilityHeader(walk, start, datagramEnd);
  if (ports.includes(UdpPort.dsmipv6) || ports.includes(UdpPort.pmipv6Data)) {
    return showTunnelled(walk, start, datagramEnd);
  }
  pushOctets(walk, 'payload', start, datagramEnd);
  return undefined;
};

/** An IP packet, or a TLV header and what it announces. */
function showTunnelled(walk: Walk, at: number, end: number): Next {
  const { octets } = walk;
  const protocol = protocolOf(octets.subarray(at, end));
  if (protocol !== undefined) return { protocol, at, end };
  if (octets[at]! >> 4 !== 0) {
    pushOctets(walk, 'payload', at, end);
    return undefined;
  }
  const fields = headerFields(walk, at, end, tlvHeader);
  if (fields === undefined) return undefined;
  const next = at + tlvHeader.size;
  const length = u16(octets, at + 2);
  const fault = next + length === end ? undefined : `is not the ${end - next} octets that follow`;
  push(walk, tlvHeader, at, next, faulty(fields, 'length', fault));
  return { protocol: octets[at + 1]!, at: next, end };
}
