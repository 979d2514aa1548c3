/** IPv6 addresses of links: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR (`struct ifaddrmsg`). */
import type { Address } from '../wire/address.ts';
import { address, attributes, body, struct, u8, u32 } from './codec.ts';
import type { Request } from './message.ts';

export const AddressType = { new: 20, delete: 21, get: 22 } as const;

export const AddressFlag = {
  temporary: 0x01,
  noDad: 0x02,
  optimistic: 0x04,
  dadFailed: 0x08,
  home: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  noPrefixRoute: 0x200,
} as const;

export interface LinkAddress {
  /** Index of the link. */
  readonly link: number;
  readonly address: Address;
  readonly length: number;
  /** {@link AddressFlag}s. */
  readonly flags: number;
  /** 0 global, 253 link, 254 host. */
  readonly scope: number;
  /** Who made it (IFA_PROTO, Linux 5.18); 0 when the kernel does not say. */
  readonly protocol: number;
  /** Seconds, as of the message; 4294967295: forever. */
  readonly preferred: number;
  readonly valid: number;
  /** When it was made: 1/100 s since the machine started. */
  readonly created: number;
}

/** `struct ifa_cacheinfo` */
interface Lifetimes {
  preferred: number;
  valid: number;
  created: number;
  updated: number;
}
/** Of a lifetime, in seconds. */
export const FOREVER = 0xffffffff;

interface AddressAttributes {
  address?: Address;
  local?: Address;
  lifetimes?: Lifetimes;
  flags?: number;
  protocol?: number;
}
interface AddressHeader {
  family: number;
  length: number;
  lowFlags: number;
  scope: number;
  link: number;
}

const INET6 = 10;
const format = body<AddressHeader, AddressAttributes>(
  struct(8, { family: [0, u8], length: [1, u8], lowFlags: [2, u8], scope: [3, u8], link: [4, u32] }),
  attributes({
    address: [1, address],
    local: [2, address],
    lifetimes: [
      6,
      struct<Lifetimes>(16, { preferred: [0, u32], valid: [4, u32], created: [8, u32], updated: [12, u32] }),
    ],
    flags: [8, u32],
    protocol: [11, u8],
  }),
);

/** Reads RTM_NEWADDR and RTM_DELADDR; undefined for another family and for malformed octets. */
export function parseLinkAddress(bytes: Uint8Array): LinkAddress | undefined {
  const found = format.decode(bytes);
  // With a point-to-point address, `address` is the other end's.
  const own = found?.local ?? found?.address;
  if (found === undefined || found.family !== INET6 || own === undefined) return undefined;
  return {
    link: found.link,
    address: own,
    length: found.length,
    flags: found.flags ?? found.lowFlags,
    scope: found.scope,
    protocol: found.protocol ?? 0,
    preferred: found.lifetimes?.preferred ?? FOREVER,
    valid: found.lifetimes?.valid ?? FOREVER,
    created: found.lifetimes?.created ?? 0,
  };
}

/**
 * Body of a RTM_NEWADDR or RTM_DELADDR; the address lives forever.
 * @param kind `tested` by duplicate address detection, else it is usable at once; `home`: of Mobile IPv6; `deprecated`: not for new sessions
 */
export function emitLinkAddress(
  value: Pick<LinkAddress, 'link' | 'address' | 'length' | 'protocol'>,
  { tested = false, home = false, deprecated = false } = {},
): Uint8Array {
  return format.encode({
    family: INET6,
    length: value.length,
    lowFlags: 0,
    scope: 0,
    link: value.link,
    local: value.address,
    address: value.address,
    flags: AddressFlag.permanent | (tested ? 0 : AddressFlag.noDad) | (home ? AddressFlag.home : 0),
    protocol: value.protocol,
    // Deprecated: packets bear it when somebody wants it, or they would leave by the route of another source.
    ...(home || deprecated ? { lifetimes: { preferred: 0, valid: FOREVER, created: 0, updated: 0 } } : {}),
  });
}

/** Asks for all IPv6 addresses. */
export const dumpAddresses: Request = {
  type: AddressType.get,
  flags: 0,
  body: format.encode({ family: INET6, length: 0, lowFlags: 0, scope: 0, link: 0 }),
};
