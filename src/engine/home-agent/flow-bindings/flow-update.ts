/** The flow bindings of a node of the home agent: what it may have, what a Binding Update makes of them, where packets go. */
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import { newNodeFlows } from '../../flow-bindings/flow-binding.ts';
import { steerFlows } from '../../flow-bindings/flow-steering.ts';
import { isAboutFlows, updateFlows } from '../../flow-bindings/flow-update.ts';
import type { Outbox } from '../../outbox.ts';
import type { BindingCache } from '../binding-cache.ts';
import { type MobileNode, pathCandidate } from '../mobile-node.ts';

/** Flow bindings of a peer whose configuration does not say how many it may have. */
const DEFAULT_MAX_FLOWS = 128;

/** Flow bindings that the node may have; 0: none. */
export function maxFlows({ peer }: MobileNode): number {
  return peer.maxFlows ?? DEFAULT_MAX_FLOWS;
}

/** @returns what the acknowledgement says about it */
export function updateNodeFlows(
  node: MobileNode,
  options: readonly MobilityOption[],
  cache: BindingCache,
  { counters }: Outbox,
): readonly MobilityOption[] {
  if (node.flows === undefined && !options.some(isAboutFlows)) return [];
  node.flows ??= newNodeFlows();
  const terms = { limit: maxFlows(node), copies: true };
  const { answers, changed } = updateFlows(node.flows, options, node.bindings, terms, counters);
  if (changed) {
    const count = node.flows.bindings.length;
    cache.tell('info', 'flow-bindings', node, `${count === 0 ? 'no' : count} flow bindings`, { count });
  }
  return answers;
}

/** True when packets go elsewhere than before. */
export function steer(node: MobileNode): boolean {
  const { peer, bindings } = node;
  if (peer.symmetric === true && bindings.size > 1) node.flows ??= newNodeFlows();
  if (node.flows === undefined) return false;
  const paths = [...bindings.values()].map(binding => ({ ...pathCandidate(binding), bid: binding.bid }));
  return steerFlows(node.flows, paths, peer.symmetric);
}
