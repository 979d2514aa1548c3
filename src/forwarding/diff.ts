/** From what the kernel has to what it should have: the changes, in an order that never takes away before it gives. */
import {
  endsKey,
  equalLocalAddress,
  equalNeighbor,
  equalPolicy,
  equalRoute,
  equalState,
  equalTunnel,
  localAddressKey,
  neighborKey,
  policyKey,
  routeKey,
  ruleKey,
  stateKey,
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
  XfrmPolicy,
  XfrmState,
} from './state.ts';

export type Change =
  | { readonly kind: 'tunnel-add'; readonly tunnel: Tunnel }
  /** In place: the routes through the tunnel stay. */
  | { readonly kind: 'tunnel-change'; readonly tunnel: Tunnel; readonly index: number }
  | { readonly kind: 'tunnel-delete'; readonly tunnel: OwnedTunnel }
  | { readonly kind: 'address-add' | 'address-replace' | 'address-delete'; readonly address: LocalAddress }
  /** `replace` takes the place of the route at the same table, destination and metric in one step. */
  | { readonly kind: 'route-add' | 'route-replace' | 'route-delete'; readonly route: Route }
  | { readonly kind: 'rule-add' | 'rule-delete'; readonly rule: Rule }
  | { readonly kind: 'neighbor-add' | 'neighbor-replace' | 'neighbor-delete'; readonly neighbor: Neighbor }
  | XfrmChange;

/** What only a host makes that takes direct ways. */
export type XfrmChange =
  | { readonly kind: 'state-add' | 'state-replace' | 'state-delete'; readonly state: XfrmState }
  | { readonly kind: 'policy-add' | 'policy-replace' | 'policy-delete'; readonly policy: XfrmPolicy };

/** What is to come or to go. */
export function itemOf(change: Change): ForwardingItem {
  if ('tunnel' in change) return change.tunnel;
  if ('route' in change) return change.route;
  if ('neighbor' in change) return change.neighbor;
  if ('state' in change) return change.state;
  if ('policy' in change) return change.policy;
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
  const addresses = diffPlaces(desired.addresses, current.addresses, localAddressKey, equalLocalAddress);
  const rules = split(desired.rules, current.rules, ruleKey);
  const neighbors = diffPlaces(desired.neighbors ?? [], current.neighbors, neighborPlace, equalNeighbor);
  const states = diffPlaces(desired.states ?? [], current.states, stateKey, equalState);
  const policies = diffPlaces(desired.policies ?? [], current.policies, policyKey, equalPolicy);
  const wanted = new Set(desired.tunnels.map(tunnel => tunnel.name));
  const remove = (tunnel: OwnedTunnel): Change => ({ kind: 'tunnel-delete', tunnel });
  return [
    ...blocking.map(remove),
    ...diffTunnels(desired.tunnels, standing),
    ...addresses.added.map((address): Change => ({ kind: 'address-add', address })),
    ...addresses.replaced.map((address): Change => ({ kind: 'address-replace', address })),
    ...routeChanges.forward,
    ...rules.missing.map((rule): Change => ({ kind: 'rule-add', rule })),
    ...neighbors.added.map((neighbor): Change => ({ kind: 'neighbor-add', neighbor })),
    ...neighbors.replaced.map((neighbor): Change => ({ kind: 'neighbor-replace', neighbor })),
    // A policy never finds no state.
    ...states.added.map((state): Change => ({ kind: 'state-add', state })),
    ...states.replaced.map((state): Change => ({ kind: 'state-replace', state })),
    ...policies.added.map((policy): Change => ({ kind: 'policy-add', policy })),
    ...policies.replaced.map((policy): Change => ({ kind: 'policy-replace', policy })),
    ...policies.surplus.map((policy): Change => ({ kind: 'policy-delete', policy })),
    ...states.surplus.map((state): Change => ({ kind: 'state-delete', state })),
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

const neighborPlace = (neighbor: Neighbor): string => `${neighbor.device} ${neighborKey(neighbor)}`;

/** Of things that can take each other's place. */
function diffPlaces<T>(
  desired: readonly T[],
  current: readonly T[],
  place: (item: T) => string,
  equal: (a: T, b: T) => boolean,
): { readonly added: T[]; readonly replaced: T[]; readonly surplus: T[] } {
  const left = new Map(current.map(item => [place(item), item]));
  const added: T[] = [];
  const replaced: T[] = [];
  for (const item of desired) {
    const found = left.get(place(item));
    left.delete(place(item));
    if (found === undefined) added.push(item);
    else if (!equal(found, item)) replaced.push(item);
  }
  return { added, replaced, surplus: [...left.values()] };
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
