/** Small accidents and attacks: what mutants of good packets are made by. */
import fc from 'fast-check';

/** What may happen to octets: overwrite, insert or remove at a place. */
export const mutation = fc.record({
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('overwrite', 'overwrite', 'overwrite', 'bit', 'insert', 'remove', 'truncate'),
  octet: fc.oneof(fc.constantFrom(0, 1, 4, 16, 20, 35, 60, 127, 128, 135, 201, 255), fc.nat(255)),
});
export type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

/** The octets with one thing done to them. */
export function mutated(bytes: Uint8Array, { place, kind, octet }: Mutation): Uint8Array {
  const at = Math.floor(place * bytes.length);
  const list = Array.from(bytes);
  if (kind === 'overwrite') list[at] = octet;
  else if (kind === 'bit') list[at]! ^= 1 << (octet & 7);
  else if (kind === 'insert') list.splice(at, 0, ...new Array(1 + (octet & 7)).fill(octet));
  else if (kind === 'remove') list.splice(at, 1 + (octet & 7));
  else list.length = at;
  return Uint8Array.from(list);
}

/** A Mobility Header whose length and, later, checksum are right: it gets past the outer checks. */
export function plausible(header: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.min(2048, Math.max(8, (header.length + 7) & ~7)));
  whole.set(header.subarray(0, whole.length));
  whole[0] = 59;
  whole[1] = whole.length / 8 - 1;
  whole.fill(0, 4, 6);
  return whole;
}
