/** When two objects of a forwarding state are the same one for the kernel, and when they are equal. */
import { endsKey } from '../netlink/link-table.ts';
import { type NeighborPlace, neighborKey } from '../netlink/neighbor-table.ts';
import { prefixKey, placeKey as routeKey } from '../netlink/route-table.ts';
import { xfrmPolicyKey as policyKey, xfrmStateKey as stateKey } from '../netlink/xfrm-key.ts';
import { type Address, addressKey, equalAddress, equalPrefix } from '../wire/address.ts';
import type {
  ForwardingItem,
  LocalAddress,
  Neighbor,
  Route,
  Rule,
  Tunnel,
  XfrmPolicy,
  XfrmState,
} from './state.ts';

export { endsKey, neighborKey, policyKey, routeKey, stateKey };

export const localAddressKey = ({ address, device = '' }: Pick<LocalAddress, 'address' | 'device'>): string =>
  `${addressKey(address)} ${device}`;

export const ruleKey = ({ priority, from, to, mark, table }: Rule): string =>
  `${priority} ${prefixKey(from)} ${prefixKey(to)} ${mark?.value}/${mark?.mask} ${table}`;

/** What of an object, of a forwarding state or the kernel's, tells where it stands: only one can be there. */
export type Place =
  | Pick<Tunnel, 'name'>
  | LocalAddress
  | Pick<Route, 'table' | 'destination' | 'metric'>
  | NeighborPlace
  | Rule
  | XfrmState
  | XfrmPolicy;

export function placeKey(place: Place): string {
  if ('name' in place) return `tunnel ${place.name}`;
  if ('destination' in place) return `route ${routeKey(place)}`;
  if ('neighbor' in place) return `neighbor ${neighborKey(place)}`;
  if ('header' in place) return `state ${stateKey(place)}`;
  if ('headers' in place) return `policy ${policyKey(place)}`;
  return 'priority' in place ? `rule ${ruleKey(place)}` : `address ${localAddressKey(place)}`;
}

/** The items without those that repeat an earlier one's key: the earlier one wins. Of tunnels it is their ends. */
export function uniqueByKey<T extends ForwardingItem>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(item => {
    const key = 'remote' in item ? endsKey(item) : placeKey(item);
    return !seen.has(key) && seen.add(key);
  });
}

export const equalTunnel = (a: Tunnel, b: Tunnel): boolean =>
  a.name === b.name && endsKey(a) === endsKey(b) && a.mtu === b.mtu && a.group === b.group && a.key === b.key;

export const equalLocalAddress = (a: LocalAddress, b: LocalAddress): boolean =>
  localAddressKey(a) === localAddressKey(b) && a.home === b.home && a.deprecated === b.deprecated;

export const equalRoute = (a: Route, b: Route): boolean =>
  a.table === b.table &&
  a.metric === b.metric &&
  a.kind === b.kind &&
  a.device === b.device &&
  equalPrefix(a.destination, b.destination) &&
  equalGateway(a.gateway, b.gateway);

export const equalNeighbor = (a: Neighbor, b: Neighbor): boolean =>
  neighborKey(a) === neighborKey(b) &&
  a.device === b.device &&
  a.router === b.router &&
  String(a.linkLayerAddress) === String(b.linkLayerAddress);

export const equalState = (a: XfrmState, b: XfrmState): boolean =>
  stateKey(a) === stateKey(b) && equalAddress(a.careOfAddress, b.careOfAddress);

export const equalPolicy = (a: XfrmPolicy, b: XfrmPolicy): boolean =>
  policyKey(a) === policyKey(b) && a.headers.join() === b.headers.join();

function equalGateway(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalAddress(a, b);
}
