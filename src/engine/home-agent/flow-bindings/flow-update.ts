/** Carries out what an accepted Binding Update says about the flows of its node. */
import { equalAddress } from '../../../wire/address.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import { flowIdentification } from '../../../wire/options/flow-identification.ts';
import type { Outbox } from '../../outbox.ts';
import type { BindingCache } from '../binding-cache.ts';
import type { MobileNode } from '../mobile-node.ts';
import { newNodeFlows, type Share } from './flow-binding.ts';
import { applyFlowOptions } from './flow-options.ts';

/** Flow bindings of a peer whose configuration does not say how many it may have. */
const DEFAULT_MAX_FLOWS = 128;

/** Flow bindings that the node may have; 0: none. */
export function maxFlows({ peer }: MobileNode): number {
  return peer.maxFlows ?? DEFAULT_MAX_FLOWS;
}

/**
 * To be called when the message's bindings are there (RFC 6089 §5.3.1).
 * @returns what the acknowledgement says about it
 */
export function updateFlows(
  node: MobileNode,
  options: readonly MobilityOption[],
  cache: BindingCache,
  { counters }: Outbox,
): readonly MobilityOption[] {
  if (node.flows === undefined && !options.some(isAboutFlows)) return [];
  const flows = node.flows ?? newNodeFlows();
  node.flows = flows;
  const before = flows.bindings;
  const { bindings, answers } = applyFlowOptions(before, options, {
    limit: maxFlows(node),
    isBound: bid => bid !== 0 && node.bindings.has(bid),
  });
  flows.bindings = bindings;
  const shares = readShares(node, options);
  if (!isSameBalance(shares, flows.shares)) flows.shares = shares;
  for (const answer of answers) {
    if (answer.kind === 'flow-identification' && answer.status >= 128) {
      counters.add(`flow-refused-${answer.status}`);
    }
  }
  if (bindings !== before) {
    const count = bindings.length;
    cache.tell('info', 'flow-bindings', node, `${count === 0 ? 'no' : count} flow bindings`, { count });
  }
  return answers;
}

function isAboutFlows(option: MobilityOption): boolean {
  const { kind } = option;
  if (kind === 'opaque') return option.type === flowIdentification.type;
  return kind === 'flow-identification' || kind === 'flow-summary' || kind === 'load-balancing';
}

/** draft-montavont-mip6-mmi-02 §7.2: each message says all; care-of addresses without a binding count for nothing. */
function readShares(node: MobileNode, options: readonly MobilityOption[]): Share[] {
  const weights = new Map<number, number>();
  for (const option of options) {
    if (option.kind !== 'load-balancing' || option.destination === 0) continue;
    for (const { bid, careOfAddress } of node.bindings.values()) {
      if (equalAddress(careOfAddress, option.careOfAddress)) weights.set(bid, option.destination);
    }
  }
  return [...weights].map(([bid, weight]) => ({ bid, weight }));
}

function isSameBalance(a: readonly Share[], b: readonly Share[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ bid, weight }, index) => bid === b[index]!.bid && weight === b[index]!.weight);
}
