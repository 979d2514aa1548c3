/** Carries out what an accepted Binding Update says about the flows of its node (RFC 6089 §5.3.1). */
import { type Address, equalAddress } from '../../wire/address.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { flowIdentification } from '../../wire/options/flow-identification.ts';
import type { Counters } from '../counters.ts';
import type { NodeFlows, Share } from './flow-binding.ts';
import { applyFlowOptions, type FlowTerms } from './flow-options.ts';

interface Bound {
  readonly bid: number;
  readonly careOfAddress: Address;
}

/**
 * To be called when the message's bindings are there.
 * @param bound the bindings of the node, by BID
 * @returns what the acknowledgement says about it, and whether the flow bindings are others than before
 */
export function updateFlows(
  flows: NodeFlows,
  options: readonly MobilityOption[],
  bound: ReadonlyMap<number, Bound>,
  terms: Omit<FlowTerms, 'isBound'>,
  counters: Counters,
): { readonly answers: readonly MobilityOption[]; readonly changed: boolean } {
  const before = flows.bindings;
  const isBound = (bid: number): boolean => bid !== 0 && bound.has(bid);
  const { bindings, answers } = applyFlowOptions(before, options, { ...terms, isBound });
  flows.bindings = bindings;
  const shares = readShares(bound, options);
  if (!isSameBalance(shares, flows.shares)) flows.shares = shares;
  for (const answer of answers) {
    if (answer.kind === 'flow-identification' && answer.status >= 128) {
      counters.add(`flow-refused-${answer.status}`);
    }
  }
  return { answers, changed: bindings !== before };
}

export function isAboutFlows(option: MobilityOption): boolean {
  const { kind } = option;
  if (kind === 'opaque') return option.type === flowIdentification.type;
  return kind === 'flow-identification' || kind === 'flow-summary' || kind === 'load-balancing';
}

/** draft-montavont-mip6-mmi-02 §7.2: each message says all; care-of addresses without a binding count for nothing. */
function readShares(bound: ReadonlyMap<number, Bound>, options: readonly MobilityOption[]): Share[] {
  const weights = new Map<number, number>();
  for (const option of options) {
    if (option.kind !== 'load-balancing' || option.destination === 0) continue;
    for (const { bid, careOfAddress } of bound.values()) {
      if (equalAddress(careOfAddress, option.careOfAddress)) weights.set(bid, option.destination);
    }
  }
  return [...weights].map(([bid, weight]) => ({ bid, weight }));
}

function isSameBalance(a: readonly Share[], b: readonly Share[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ bid, weight }, index) => bid === b[index]!.bid && weight === b[index]!.weight);
}
