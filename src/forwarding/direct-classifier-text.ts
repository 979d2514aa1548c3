/**
 * A correspondent's classifier as nftables text. It sees one direction of connections only, for what is received has no
 * home address yet where nftables looks at it; so it keeps nothing in mind: flows are divided by a hash of their ends.
 *
 * - chain `SCOPE`: the rules in their order; each goes to
 * - chain `SCOPE_1` (a rule), `SCOPE_1_0` (a share of it): counts, sets the packet's mark;
 * - counter `SCOPE_1`: of the rule.
 */
import { formatAddress } from '../wire/address.ts';
import type { ClassifierText } from './classifier-text.ts';
import { hashChoice, takeLane } from './lane-text.ts';
import { counterName } from './scope.ts';
import { selectorText } from './selector-text.ts';
import type { Classifier } from './state.ts';

export function directClassifierText(classifier: Classifier): ClassifierText {
  const { scope, prefixes, ownAddresses = [], rules, marks } = classifier;
  const chains = new Map<string, readonly string[]>();
  chains.set(
    scope,
    rules.flatMap(({ id, selectors }) =>
      selectors.map(selector => `${selectorText(selector, 'inward')} goto ${scope}_${id}`),
    ),
  );
  for (const { id, action } of rules) {
    if (action.kind !== 'lanes') continue;
    const name = `${scope}_${id}`;
    const count = `counter name ${counterName(scope, id)}`;
    const [first, ...others] = action.shares;
    if (others.length === 0) {
      chains.set(name, [`${count} ${takeLane(marks, first!.lane)}`]);
      continue;
    }
    const weights = action.shares.map(({ weight }) => weight);
    chains.set(name, [count, ...hashChoice(weights, share => `${name}_${share}`)]);
    for (const [at, { lane }] of action.shares.entries())
      chains.set(`${name}_${at}`, [takeLane(marks, lane)]);
  }
  const home = formatAddress(prefixes[0]!.address);
  return {
    chains,
    counters: rules.map(({ id }) => counterName(scope, id)),
    elements: new Map([
      ['direct', ownAddresses.map(own => `${formatAddress(own)} . ${home} : jump ${scope}`)],
    ]),
  };
}
