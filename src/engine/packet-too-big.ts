/**
 * Path MTU of direct ways. Linux looks for the socket that an ICMPv6 Packet Too Big is about by the addresses in the IPv6
 * header of the invoking packet; with a Home Address option or a type 2 routing header one of them is a care-of address, which
 * no socket knows, and the error is lost.
 */
import { emitIcmpv6Packet } from '../wire/icmpv6/icmpv6-packet.ts';
import { IPV6_HEADER_LENGTH, NextHeader } from '../wire/ipv6.ts';
import type { ReceivedPacket } from './types.ts';

/** ICMPv6 type. */
const PACKET_TOO_BIG = 2;
export const icmpv6Types: readonly number[] = [PACKET_TOO_BIG];
const BODY = 4;
const INVOKING = BODY + 4;
const NEXT_HEADER = 6;
const PAYLOAD_LENGTH = 4;
/** As much of an ICMPv6 message as there must be. */
const REST = 8;

/**
 * The error as if an ICMPv6 message between the same two addresses had been too big: there the kernel asks for no socket, and
 * the path MTU is that of all packets between them. To be sent to its destination, this host. Undefined when the error is
 * about something else.
 */
export function restatedTooBig({ nextHeader, bytes, destination }: ReceivedPacket): Uint8Array | undefined {
  if (nextHeader !== NextHeader.icmpv6 || bytes[0] !== PACKET_TOO_BIG) return undefined;
  const header = bytes.subarray(INVOKING, INVOKING + IPV6_HEADER_LENGTH);
  const next = header[NEXT_HEADER];
  const isDirect = next === NextHeader.routing || next === NextHeader.destinationOptions;
  if (header.length < IPV6_HEADER_LENGTH || !isDirect) return undefined;
  const data = new Uint8Array(INVOKING - BODY + IPV6_HEADER_LENGTH + REST);
  data.set(bytes.subarray(BODY, INVOKING + IPV6_HEADER_LENGTH));
  const at = INVOKING - BODY;
  data.set([0, REST, NextHeader.icmpv6], at + PAYLOAD_LENGTH);
  const message = { kind: 'opaque', type: PACKET_TOO_BIG, code: 0, data } as const;
  return emitIcmpv6Packet({ source: destination, destination, message });
}
