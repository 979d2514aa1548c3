/** Whole packets of ICMPv6: IPv6 header, extension headers, message. */
import type { Address } from '../address.ts';
import { type Envelope, enclose, logicalChecksum } from '../envelope.ts';
import { parseHeaderChain } from '../extension-headers.ts';
import { IPV6_HEADER_LENGTH, NextHeader, parseIpv6Header } from '../ipv6.ts';
import { failure, type Result } from '../result.ts';
import {
  emitIcmpv6,
  ICMPV6_CHECKSUM,
  type Icmpv6Message,
  type Icmpv6OfKind,
  icmpv6Format,
  parseIcmpv6,
} from './icmpv6-message.ts';
import { brokenNeighborRule } from './neighbor-discovery.ts';

export interface Icmpv6Packet extends Envelope {
  readonly message: Icmpv6Message;
}

export interface ReceivedIcmpv6 {
  readonly source: Address;
  readonly destination: Address;
  readonly homeAddress?: Address;
  readonly routingHome?: Address;
  readonly hopLimit: number;
  readonly message: Icmpv6Message;
}

/** The whole IPv6 packet; hop limit 255 for Neighbor Discovery. Throws a RangeError for a value that does not fit. */
export function emitIcmpv6Packet(packet: Icmpv6Packet): Uint8Array {
  const octets = emitIcmpv6(packet.message);
  const required = icmpv6Format(octets[0]!)?.hopLimit;
  const hopLimit = packet.hopLimit ?? required;
  if (required !== undefined && hopLimit !== required) throw new RangeError(`hop limit ${hopLimit}`);
  const broken = brokenNeighborRule(packet.message, packet.source, packet.destination);
  if (broken !== undefined) throw new RangeError(broken);
  return enclose(octets, NextHeader.icmpv6, ICMPV6_CHECKSUM, { ...packet, hopLimit });
}

/** Reads a whole IPv6 packet. Offsets count from its first octet. */
export function parseIcmpv6Packet(packet: Uint8Array): Result<ReceivedIcmpv6> {
  const ipv6 = parseIpv6Header(packet);
  if (!ipv6.ok) return ipv6;
  const { nextHeader, payloadLength, ...outer } = ipv6.value;
  return parsePayload(nextHeader, packet, IPV6_HEADER_LENGTH, IPV6_HEADER_LENGTH + payloadLength, outer);
}

/** What the IPv6 header says. */
export interface Ipv6Outer {
  readonly source: Address;
  readonly destination: Address;
  readonly hopLimit: number;
}

/**
 * Reads what a raw socket on protocol 58, 60 or 43 delivers: the packet from the header of that type on. Offsets count from
 * the first octet of `payload`.
 */
export function parseIcmpv6Payload(
  nextHeader: number,
  payload: Uint8Array,
  outer: Ipv6Outer,
): Result<ReceivedIcmpv6> {
  return parsePayload(nextHeader, payload, 0, payload.length, outer);
}

/** No error asks for a Parameter Problem: the packet may itself be an error (RFC 4443 §2.4 (e.1)). */
function parsePayload(
  nextHeader: number,
  octets: Uint8Array,
  start: number,
  end: number,
  { source, destination, hopLimit }: Ipv6Outer,
): Result<ReceivedIcmpv6> {
  const chain = parseHeaderChain(nextHeader, octets, start, end, destination);
  if (!chain.ok) {
    const { parameterProblem, ...error } = chain.error;
    return { ok: false, error };
  }
  const { homeAddress, routingHome, protocol, protocolField, payload: at } = chain.value;
  if (protocol !== NextHeader.icmpv6) {
    return failure(protocolField, `no ICMPv6 but protocol ${protocol}`, 'RFC 4443 §1', 'no-icmpv6');
  }
  const addresses = { source, destination, homeAddress, routingHome };
  if (logicalChecksum(addresses, NextHeader.icmpv6, octets, at, end) !== 0) {
    return failure(at + ICMPV6_CHECKSUM, 'the ICMPv6 checksum is wrong', 'RFC 4443 §2.3', 'checksum');
  }
  const message = parseIcmpv6(octets.subarray(at, end));
  if (!message.ok) return { ok: false, error: { ...message.error, offset: message.error.offset + at } };
  const format = icmpv6Format(octets[at]!);
  const broken =
    format?.hopLimit !== undefined && hopLimit !== format.hopLimit
      ? `hop limit ${hopLimit}`
      : brokenNeighborRule(message.value, source, destination);
  if (broken !== undefined) {
    return failure(at, `${format?.name}: ${broken}`, 'RFC 4861 §6.1, §7.1', 'neighbor-discovery');
  }
  return {
    ok: true,
    value: {
      source,
      destination,
      ...(homeAddress && { homeAddress }),
      ...(routingHome && { routingHome }),
      hopLimit,
      message: message.value,
    },
  };
}

const MINIMUM_MTU = 1280;
/** Octets of an error message before the packet that it is about. */
const ERROR_HEADER = 8;

/** A whole packet with an error message; of the packet that it is about as much as fits in 1280 octets (RFC 4443 §2.4 (c)). */
export function emitIcmpv6Error(
  source: Address,
  destination: Address,
  error: Icmpv6OfKind<'parameter-problem' | 'destination-unreachable'>,
): Uint8Array {
  const invoking = error.invoking.subarray(0, MINIMUM_MTU - IPV6_HEADER_LENGTH - ERROR_HEADER);
  return emitIcmpv6Packet({ source, destination, message: { ...error, invoking } });
}
