import { reserved, u32 } from '../layout/numbers.ts';
import { layout, octetsField, type Part } from '../layout/part.ts';
import { option } from '../option-set.ts';

interface Key {
  readonly key: number | undefined;
}

const key = u32('key');

const optionalKey: Part<Key> & { tail(value: Key): number } = {
  size: 0,
  tail: value => (value.key === undefined ? 0 : key.size),
  read(octets, at, end, into) {
    if (at === end) {
      (into as { key?: number | undefined }).key = undefined;
      return undefined;
    }
    return end - at === key.size
      ? key.read(octets, at, end, into)
      : { rule: `a key of ${end - at} octets`, offset: at };
  },
  write(octets, at, value) {
    if (value.key !== undefined) key.write(octets, at, { key: value.key });
  },
  show(octets, at, end, shown) {
    if (end - at === key.size) key.show(octets, at, end, shown);
    else if (at !== end) shown.push(octetsField('key', octets, at, end));
  },
};

/** Asks for GRE between the gateway and the anchor; with the key that the peer is to put in its packets. */
export const greKey = option({
  type: 33,
  kind: 'gre-key',
  name: 'GRE Key',
  section: 'RFC 5845 §6.1',
  layout: layout(reserved(2), optionalKey),
  alignment: [4, 0],
});
