/** DHCP Unique Identifiers that follow from an address: nothing to keep, the same after every restart (RFC 8415 §11). */
import type { Address } from '../../wire/address.ts';
import { createHmac } from '../hmac.ts';

/** DUID-UUID (RFC 6355). */
const TYPE = 4;
const UUID = 16;

/** A UUID of version 8 (RFC 9562 §5.8), from a digest of the address. */
export function duidOf(address: Address): Uint8Array {
  const uuid = createHmac('sha1', address)().subarray(0, UUID);
  uuid[6] = (uuid[6]! & 0x0f) | 0x80;
  uuid[8] = (uuid[8]! & 0x3f) | 0x80;
  return Uint8Array.of(0, TYPE, ...uuid);
}
