/** What the policy of a mobile router comes to: rules, and the lanes that they send packets to. */
import type { FlowConfig, FlowCriteria, UplinkConfig } from '../../uci/types.ts';
import type { Address, Prefix } from '../../wire/address.ts';
import type { Range } from '../../wire/flow/range-field.ts';
import { choosePath, type PathCandidate } from '../path-choice.ts';
import type { FlowSelector, Lane, LaneShare, Steering, SteeringAction, SteeringRule } from '../steering.ts';
import type { JsonObject } from '../types.ts';

/** A path as it is now; `priority` counts for nothing here. */
export type LanePath = PathCandidate & {
  readonly bid: number;
  /** Too bad for what is sensitive to quality; so is every poor one. */
  readonly impaired?: boolean;
};

interface LanePlan {
  readonly number: number;
  readonly bids: readonly number[];
  readonly only: boolean;
  readonly sensitive: boolean;
}

/** Parts that the first choice of a balance is divided into, for the second one. */
const PARTS = 1000;

export class Policy {
  readonly #uplinks: readonly UplinkConfig[];
  readonly #rules: readonly SteeringRule[];
  readonly #numbers: { readonly [name: string]: number };
  readonly #lanes = new Map<string, LanePlan>();
  readonly #formerLanes: ReadonlyMap<string, number>;
  readonly #mostLanes: number;
  #steering: Steering;

