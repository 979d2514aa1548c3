/** Network devices: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK (`struct ifinfomsg`). */
import { attributes, body, type Codec, octets, s32, struct, text, u8, u32 } from './codec.ts';
import { Ip6Gre, type Ip6GreParameters } from './ip6-gre.ts';
import { Ip6Tunnel, type Ip6TunnelParameters } from './ip6-tunnel.ts';
import { Flag, type Request } from './message.ts';

export const LinkType = { new: 16, delete: 17, get: 18 } as const;

export const LinkFlag = { up: 0x1, running: 0x40, lowerUp: 0x10000 } as const;

export interface Link {
  readonly index: number;
  readonly name: string;
  /** {@link LinkFlag}s. */
  readonly flags: number;
  /** Octets of a packet on the link. */
  readonly mtu: number;
  /** The IPv6 MTU where it is known: a Router Advertisement may lower it. */
  readonly ipv6Mtu: number | undefined;
  readonly group: number;
  /** Octets of the device's address on the link; undefined or empty where there is none (a tunnel's is an IP address). */
  readonly linkLayerAddress: Uint8Array | undefined;
  readonly alias: string | undefined;
  /** RFC 2863 ifOperStatus as the kernel numbers it: 0 unknown, 2 down, 6 up. */
  readonly operstate: number | undefined;
  /** `ip6tnl`, `veth`, …; undefined for a plain device. */
  readonly kind: string | undefined;
  /** Parameters of an `ip6tnl`. */
  readonly tunnel: Ip6TunnelParameters | undefined;
  /** Parameters of an `ip6gre` with a key. */
  readonly gre?: Ip6GreParameters | undefined;
}

/** What may be set when a link is made or changed. */
export interface LinkSettings {
  /** 0 when the name says which link (and for a new one). */
  readonly index: number;
  readonly name?: string;
  readonly mtu?: number;
  readonly group?: number;
  readonly up?: boolean;
  readonly tunnel?: Ip6TunnelParameters;
  readonly gre?: Ip6GreParameters;
  /** False: the kernel gives the link no link-local address of its own. */
  readonly linkLocal?: boolean;
}

interface Inet6 {
  configuration?: Uint8Array;
  addressGeneration?: number;
}
interface LinkAttributes {
  linkLayerAddress?: Uint8Array;
  name?: string;
  mtu?: number;
  operstate?: number;
  info?: { kind?: string; data?: Uint8Array };
  alias?: string;
  perFamily?: { inet6?: Inet6 };
  ofFamily?: Inet6;
  group?: number;
  filter?: number;
}
interface LinkHeader {
  family: number;
  index: number;
  flags: number;
  change: number;
}

const inet6: Codec<Inet6> = attributes<Inet6>({ configuration: [2, octets], addressGeneration: [8, u8] });
const format = body<LinkHeader, LinkAttributes>(
  struct(16, { family: [0, u8], index: [4, s32], flags: [8, u32], change: [12, u32] }),
  attributes({
    linkLayerAddress: [1, octets],
    name: [3, text],
    mtu: [4, u32],
    ofFamily: [12, inet6],
    operstate: [16, u8],
    info: [18, attributes<{ kind?: string; data?: Uint8Array }>({ kind: [1, text], data: [2, octets] })],
    alias: [20, text],
    perFamily: [26, attributes<{ inet6?: Inet6 }>({ inet6: [10, inet6] })],
    group: [27, u32],
    filter: [29, u32],
  }),
);

const UNSPECIFIED_FAMILY = 0;
const INET6_FAMILY = 10;
/** Leaves the statistics out of a dump. */
const SKIP_STATISTICS = 8;
/** Position of the IPv6 MTU in the array that IFLA_INET6_CONF is. */
const CONFIGURATION_MTU = 2;
const NO_ADDRESS_GENERATION = 1;

/** What a message about a link says: of the link, of its IPv6 side only, or of something else (a bridge port). */
export type LinkNews =
  | { readonly about: 'link'; readonly link: Link }
  | {
      readonly about: 'ipv6';
      readonly index: number;
      readonly flags: number;
      readonly ipv6Mtu: number | undefined;
    };

/**
 * Reads RTM_NEWLINK and RTM_DELLINK. The family matters: a RTM_DELLINK of AF_BRIDGE says that the link left a
 * bridge, not that it is gone; such messages give undefined, like malformed ones.
 */
export function parseLink(bytes: Uint8Array): LinkNews | undefined {
  const found = format.decode(bytes);
  if (found === undefined) return undefined;
  const { index, flags } = found;
  if (found.family === INET6_FAMILY) {
    return { about: 'ipv6', index, flags, ipv6Mtu: ipv6Mtu(found.ofFamily) };
  }
  if (found.family !== UNSPECIFIED_FAMILY || found.name === undefined) return undefined;
  const kind = found.info?.kind;
  const data = found.info?.data;
  const link: Link = {
    index,
    name: found.name,
    flags,
    mtu: found.mtu ?? 0,
    ipv6Mtu: ipv6Mtu(found.perFamily?.inet6),
    group: found.group ?? 0,
    linkLayerAddress: found.linkLayerAddress?.slice(),
    alias: found.alias,
    operstate: found.operstate,
    kind,
    tunnel: kind === Ip6Tunnel.kind ? data && Ip6Tunnel.decode(data) : undefined,
    gre: kind === Ip6Gre.kind ? data && Ip6Gre.decode(data) : undefined,
  };
  return { about: 'link', link };
}

function ipv6Mtu(family: Inet6 | undefined): number | undefined {
  return family?.configuration && u32.decode(family.configuration.subarray(CONFIGURATION_MTU * u32.size));
}

/** Body of a RTM_NEWLINK or RTM_DELLINK. */
export function emitLink(settings: LinkSettings): Uint8Array {
  const { index, name, mtu, group, up, tunnel, gre, linkLocal } = settings;
  return format.encode({
    family: UNSPECIFIED_FAMILY,
    index,
    flags: up ? LinkFlag.up : 0,
    change: up === undefined ? 0 : LinkFlag.up,
    ...(name === undefined ? {} : { name }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(group === undefined ? {} : { group }),
    ...(tunnel === undefined ? {} : { info: { kind: Ip6Tunnel.kind, data: Ip6Tunnel.encode(tunnel) } }),
    ...(gre === undefined ? {} : { info: { kind: Ip6Gre.kind, data: Ip6Gre.encode(gre) } }),
    ...(linkLocal === false ? { perFamily: { inet6: { addressGeneration: NO_ADDRESS_GENERATION } } } : {}),
  });
}

/** Asks for a device that no kernel makes: what it says to that tells whether it makes any of the kind. */
export const ip6GreTrial: Request = {
  type: LinkType.new,
  flags: Flag.create | Flag.exclusive,
  body: format.encode({
    family: UNSPECIFIED_FAMILY,
    index: 0,
    flags: 0,
    change: 0,
    info: { kind: Ip6Gre.kind, data: Ip6Gre.impossible },
  }),
};

/** Asks for all links. */
export const dumpLinks: Request = {
  type: LinkType.get,
  flags: 0,
  body: format.encode({ family: UNSPECIFIED_FAMILY, index: 0, flags: 0, change: 0, filter: SKIP_STATISTICS }),
};
