/** The Internet checksum over the pseudo-header of RFC 8200 §8.1. */
import type { Address } from './address.ts';

function sumWords(octets: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (const last = end - 1; at < last; at += 2) sum += (octets[at]! << 8) | octets[at + 1]!;
  return at < end ? sum + (octets[at]! << 8) : sum;
}

/**
 * The value for the checksum field of `octets[start..end)` when that field is zero there; over a received
 * message with its field in place, 0 says that the checksum is right.
 */
export function checksum(
  source: Address,
  destination: Address,
  nextHeader: number,
  octets: Uint8Array,
  start = 0,
  end = octets.length,
): number {
  let sum = sumWords(source, 0, 16) + sumWords(destination, 0, 16) + sumWords(octets, start, end);
  sum += end - start + nextHeader;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum ^ 0xffff;
}
