import type { Alignment } from './option-format.ts';

/**
 * Of an option whose data are 16 reserved bits and a link-layer address (RFC 5213 §8.6, RFC 8885 §4.8): the address
 * stands at the boundary that is natural for its size (RFC 6275 §6.2.1).
 */
export function linkLayerAlignment(address: Uint8Array): Alignment {
  if (address.length === 8) return [8, 4];
  return address.length === 4 ? [4, 0] : [2, 0];
}
