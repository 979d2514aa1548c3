/** What the flow bindings of a node come to while these of its bindings are there (RFC 6089 §4.3, §5.3.6). */

import { choosePath, LOWEST_PRIORITY, type PathCandidate, statedPriority } from '../path-choice.ts';
import type { Lane, LaneShare, Steering, SteeringAction, SteeringRule } from '../steering.ts';
import type { FlowBinding, NodeFlows, Share } from './flow-binding.ts';
import { toFlowSelector } from './selector.ts';

/** Of the rule for what no flow binding matches: beyond every FID. */
const BALANCE_RULE = 65_536;

/** Numbers of lanes that are remembered, used or not. */
const MOST_NUMBERS = 64;

/** A binding of the node. */
export interface FlowPath extends PathCandidate {
  readonly bid: number;
}

type Paths = ReadonlyMap<number, FlowPath>;

/**
 * Does what changed anew; true when something else came of it than before. The same rules stay the same array.
 * @param paths all that is bound
 * @param symmetric whether flows without a rule come back by the path that they go by; undefined: where there are rules
 */
export function steerFlows(flows: NodeFlows, paths: readonly FlowPath[], symmetric?: boolean): boolean {
  const bound: Paths = new Map(paths.map(path => [path.bid, path]));
  const order = [...paths].sort((a, b) => statedPriority(a) - statedPriority(b)).map(({ bid }) => bid);
  const { basis, steering: before } = flows;
  const isSame =
    basis?.bindings === flows.bindings && basis.shares === flows.shares && basis.order === order.join();
  if (!isSame) {
    flows.basis = { bindings: flows.bindings, shares: flows.shares, order: order.join() };
    flows.steering = steeringOf(bound, flows, order, symmetric);
    return before !== undefined || flows.steering !== undefined;
  }
  if (before === undefined) return false;
  const lanes = before.lanes.map(lane => ({ ...lane, active: activeOf(lane, bound) }));
  if (lanes.every((lane, index) => lane.active === before.lanes[index]!.active)) return false;
  flows.steering = { ...before, lanes };
  return true;
}

/** @param order BIDs of the bindings in the order of BID-PRI */
function steeringOf(
  bound: Paths,
  flows: NodeFlows,
  order: readonly number[],
  symmetric: boolean | undefined,
): Steering | undefined {
  const lanes = new Lanes(bound, order, flows.lanes);
  const rules = flows.bindings.flatMap((flow): SteeringRule[] => {
    const action = actionOf(flow, lanes);
    // Nothing can match an IPv4 selector: no home address here is one.
    if (action === undefined || flow.selector.format !== 'ipv6') return [];
    const selector = toFlowSelector(flow.selector);
    const isAll = Object.keys(selector).length === 0;
    return [{ id: flow.fid, name: `fid-${flow.fid}`, selectors: isAll ? [] : [selector], action }];
  });
  const balance = balanceOf(flows.shares, lanes);
  if (balance !== undefined) {
    rules.push({ id: BALANCE_RULE, name: 'load-balancing', selectors: [], action: balance });
  }
  // Who has flows that go separate ways may have others that no flow binding can describe.
  const isSymmetric = symmetric ?? rules.length > 0;
  const returns =
    isSymmetric && order.length > 1 ? order.map(bid => ({ bid, lane: lanes.alone(bid) })) : undefined;
  lanes.dropUnused();
  if (rules.length === 0 && returns === undefined) return undefined;
  return { lanes: lanes.all, rules, ...(returns && { returns }) };
}

/** BIDs that are not bound are as if they were not there; undefined: the flow binding is inactive. */
function actionOf({ bids }: FlowBinding, lanes: Lanes): SteeringAction | undefined {
  const bound = bids.filter(bid => lanes.has(bid));
  const [first] = bound;
  if (first === undefined) return undefined;
  if (bound.length > 1) {
    const copies = bound.map(bid => lanes.copying(bid, bids));
    return { kind: 'replicate', lanes: copies, through: lanes.throughCopies(bound) };
  }
  return { kind: 'lanes', shares: [{ lane: lanes.beginningWith(first), weight: 1 }], per: 'flow' };
}

function balanceOf(shares: readonly Share[], lanes: Lanes): SteeringAction | undefined {
  const bound = shares.filter(({ bid }) => lanes.has(bid));
  if (bound.length === 0) return undefined;
  const laneShares = bound.map(({ bid, weight }): LaneShare => ({ lane: lanes.beginningWith(bid), weight }));
  return { kind: 'lanes', shares: laneShares, per: 'flow' };
}

/** The lanes that rules ask for. */
class Lanes {
  readonly #bindings: Paths;
  readonly #order: readonly number[];
  readonly #numbers: Map<string, number>;
  readonly #lanes = new Map<string, Lane>();

  constructor(bindings: Paths, order: readonly number[], numbers: Map<string, number>) {
    this.#bindings = bindings;
    this.#order = order;
    this.#numbers = numbers;
  }

  has(bid: number): boolean {
    return this.#bindings.has(bid);
  }

  get all(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  /** This path, and when it is dead the others. */
  beginningWith(bid: number): number {
    return this.#lane(`${bid}`, [bid, ...this.#order.filter(other => other !== bid)], false);
  }

  /** This path, and when it is dead those that carry no copy: two copies on a path serve nobody. */
  copying(bid: number, bids: readonly number[]): number {
    const others = this.#order.filter(other => !bids.includes(other));
    return this.#lane(`${bid} of ${bids.join()}`, [bid, ...others], true);
  }

  /** This path; when it is dead, where all else goes. */
  alone(bid: number): number {
    return this.#lane(`${bid} alone`, [bid], false);
  }

  /** To where copies for these paths are made. */
  throughCopies(bids: readonly number[]): number {
    return this.#lane(`copies for ${bids.join()}`, bids, false);
  }

  /** Forgets the numbers that nobody uses when there are many. */
  dropUnused(): void {
    if (this.#numbers.size <= MOST_NUMBERS) return;
    for (const key of this.#numbers.keys()) if (!this.#lanes.has(key)) this.#numbers.delete(key);
  }

  #lane(key: string, bids: readonly number[], only: boolean): number {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known.number;
    const number = this.#numbers.get(key) ?? freeNumber(this.#numbers);
    this.#numbers.set(key, number);
    this.#lanes.set(key, { number, bids, only, active: activeOf({ bids, only }, this.#bindings) });
    return number;
  }
}

/**
 * By the rule that chooses the path of all else, with the order of the lane. What the node itself has demoted to the lowest
 * BID-PRI is dead for it, whatever is heard here.
 */
function activeOf({ bids, only }: Pick<Lane, 'bids' | 'only'>, bound: Paths): number | undefined {
  const candidates = bids.map((bid, index) => {
    const path = bound.get(bid)!;
    const isDemoted = path.priority === LOWEST_PRIORITY;
    return { ...path, state: isDemoted ? ('dead' as const) : path.state, priority: index + 1 };
  });
  const best = choosePath(candidates);
  return best === undefined || (best.state === 'dead' && !only) ? undefined : best.bid;
}

function freeNumber(numbers: ReadonlyMap<string, number>): number {
  const taken = new Set(numbers.values());
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}
