/** From what the kernel has to what it should have: the changes, in an order that never takes away before it gives. */
import {
  endsKey,
  equalNeighbor,
  equalRoute,
  equalTunnel,
  localAddressKey,
  neighborKey,
  routeKey,
  ruleKey,
} from './identity.ts';
import type { OwnedState, OwnedTunnel } from './owned.ts';
import type {
  ForwardingItem,
  ForwardingItems,
  LocalAddress,
  Neighbor,
  Route,
  Rule,
  Tunnel,
} from './state.ts';

export type Change =
  | { readonly kind: 'tunnel-add'; readonly tunnel: Tunnel }
  /** In place: the routes through the tunnel stay. */
  | { readonly kind: 'tunnel-change'; readonly tunnel: Tunnel; readonly index: number }
  | { readonly kind: 'tunnel-delete'; readonly tunnel: OwnedTunnel }
  | { readonly kind: 'address-add' | 'address-delete'; readonly address: LocalAddress }
  /** `replace` takes the place of the route at the same table, destination and metric in one step. */
  | { readonly kind: 'route-add' | 'route-replace' | 'route-delete'; readonly route: Route }
  | { readonly kind: 'rule-add' | 'rule-delete'; readonly rule: Rule }
  | { readonly kind: 'neighbor-add' | 'neighbor-replace' | 'neighbor-delete'; readonly neighbor: Neighbor };

/** The tunnel, address, route, rule or neighbour that is to come or to go. */
export function itemOf(change: Change): ForwardingItem {
  if ('tunnel' in change) return change.tunnel;
  if ('route' in change) return change.route;
  if ('neighbor' in change) return change.neighbor;
  return 'rule' in change ? change.rule : change.address;
}

/**
 * The changes that lead from `current` to `desired`. Whatever both have is not touched; where both have a route at
 * a place, there is one at any time between. Only a tunnel whose ends another one needs goes before it comes: the
 * kernel refuses two with the same ends.
 */
export function diffForwarding(desired: ForwardingItems, current: OwnedState): Change[] {
  const { blocking, standing } = splitTunnels(desired.tunnels, current.tunnels);
  const gone = new Set(blocking.map(tunnel => tunnel.name));
  const routes = current.routes.filter(route => route.device === undefined || !gone.has(route.device));
  const routeChanges = diffRoutes(desired.routes, routes);
  const addresses = split(desired.addresses, current.addresses, localAddressKey);
  const rules = split(desired.rules, current.rules, ruleKey);
  const neighbors = diffNeighbors(desired.neighbors ?? [], current.neighbors);
  const wanted = new Set(desired.tunnels.map(tunnel => tunnel.name));
  const remove = (tunnel: OwnedTunnel): Change => ({ kind: 'tunnel-delete', tunnel });
  return [
    ...blocking.map(remove),
    ...diffTunnels(desired.tunnels, standing),
    ...addresses.missing.map((address): Change => ({ kind: 'address-add', address })),
    ...routeChanges.forward,
    ...rules.missing.map((rule): Change => ({ kind: 'rule-add', rule })),
    ...neighbors.forward,
    ...neighbors.surplus.map((neighbor): Change => ({ kind: 'neighbor-delete', neighbor })),
    ...rules.surplus.map((rule): Change => ({ kind: 'rule-delete', rule })),
    ...routeChanges.surplus.map((route): Change => ({ kind: 'route-delete', route })),
    ...addresses.surplus.map((address): Change => ({ kind: 'address-delete', address })),
    ...standing.filter(tunnel => !wanted.has(tunnel.name)).map(remove),
  ];
}

/** `blocking`: the tunnels that hold the ends which a tunnel of another name is to have. */
function splitTunnels(
  desired: readonly Tunnel[],
  current: readonly OwnedTunnel[],
): { readonly blocking: OwnedTunnel[]; readonly standing: OwnedTunnel[] } {
  const owner = new Map(desired.map(tunnel => [endsKey(tunnel), tunnel.name]));
  const blocks = (tunnel: OwnedTunnel): boolean =>
    (owner.get(endsKey(tunnel)) ?? tunnel.name) !== tunnel.name;
  return {
    blocking: current.filter(blocks),
    standing: current.filter(tunnel => !blocks(tunnel)),
  };
}

function diffTunnels(desired: readonly Tunnel[], current: readonly OwnedTunnel[]): Change[] {
  const byName = new Map(current.map(tunnel => [tunnel.name, tunnel]));
  return desired.flatMap((tunnel): Change[] => {
    const found = byName.get(tunnel.name);
    if (found === undefined) return [{ kind: 'tunnel-add', tunnel }];
    if (found.intact && equalTunnel(found, tunnel)) return [];
    return [{ kind: 'tunnel-change', tunnel, index: found.index }];
  });
}

/** What catches a packet comes before what carries it on, so that none escapes in between. */
const unreachableFirst = (routes: readonly Route[]): Route[] => [
  ...routes.filter(route => route.kind === 'unreachable'),
  ...routes.filter(route => route.kind === 'unicast'),
];

function diffRoutes(
  desired: readonly Route[],
  current: readonly Route[],
): { readonly forward: Change[]; readonly surplus: Route[] } {
  const places = new Map<string, Route[]>();
  for (const route of current) {
    const key = routeKey(route);
    places.set(key, [...(places.get(key) ?? []), route]);
  }
  const forward: Change[] = [];
  const surplus: Route[] = [];
  for (const route of unreachableFirst(desired)) {
    const key = routeKey(route);
    const found = places.get(key) ?? [];
    places.delete(key);
    const others = found.filter(other => !equalRoute(other, route));
    if (others.length < found.length) surplus.push(...others);
    else forward.push({ kind: found.length === 0 ? 'route-add' : 'route-replace', route });
  }
  for (const left of places.values()) surplus.push(...left);
  return { forward, surplus };
}

function diffNeighbors(
  desired: readonly Neighbor[],
  current: readonly Neighbor[],
): { readonly forward: Change[]; readonly surplus: Neighbor[] } {
  const place = (neighbor: Neighbor): string => `${neighbor.device} ${neighborKey(neighbor)}`;
  const left = new Map(current.map(neighbor => [place(neighbor), neighbor]));
  const forward: Change[] = [];
  for (const neighbor of desired) {
    const found = left.get(place(neighbor));
    left.delete(place(neighbor));
    if (found === undefined) forward.push({ kind: 'neighbor-add', neighbor });
    else if (!equalNeighbor(found, neighbor)) forward.push({ kind: 'neighbor-replace', neighbor });
  }
  return { forward, surplus: [...left.values()] };
}

function split<T>(
  desired: readonly T[],
  current: readonly T[],
  key: (item: T) => string,
): { readonly missing: T[]; readonly surplus: T[] } {
  const have = new Set(current.map(key));
  const want = new Set(desired.map(key));
  return {
    missing: desired.filter(item => !have.has(key(item))),
    surplus: current.filter(item => !want.has(key(item))),
  };
}
