/** The IPv6 header (RFC 8200 §3). Traffic class and flow label are zero on what Kedge sends itself. */
import { ADDRESS_LENGTH, type Address } from './address.ts';
import { bits, number } from './layout/bits.ts';
import { header } from './layout/header.ts';
import { type Names, u8, u16 } from './layout/numbers.ts';
import { address } from './layout/octets.ts';
import type { ValueOf } from './layout/part.ts';
import { failure, type Result } from './result.ts';

export const IPV6_HEADER_LENGTH = 40;

/** Next Header numbers (IANA "Assigned Internet Protocol Numbers"). */
export const NextHeader = {
  hopByHop: 0,
  ipv4: 4,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  authentication: 51,
  icmpv6: 58,
  none: 59,
  destinationOptions: 60,
  mobility: 135,
} as const;

export const NEXT_HEADER_NAMES: Names = {
  0: 'Hop-by-Hop Options',
  4: 'IPv4',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  43: 'Routing header',
  44: 'Fragment header',
  47: 'GRE',
  50: 'Encapsulating Security Payload',
  51: 'Authentication Header',
  58: 'ICMPv6',
  59: 'no next header',
  60: 'Destination Options',
  135: 'Mobility Header',
};

const DEFAULT_HOP_LIMIT = 64;
const SOURCE = 8;
const DESTINATION = SOURCE + ADDRESS_LENGTH;

export const ipv6Header = header(
  'Internet Protocol Version 6',
  'RFC 8200 §3',
  bits(4, number('version', 4), number('trafficClass', 8), number('flowLabel', 20)),
  u16('payloadLength'), // octets after the header
  u8('nextHeader', NEXT_HEADER_NAMES),
  u8('hopLimit'),
  address('source'),
  address('destination'),
);
export type Ipv6Header = ValueOf<typeof ipv6Header>;

/** The source address of a whole packet that is known to be one; a view of its octets. */
export function sourceOf(packet: Uint8Array): Address {
  return packet.subarray(SOURCE, DESTINATION);
}

/** Octets after the Payload Length are allowed and not counted. */
export function parseIpv6Header(packet: Uint8Array): Result<Ipv6Header> {
  if (packet.length < IPV6_HEADER_LENGTH) {
    return failure(packet.length, 'the packet ends within the IPv6 header', 'RFC 8200 §3', 'truncated');
  }
  if (packet[0]! >> 4 !== 6) return failure(0, 'the version is not 6', 'RFC 8200 §3', 'ipv6-version');
  const payloadLength = (packet[4]! << 8) | packet[5]!;
  if (IPV6_HEADER_LENGTH + payloadLength > packet.length) {
    return failure(4, 'the Payload Length runs past the packet', 'RFC 8200 §3', 'truncated');
  }
  const value = {} as Ipv6Header;
  ipv6Header.read(packet, 0, IPV6_HEADER_LENGTH, value);
  return { ok: true, value };
}

/**
 * A whole packet around the payload; hop limit 64 unless told.
 * Throws a RangeError for a payload above 65535 octets, or a field that does not fit.
 */
export function emitIpv6(
  source: Address,
  destination: Address,
  nextHeader: number,
  payload: Uint8Array,
  hopLimit = DEFAULT_HOP_LIMIT,
): Uint8Array {
  if (payload.length > 0xffff) throw new RangeError(`a payload of ${payload.length} octets`);
  const packet = new Uint8Array(IPV6_HEADER_LENGTH + payload.length);
  const payloadLength = payload.length;
  ipv6Header.write(packet, 0, {
    version: 6,
    trafficClass: 0,
    flowLabel: 0,
    payloadLength,
    nextHeader,
    hopLimit,
    source,
    destination,
  });
  packet.set(payload, IPV6_HEADER_LENGTH);
  return packet;
}
