/** A part that may be missing. */
import { octetsField, type Part } from './part.ts';

type Optional<N extends string, V> = Readonly<Record<N, V | undefined>>;

/** The part, whose one field is `name`, fills the rest, or there is nothing left: then the field is undefined. */
export function orNothing<const N extends string, V>(
  name: N,
  part: Part<Readonly<Record<N, V>>>,
): Part<Optional<N, V>> & { tail(value: Optional<N, V>): number } {
  return {
    size: 0,
    tail: value => (value[name] === undefined ? 0 : part.size),
    read(octets, at, end, into) {
      if (end - at === part.size) return part.read(octets, at, end, into);
      if (at !== end) return { rule: `${name}: ${end - at} octets, not ${part.size} or none`, offset: at };
      Object.assign(into, { [name]: undefined });
      return undefined;
    },
    write(octets, at, value) {
      if (value[name] !== undefined) part.write(octets, at, value as Readonly<Record<N, V>>);
    },
    show(octets, at, end, shown) {
      if (end - at === part.size) part.show(octets, at, end, shown);
      else if (at !== end) shown.push(octetsField(name, octets, at, end));
    },
  };
}
