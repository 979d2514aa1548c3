import type { Alignment } from './option-format.ts';

/**
 * Of an option that must be the last one: it ends with the header, so that no padding follows (RFC 6275 §6.2.7).
 * @param length octets of the option, type and length included
 */
export function endingAlignment(length: number): Alignment {
  return [8, -length & 7];
}
