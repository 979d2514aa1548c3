/** Pad1 and PadN, the same for mobility options (RFC 6275 §6.2.2, §6.2.3) and IPv6 options (RFC 8200 §4.2). */

export const PAD1 = 0;
export const PADN = 1;

/** Fills `octets` from `start` to `end` with one pad: nothing, Pad1 or PadN. At most 257 octets. */
export function writePad(octets: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (length === 0) return;
  octets.fill(0, start, end);
  if (length > 1) {
    octets[start] = PADN;
    octets[start + 1] = length - 2;
  }
}
