/** A model of what the kernel makes of a change: it throws where the kernel would refuse. */
import type { Change } from '../../../src/forwarding/diff.ts';
import {
  endsKey,
  equalRoute,
  localAddressKey,
  neighborKey,
  policyKey,
  routeKey,
  ruleKey,
  stateKey,
} from '../../../src/forwarding/identity.ts';
import type { OwnedState, OwnedTunnel } from '../../../src/forwarding/owned.ts';
import type { ForwardingState, Neighbor, Tunnel } from '../../../src/forwarding/state.ts';
import { equalAddress } from '../../../src/wire/address.ts';

const own = (tunnel: Tunnel, index: number): OwnedTunnel => ({ ...tunnel, index, intact: true });

/** The state as the kernel would have it. */
export function owned(state: ForwardingState): OwnedState {
  const { tunnels, addresses, routes, rules, neighbors = [], states = [], policies = [] } = state;
  const owned = tunnels.map((tunnel, at) => own(tunnel, 100 + at));
  return { tunnels: owned, addresses, routes, rules, neighbors, states, policies };
}

const isSameNeighbor = (a: Neighbor, b: Neighbor): boolean =>
  a.device === b.device && neighborKey(a) === neighborKey(b);

function refuseIf(condition: boolean, change: Change): void {
  if (condition) throw new Error(`the kernel refuses ${change.kind}`);
}

export function makeChange(state: OwnedState, change: Change): OwnedState {
  const { tunnels, addresses, routes, rules, neighbors } = state;
  const has = (name: string | undefined): boolean =>
    name === undefined || !name.startsWith('kdg-') || tunnels.some(tunnel => tunnel.name === name);
  switch (change.kind) {
    case 'tunnel-add':
    case 'tunnel-change': {
      const others = tunnels.filter(tunnel => tunnel.name !== change.tunnel.name);
      refuseIf((others.length === tunnels.length) === (change.kind === 'tunnel-change'), change);
      refuseIf(
        others.some(tunnel => endsKey(tunnel) === endsKey(change.tunnel)),
        change,
      );
      const index = change.kind === 'tunnel-change' ? change.index : 200 + tunnels.length;
      return { ...state, tunnels: [...others, own(change.tunnel, index)] };
    }
    case 'tunnel-delete': {
      refuseIf(!has(change.tunnel.name), change);
      return {
        ...state,
        tunnels: tunnels.filter(tunnel => tunnel.name !== change.tunnel.name),
        routes: routes.filter(route => route.device !== change.tunnel.name),
      };
    }
    case 'address-add':
      return { ...state, addresses: [...addresses, change.address] };
    case 'address-replace':
      return {
        ...state,
        addresses: addresses.map(item =>
          localAddressKey(item) === localAddressKey(change.address) ? change.address : item,
        ),
      };
    case 'state-add':
    case 'state-replace':
    case 'state-delete': {
      const others = state.states.filter(item => stateKey(item) !== stateKey(change.state));
      refuseIf((others.length === state.states.length) !== (change.kind === 'state-add'), change);
      return { ...state, states: change.kind === 'state-delete' ? others : [...others, change.state] };
    }
    case 'policy-add':
    case 'policy-replace':
    case 'policy-delete': {
      const others = state.policies.filter(item => policyKey(item) !== policyKey(change.policy));
      return { ...state, policies: change.kind === 'policy-delete' ? others : [...others, change.policy] };
    }
    case 'address-delete':
      return {
        ...state,
        addresses: addresses.filter(item => !equalAddress(item.address, change.address.address)),
      };
    case 'route-add':
      refuseIf(!has(change.route.device), change);
      refuseIf(
        routes.some(route => routeKey(route) === routeKey(change.route)),
        change,
      );
      return { ...state, routes: [...routes, change.route] };
    case 'route-replace': {
      refuseIf(!has(change.route.device), change);
      const at = routes.findIndex(route => routeKey(route) === routeKey(change.route));
      refuseIf(at < 0, change);
      return { ...state, routes: routes.with(at, change.route) };
    }
    case 'route-delete':
      refuseIf(!routes.some(route => equalRoute(route, change.route)), change);
      return { ...state, routes: routes.filter(route => !equalRoute(route, change.route)) };
    case 'rule-add':
      refuseIf(
        rules.some(rule => ruleKey(rule) === ruleKey(change.rule)),
        change,
      );
      return { ...state, rules: [...rules, change.rule] };
    case 'neighbor-add':
    case 'neighbor-replace':
    case 'neighbor-delete': {
      const others = neighbors.filter(other => !isSameNeighbor(other, change.neighbor));
      refuseIf((others.length === neighbors.length) !== (change.kind === 'neighbor-add'), change);
      return {
        ...state,
        neighbors: change.kind === 'neighbor-delete' ? others : [...others, change.neighbor],
      };
    }
    case 'rule-delete':
      refuseIf(!rules.some(rule => ruleKey(rule) === ruleKey(change.rule)), change);
      return { ...state, rules: rules.filter(rule => ruleKey(rule) !== ruleKey(change.rule)) };
  }
}
