/** What stands around a message of Mobile IPv6: the IPv6 header, a type 2 routing header, a Home Address option. */
import { type Address, isGlobalUnicast, isMulticast, isUnspecified } from './address.ts';
import { checksum } from './checksum.ts';
import { type HeaderChain, parseHeaderChain } from './extension-headers.ts';
import { HOME_ADDRESS_HEADER_LENGTH, writeHomeAddressHeader } from './home-address-option.ts';
import { emitIpv6, NextHeader } from './ipv6.ts';
import type { Result, WireError } from './result.ts';
import { TYPE_2_ROUTING_HEADER_LENGTH, writeType2RoutingHeader } from './type2-routing-header.ts';

export interface Envelope {
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
}

/**
 * The whole packet around `payload`, whose checksum field, at `checksumField` and zero, is filled in. Throws a RangeError
 * for a value that does not fit.
 */
export function enclose(
  payload: Uint8Array,
  protocol: number,
  checksumField: number,
  envelope: Envelope,
): Uint8Array {
  const { source, destination, homeAddress, routingHome, hopLimit } = envelope;
  for (const home of [homeAddress, routingHome]) {
    if (home !== undefined && !isGlobalUnicast(home))
      throw new RangeError('a home address must be unicast routable');
  }
  const routing = routingHome === undefined ? 0 : TYPE_2_ROUTING_HEADER_LENGTH;
  const options = homeAddress === undefined ? 0 : HOME_ADDRESS_HEADER_LENGTH;
  const at = routing + options;
  const all = new Uint8Array(at + payload.length);
  const afterRouting = homeAddress === undefined ? protocol : NextHeader.destinationOptions;
  if (routingHome !== undefined) writeType2RoutingHeader(all, 0, afterRouting, routingHome);
  if (homeAddress !== undefined) writeHomeAddressHeader(all, routing, protocol, homeAddress);
  all.set(payload, at);
  const sum = logicalChecksum(envelope, protocol, payload);
  all[at + checksumField] = sum >> 8;
  all[at + checksumField + 1] = sum & 0xff;
  const first = routingHome === undefined ? afterRouting : NextHeader.routing;
  return emitIpv6(source, destination, first, all, hopLimit);
}

/**
 * `checksum` over the logical addresses: the home address in place of the source or destination that it stands for
 * (RFC 6275 §6.1.1, §11.3.1, §9.3.1).
 */
export function logicalChecksum(
  { source, destination, homeAddress, routingHome }: Omit<Envelope, 'hopLimit'>,
  protocol: number,
  octets: Uint8Array,
  start = 0,
  end = octets.length,
): number {
  return checksum(homeAddress ?? source, routingHome ?? destination, protocol, octets, start, end);
}

/** Walks the extension headers from `start`; an error asks for a Parameter Problem only where one may be sent. */
export function parseEnvelope(
  nextHeader: number,
  octets: Uint8Array,
  start: number,
  end: number,
  source: Address,
  destination: Address,
): Result<HeaderChain> {
  const chain = parseHeaderChain(nextHeader, octets, start, end, destination);
  return chain.ok ? chain : { ok: false, error: answerable(chain.error, source, destination) };
}

/** RFC 4443 §2.4(e): no error goes to many nodes or nobody, and to a multicast packet only one of code 2. */
export function answerable(error: WireError, source: Address, destination: Address): WireError {
  const { parameterProblem, ...silent } = error;
  if (parameterProblem === undefined) return error;
  const nobody = isUnspecified(source) || isMulticast(source);
  return nobody || (isMulticast(destination) && parameterProblem.code !== 2) ? silent : error;
}
