/** A number that says what follows it. */
import type { Flat, Part, ValueOf } from './part.ts';

type Fields = Record<string, unknown>;
type Variants = Readonly<Record<string, readonly [code: number, part: Part<object>]>>;
type Chosen<N extends string, V extends Variants> = {
  [K in keyof V]: Readonly<Record<N, K>> & ValueOf<V[K][1]>;
}[keyof V];

/**
 * A number of `size` octets that chooses one of the variants, then that variant; all of them have the same size. The
 * property `name` is the name of the variant. A number of none of them is a fault.
 *
 *     choice('revocation', 1, { indication: [1, u8('trigger')], acknowledgement: [2, u8('status')] })
 */
export function choice<const N extends string, const V extends Variants>(
  name: N,
  size: 1 | 2,
  variants: V,
): Part<Flat<Chosen<N, V>>> {
  const list = Object.entries(variants).map(([key, [code, part]]) => ({ key, code, part }));
  const follows = list[0]!.part.size;
  if (list.some(({ part }) => part.size !== follows || part.tail !== undefined)) {
    throw new RangeError(`${name}: variants of different sizes`);
  }
  const codeAt = (octets: Uint8Array, at: number): number =>
    size === 1 ? octets[at]! : (octets[at]! << 8) | octets[at + 1]!;
  const variantAt = (octets: Uint8Array, at: number) => list.find(({ code }) => code === codeAt(octets, at));
  return {
    size: size + follows,
    read(octets, at, _end, into) {
      const variant = variantAt(octets, at);
      if (variant === undefined) return { rule: `${name} ${codeAt(octets, at)} is not known`, offset: at };
      (into as Fields)[name] = variant.key;
      return variant.part.read(octets, at + size, at + size + follows, into);
    },
    write(octets, at, value) {
      const variant = list.find(({ key }) => key === (value as Fields)[name]);
      if (variant === undefined) throw new RangeError(`${name} ${(value as Fields)[name]}`);
      if (size === 2) octets[at] = variant.code >> 8;
      octets[at + size - 1] = variant.code & 0xff;
      variant.part.write(octets, at + size, value);
    },
    show(octets, at, _end, shown) {
      const variant = variantAt(octets, at);
      const value = codeAt(octets, at);
      shown.push({ name, offset: at, length: size, value, meaning: variant?.key });
      variant?.part.show(octets, at + size, at + size + follows, shown);
    },
  } as Part<Flat<Chosen<N, V>>>;
}
