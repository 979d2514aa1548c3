/** Views that the tests of forwarding share. */
import type { AnchorNode, HomeAgentView, MobileRouterView, RouterPath } from '../../../src/engine/view.ts';
import { AnchorForwarding } from '../../../src/forwarding/anchor-forwarding.ts';
import { type ForwardingParts, type ForwardingState, mergeFilters } from '../../../src/forwarding/state.ts';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';

export const address = (text: string) => parseAddress(text)!;
export const prefix = (text: string) => parsePrefix(text)!;

export const HOME_ADDRESS = address('2001:db8:100::1');
export const HOME_AGENT = address('2001:db8:ff::1');
export const MOBILE_NETWORK = prefix('2001:db8:100::/48');

export const LTE: RouterPath = {
  uplink: 'lte',
  device: 'u0',
  ifindex: 11,
  bid: 1,
  gateway: address('fe80::1'),
  careOfAddress: address('2001:db8:1::2'),
  mtu: 1500,
  registered: true,
};
export const WIFI: RouterPath = {
  ...LTE,
  uplink: 'wifi',
  device: 'u1',
  ifindex: 12,
  bid: 2,
  careOfAddress: address('2001:db8:2::2'),
};

export function routerView(paths: readonly RouterPath[], active?: string): MobileRouterView {
  return {
    slot: 0,
    homeAddress: HOME_ADDRESS,
    homeAgent: HOME_AGENT,
    homeAgents: [HOME_AGENT],
    prefixes: [MOBILE_NETWORK],
    paths,
    active,
  };
}

export function anchorNode(rest: Partial<AnchorNode>): AnchorNode {
  return {
    name: 'boat',
    homeAddress: HOME_ADDRESS,
    prefixes: [MOBILE_NETWORK],
    authorisedPrefixes: [MOBILE_NETWORK],
    bindings: [
      { bid: 1, careOfAddress: LTE.careOfAddress },
      { bid: 2, careOfAddress: WIFI.careOfAddress },
    ],
    active: 1,
    ...rest,
  };
}

export function anchorView(...nodes: AnchorNode[]): HomeAgentView {
  return { address: HOME_AGENT, anycastAddresses: [], nodes };
}

/** The state that the parts are together. */
export function whole(parts: ForwardingParts): ForwardingState {
  const states = [...parts.values()];
  return {
    tunnels: states.flatMap(state => state.tunnels),
    addresses: states.flatMap(state => state.addresses),
    routes: states.flatMap(state => state.routes),
    rules: states.flatMap(state => state.rules),
    neighbors: states.flatMap(state => state.neighbors ?? []),
    filter: mergeFilters(states.flatMap(state => state.filter ?? [])),
  };
}

export const anchorForwarding = (view: HomeAgentView): ForwardingState =>
  whole(new AnchorForwarding(view).parts());
