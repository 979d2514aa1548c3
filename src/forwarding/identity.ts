/** When two objects of a forwarding state are the same one for the kernel, and when they are equal. */
import { type Address, addressKey, equalAddress, equalPrefix, type Prefix } from '../wire/address.ts';
import type { LocalAddress, Route, Rule, Tunnel } from './state.ts';

type Item = Tunnel | LocalAddress | Route | Rule;

/** Prefixes live as long as the bindings and the kernel's routes that name them: their keys are worth keeping. */
const prefixKeys = new WeakMap<Prefix, string>();

function prefixKey(prefix: Prefix | undefined): string {
  if (prefix === undefined || prefix.length === 0) return '';
  let key = prefixKeys.get(prefix);
  if (key === undefined) {
    key = `${addressKey(prefix.address)}/${prefix.length}`;
    prefixKeys.set(prefix, key);
  }
  return key;
}

/** The two ends of a tunnel; the kernel refuses a second tunnel with the same ones. */
export const endsKey = (tunnel: Pick<Tunnel, 'local' | 'remote' | 'link'>): string =>
  `${addressKey(tunnel.local)} ${addressKey(tunnel.remote)} ${tunnel.link}`;

/** The place of a route, where a replacing one takes over. */
export const routeKey = (route: Pick<Route, 'table' | 'destination' | 'metric'>): string =>
  `${route.table} ${prefixKey(route.destination)} ${route.metric}`;

export const ruleKey = (rule: Rule): string =>
  `${rule.priority} ${prefixKey(rule.from)} ${prefixKey(rule.to)} ${rule.table}`;

function itemKey(item: Item): string {
  if ('remote' in item) return endsKey(item);
  if ('destination' in item) return routeKey(item);
  return 'priority' in item ? ruleKey(item) : addressKey(item.address);
}

/** The items without those that repeat an earlier one's key: the earlier one wins. */
export function uniqueByKey<T extends Item>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(item => {
    const key = itemKey(item);
    return !seen.has(key) && seen.add(key);
  });
}

export const equalTunnel = (a: Tunnel, b: Tunnel): boolean =>
  a.name === b.name && endsKey(a) === endsKey(b) && a.mtu === b.mtu && a.group === b.group;

export const equalRoute = (a: Route, b: Route): boolean =>
  a.table === b.table &&
  a.metric === b.metric &&
  a.kind === b.kind &&
  a.device === b.device &&
  equalPrefix(a.destination, b.destination) &&
  equalGateway(a.gateway, b.gateway);

function equalGateway(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalAddress(a, b);
}
