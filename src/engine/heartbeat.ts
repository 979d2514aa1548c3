/**
 * Path probes: RFC 5847 Heartbeat messages with a Binding Identifier and, where a key is shared, the RFC 4285
 * authentication option. They travel inside the tunnel that they test, so they share the fate of the traffic.
 */
import type { Address } from '../wire/address.ts';
import { encapsulate } from '../wire/encapsulation.ts';
import type { MobilityPacket } from '../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../wire/mobility-packet.ts';
import type { SecurityAssociation } from './authentication.ts';
import type { Dialect } from './identifiers/dialect.ts';

/** The addresses of a probe, seen by its sender. */
export interface HeartbeatRoute {
  /** Ends of the tunnel: care-of address and home agent, in the direction of sending. */
  readonly outerSource: Address;
  readonly outerDestination: Address;
  /** Home address and home agent, in the direction of sending. */
  readonly innerSource: Address;
  readonly innerDestination: Address;
  readonly careOfAddress: Address;
  readonly homeAddress: Address;
  /** 0 for a binding without identifier. */
  readonly bid: number;
}

export interface HeartbeatFields {
  readonly response: boolean;
  readonly sequence: number;
}

/** The whole outer packet. */
export function emitHeartbeat(
  route: HeartbeatRoute,
  fields: HeartbeatFields,
  association: SecurityAssociation | undefined,
  { codec, identifiers }: Dialect,
): Uint8Array {
  const options = route.bid === 0 ? [] : [identifiers.naming(route.bid)];
  const packet: MobilityPacket = {
    source: route.innerSource,
    destination: route.innerDestination,
    message: { kind: 'heartbeat', unsolicited: false, ...fields, options },
  };
  const inner =
    association === undefined
      ? emitMobilityPacket(packet, codec)
      : association.sign(packet, route.careOfAddress, route.homeAddress, codec);
  return encapsulate(route.outerSource, route.outerDestination, inner);
}
