/** The Mobile IPv6 Home-Agents anycast address of a subnet (RFC 2526 §2-3, RFC 6275 §10.5). */
import type { Address, Prefix } from './address.ts';

/** The anycast identifier, the last 7 bits. */
const HOME_AGENTS = 0x7e;
/** Bits of a prefix whose interface identifiers have the EUI-64 format: in those the "universal" bit is 0. */
const EUI_64 = 64;

/** Of a prefix shorter than 64 bits: in its first /64. */
export function homeAgentsAnycast({ address, length }: Prefix): Address {
  const anycast = address.slice();
  for (let bit = Math.max(length, EUI_64); bit < 128; bit++) anycast[bit >> 3]! |= 0x80 >> (bit & 7);
  if (length <= EUI_64) anycast[8] = 0xfd;
  anycast[15] = (anycast[15]! & 0x80) | HOME_AGENTS;
  return anycast;
}
