/** What of the kernel's state is kedge's: by link name, route protocol number and rule priority. */

import { AddressFlag, type LinkAddress } from '../netlink/address.ts';
import { Ip6TunnelFlag } from '../netlink/ip6-tunnel.ts';
import type { KernelView } from '../netlink/kernel-view.ts';
import { type Link, LinkFlag, type LinkSettings } from '../netlink/link.ts';
import type { KernelNeighbor } from '../netlink/neighbor.ts';
import { type KernelRoute, RouteKind } from '../netlink/route.ts';
import type { KernelRule } from '../netlink/rule.ts';
import { localAddressKey, type Place, placeKey, policyKey, stateKey } from './identity.ts';
import {
  type LocalAddress,
  type Neighbor,
  ROUTE_PROTOCOL,
  type Route,
  type Rule,
  TUNNEL_PREFIX,
  type Tunnel,
  type XfrmPolicy,
  type XfrmState,
} from './state.ts';

export interface OwnedTunnel extends Tunnel {
  readonly index: number;
  /** Up, and in all that {@link Tunnel} does not say as kedge makes it. */
  readonly intact: boolean;
}

/** As {@link ForwardingState}, but as the kernel has it. Several routes may stand at one place. */
export interface OwnedState {
  readonly tunnels: readonly OwnedTunnel[];
  readonly addresses: readonly LocalAddress[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbors: readonly Neighbor[];
  readonly states: readonly XfrmState[];
  readonly policies: readonly XfrmPolicy[];
}

/** Kedge's own XFRM states and policies, by key. */
export interface FoundXfrm {
  readonly states: ReadonlyMap<string, XfrmState>;
  readonly policies: ReadonlyMap<string, XfrmPolicy>;
}

export const LOOPBACK = 'lo';
const IPV6_PROTOCOL = 41;
const HOP_LIMIT = 64;

/** The kind of device that kedge makes, and its parameters: no encapsulation limit option, hop limit of a router (RFC 3963 §5.5). */
export function tunnelSettings({ link, local, remote, key }: Tunnel): Pick<LinkSettings, 'tunnel' | 'gre'> {
  const flags = Ip6TunnelFlag.ignoreEncapsulationLimit;
  if (key !== undefined) return { gre: { local, remote, key, numbered: true, hopLimit: HOP_LIMIT, flags } };
  const tunnel = {
    link,
    local,
    remote,
    hopLimit: HOP_LIMIT,
    flags,
    protocol: IPV6_PROTOCOL,
    encapsulationLimit: 0,
  };
  return { tunnel };
}

/**
 * Kedge's part of the kernel's state. A kernel before 5.18 does not remember who made an address; there, those of
 * `addresses` count as kedge's.
 */
export function ownedState(
  view: KernelView,
  xfrm: FoundXfrm,
  addresses: readonly LocalAddress[],
): OwnedState {
  return {
    tunnels: [...view.links].flatMap(link => ownedTunnel(link) ?? []),
    addresses: ownedAddresses(view, addresses),
    routes: [...view.routes].flatMap(route => ownedRoute(view, route) ?? []),
    rules: ownedRules(view),
    neighbors: [...view.neighbors].map(found => ownedNeighbor(view, found)),
    states: [...xfrm.states.values()],
    policies: [...xfrm.policies.values()],
  };
}

/** As {@link ownedState}, of these places only. */
export function ownedAt(
  view: KernelView,
  xfrm: FoundXfrm,
  places: ReadonlyMap<string, Place>,
  addresses: readonly LocalAddress[],
): OwnedState {
  const tunnels: OwnedTunnel[] = [];
  const routes: Route[] = [];
  const neighbors: Neighbor[] = [];
  const states: XfrmState[] = [];
  const policies: XfrmPolicy[] = [];
  let others = false;
  for (const place of places.values()) {
    if ('name' in place) {
      const link = view.linkNamed(place.name);
      const tunnel = link && ownedTunnel(link);
      if (tunnel !== undefined) tunnels.push(tunnel);
    } else if ('destination' in place) {
      routes.push(...view.routesAt(place).flatMap(route => ownedRoute(view, route) ?? []));
    } else if ('neighbor' in place) {
      neighbors.push(...view.neighborsAt(place).map(found => ownedNeighbor(view, found)));
    } else if ('header' in place) {
      const found = xfrm.states.get(stateKey(place));
      if (found !== undefined) states.push(found);
    } else if ('headers' in place) {
      const found = xfrm.policies.get(policyKey(place));
      if (found !== undefined) policies.push(found);
    } else {
      others = true;
    }
  }
  const isThere = (item: LocalAddress | Rule): boolean => places.has(placeKey(item));
  // Addresses and rules are the mobile router's: there are few.
  return {
    tunnels,
    addresses: others ? ownedAddresses(view, addresses).filter(isThere) : [],
    routes,
    rules: others ? ownedRules(view).filter(isThere) : [],
    neighbors,
    states,
    policies,
  };
}

function ownedTunnel(link: Link): OwnedTunnel | undefined {
  const { name, index, mtu, group, tunnel, gre } = link;
  const parameters = tunnel ?? gre;
  if (parameters === undefined || !name.startsWith(TUNNEL_PREFIX)) return undefined;
  const { local, remote, hopLimit, flags } = parameters;
  const ignored = (flags & Ip6TunnelFlag.ignoreEncapsulationLimit) !== 0;
  const isOfKind = gre === undefined ? tunnel!.protocol === IPV6_PROTOCOL : gre.numbered;
  return {
    name,
    index,
    local,
    remote,
    link: tunnel?.link ?? 0,
    mtu,
    group,
    key: gre?.key,
    intact: (link.flags & LinkFlag.up) !== 0 && ignored && hopLimit === HOP_LIMIT && isOfKind,
  };
}

/** An address of the kernel's as kedge would say it. */
export function localAddress(
  view: KernelView,
  { link, address, flags }: Pick<LinkAddress, 'link' | 'address' | 'flags'>,
): LocalAddress {
  const device = view.deviceName(link);
  const home = (flags & AddressFlag.home) !== 0;
  const deprecated = !home && (flags & AddressFlag.deprecated) !== 0;
  return {
    address,
    ...(device === LOOPBACK ? {} : { device }),
    ...(home ? { home } : {}),
    ...(deprecated ? { deprecated } : {}),
  };
}

function ownedAddresses(view: KernelView, desired: readonly LocalAddress[]): LocalAddress[] {
  const wanted = new Set(desired.map(localAddressKey));
  return [...view.addresses].flatMap(({ link, address, flags, length, protocol }): LocalAddress[] => {
    if (length !== 128) return [];
    const found = localAddress(view, { link, address, flags });
    return protocol === ROUTE_PROTOCOL || wanted.has(localAddressKey(found)) ? [found] : [];
  });
}

function ownedRoute(view: KernelView, route: KernelRoute): Route | undefined {
  if (route.protocol !== ROUTE_PROTOCOL || route.source.length > 0) return undefined;
  const { table, destination, metric } = route;
  if (route.kind === RouteKind.unreachable) return { table, destination, metric, kind: 'unreachable' };
  const { link, gateway } = route.nextHops[0]!;
  const device = view.deviceName(link);
  return {
    table,
    destination,
    metric,
    kind: 'unicast',
    device,
    ...(gateway === undefined ? {} : { gateway }),
  };
}

/** The view has none but kedge's. */
function ownedNeighbor(
  view: KernelView,
  { link, neighbor, linkLayerAddress, router }: KernelNeighbor,
): Neighbor {
  return { device: view.deviceName(link), neighbor, linkLayerAddress, router };
}

function ownedRules(view: KernelView): Rule[] {
  return [...view.rules].filter(isOwnRule).map(({ priority, from, to, mark, table }) => ({
    priority,
    ...(from.length > 0 ? { from } : {}),
    ...(to.length > 0 ? { to } : {}),
    ...(mark && { mark }),
    table,
  }));
}

/** At whatever priority: it may have been configured otherwise before. */
const isOwnRule = ({ plain, protocol }: KernelRule): boolean => plain && protocol === ROUTE_PROTOCOL;
