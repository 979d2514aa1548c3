/** What a kernel would do with a packet: rules by priority, then the longest prefix and the lowest metric. */
import type { ForwardingState, Route, Rule } from '../../../src/forwarding/state.ts';
import { type Address, type Prefix, prefixContains } from '../../../src/wire/address.ts';

type Routing = Pick<ForwardingState, 'routes' | 'rules'>;
const MAIN: Rule = { priority: 32766, table: 254 };

const matches = (prefix: Prefix | undefined, address: Address): boolean =>
  prefix === undefined || prefixContains(prefix, address);

/**
 * The route of a packet; undefined when no table has one. `others`: routes that kedge does not own, such as the
 * uplinks' default routes in table main.
 */
export function routeOf(
  state: Routing,
  source: Address,
  destination: Address,
  others: readonly Route[] = [],
): Route | undefined {
  const rules = [...state.rules, MAIN].sort((a, b) => a.priority - b.priority);
  for (const rule of rules) {
    if (!matches(rule.from, source) || !matches(rule.to, destination)) continue;
    const [best] = [...state.routes, ...others]
      .filter(route => route.table === rule.table && prefixContains(route.destination, destination))
      .sort((a, b) => b.destination.length - a.destination.length || a.metric - b.metric);
    if (best !== undefined) return best;
  }
  return undefined;
}
