/** What tunnels are called, whose they are, and what fits in them. */
import type { Address } from '../wire/address.ts';
import { TUNNEL_PREFIX } from './state.ts';

/** IFNAMSIZ without the final NUL. */
const NAME_LENGTH = 15;
/** Digits to base 36 of half a name's hash. */
const HALF_DIGITS = 5;

/**
 * Device name for `label`, a name of the configuration: as it stands when it fits, else 51 bits of its hash behind
 * a `~`, which no name of a configuration contains.
 */
export function tunnelName(label: string): string {
  const name = TUNNEL_PREFIX + label;
  if (name.length <= NAME_LENGTH) return name;
  const octets = [...label].map(char => char.charCodeAt(0));
  return `${TUNNEL_PREFIX}~${halfDigits(fnv(octets, 0))}${halfDigits(fnv(octets, 1))}`;
}

/** Of a mobile router: the first one's bears the name of the uplink. */
export function routerTunnelName(slot: number, uplink: string): string {
  return tunnelName(slot === 0 ? uplink : `${uplink}.${slot + 1}`);
}

const halfDigits = (hash: number): string => hash.toString(36).padStart(HALF_DIGITS, '0').slice(-HALF_DIGITS);

/** FNV-1a, 32 bits; `seed` is hashed first. Cheap, and nobody gains by a collision here. */
function fnv(octets: Iterable<number>, seed: number): number {
  let hash = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193);
  return hash >>> 0;
}

/** Device group of the mobile routers' own tunnels. */
export const ROUTER_GROUP = 0x6b6467;
const ANCHOR_GROUPS = 0x40000000;
const SHARED_GROUPS = 0x60000000;

/**
 * Device groups of an anchor's mobile nodes, one for each home address: hashes, so that they stay when the
 * configuration grows. Should two be equal, the later one moves on.
 */
export function anchorGroups(homeAddresses: readonly Address[]): number[] {
  const taken = new Set<number>();
  return homeAddresses.map(address => {
    let group = ANCHOR_GROUPS + (fnv(address, 0) >>> 3);
    while (taken.has(group)) group++;
    taken.add(group);
    return group;
  });
}

/** Of a tunnel that several of these nodes share. */
export const sharedGroup = (homeAddresses: readonly Address[]): number =>
  SHARED_GROUPS +
  (fnv(
    homeAddresses.flatMap(address => [...address]),
    1,
  ) >>>
    3);

const IPV6_HEADER = 40;
const TCP_HEADER = 20;
/** RFC 8200 §5: below this the kernel turns IPv6 off. */
const MINIMUM_MTU = 1280;
/** Where nothing else is known. The kernel goes below it when it learns the path MTU of the outer packets. */
export const USUAL_TUNNEL_MTU = 1500 - IPV6_HEADER;

/** Octets of the largest packet that passes whole through a tunnel over a device with `mtu`. */
export function tunnelRoom(mtu: number): number {
  return mtu - IPV6_HEADER;
}

/** MTU of a tunnel over a device with `mtu`, in octets. */
export function tunnelMtu(mtu: number): number {
  return Math.max(MINIMUM_MTU, tunnelRoom(mtu));
}

const GRE_HEADER = 12; // with key and sequence number

/** Octets of the largest packet that passes whole where GRE goes into tunnels with so much room. */
export function copyRoom(room: number): number {
  return room - IPV6_HEADER - GRE_HEADER;
}

/** MTU of a GRE device whose packets go into tunnels with so much room, in octets. */
export function copyMtu(room: number): number {
  return Math.max(MINIMUM_MTU, copyRoom(room));
}

/** Largest TCP segment in a packet of so many octets. */
export function segmentSize(room: number): number {
  return room - IPV6_HEADER - TCP_HEADER;
}
