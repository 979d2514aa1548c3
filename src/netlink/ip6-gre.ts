/** `ip6gre` devices: the IFLA_INFO_DATA of a link of that kind (linux/if_tunnel.h, RFC 2784, RFC 2890). */
import type { Address } from '../wire/address.ts';
import { address, attributes, type Codec, u8, u32 } from './codec.ts';

export interface Ip6GreParameters {
  readonly local: Address;
  readonly remote: Address;
  /** In packets of both directions. */
  readonly key: number;
  /** Whether packets that leave are numbered; what arrives is taken in any order. */
  readonly numbered: boolean;
  /** Of the outer packet. */
  readonly hopLimit: number;
  /** As those of an `ip6tnl`. */
  readonly flags: number;
}

/** In network byte order, as the kernel passes them. */
const networkOrder = (size: 2 | 4): Codec<number> => ({
  decode: bytes => bytes.subarray(0, size).reduce((value, octet) => value * 256 + octet, 0),
  encode: value => Uint8Array.from({ length: size }, (_, at) => value >>> (8 * (size - 1 - at))),
});

/** Flags of the GRE header. */
const KEY = 0x2000;
const SEQUENCE = 0x1000;

interface Fields {
  flagsIn?: number;
  flagsOut?: number;
  keyIn?: number;
  keyOut?: number;
  local?: Address;
  remote?: Address;
  hopLimit?: number;
  flags?: number;
}

const fields = attributes<Fields>({
  flagsIn: [2, networkOrder(2)],
  flagsOut: [3, networkOrder(2)],
  keyIn: [4, networkOrder(4)],
  keyOut: [5, networkOrder(4)],
  local: [6, address],
  remote: [7, address],
  hopLimit: [8, u8],
  flags: [13, u32],
});

/** GRE_ROUTING, which Linux refuses before it makes anything. */
const WITH_ROUTING = 0x4000;

export const Ip6Gre = {
  kind: 'ip6gre',
  /** Parameters that are refused with EINVAL. */
  impossible: fields.encode({ flagsIn: WITH_ROUTING }),
  /** Undefined: something else than {@link encode} makes. */
  decode(bytes: Uint8Array): Ip6GreParameters | undefined {
    const found = fields.decode(bytes);
    if (found?.local === undefined || found.remote === undefined) return undefined;
    const { local, remote, flagsIn, flagsOut = 0, keyIn, keyOut, hopLimit = 0, flags = 0 } = found;
    if (flagsIn !== KEY || (flagsOut & KEY) === 0 || keyIn === undefined || keyIn !== keyOut)
      return undefined;
    return { local, remote, key: keyIn, numbered: (flagsOut & SEQUENCE) !== 0, hopLimit, flags };
  },
  encode({ local, remote, key, numbered, hopLimit, flags }: Ip6GreParameters): Uint8Array {
    return fields.encode({
      flagsIn: KEY,
      flagsOut: numbered ? KEY | SEQUENCE : KEY,
      keyIn: key,
      keyOut: key,
      local,
      remote,
      hopLimit,
      flags,
    });
  },
} as const;
