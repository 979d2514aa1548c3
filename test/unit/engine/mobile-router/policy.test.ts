/** What the policy comes to: rules, lanes, and the paths that carry them. */
import { describe, expect, it } from 'vitest';
import { type LanePath, Policy } from '../../../../src/engine/mobile-router/policy.ts';
import type { PathState } from '../../../../src/engine/path-prober.ts';
import type { Steering } from '../../../../src/engine/steering.ts';
import type { FlowConfig, UplinkConfig } from '../../../../src/uci/types.ts';
import { formatAddress, parsePrefix } from '../../../../src/wire/address.ts';
import { flowConfig } from '../../../simulation/policy.ts';

const uplink = (name: string, bid: number, more: Partial<UplinkConfig> = {}): UplinkConfig => ({
  name,
  device: name,
  priority: bid,
  bid,
  ...more,
});
const UPLINKS = [uplink('lte', 1), uplink('wifi', 2), uplink('sat', 3)];

const flow = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => flowConfig(name, [], {}, more);
const named = (...names: string[]) => names.map(name => ({ name, weight: 1 }));
const paths = (...states: PathState[]): LanePath[] =>
  states.map((state, at) => ({ bid: at + 1, state, answeredAt: 0, priority: 0 }));
const actives = ({ lanes }: Steering) => lanes.map(({ active }) => active);

describe('lanes', () => {
  const policy = () =>
    new Policy(
      [
        flow('prefer', { uplinks: named('wifi', 'sat') }),
        flow('only', { uplinks: named('sat'), only: true }),
        flow('avoid', { avoid: ['lte'] }),
      ],
      UPLINKS,
    );

  it('are the orders that flows name, and what is left where something is avoided', () => {
    const { lanes } = policy().steering(paths('alive', 'alive', 'alive'));
    expect(lanes).toEqual([
      { number: 1, bids: [2, 3], only: false, active: 2 },
      { number: 2, bids: [3], only: true, active: 3 },
      // The same order, but it may not be left.
      { number: 3, bids: [2, 3], only: true, active: 2 },
    ]);
  });

  it('are carried by the first live path, an unproven one last; a dead one only where there is no other choice', () => {
    const each = (...states: PathState[]) => actives(policy().steering(paths(...states)));
    expect(each('alive', 'dead', 'alive')).toEqual([3, 3, 3]);
    expect(each('alive', 'unknown', 'alive')).toEqual([3, 3, 3]);
    expect(each('alive', 'dead', 'dead')).toEqual([undefined, 3, 2]);
    expect(each('alive')).toEqual([undefined, undefined, undefined]);
  });

  it('are the same value while nothing changes, and the rules always are', () => {
    const one = policy();
    const before = one.steering(paths('alive', 'alive'));
    expect(one.steering(paths('unknown', 'alive'))).toBe(before);
    const after = one.steering(paths('alive', 'dead'));
    expect(after).not.toBe(before);
    expect(after.rules).toBe(before.rules);
  });

  it('go to metered uplinks last where no order is given', () => {
    const metered = [uplink('lte', 1, { metered: true }), uplink('wifi', 2), uplink('sat', 3)];
    const { lanes } = new Policy([flow('f', { avoid: ['wifi'] })], metered).steering([]);
    expect(lanes[0]!.bids).toEqual([3, 1]);
  });
});

describe('[analysis-01 §A] quality', () => {
  const policy = () =>
    new Policy(
      [
        flow('call', { uplinks: named('wifi', 'lte'), sensitive: true }),
        flow('rest', { uplinks: named('wifi', 'lte') }),
        flow('named', { uplinks: named('wifi') }),
        flow('only', { uplinks: named('wifi'), only: true, sensitive: true }),
      ],
      UPLINKS,
    );
  const judged = (wifi: Partial<LanePath>, others: Partial<LanePath> = {}) =>
    paths('alive', 'alive', 'alive').map(path => ({ ...path, ...(path.bid === 2 ? wifi : others) }));

  it('what is sensitive leaves first, what names nothing else goes as all does, what may not leave stays', () => {
    const poor = { poor: true, impaired: true };
    expect(actives(policy().steering(judged({})))).toEqual([2, 2, 2, 2]);
    expect(actives(policy().steering(judged({ impaired: true })))).toEqual([1, 2, 2, 2]);
    expect(actives(policy().steering(judged(poor)))).toEqual([1, 1, undefined, 2]);
    // Nowhere is it better.
    expect(actives(policy().steering(judged(poor, poor)))).toEqual([2, 2, 2, 2]);
  });
});

