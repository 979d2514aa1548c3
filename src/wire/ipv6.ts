/** The IPv6 header (RFC 8200 §3). Traffic class and flow label are zero on what Kedge sends itself. */
import { ADDRESS_LENGTH, type Address } from './address.ts';
import { putAddress } from './layout/octets.ts';
import { failure, type Result } from './result.ts';

export const IPV6_HEADER_LENGTH = 40;

/** Next Header numbers (IANA "Assigned Internet Protocol Numbers"). */
export const NextHeader = {
  hopByHop: 0,
  ipv6: 41,
  routing: 43,
  icmpv6: 58,
  none: 59,
  destinationOptions: 60,
  mobility: 135,
} as const;

const DEFAULT_HOP_LIMIT = 64;
const SOURCE = 8;
const DESTINATION = SOURCE + ADDRESS_LENGTH;

export interface Ipv6Header {
  readonly source: Address;
  readonly destination: Address;
  readonly nextHeader: number;
  readonly hopLimit: number;
  /** Octets after the header. */
  readonly payloadLength: number;
}

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
  return {
    ok: true,
    value: {
      source: packet.slice(SOURCE, DESTINATION),
      destination: packet.slice(DESTINATION, IPV6_HEADER_LENGTH),
      nextHeader: packet[6]!,
      hopLimit: packet[7]!,
      payloadLength,
    },
  };
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
  if (!(hopLimit >= 0 && hopLimit <= 255)) throw new RangeError(`hop limit ${hopLimit}`);
  const packet = new Uint8Array(IPV6_HEADER_LENGTH + payload.length);
  packet[0] = 6 << 4;
  packet[4] = payload.length >> 8;
  packet[5] = payload.length & 0xff;
  packet[6] = nextHeader;
  packet[7] = hopLimit;
  putAddress(packet, SOURCE, source, 'source');
  putAddress(packet, DESTINATION, destination, 'destination');
  packet.set(payload, IPV6_HEADER_LENGTH);
  return packet;
}
