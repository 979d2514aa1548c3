/** The packet that an ICMPv6 error is about, as far as the error has it (RFC 4443 §2.4 (c)). */
import type { Address } from '../wire/address.ts';
import { parseEnvelope } from '../wire/envelope.ts';
import type { HeaderChain } from '../wire/extension-headers.ts';
import { parseIcmpv6Payload } from '../wire/icmpv6/icmpv6-packet.ts';
import { IPV6_HEADER_LENGTH, parseIpv6Header } from '../wire/ipv6.ts';
import type { ReceivedPacket } from './types.ts';

export interface InvokingPacket extends Readonly<HeaderChain> {
  readonly source: Address;
  readonly destination: Address;
  readonly octets: Uint8Array;
}

export interface Icmpv6Error {
  readonly kind: 'destination-unreachable' | 'parameter-problem';
  readonly code: number;
  readonly invoking: InvokingPacket;
}

/** Undefined for anything else than a readable error of these kinds. */
export function receiveIcmpv6Error(packet: ReceivedPacket): Icmpv6Error | undefined {
  const icmpv6 = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
  if (!icmpv6.ok) return undefined;
  const { message } = icmpv6.value;
  if (message.kind !== 'destination-unreachable' && message.kind !== 'parameter-problem') return undefined;
  const invoking = parseBeginning(message.invoking);
  return invoking && { kind: message.kind, code: message.code, invoking };
}

/** Reads the headers of a packet whose end may be missing. */
export function parseBeginning(packet: Uint8Array): InvokingPacket | undefined {
  if (packet.length < IPV6_HEADER_LENGTH) return undefined;
  const octets = packet.slice();
  const length = Math.min((octets[4]! << 8) | octets[5]!, octets.length - IPV6_HEADER_LENGTH);
  octets[4] = length >> 8;
  octets[5] = length & 0xff;
  const header = parseIpv6Header(octets);
  if (!header.ok) return undefined;
  const { source, destination, nextHeader } = header.value;
  const end = IPV6_HEADER_LENGTH + length;
  const chain = parseEnvelope(nextHeader, octets, IPV6_HEADER_LENGTH, end, source, destination);
  return chain.ok ? { ...chain.value, source, destination, octets: octets.subarray(0, end) } : undefined;
}
