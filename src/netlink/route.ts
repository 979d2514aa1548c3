/** IPv6 routes: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE (`struct rtmsg`). */
import { type Address, isGlobalUnicast, type Prefix, UNSPECIFIED } from '../wire/address.ts';
import { address, attributes, body, octets, s32, struct, u8, u16, u32 } from './codec.ts';
import type { Request } from './message.ts';

export const RouteType = { new: 24, delete: 25, get: 26 } as const;

/** What happens to a packet that takes the route. */
export const RouteKind = { unicast: 1, local: 2, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

export const MAIN_TABLE = 254;

/** Who makes the routes of a link's own prefixes: the kernel, for addresses, and for Router Advertisements. */
const KERNEL_PROTOCOL = 2;
const ADVERTISED_PROTOCOL = 9;

export interface NextHop {
  /** Index of the link; 0 when the message names none. */
  readonly link: number;
  readonly gateway: Address | undefined;
}

export interface KernelRoute {
  readonly table: number;
  readonly destination: Prefix;
  /** Only packets from this prefix take the route (CONFIG_IPV6_SUBTREES); `::/0` when any may. */
  readonly source: Prefix;
  readonly metric: number;
  /** A {@link RouteKind} or another number of rtnetlink. */
  readonly kind: number;
  /** Who made it. */
  readonly protocol: number;
  /** RFC 4191 §2.1 preference: 0 medium, 1 high, 3 low. */
  readonly preference: number;
  /** Seconds until it ends, as of the message; undefined: it does not end by itself. */
  readonly expires: number | undefined;
  /** At least one. */
  readonly nextHops: readonly NextHop[];
}

interface RouteHeader {
  family: number;
  destinationLength: number;
  sourceLength: number;
  lowTable: number;
  protocol: number;
  scope: number;
  kind: number;
  flags: number;
}
interface RouteAttributes {
  destination?: Address;
  source?: Address;
  link?: number;
  gateway?: Address;
  metric?: number;
  multipath?: Uint8Array;
  cache?: { expires: number };
  table?: number;
  preference?: number;
  expires?: number;
}

const INET6 = 10;
const header = struct<RouteHeader>(12, {
  family: [0, u8],
  destinationLength: [1, u8],
  sourceLength: [2, u8],
  lowTable: [4, u8],
  protocol: [5, u8],
  scope: [6, u8],
  kind: [7, u8],
  flags: [8, u32],
});
const format = body<RouteHeader, RouteAttributes>(
  header,
  attributes({
    destination: [1, address],
    source: [2, address],
    link: [4, u32],
    gateway: [5, address],
    metric: [6, u32],
    multipath: [9, octets],
    // struct rta_cacheinfo: reference count, last use, then the time left in 1/100 s
    cache: [12, struct<{ expires: number }>(32, { expires: [8, s32] })],
    table: [15, u32],
    preference: [20, u8],
    expires: [23, u32],
  }),
);
/** `struct rtnexthop`, the attributes of one next hop follow it. */
const nextHopHeader = struct<{ length: number; link: number }>(8, { length: [0, u16], link: [4, s32] });
const nextHopAttributes = attributes<{ gateway?: Address }>({ gateway: [5, address] });

/** An entry of the route cache (RTM_F_CLONED): nothing that anybody configured. */
const CLONED = 0x200;
/** Tables above this are named by RTA_TABLE alone. */
const LAST_LOW_TABLE = 255;
const TABLE_COMPATIBLE = 252;
const ONE_TICK = 100;

/** What may be known of a route without reading its attributes: enough to leave most of a large table unread. */
export function peekRoute(
  bytes: Uint8Array,
): { readonly protocol: number; readonly destinationLength: number } | undefined {
  const found = header.decode(bytes);
  return found?.family === INET6 && (found.flags & CLONED) === 0 ? found : undefined;
}

/** Whether a route with this beginning may be one of {@link isOnLinkRoute}. */
export function mayBeOnLink({
  protocol,
  destinationLength,
}: {
  protocol: number;
  destinationLength: number;
}): boolean {
  return (
    (protocol === KERNEL_PROTOCOL || protocol === ADVERTISED_PROTOCOL) &&
    destinationLength > 0 &&
    destinationLength < 128
  );
}

/** Says that the destinations, global ones, are on the link of a device (RFC 4861 §2.1). */
export function isOnLinkRoute(route: KernelRoute): boolean {
  const { kind, destination, nextHops } = route;
  return (
    kind === RouteKind.unicast &&
    mayBeOnLink({ protocol: route.protocol, destinationLength: destination.length }) &&
    isGlobalUnicast(destination.address) &&
    nextHops.every(hop => hop.gateway === undefined)
  );
}

/** Reads RTM_NEWROUTE and RTM_DELROUTE; undefined for another family, a cache entry and malformed octets. */
export function parseRoute(bytes: Uint8Array): KernelRoute | undefined {
  const found = format.decode(bytes);
  if (found === undefined || found.family !== INET6 || found.flags & CLONED) return undefined;
  const nextHops =
    found.multipath === undefined
      ? [{ link: found.link ?? 0, gateway: found.gateway }]
      : parseNextHops(found.multipath);
  if (nextHops === undefined) return undefined;
  const left = found.cache?.expires ?? 0;
  return {
    table: found.table ?? found.lowTable,
    destination: { address: found.destination ?? UNSPECIFIED, length: found.destinationLength },
    source: { address: found.source ?? UNSPECIFIED, length: found.sourceLength },
    metric: found.metric ?? 0,
    kind: found.kind,
    protocol: found.protocol,
    preference: found.preference ?? 0,
    expires: found.expires ?? (left > 0 ? Math.ceil(left / ONE_TICK) : undefined),
    nextHops,
  };
}

function parseNextHops(bytes: Uint8Array): NextHop[] | undefined {
  const hops: NextHop[] = [];
  for (let at = 0; at < bytes.length; ) {
    const fixed = nextHopHeader.decode(bytes.subarray(at));
    if (fixed === undefined || fixed.length < nextHopHeader.size || at + fixed.length > bytes.length) {
      return undefined;
    }
    const list = nextHopAttributes.decode(bytes.subarray(at + nextHopHeader.size, at + fixed.length));
    hops.push({ link: fixed.link, gateway: list?.gateway });
    at += (fixed.length + 3) & ~3;
  }
  return hops.length > 0 ? hops : undefined;
}

/** Body of a RTM_NEWROUTE or RTM_DELROUTE. Only the first next hop is written. */
export function emitRoute(
  route: Pick<KernelRoute, 'table' | 'destination' | 'metric' | 'kind' | 'protocol'> & {
    readonly nextHop?: NextHop;
  },
): Uint8Array {
  const { table, destination, metric, kind, protocol, nextHop } = route;
  return format.encode({
    family: INET6,
    destinationLength: destination.length,
    sourceLength: 0,
    lowTable: table > LAST_LOW_TABLE ? TABLE_COMPATIBLE : table,
    protocol,
    scope: 0,
    kind,
    flags: 0,
    ...(destination.length > 0 ? { destination: destination.address } : {}),
    ...(nextHop && nextHop.link > 0 ? { link: nextHop.link } : {}),
    ...(nextHop?.gateway === undefined ? {} : { gateway: nextHop.gateway }),
    metric,
    table,
  });
}

/** Asks for all IPv6 routes. */
export const dumpRoutes: Request = {
  type: RouteType.get,
  flags: 0,
  body: header.encode({
    family: INET6,
    destinationLength: 0,
    sourceLength: 0,
    lowTable: 0,
    protocol: 0,
    scope: 0,
    kind: 0,
    flags: 0,
  }),
};
