import type { Part } from './layout/part.ts';
import type { OpaqueOption } from './option-format.ts';
import type { OptionSet } from './option-set.ts';

/** Options within an option, up to its end. */
export function subOptions<const N extends string, Known extends { readonly kind: string }>(
  name: N,
  set: OptionSet<Known>,
): Part<Readonly<Record<N, readonly (Known | OpaqueOption)[]>>> {
  return {
    size: 0,
    tail: (value, at) => set.lengthOf(value[name], at),
    read(octets, at, end, into) {
      const options = set.parse(octets, at, end);
      if (!options.ok) return options.error;
      (into as Record<string, unknown>)[name] = options.value;
      return undefined;
    },
    write(octets, at, value) {
      set.emit(value[name], octets, at);
    },
    show(octets, at, end, shown) {
      set.show(octets, at, end, shown);
    },
  };
}
