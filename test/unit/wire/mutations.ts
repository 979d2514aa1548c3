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
