/** Whole packets of mobility signalling: IPv6 header, extension headers, Mobility Header. */
import { type Address, isGlobalUnicast, isMulticast, isUnspecified } from './address.ts';
import { checksum } from './checksum.ts';
import { type HeaderChain, parseHeaderChain } from './extension-headers.ts';
import { HOME_ADDRESS_HEADER_LENGTH, writeHomeAddressHeader } from './home-address-option.ts';
import { emitIpv6, IPV6_HEADER_LENGTH, NextHeader, parseIpv6Header } from './ipv6.ts';
import { CHECKSUM, HEADER_LEN, headerLength, STANDARD } from './mobility-header.ts';
import type { MobilityMessage } from './mobility-message.ts';
import { failure, type Result, type WireError } from './result.ts';
import { TYPE_2_ROUTING_HEADER_LENGTH, writeType2RoutingHeader } from './type2-routing-header.ts';

export interface MobilityPacket {
  /** In the IPv6 header: the care-of address of a mobile node away from home. */
  readonly source: Address;
  /** In the IPv6 header: the care-of address of a mobile node away from home. */
  readonly destination: Address;
  /** In a Home Address option. */
  readonly homeAddress?: Address | undefined;
  /** In a type 2 routing header. */
  readonly routingHome?: Address | undefined;
  /** 64 when absent. */
  readonly hopLimit?: number | undefined;
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

/**
 * The whole IPv6 packet. The checksum is over the logical addresses: the home address in place of the source
 * or destination that it stands for (RFC 6275 §6.1.1). Throws a RangeError for a value that does not fit.
 */
export function emitMobilityPacket(packet: MobilityPacket): Uint8Array {
  return packetAround(STANDARD.emit(packet.message), packet);
}

/** The packet with this Mobility Header, whose checksum field is zero, in place of that of its message. */
export function packetAround(header: Uint8Array, packet: MobilityPacket): Uint8Array {
  const { source, destination, homeAddress, routingHome, hopLimit } = packet;
  for (const home of [homeAddress, routingHome]) {
    if (home !== undefined && !isGlobalUnicast(home))
      throw new RangeError('a home address must be unicast routable');
  }
  const routing = routingHome === undefined ? 0 : TYPE_2_ROUTING_HEADER_LENGTH;
  const options = homeAddress === undefined ? 0 : HOME_ADDRESS_HEADER_LENGTH;
  const payload = new Uint8Array(routing + options + header.length);
  const afterRouting = homeAddress === undefined ? NextHeader.mobility : NextHeader.destinationOptions;
  if (routingHome !== undefined) writeType2RoutingHeader(payload, 0, afterRouting, routingHome);
  if (homeAddress !== undefined) writeHomeAddressHeader(payload, routing, NextHeader.mobility, homeAddress);
  payload.set(header, routing + options);
  const sum = checksum(homeAddress ?? source, routingHome ?? destination, NextHeader.mobility, header);
  payload[routing + options + CHECKSUM] = sum >> 8;
  payload[routing + options + CHECKSUM + 1] = sum & 0xff;
  const first = routingHome === undefined ? afterRouting : NextHeader.routing;
  return emitIpv6(source, destination, first, payload, hopLimit);
}

/** Reads a whole IPv6 packet. Offsets count from its first octet. */
export function parseMobilityPacket(packet: Uint8Array): Result<ReceivedMobility> {
  const ipv6 = parseIpv6Header(packet);
  if (!ipv6.ok) return ipv6;
  const { source, destination, nextHeader, payloadLength } = ipv6.value;
  const end = IPV6_HEADER_LENGTH + payloadLength;
  return parsePayload(nextHeader, packet, IPV6_HEADER_LENGTH, end, source, destination);
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
): Result<ReceivedMobility> {
  const result = parsePayload(nextHeader, payload, 0, payload.length, source, destination);
  return result.ok ? result : { ok: false, error: shifted(result.error, 0, IPV6_HEADER_LENGTH) };
}

function parsePayload(
  nextHeader: number,
  octets: Uint8Array,
  start: number,
  end: number,
  source: Address,
  destination: Address,
): Result<ReceivedMobility> {
  const refused = (error: WireError): Result<never> => ({
    ok: false,
    error: answerable(error, source, destination),
  });
  const chain = parseHeaderChain(nextHeader, octets, start, end, destination);
  if (!chain.ok) return refused(chain.error);
  const at = chain.value.mobilityHeader;
  const header = mobilityHeader(octets, at, end, chain.value, source, destination);
  if (!header.ok) return header;
  const message = STANDARD.parse(header.value);
  if (!message.ok) return refused(shifted(message.error, at, at));
  const { homeAddress, routingHome } = chain.value;
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
  { homeAddress, routingHome }: HeaderChain,
  source: Address,
  destination: Address,
): Result<Uint8Array> {
  if (at + 8 > end) {
    return failure(at, 'the packet ends within the Mobility Header', 'RFC 6275 §6.1.1', 'truncated');
  }
  const next = at + headerLength(octets, at);
  if (next > end) {
    return failure(at + HEADER_LEN, 'Header Len runs past the packet', 'RFC 6275 §6.1.1', 'truncated');
  }
  const header = octets.slice(at, next);
  if (checksum(homeAddress ?? source, routingHome ?? destination, NextHeader.mobility, header) !== 0) {
    return failure(at + CHECKSUM, 'the checksum is wrong', 'RFC 6275 §9.2', 'checksum');
  }
  return { ok: true, value: header };
}

function shifted(error: WireError, offset: number, pointer: number): WireError {
  const { parameterProblem: problem } = error;
  const moved = { ...error, offset: error.offset + offset };
  return problem ? { ...moved, parameterProblem: { ...problem, pointer: problem.pointer + pointer } } : moved;
}

/** RFC 4443 §2.4(e): no error goes to many nodes or nobody, and to a multicast packet only one of code 2. */
function answerable(error: WireError, source: Address, destination: Address): WireError {
  const { parameterProblem, ...silent } = error;
  if (parameterProblem === undefined) return error;
  const nobody = isUnspecified(source) || isMulticast(source);
  return nobody || (isMulticast(destination) && parameterProblem.code !== 2) ? silent : error;
}

/** IPv6 in IPv6 (RFC 2473), hop limit 64. */
export function encapsulate(source: Address, destination: Address, inner: Uint8Array): Uint8Array {
  return emitIpv6(source, destination, NextHeader.ipv6, inner);
}
