/** IPv6 addresses and prefixes: text, comparison and kinds (RFC 4291, RFC 5952). */

/** 16 octets in network order. Never written to once it is shared. */
export type Address = Uint8Array;

/** 4 octets in network order. Never written to once it is shared. */
export type Ipv4Address = Uint8Array;

/** The bits of `address` after `length` (0..128) are zero. */
export interface Prefix {
  readonly address: Address;
  readonly length: number;
}

export const ADDRESS_LENGTH = 16;
export const IPV4_ADDRESS_LENGTH = 4;
const GROUPS = 8;
/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255` */
const LONGEST_TEXT = 45;

/** `::` (RFC 4291 §2.5.2). */
export const UNSPECIFIED: Address = new Uint8Array(ADDRESS_LENGTH);

/**
 * Reads the text form of RFC 4291 §2.2, in any of its three notations: at most one `::`, which stands for at
 * least one group; up to four hexadecimal digits a group; a dotted quad only at the end, without leading zeros.
 * No zone, no brackets, no blanks. Returns undefined for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length < 2 || text.length > LONGEST_TEXT) return undefined;
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = parseGroups(text, true);
    return groups?.length === GROUPS ? fromGroups(groups, []) : undefined;
  }
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap), false);
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined || head.length + tail.length >= GROUPS) return undefined;
  return fromGroups(head, tail);
}

function parseGroups(text: string, quadAllowed: boolean): number[] | undefined {
  const groups: number[] = [];
  const fields = text.split(':');
  for (const [index, field] of fields.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(field)) {
      groups.push(Number.parseInt(field, 16));
    } else {
      const quad = quadAllowed && index === fields.length - 1 ? parseQuad(field) : undefined;
      if (quad === undefined) return undefined;
      groups.push((quad[0]! << 8) | quad[1]!, (quad[2]! << 8) | quad[3]!);
    }
  }
  return groups;
}

function parseQuad(text: string): number[] | undefined {
  const fields = text.split('.');
  if (fields.length !== 4) return undefined;
  const octets: number[] = [];
  for (const field of fields) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(field) || Number(field) > 255) return undefined;
    octets.push(Number(field));
  }
  return octets;
}

function fromGroups(head: readonly number[], tail: readonly number[]): Address {
  const address = new Uint8Array(ADDRESS_LENGTH);
  const put = (group: number, value: number): void => {
    address[2 * group] = value >> 8;
    address[2 * group + 1] = value & 0xff;
  };
  head.forEach((value, index) => {
    put(index, value);
  });
  tail.forEach((value, index) => {
    put(GROUPS - tail.length + index, value);
  });
  return address;
}

/** The one canonical text of RFC 5952 §4; IPv4-mapped addresses end in a dotted quad (§5). */
export function formatAddress(address: Address): string {
  if (isIpv4Mapped(address)) {
    return `::ffff:${formatIpv4Address(address.subarray(12))}`;
  }
  const groups: number[] = [];
  for (let at = 0; at < ADDRESS_LENGTH; at += 2) groups.push((address[at]! << 8) | address[at + 1]!);
  const { start, length } = longestZeroRun(groups);
  const text = (part: number[]): string => part.map(group => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** Dotted decimal. */
export function formatIpv4Address(address: Ipv4Address): string {
  return address.join('.');
}

/** The first of the longest runs of zero groups (RFC 5952 §4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === 0) continue;
    if (at - start > best.length) best = { start, length: at - start };
    start = at + 1;
  }
  return best;
}

/** Reads `address/length`; undefined also when the length has a leading zero or a bit after it is set. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  return prefixOf(address, Number(digits));
}

/** The prefix of these two fields; undefined when the length is no integer 0..128 or a host bit is set. */
export function prefixOf(address: Address, length: number): Prefix | undefined {
  if (!Number.isInteger(length) || length < 0 || length > 128) return undefined;
  return commonBits(address, UNSPECIFIED, length, 128) ? { address, length } : undefined;
}

/** The prefix of that length, 0..128, that an address is in. */
export function prefixAround(address: Address, length: number): Prefix {
  const network = address.map((octet, at) => {
    const bits = Math.min(Math.max(length - 8 * at, 0), 8);
    return octet & (0xff00 >> bits);
  });
  return { address: network, length };
}

/** The /64 that an address is in. */
export function subnetOf(address: Address): Prefix {
  return prefixAround(address, 64);
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address)}/${prefix.length}`;
}

/** The /128 of an address. */
export function hostPrefix(address: Address): Prefix {
  return { address, length: 128 };
}

export function equalAddress(a: Address, b: Address): boolean {
  for (let at = 0; at < ADDRESS_LENGTH; at++) if (a[at] !== b[at]) return false;
  return true;
}

export function equalPrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && equalAddress(a.address, b.address);
}

export function prefixContains(prefix: Prefix, address: Address): boolean {
  return commonBits(prefix.address, address, 0, prefix.length);
}

/** True when every address of `inner` is one of `outer`; a prefix covers itself. */
export function prefixCovers(outer: Prefix, inner: Prefix): boolean {
  return inner.length >= outer.length && prefixContains(outer, inner.address);
}

/** True when some address is in both. */
export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return prefixCovers(a, b) || prefixCovers(b, a);
}

/** Whether bits `from` (included) to `to` (excluded) of the two are equal. */
function commonBits(a: Address, b: Address, from: number, to: number): boolean {
  for (let at = from >> 3; at < ADDRESS_LENGTH && at * 8 < to; at++) {
    const head = at * 8 < from ? 0xff >> (from - at * 8) : 0xff;
    const tail = (at + 1) * 8 > to ? 0xff << ((at + 1) * 8 - to) : 0xff;
    if (((a[at]! ^ b[at]!) & head & tail) !== 0) return false;
  }
  return true;
}

export function isUnspecified(address: Address): boolean {
  return equalAddress(address, UNSPECIFIED);
}

export function isLoopback(address: Address): boolean {
  return startsWithZeros(address, 15) && address[15] === 1;
}

/** ff00::/8 */
export function isMulticast(address: Address): boolean {
  return address[0] === 0xff;
}

/** fe80::/10 */
export function isLinkLocal(address: Address): boolean {
  return address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
}

/** ::ffff:0:0/96 */
function isIpv4Mapped(address: Address): boolean {
  return startsWithZeros(address, 10) && address[10] === 0xff && address[11] === 0xff;
}

/**
 * A "unicast routable address" of RFC 6275: usable as home address or care-of address. Unique local addresses
 * count as usable, so that a closed network can run on them.
 */
export function isGlobalUnicast(address: Address): boolean {
  return !(
    isUnspecified(address) ||
    isLoopback(address) ||
    isMulticast(address) ||
    isLinkLocal(address) ||
    isIpv4Mapped(address)
  );
}

function startsWithZeros(address: Address, count: number): boolean {
  for (let at = 0; at < count; at++) if (address[at] !== 0) return false;
  return true;
}

/** A short string that is equal exactly for equal addresses: the key of a Map. Not readable text. */
export function addressKey(address: Address): string {
  let key = '';
  for (let at = 0; at < ADDRESS_LENGTH; at += 2) {
    key += String.fromCharCode((address[at]! << 8) | address[at + 1]!);
  }
  return key;
}