describe('a balance', () => {
  const shares = (uplinks: FlowConfig['uplinks']) => {
    const { rules, lanes } = new Policy([flow('f', { action: 'balance', uplinks })], UPLINKS).steering([]);
    const { action } = rules[0]!;
    return action.kind === 'lanes'
      ? action.shares.map(({ lane, weight }) => ({
          bids: lanes.find(({ number }) => number === lane)!.bids.join(),
          weight,
        }))
      : [];
  };

  it('of two is a lane for each order', () => {
    expect(
      shares([
        { name: 'lte', weight: 70 },
        { name: 'wifi', weight: 30 },
      ]),
    ).toEqual([
      { bids: '1,2', weight: 70 },
      { bids: '2,1', weight: 30 },
    ]);
  });

  it('of three divides the flows of a dead one as the weights of the others say', () => {
    const all = shares([
      { name: 'lte', weight: 50 },
      { name: 'wifi', weight: 30 },
      { name: 'sat', weight: 20 },
    ]);
    expect(all).toEqual([
      { bids: '1,2,3', weight: 300 },
      { bids: '1,3,2', weight: 200 },
      { bids: '2,1,3', weight: 214 },
      { bids: '2,3,1', weight: 86 },
      { bids: '3,1,2', weight: 125 },
      { bids: '3,2,1', weight: 75 },
    ]);
  });
});

describe('selectors', () => {
  it('are the combinations of what is listed; none for everything', () => {
    const criteria = {
      ...flow('f').criteria,
      sources: [parsePrefix('2001:db8:1:1f0::/60')!],
      protocols: [6, 17],
      destinationPorts: [{ start: 80 }, { start: 8000, end: 8080 }],
    };
    const { rules } = new Policy(
      [flow('f', { criteria, uplinks: named('lte') }), flow('rest', { action: 'drop' })],
      UPLINKS,
    ).steering([]);
    const [first, rest] = rules;
    expect(
      first!.selectors.map(({ protocol, outsidePort }) => [protocol!.start, outsidePort!.start]),
    ).toEqual([
      [6, 80],
      [6, 8000],
      [17, 80],
      [17, 8000],
    ]);
    const { start, end } = first!.selectors[0]!.inside!;
    expect([start, end!].map(formatAddress)).toEqual([
      '2001:db8:1:1f0::',
      '2001:db8:1:1ff:ffff:ffff:ffff:ffff',
    ]);
    expect(rest!.selectors).toEqual([]);
  });
});

describe('numbers', () => {
  const flows = [flow('a', { uplinks: named('lte') }), flow('b', { uplinks: named('wifi') })];

  it('stay with the flows and orders that they belong to, and are not given to others at once', () => {
    const before = new Policy(flows, UPLINKS);
    const changed = [flow('c', { uplinks: named('sat') }), flows[1]!];
    const after = new Policy(changed, UPLINKS, 255, before.record());
    const { rules, lanes } = after.steering([]);
    expect(rules.map(({ name, id }) => [name, id])).toEqual([
      ['c', 3],
      ['b', 2],
    ]);
    expect(lanes.map(({ number, bids }) => [number, bids.join()])).toEqual([
      [3, '3'],
      [2, '2'],
    ]);
    // Where there is no room for that, those of lanes are.
    const narrow = new Policy(changed, UPLINKS, 2, before.record()).steering([]);
    expect(narrow.lanes.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('survive a broken record', () => {
    const { rules } = new Policy(flows, UPLINKS, 255, { rules: { a: 'x', b: -1 }, lanes: 7 }).steering([]);
    expect(rules.map(({ id }) => id)).toEqual([1, 2]);
  });
});
