/** From the kernel's links, addresses and default routes to what the engine has to know of an uplink. */
import type { AddressEnd, UplinkStatus } from '../engine/types.ts';
import type { UplinkConfig } from '../uci/types.ts';
import {
  type Address,
  addressKey,
  equalAddress,
  equalPrefix,
  formatPrefix,
  isGlobalUnicast,
  isLinkLocal,
  type Prefix,
  parsePrefix,
  prefixAround,
  prefixContains,
  UNSPECIFIED,
} from '../wire/address.ts';
import { AddressFlag, type LinkAddress } from './address.ts';
import type { KernelView } from './kernel-view.ts';
import { type Link, LinkFlag } from './link.ts';
import { isOnLinkRoute, type KernelRoute, MAIN_TABLE, RouteKind } from './route.ts';

/** Scope of an address that is valid everywhere (RT_SCOPE_UNIVERSE). */
const GLOBAL_SCOPE = 0;
const NO_DEVICE_MTU = 1500;
/** Milliseconds by which an end may be put off without being told. */
const SAME_END = 60_000;
const HOST_LENGTH = 128;
const UNIQUE_LOCAL = parsePrefix('fc00::/7')!;

/** Where an uplink is now. */
export interface UplinkPlace extends Pick<UplinkConfig, 'name' | 'device' | 'careOf'> {
  /** Next hop to use when the kernel has no default route by the device; `::`: none is needed. */
  readonly gateway?: Address | undefined;
}

/**
 * How the uplinks stand. `ownProtocol` marks the addresses and routes that kedge made itself: a home address is
 * never taken for a care-of address, nor kedge's own default route for the uplink's; nor an address of a mobile network of
 * this host, whose tunnel would have to go through itself.
 * @param mobile home addresses and mobile network prefixes of this host
 * @param validUntil when an address ends; monotonic, milliseconds
 */
export function uplinkStatuses(
  view: KernelView,
  uplinks: readonly UplinkPlace[],
  ownProtocol: number,
  mobile: readonly Prefix[],
  validUntil: (found: LinkAddress) => number = () => Number.POSITIVE_INFINITY,
): UplinkStatus[] {
  return uplinks.map(({ name, device, careOf, gateway: known }) => {
    const link = view.linkNamed(device);
    if (link === undefined) return absent(name, device);
    const addresses = [...view.addresses].filter(
      found =>
        found.link === link.index &&
        found.protocol !== ownProtocol &&
        (careOf === undefined || prefixContains(careOf, found.address)) &&
        !mobile.some(prefix => prefixContains(prefix, found.address)),
    );
    const careOfAddress = bestAddress(addresses);
    const found = gatewaysOf(view, link.index, ownProtocol, careOfAddress);
    const gateways = found.length > 0 || known === undefined ? found : [known];
    return {
      name,
      device,
      ifindex: link.index,
      carrier: hasCarrier(link),
      careOfAddress,
      gateway: gateways[0],
      mtu: Math.min(link.mtu, link.ipv6Mtu || link.mtu),
      candidates: {
        careOfAddresses: addresses
          .filter(isUsable)
          .filter(isPreferred)
          .map(({ address }) => address),
        gateways,
      },
      ends: addresses
        .map(found => ({ address: found.address, validUntil: validUntil(found) }))
        .filter(end => end.validUntil < Number.POSITIVE_INFINITY),
      onLinkPrefixes: onLinkPrefixes(view, link.index, ownProtocol),
      linkLayerAddress: link.linkLayerAddress,
      linkLocalAddress: [...view.addresses].find(found => found.link === link.index && isOwnLinkLocal(found))
        ?.address,
    };
  });
}

const absent = (name: string, device: string): UplinkStatus => ({
  name,
  device: device === '' ? undefined : device,
  ifindex: 0,
  carrier: false,
  careOfAddress: undefined,
  gateway: undefined,
  mtu: NO_DEVICE_MTU,
});

/**
 * The flag of the lower layer falls at once; `running` follows when the kernel has worked the change off, but it
 * alone tells a dormant link (a Wi-Fi client without authorisation) from a usable one.
 */
export function hasCarrier(link: Link): boolean {
  const all = LinkFlag.up | LinkFlag.running | LinkFlag.lowerUp;
  return (link.flags & all) === all;
}

/** RFC 6275 §11.5.3 wants a unicast address that is routable here and has passed (or may forgo) DAD. */
function isUsable(found: LinkAddress): boolean {
  if (found.scope !== GLOBAL_SCOPE || !isGlobalUnicast(found.address)) return false;
  if (found.flags & AddressFlag.dadFailed) return false;
  return (found.flags & AddressFlag.tentative) === 0 || (found.flags & AddressFlag.optimistic) !== 0;
}

/** An address of the link alone, which has passed DAD. */
export function isOwnLinkLocal({ address, flags }: LinkAddress): boolean {
  return isLinkLocal(address) && (flags & (AddressFlag.tentative | AddressFlag.dadFailed)) === 0;
}

const isPreferred = (found: LinkAddress): boolean => (found.flags & AddressFlag.deprecated) === 0;

