/** Addresses, prefixes and plain octets. */
import {
  ADDRESS_LENGTH,
  type Address,
  formatAddress,
  formatIpv4Address,
  IPV4_ADDRESS_LENGTH,
  type Ipv4Address,
  type Prefix,
  prefixOf,
} from '../address.ts';
import { type Fault, type Field, hexadecimal, octetsField, type Part } from './part.ts';

type Fields = Record<string, unknown>;
type Tail<T> = Part<T> & { tail(value: T): number };

/** Throws a RangeError when `value` does not have `length` octets. */
function put(octets: Uint8Array, at: number, value: Uint8Array, length: number, name: string): void {
  if (value.length !== length) throw new RangeError(`${name}: ${value.length} octets, not ${length}`);
  octets.set(value, at);
}

/** Throws a RangeError when `value` is not 16 octets. */
export function putAddress(octets: Uint8Array, at: number, value: Address, name: string): void {
  put(octets, at, value, ADDRESS_LENGTH, name);
}

function formatAnyAddress(address: Address | Ipv4Address): string {
  return address.length === ADDRESS_LENGTH ? formatAddress(address) : formatIpv4Address(address);
}

function fixed<const N extends string>(
  name: N,
  size: number,
  text: (value: Uint8Array) => string,
): Part<Readonly<Record<N, Uint8Array>>> {
  return {
    size,
    read(octets, at, _end, into) {
      (into as Fields)[name] = octets.slice(at, at + size);
      return undefined;
    },
    write(octets, at, value) {
      put(octets, at, value[name], size, name);
    },
    show(octets, at, _end, shown) {
      shown.push({ name, offset: at, length: size, value: text(octets.subarray(at, at + size)) });
    },
  };
}

export const octets = <const N extends string>(name: N, size: number) => fixed(name, size, hexadecimal);
export const address = <const N extends string>(name: N) => fixed(name, ADDRESS_LENGTH, formatAddress);
export const ipv4Address = <const N extends string>(name: N) =>
  fixed(name, IPV4_ADDRESS_LENGTH, formatIpv4Address);

/**
 * An IPv6 or IPv4 address that fills the rest: 16 or 4 octets. Whoever has another field that says which of the two it
 * is, checks that they agree.
 */
export function eitherAddress<const N extends string>(
  name: N,
): Tail<Readonly<Record<N, Address | Ipv4Address>>> {
  const whole = optionalAddress(name);
  return {
    ...whole,
    read(octets, at, end, into) {
      return at === end ? { rule: `${name} is missing` } : whole.read(octets, at, end, into);
    },
  } as Tail<Readonly<Record<N, Address | Ipv4Address>>>;
}

/** An IPv6 or IPv4 address that fills the rest, or nothing. */
export function optionalAddress<const N extends string>(
  name: N,
): Tail<Readonly<Record<N, Address | Ipv4Address | undefined>>> {
  return {
    size: 0,
    tail: value => value[name]?.length ?? 0,
    read(octets, at, end, into) {
      const length = end - at;
      if (length !== 0 && length !== ADDRESS_LENGTH && length !== IPV4_ADDRESS_LENGTH) {
        return { rule: `${length} octets are no address`, offset: at };
      }
      (into as Fields)[name] = length === 0 ? undefined : octets.slice(at, end);
      return undefined;
    },
    write(octets, at, value) {
      const present = value[name];
      if (present === undefined) return;
      put(octets, at, present, present.length === IPV4_ADDRESS_LENGTH ? 4 : ADDRESS_LENGTH, name);
    },
    show(octets, at, end, shown) {
      const fault = this.read(octets, at, end, {});
      if (fault !== undefined) shown.push({ ...octetsField(name, octets, at, end), fault: fault.rule });
      else if (at !== end) {
        const value = formatAnyAddress(octets.subarray(at, end));
        shown.push({ name, offset: at, length: end - at, value });
      }
    },
  };
}

/** One octet of prefix length, then 16 of address. A host bit that is set, or a length above 128, is refused. */
export function prefix<const N extends string>(name: N): Part<Readonly<Record<N, Prefix>>> {
  const size = 1 + ADDRESS_LENGTH;
  const faultAt = (octets: Uint8Array, at: number): Fault | undefined => {
    if (octets[at]! > 128) return { rule: `prefix length ${octets[at]} is above 128`, offset: at };
    return prefixOf(octets.subarray(at + 1, at + size), octets[at]!) === undefined
      ? { rule: `a bit beyond the prefix length of ${octets[at]} is set`, offset: at + 1 }
      : undefined;
  };
  return {
    size,
    read(octets, at, _end, into) {
      const value = prefixOf(octets.slice(at + 1, at + size), octets[at]!);
      (into as Fields)[name] = value;
      return value === undefined ? faultAt(octets, at) : undefined;
    },
    write(octets, at, fields) {
      const value = fields[name];
      if (prefixOf(value.address, value.length) === undefined) {
        throw new RangeError(`${name}: length ${value.length} above 128 or a host bit set`);
      }
      octets[at] = value.length;
      putAddress(octets, at + 1, value.address, name);
    },
    show(octets, at, _end, shown) {
      const value = `${formatAddress(octets.subarray(at + 1, at + size))}/${octets[at]}`;
      shown.push({ name, offset: at, length: size, value, fault: faultAt(octets, at)?.rule });
    },
  };
}

function tail<const N extends string>(
  name: N,
  least: number,
  most: number,
  describe: (value: Uint8Array) => Partial<Field>,
): Tail<Readonly<Record<N, Uint8Array>>> {
  const fits = (length: number): boolean => length >= least && length <= most;
  return {
    size: 0,
    tail: value => value[name].length,
    read(octets, at, end, into) {
      if (!fits(end - at))
        return { rule: `${name}: ${end - at} octets, not ${least} to ${most}`, offset: at };
      (into as Fields)[name] = octets.slice(at, end);
      return undefined;
    },
    write(octets, at, value) {
      if (!fits(value[name].length)) throw new RangeError(`${name}: ${value[name].length} octets`);
      octets.set(value[name], at);
    },
    show(octets, at, end, shown) {
      const fault = this.read(octets, at, end, {})?.rule;
      if (at === end && fault === undefined) return;
      shown.push({ ...octetsField(name, octets, at, end), ...describe(octets.subarray(at, end)), fault });
    },
  };
}

/** All octets that are left. */
export const rest = <const N extends string>(name: N, least = 0, most = Number.POSITIVE_INFINITY) =>
  tail(name, least, most, () => ({}));

/** All octets that are left, of which the printable ones are shown as text. The value is octets: nobody checks them. */
export const text = <const N extends string>(name: N, least = 0, most = Number.POSITIVE_INFINITY) =>
  tail(name, least, most, value => ({ meaning: printable(value) }));

function printable(value: Uint8Array): string {
  let shown = '';
  for (const octet of value) shown += octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.';
  return shown;
}
