/** IP packets of either version. */
import { type Address, IPV4_ADDRESS_LENGTH, type Ipv4Address } from './address.ts';
import { parseEnvelope } from './envelope.ts';
import { emitIpv4, parseIpv4 } from './ipv4.ts';
import { emitIpv6, IPV6_HEADER_LENGTH, NextHeader, parseIpv6Header } from './ipv6.ts';
import type { Result } from './result.ts';

/** The protocol number of an IP packet by its version; undefined when it is neither 4 nor 6. */
export function protocolOf(packet: Uint8Array): number | undefined {
  const version = (packet[0] ?? 0) >> 4;
  if (version === 6) return NextHeader.ipv6;
  return version === 4 ? NextHeader.ipv4 : undefined;
}

/** A packet of the family of the addresses. Throws a RangeError when they are of two. */
export function emitIp(
  source: Address | Ipv4Address,
  destination: Address | Ipv4Address,
  protocol: number,
  payload: Uint8Array,
): Uint8Array {
  return source.length === IPV4_ADDRESS_LENGTH
    ? emitIpv4(source, destination, protocol, payload)
    : emitIpv6(source, destination, protocol, payload);
}

export interface IpPacket {
  readonly source: Address | Ipv4Address;
  readonly destination: Address | Ipv4Address;
  readonly protocol: number;
  /** Where the payload begins and ends, in octets from the start of the packet. */
  readonly payload: number;
  readonly end: number;
}

/** The payload of a packet of either version, after extension headers. */
export function parseIp(packet: Uint8Array): Result<IpPacket> {
  if (protocolOf(packet) === NextHeader.ipv4) return parseIpv4(packet);
  const header = parseIpv6Header(packet);
  if (!header.ok) return header;
  const { source, destination, nextHeader, payloadLength } = header.value;
  const end = IPV6_HEADER_LENGTH + payloadLength;
  const chain = parseEnvelope(nextHeader, packet, IPV6_HEADER_LENGTH, end, source, destination);
  if (!chain.ok) return chain;
  const { protocol, payload } = chain.value;
  return { ok: true, value: { source, destination, protocol, payload, end } };
}
