/** Sequence numbers of Binding Updates: 16 bits, compared modulo 2^16 (RFC 6275 §9.5.1). */

/** Whether `a` is newer than `b`: at most 2^15 - 1 steps ahead of it. */
export function isNewerSequence(a: number, b: number): boolean {
  const ahead = (a - b) & 0xffff;
  return ahead !== 0 && ahead < 0x8000;
}

export function nextSequence(sequence: number): number {
  return (sequence + 1) & 0xffff;
}
