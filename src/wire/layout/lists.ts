/** Lists that fill the rest, or that a count before them ends. */
import { ADDRESS_LENGTH, type Address, formatAddress } from '../address.ts';
import { putAddress } from './octets.ts';
import type { Part } from './part.ts';

type Fields = Record<string, unknown>;
type Tail<T> = Part<T> & { tail(value: T): number };

function list<const N extends string, E>(
  name: N,
  size: number,
  read: (octets: Uint8Array, at: number) => E,
  write: (octets: Uint8Array, at: number, element: E) => void,
  show: (element: E) => number | string,
): Tail<Readonly<Record<N, readonly E[]>>> {
  return {
    size: 0,
    tail: value => value[name].length * size,
    read(octets, at, end, into) {
      if ((end - at) % size !== 0) {
        return { rule: `${name}: ${end - at} octets are no multiple of ${size}`, offset: at };
      }
      const elements: E[] = [];
      for (let next = at; next < end; next += size) elements.push(read(octets, next));
      (into as Fields)[name] = elements;
      return undefined;
    },
    write(octets, at, value) {
      value[name].forEach((element, index) => {
        write(octets, at + index * size, element);
      });
    },
    show(octets, at, end, shown) {
      const fault = this.read(octets, at, end, {})?.rule;
      for (let next = at; next + size <= end; next += size) {
        shown.push({ name, offset: next, length: size, value: show(read(octets, next)) });
      }
      if (fault !== undefined) shown.push({ name, offset: at, length: end - at, fault });
    },
  };
}

/** 16-bit numbers up to the end. */
export const u16List = <const N extends string>(name: N) =>
  list<N, number>(
    name,
    2,
    (octets, at) => (octets[at]! << 8) | octets[at + 1]!,
    (octets, at, element) => {
      if (!(element >= 0 && element <= 0xffff && Number.isInteger(element)))
        throw new RangeError(`${name} ${element}`);
      octets[at] = element >> 8;
      octets[at + 1] = element & 0xff;
    },
    element => element,
  );

/** IPv6 addresses up to the end. */
export const addressList = <const N extends string>(name: N) =>
  list<N, Address>(
    name,
    ADDRESS_LENGTH,
    (octets, at) => octets.slice(at, at + ADDRESS_LENGTH),
    (octets, at, element) => putAddress(octets, at, element, name),
    formatAddress,
  );

/** An octet that counts them, a reserved one, then as many IPv6 addresses; options may follow. */
export function countedAddresses<const N extends string>(
  name: N,
): Tail<Readonly<Record<N, readonly Address[]>>> {
  const header = 2;
  const addresses = addressList(name);
  const endOf = (octets: Uint8Array, at: number): number => at + header + octets[at]! * ADDRESS_LENGTH;
  return {
    size: header,
    tail: value => addresses.tail(value),
    extent(octets, at, end) {
      return endOf(octets, at) > end ? undefined : endOf(octets, at) - at;
    },
    read(octets, at, end, into) {
      if (endOf(octets, at) > end) return { rule: `${octets[at]} addresses do not fit`, offset: at };
      return addresses.read(octets, at + header, endOf(octets, at), into);
    },
    write(octets, at, value) {
      if (value[name].length > 255) throw new RangeError(`${value[name].length} addresses`);
      octets[at] = value[name].length;
      octets[at + 1] = 0;
      addresses.write(octets, at + header, value);
    },
    show(octets, at, end, shown) {
      const fault = endOf(octets, at) > end ? `${octets[at]} addresses do not fit` : undefined;
      shown.push({ name: 'count', offset: at, length: 1, value: octets[at]!, fault });
      addresses.show(octets, at + header, Math.min(end, endOf(octets, at)), shown);
    },
  };
}
