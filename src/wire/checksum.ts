/** The Internet checksum (RFC 1071). */
import type { Address, Ipv4Address } from './address.ts';

function sumWords(octets: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (const last = end - 1; at < last; at += 2) sum += (octets[at]! << 8) | octets[at + 1]!;
  return at < end ? sum + (octets[at]! << 8) : sum;
}

function folded(sum: number): number {
  let left = sum;
  while (left > 0xffff) left = (left & 0xffff) + (left >>> 16);
  return left ^ 0xffff;
}

/** As `checksum`, without a pseudo-header: that of IPv4 and GRE headers. */
export function plainChecksum(octets: Uint8Array, start = 0, end = octets.length): number {
  return folded(sumWords(octets, start, end));
}

/**
 * The value for the checksum field of `octets[start..end)` when that field is zero there; over a received
 * message with its field in place, 0 says that the checksum is right. With the pseudo-header of RFC 8200 §8.1
 * or, between IPv4 addresses, of RFC 768.
 */
export function checksum(
  source: Address | Ipv4Address,
  destination: Address | Ipv4Address,
  nextHeader: number,
  octets: Uint8Array,
  start = 0,
  end = octets.length,
): number {
  const addresses = sumWords(source, 0, source.length) + sumWords(destination, 0, destination.length);
  return folded(addresses + sumWords(octets, start, end) + (end - start) + nextHeader);
}