/**
 * The address to register. Better is: not deprecated; not unique-local; not temporary (it would change for
 * privacy's sake alone); made last, for after an uplink was renumbered the old address stays for its lifetime but
 * is dead; preferred for longer; and at last the lower one, so that the choice never depends on an order.
 */
export function bestAddress(candidates: readonly LinkAddress[]): Address | undefined {
  const rank = (found: LinkAddress): readonly number[] => [
    found.flags & AddressFlag.deprecated ? 1 : 0,
    prefixContains(UNIQUE_LOCAL, found.address) ? 1 : 0,
    found.flags & AddressFlag.temporary ? 1 : 0,
    -found.created,
    -found.preferred,
    ...found.address,
  ];
  return lowest(candidates.filter(isUsable), rank)?.address;
}

/**
 * Next hops of the device's default routes, the best one first, wherever these stand: in table main, in a table of the
 * uplink's own (netifd's `ip6table`), or restricted to a source prefix, which must then hold the care-of address. A
 * point-to-point device needs no next hop: `::`.
 */
function gatewaysOf(
  view: KernelView,
  link: number,
  ownProtocol: number,
  careOfAddress: Address | undefined,
): Address[] {
  const candidates: { readonly route: KernelRoute; readonly gateway: Address }[] = [];
  for (const route of view.defaultRoutes) {
    if (route.kind !== RouteKind.unicast || route.protocol === ownProtocol) continue;
    if (route.source.length > 0 && !(careOfAddress && prefixContains(route.source, careOfAddress))) continue;
    for (const hop of route.nextHops) {
      if (hop.link === link) candidates.push({ route, gateway: hop.gateway ?? UNSPECIFIED });
    }
  }
  const best = lowest(candidates, ({ route, gateway }) => [
    PREFERENCE[route.preference] ?? 1,
    route.metric,
    route.table === MAIN_TABLE ? 0 : 1,
    -route.source.length,
    ...gateway,
  ])?.gateway;
  if (best === undefined) return [];
  return unique([best, ...candidates.map(({ gateway }) => gateway)], addressKey);
}

/** From the routes of the link, and from its addresses where others than the kernel make the routes. */
function onLinkPrefixes(view: KernelView, link: number, ownProtocol: number): Prefix[] {
  const advertised = view.routesThrough(link).filter(isOnLinkRoute);
  const configured = [...view.addresses].filter(
    found =>
      found.link === link &&
      found.protocol !== ownProtocol &&
      found.scope === GLOBAL_SCOPE &&
      found.length < HOST_LENGTH &&
      (found.flags & AddressFlag.noPrefixRoute) === 0,
  );
  const prefixes = [
    ...advertised.map(({ destination }) => destination),
    ...configured.map(({ address, length }) => prefixAround(address, length)),
  ];
  return unique(prefixes, formatPrefix).sort((a, b) => (formatPrefix(a) < formatPrefix(b) ? -1 : 1));
}

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map(item => [key(item), item])).values()];
}

/** Order of the RFC 4191 §2.1 router preferences: high, medium, low. */
const PREFERENCE: readonly (number | undefined)[] = [1, 0, 1, 2];

function lowest<T>(items: readonly T[], rank: (item: T) => readonly number[]): T | undefined {
  let best: { readonly item: T; readonly rank: readonly number[] } | undefined;
  for (const item of items) {
    const candidate = { item, rank: rank(item) };
    if (best === undefined || isBefore(candidate.rank, best.rank)) best = candidate;
  }
  return best?.item;
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (const [at, value] of a.entries()) {
    if (value !== b[at]) return value < b[at]!;
  }
  return false;
}

/** Whether nothing changed that a role has to hear of. @param a as it was told last */
export function equalStatuses(a: readonly UplinkStatus[], b: readonly UplinkStatus[]): boolean {
  return a.length === b.length && a.every((status, index) => isEqual(status, b[index]!));
}

function isEqual(a: UplinkStatus, b: UplinkStatus): boolean {
  return (
    a.name === b.name &&
    a.device === b.device &&
    a.ifindex === b.ifindex &&
    a.carrier === b.carrier &&
    a.mtu === b.mtu &&
    isSameAddress(a.careOfAddress, b.careOfAddress) &&
    isSameAddress(a.gateway, b.gateway) &&
    isSameList(a.candidates?.careOfAddresses, b.candidates?.careOfAddresses, equalAddress) &&
    isSameList(a.candidates?.gateways, b.candidates?.gateways, equalAddress) &&
    isSameList(a.onLinkPrefixes, b.onLinkPrefixes, equalPrefix) &&
    isSameAddress(a.linkLayerAddress, b.linkLayerAddress) &&
    isSameAddress(a.linkLocalAddress, b.linkLocalAddress) &&
    isSameList(a.ends, b.ends, isSameEnd)
  );
}

/** Router Advertisements put the end off again and again: that is news now and then only. */
function isSameEnd(before: AddressEnd, now: AddressEnd): boolean {
  const later = now.validUntil - before.validUntil;
  return equalAddress(before.address, now.address) && later >= 0 && later < SAME_END;
}

function isSameList<T>(a: readonly T[] = [], b: readonly T[] = [], isSame: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, at) => isSame(item, b[at]!));
}

function isSameAddress(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalAddress(a, b);
}
