/** A policy for simulations: rules over the uplinks of a router, and what they come to with its present paths. */

import { isRegistered } from '../../src/engine/mobile-router/binding-update-list.ts';
import type { MobileRouter } from '../../src/engine/mobile-router/mobile-router.ts';
import { choosePath } from '../../src/engine/path-choice.ts';
import type { FlowSelector, Lane, Steering, SteeringRule } from '../../src/engine/steering.ts';

export interface PolicyRule {
  readonly name: string;
  readonly selectors: readonly FlowSelector[];
  /** BIDs, the most preferred one first; all of them get a copy when it `replicates`. */
  readonly bids: readonly number[];
  readonly replicates: boolean;
}

/** Gives the router a policy: its steering follows its paths from now on. */
export function govern(router: MobileRouter, policy: readonly PolicyRule[]): void {
  let before: { key: string; steering: Steering | undefined } = { key: '', steering: undefined };
  Object.defineProperty(router, 'steering', {
    configurable: true,
    get() {
      const key = router.entries
        .map(entry => `${entry.uplink.bid} ${entry.prober.state} ${isRegistered(entry)}`)
        .join();
      if (before.key !== key || before.steering === undefined) {
        before = { key, steering: steeringOf(router, policy) };
      }
      return policy.length === 0 ? undefined : before.steering;
    },
  });
}

function steeringOf(router: MobileRouter, policy: readonly PolicyRule[]): Steering {
  const lanes: Lane[] = [];
  const laneOf = (bids: readonly number[]): number => {
    const number = lanes.length + 1;
    const candidates = bids.flatMap((bid, index) => {
      const entry = router.entries.find(({ uplink }) => uplink.bid === bid);
      if (entry === undefined || !isRegistered(entry)) return [];
      const { state, answeredAt } = entry.prober;
      return [{ bid, state, answeredAt, priority: index + 1 }];
    });
    lanes.push({ number, bids, only: false, active: choosePath(candidates)?.bid });
    return number;
  };
  const rules = policy.map(({ name, selectors, bids, replicates }, index): SteeringRule => {
    const action = replicates
      ? ({ kind: 'replicate', lanes: bids.map(bid => laneOf([bid])) } as const)
      : ({ kind: 'lanes', shares: [{ lane: laneOf(bids), weight: 1 }], per: 'flow' } as const);
    return { id: index + 1, name, selectors, action };
  });
  return { lanes, rules };
}

/** Some rules over these BIDs, in any order. */
export function randomPolicy(bids: readonly number[], random: () => number): PolicyRule[] {
  const names = ['web', 'calls', 'backup', 'camera', 'rest'].filter(() => random() < 0.6);
  const shuffled = [...names].sort(() => random() - 0.5);
  return shuffled.map((name): PolicyRule => {
    const order = [...bids].sort(() => random() - 0.5);
    const port = 1 + Math.floor(random() * 5);
    const selectors: FlowSelector[] =
      name === 'rest'
        ? []
        : Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => ({
            protocol: { start: index === 0 ? 6 : 17 },
            outsidePort: { start: port, end: port + index },
          }));
    return { name, selectors, bids: order, replicates: random() < 0.2 };
  });
}
