/** Whole packets of mobility signalling: IPv6 header, extension headers, Mobility Header. */
import type { Address } from './address.ts';
import { answerable, type Envelope, enclose, logicalChecksum, parseEnvelope } from './envelope.ts';
import { IPV6_HEADER_LENGTH, NextHeader, parseIpv6Header } from './ipv6.ts';
import { CHECKSUM, HEADER_LEN, headerLength, type MobilityCodec, STANDARD } from './mobility-header.ts';
import type { MobilityMessage } from './mobility-message.ts';
import { failure, type Result, type WireError } from './result.ts';

export interface MobilityPacket extends Envelope {
  readonly message: MobilityMessage;
}

export interface ReceivedMobility {
  readonly source: Address;
  readonly destination: Address;
  readonly homeAddress?: Address;
  readonly routingHome?: Address;
  readonly message: MobilityMessage;
  /** The octets of the Mobility Header as received. */
  readonly header: Uint8Array;
}

/** The whole IPv6 packet. Throws a RangeError for a value that does not fit. */
export function emitMobilityPacket(packet: MobilityPacket, codec: MobilityCodec = STANDARD): Uint8Array {
  return packetAround(codec.emit(packet.message), packet);
}

/** The packet with this Mobility Header, whose checksum field is zero, in place of that of its message. */
export function packetAround(header: Uint8Array, envelope: Envelope): Uint8Array {
  return enclose(header, NextHeader.mobility, CHECKSUM, envelope);
}

/** Reads a whole IPv6 packet. Offsets count from its first octet. */
export function parseMobilityPacket(
  packet: Uint8Array,
  codec: MobilityCodec = STANDARD,
): Result<ReceivedMobility> {
  const ipv6 = parseIpv6Header(packet);
  if (!ipv6.ok) return ipv6;
  const { source, destination, nextHeader, payloadLength } = ipv6.value;
  const end = IPV6_HEADER_LENGTH + payloadLength;
  return parsePayload(nextHeader, packet, IPV6_HEADER_LENGTH, end, { source, destination }, codec);
}

/**
 * Reads what a raw socket on protocol 60, 43 or 135 delivers: the packet from the header of that type on.
 * Offsets count from the first octet of `payload`; pointers of Parameter Problems are those of a packet that
 * has nothing between its IPv6 header and `payload`.
 */
export function parseMobilityPayload(
  nextHeader: number,
  payload: Uint8Array,
  source: Address,
  destination: Address,
  codec: MobilityCodec = STANDARD,
): Result<ReceivedMobility> {
  const result = parsePayload(nextHeader, payload, 0, payload.length, { source, destination }, codec);
  return result.ok ? result : { ok: false, error: shifted(result.error, 0, IPV6_HEADER_LENGTH) };
}

function parsePayload(
  nextHeader: number,
  octets: Uint8Array,
  start: number,
  end: number,
  { source, destination }: Pick<Envelope, 'source' | 'destination'>,
  codec: MobilityCodec,
): Result<ReceivedMobility> {
  const chain = parseEnvelope(nextHeader, octets, start, end, source, destination);
  if (!chain.ok) return chain;
  const { homeAddress, routingHome, protocol, protocolField, payload: at } = chain.value;
  if (protocol !== NextHeader.mobility) {
    const rule = `no Mobility Header but ${protocol}`;
    return failure(protocolField, rule, 'RFC 6275 §6.1', 'no-mobility-header');
  }
  const addresses = { source, destination, homeAddress, routingHome };
  const header = mobilityHeader(octets, at, end, addresses);
  if (!header.ok) return header;
  const message = codec.parse(header.value);
  if (!message.ok) {
    return { ok: false, error: answerable(shifted(message.error, at, at), source, destination) };
  }
  return {
    ok: true,
    value: {
      source,
      destination,
      ...(homeAddress && { homeAddress }),
      ...(routingHome && { routingHome }),
      message: message.value,
      header: header.value,
    },
  };
}

/** The octets of the Mobility Header at `at`, checksum verified. What follows it is ignored (RFC 8200 §4.7). */
function mobilityHeader(
  octets: Uint8Array,
  at: number,
  end: number,
  addresses: Omit<Envelope, 'hopLimit'>,
): Result<Uint8Array> {
  if (at + 8 > end) {
    return failure(at, 'the packet ends within the Mobility Header', 'RFC 6275 §6.1.1', 'truncated');
  }
  const next = at + headerLength(octets, at);
  if (next > end) {
    return failure(at + HEADER_LEN, 'Header Len runs past the packet', 'RFC 6275 §6.1.1', 'truncated');
  }
  const header = octets.slice(at, next);
  if (logicalChecksum(addresses, NextHeader.mobility, header) !== 0) {
    return failure(at + CHECKSUM, 'the checksum is wrong', 'RFC 6275 §9.2', 'checksum');
  }
  return { ok: true, value: header };
}

function shifted(error: WireError, offset: number, pointer: number): WireError {
  const { parameterProblem: problem } = error;
  const moved = { ...error, offset: error.offset + offset };
  return problem ? { ...moved, parameterProblem: { ...problem, pointer: problem.pointer + pointer } } : moved;
}
