/** The lanes of what this host, as a correspondent, sends to mobile nodes that have flow bindings or a balance here. */
import type { FlowSelector, SteeringRule } from '../engine/steering.ts';
import type { DirectPeer } from '../engine/view.ts';
import { type Address, addressKey, hostPrefix } from '../wire/address.ts';
import type { Marks } from './marks.ts';
import { directScope } from './scope.ts';
import type { Classifier } from './state.ts';

/** Beyond every id of a rule of flow bindings. */
const IDS = 0x10001;

/** The rules of one of our own addresses: they see its packets alone. @param rank among those of the home address, from 0 */
export function directRules({ ownAddress, steering }: DirectPeer, rank: number): SteeringRule[] {
  return (steering?.rules ?? []).flatMap((rule): SteeringRule[] => {
    const given = rule.selectors.length === 0 ? [{}] : rule.selectors;
    const selectors = given.flatMap(selector => within(selector, ownAddress));
    return selectors.length === 0 ? [] : [{ ...rule, id: rank * IDS + rule.id, selectors }];
  });
}

/** @param peers of one home address @param rules the same array as long as they are the same */
export const directClassifier = (
  peers: readonly DirectPeer[],
  rules: readonly SteeringRule[],
  marks: Marks,
): Classifier | undefined =>
  rules.length === 0
    ? undefined
    : {
        scope: directScope(peers[0]!.homeAddress),
        direction: 'direct',
        prefixes: [hostPrefix(peers[0]!.homeAddress)],
        ownAddresses: peers.map(({ ownAddress }) => ownAddress),
        rules,
        returns: [],
        marks,
      };

function within(selector: FlowSelector, own: Address): FlowSelector[] {
  const { outside } = selector;
  const key = addressKey(own);
  const isOut =
    outside !== undefined &&
    (key < addressKey(outside.start) || key > addressKey(outside.end ?? outside.start));
  return isOut ? [] : [{ ...selector, outside: { start: own } }];
}
