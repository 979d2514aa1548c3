/** Which packets out of the tunnel make route optimisation worth while (RFC 6275 §11.7.2). */
import { type Address, equalAddress, isGlobalUnicast } from '../../../wire/address.ts';
import { NextHeader } from '../../../wire/ipv6.ts';
import { MH_TYPE } from '../../../wire/mobility-header.ts';
import { parseBeginning } from '../../invoking-packet.ts';
import type { HomeRegistration } from './registration.ts';

/** ICMPv6 types from this one on are no errors (RFC 4443 §2.1). */
const INFORMATIONAL = 128;
/** Home Test Init, Care-of Test Init, Home Test, Care-of Test. */
const TEST_TYPES: readonly number[] = [1, 2, 3, 4];

/**
 * The correspondent that sent a packet the long way; undefined: none that could send it directly.
 * @param packet from the outer header on
 */
export function correspondentOf(packet: Uint8Array, home: HomeRegistration): Address | undefined {
  const outer = parseBeginning(packet);
  if (outer?.protocol !== NextHeader.ipv6) return undefined;
  if (!home.paths.some(path => equalAddress(path.careOfAddress, outer.destination))) return undefined;
  const inner = parseBeginning(outer.octets.subarray(outer.payload));
  if (inner === undefined || !equalAddress(inner.destination, home.homeAddress)) return undefined;
  if (equalAddress(inner.source, outer.source)) return undefined;
  const isTest =
    inner.protocol === NextHeader.mobility && TEST_TYPES.includes(inner.octets[inner.payload + MH_TYPE]!);
  // RFC 6275 §11.3.5: errors create no entry.
  const isError = inner.protocol === NextHeader.icmpv6 && inner.octets[inner.payload]! < INFORMATIONAL;
  const peer = inner.homeAddress ?? inner.source;
  return isTest || isError || !isGlobalUnicast(peer) ? undefined : peer;
}