  /** @param record what {@link record} has given to an earlier life: flows and lanes keep their numbers */
  constructor(
    flows: readonly FlowConfig[],
    uplinks: readonly UplinkConfig[],
    mostLanes = 255,
    record: JsonObject = {},
  ) {
    this.#mostLanes = mostLanes;
    this.#uplinks = [...uplinks].sort(
      (a, b) => Number(a.metered ?? false) - Number(b.metered ?? false) || a.priority - b.priority,
    );
    this.#formerLanes = numbersOf(record.lanes);
    this.#numbers = numbered(flows, numbersOf(record.rules));
    this.#rules = flows.map(flow => ({
      id: this.#numbers[flow.name]!,
      name: flow.name,
      selectors: selectorsOf(flow.criteria),
      action: this.#action(flow),
    }));
    this.#steering = { lanes: [], rules: this.#rules };
  }

  /** The same value as before while nothing changes. */
  steering(paths: readonly LanePath[]): Steering {
    const lanes = [...this.#lanes.values()].map(
      (plan): Lane => ({
        number: plan.number,
        bids: plan.bids,
        only: plan.only,
        active: activeOf(plan, paths),
      }),
    );
    const before = this.#steering.lanes;
    const isSame =
      lanes.length === before.length && lanes.every((lane, at) => lane.active === before[at]!.active);
    if (!isSame) this.#steering = { lanes, rules: this.#rules };
    return this.#steering;
  }

  record(): JsonObject {
    return {
      rules: this.#numbers,
      lanes: Object.fromEntries([...this.#lanes].map(([key, { number }]) => [key, number])),
    };
  }

  #action(flow: FlowConfig): SteeringAction {
    switch (flow.action) {
      case 'drop':
        return { kind: 'drop' };
      case 'balance':
        return { kind: 'lanes', shares: this.#balance(flow), per: flow.per };
      case 'replicate': {
        const bids = this.#named(flow);
        return {
          kind: 'replicate',
          lanes: bids.map(bid => this.#lane(flow, [bid])),
          through: this.#lane(flow, bids, 'copies'),
        };
      }
      case 'prefer': {
        const named = this.#named(flow);
        const others = this.#uplinks.filter(({ name }) => !flow.avoid.includes(name)).map(({ bid }) => bid);
        // Where something is to be avoided, what is left has to be said.
        const order = flow.avoid.length === 0 || flow.only ? named : unique([...named, ...others]);
        return { kind: 'lanes', shares: [{ lane: this.#lane(flow, order), weight: 1 }], per: 'flow' };
      }
    }
  }

  /**
   * A lane for each order of two, so that the flows of a dead uplink are divided among the others as the weights say; of
   * many uplinks one lane for each, with the others behind it from the heaviest to the lightest.
   */
  #balance(flow: FlowConfig): LaneShare[] {
    const uplinks = flow.uplinks.map(({ name, weight }) => ({ bid: this.#bidOf(name), weight }));
    const total = uplinks.reduce((sum, { weight }) => sum + weight, 0);
    return uplinks.flatMap(first => {
      const others = uplinks.filter(other => other !== first).sort((a, b) => b.weight - a.weight);
      const behind = (second: number) => others.map(({ bid }) => bid).filter(bid => bid !== second);
      if (uplinks.length === 2 || uplinks.length > 3) {
        const order = [first.bid, ...behind(first.bid)];
        return [{ lane: this.#lane(flow, order), weight: first.weight }];
      }
      return others.map(second => ({
        lane: this.#lane(flow, [first.bid, second.bid, ...behind(second.bid)]),
        weight: Math.max(
          1,
          Math.round((PARTS * first.weight * second.weight) / (total - first.weight) / total),
        ),
      }));
    });
  }

  #named({ uplinks }: FlowConfig): number[] {
    return uplinks.map(({ name }) => this.#bidOf(name));
  }

  #bidOf(name: string): number {
    return this.#uplinks.find(uplink => uplink.name === name)!.bid;
  }

  /** @param use of a lane that is not an order of paths alone */
  #lane({ only, avoid, sensitive }: FlowConfig, bids: readonly number[], use?: 'copies'): number {
    const isOnly = only || avoid.length > 0;
    const key = [
      bids.join(),
      ...(isOnly ? ['only'] : []),
      ...(sensitive ? ['sensitive'] : []),
      ...(use === undefined ? [] : [use]),
    ].join(' ');
    const known = this.#lanes.get(key);
    if (known !== undefined) return known.number;
    const taken = [...this.#lanes.values()].map(({ number }) => number);
    const former = this.#formerLanes.get(key);
    const fresh = free([...taken, ...this.#formerLanes.values()]);
    const number =
      former !== undefined && !taken.includes(former) && former <= this.#mostLanes
        ? former
        : fresh <= this.#mostLanes
          ? fresh
          : free(taken);
    this.#lanes.set(key, { number, bids, only: isOnly, sensitive });
    return number;
  }
}

/**
 * A path that answers before one that has not yet; a dead one, or a poor one while another is fit, only where nothing else may
 * be taken.
 */
function activeOf({ bids, only, sensitive }: LanePlan, paths: readonly LanePath[]): number | undefined {
  const all = paths.map(path => (sensitive ? { ...path, poor: path.impaired === true } : path));
  const own = all.flatMap(path => {
    const place = bids.indexOf(path.bid);
    return place < 0 ? [] : [{ ...path, priority: place + 1 }];
  });
  const best = choosePath(own);
  if (best === undefined || only) return best?.bid;
  const isLeft =
    best.state === 'dead' ||
    (best.poor === true && all.some(({ state, poor }) => state === 'alive' && !poor));
  return isLeft ? undefined : best.bid;
}

/** Each combination of the criteria is a selector. */
function selectorsOf(criteria: FlowCriteria): FlowSelector[] {
  let selectors: FlowSelector[] = [{}];
  const each = <T>(values: readonly T[], field: (value: T) => FlowSelector): void => {
    if (values.length === 0) return;
    selectors = selectors.flatMap(selector => values.map(value => ({ ...selector, ...field(value) })));
  };
  each(criteria.sources, prefix => ({ inside: rangeOf(prefix) }));
  each(criteria.linkLayerAddresses, linkLayerAddress => ({ linkLayerAddress }));
  each(criteria.destinations, prefix => ({ outside: rangeOf(prefix) }));
  each(criteria.protocols, start => ({ protocol: { start } }));
  each(criteria.sourcePorts, insidePort => ({ insidePort }));
  each(criteria.destinationPorts, outsidePort => ({ outsidePort }));
  each(criteria.dscps, start => ({ dscp: { start } }));
  each(criteria.mark === undefined ? [] : [criteria.mark], mark => ({ mark }));
  return selectors.length === 1 && Object.keys(selectors[0]!).length === 0 ? [] : selectors;
}

function rangeOf({ address, length }: Prefix): Range<Address> {
  if (length === 128) return { start: address };
  const end = address.map((octet, at) => octet | (0xff >> Math.min(Math.max(length - 8 * at, 0), 8)));
  return { start: address, end };
}

/** Numbers from 1: those that they had, and for the new ones those that nobody has or had. */
function numbered(
  flows: readonly FlowConfig[],
  former: ReadonlyMap<string, number>,
): { readonly [name: string]: number } {
  const taken = new Set(former.values());
  return Object.fromEntries(
    flows.map(({ name }) => {
      const number = former.get(name) ?? free([...taken]);
      taken.add(number);
      return [name, number];
    }),
  );
}

function free(taken: readonly number[]): number {
  let number = 1;
  while (taken.includes(number)) number++;
  return number;
}

const unique = (numbers: readonly number[]): number[] => [...new Set(numbers)];

function numbersOf(value: unknown): ReadonlyMap<string, number> {
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).filter(
      (entry): entry is [string, number] => Number.isInteger(entry[1]) && entry[1] > 0 && entry[1] < 4096,
    ),
  );
}
