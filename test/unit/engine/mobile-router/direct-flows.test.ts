/** The mobile node's policy at correspondents: flow bindings, balance, and where its own packets leave from. */
import { describe, expect, it } from 'vitest';
import type { Steering, SteeringRule } from '../../../../src/engine/steering.ts';
import { formatAddress } from '../../../../src/wire/address.ts';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, CARE_OF, CARE_OF_2, HOME } from '../anchor.ts';
import { CORRESPONDENT } from '../correspondent/mobile-node.ts';
import { DirectNode, OTHER, PATHS, type Sent } from './direct-node.ts';

const [BY_LTE, BY_WIFI] = [CARE_OF, CARE_OF_2].map(formatAddress);
const CALLS = { protocol: { start: 17 }, outsidePort: { start: 5060 } };
const MMI = { options: { 'load-balancing': 201 } } as const;

const lane = (number: number): SteeringRule['action'] => ({
  kind: 'lanes',
  shares: [{ lane: number, weight: 1 }],
  per: 'flow',
});
const rule = (id: number, rest: Partial<SteeringRule>): SteeringRule => ({
  id,
  name: `rule${id}`,
  selectors: [CALLS],
  action: lane(2),
  ...rest,
});
/** Lane 1 is of lte, lane 2 of wifi, lane 3 of what is copied. */
const steering = (
  rules: readonly SteeringRule[],
  active: readonly (number | undefined)[] = [1, 2, 1],
): Steering => ({
  lanes: active.map((bid, at) => ({
    number: at + 1,
    bids: at === 1 ? [2, 1] : [1, 2],
    only: false,
    active: bid,
  })),
  rules,
});
const BALANCE = rule(9, {
  selectors: [],
  action: {
    kind: 'lanes',
    shares: [
      { lane: 1, weight: 70 },
      { lane: 2, weight: 30 },
    ],
    per: 'flow',
  },
});

type Update = Parameters<DirectNode['acknowledge']>[1];
const optionsOf = ({ message }: Sent): readonly MobilityOption[] =>
  message.kind === 'binding-update' ? message.options : [];

/** `fid/priority>bids`, and `=fid` of a summary. */
const said = (sent: Sent): string[] =>
  optionsOf(sent).flatMap(option => {
    if (option.kind === 'flow-summary') return option.fids.map(fid => `=${fid}`);
    if (option.kind !== 'flow-identification') return [];
    const reference = option.subOptions.find(({ kind }) => kind === 'binding-reference');
    return [
      `${option.fid}/${option.priority}>${reference?.kind === 'binding-reference' ? reference.bids : ''}`,
    ];
  });

/** What a correspondent answers that keeps flow bindings. */
const kept = (sent: Sent, status = 0): MobilityOption[] =>
  optionsOf(sent).flatMap(option => (option.kind === 'flow-identification' ? [{ ...option, status }] : []));

/** Answers all messages until nothing more is said. */
function settle(node: DirectNode, answer: (sent: Sent) => MobilityOption[] = kept): DirectNode {
  const answered = new Set<Sent>();
  node.step();
  for (let round = 0; round < 8; round++) {
    if (node.sent.some(({ message }) => message.kind === 'home-test-init')) node.homeTest();
    for (const { careOfAddress } of node.paths) node.careOfTest(careOfAddress);
    for (const update of node.sent.filter(({ message }) => message.kind === 'binding-update')) {
      if (answered.has(update)) continue;
      answered.add(update);
      node.acknowledge({ options: answer(update) }, update as Update);
    }
    node.wait(400);
  }
  return node;
}

function nodeWith(given: Steering | undefined, ...dialect: [typeof MMI] | []): DirectNode {
  const node = new DirectNode([CORRESPONDENT], ...dialect);
  node.paths = [PATHS.lte, PATHS.wifi];
  node.steering = given;
  return node;
}

const report = (node: DirectNode) => node.optimization.report(node.now).correspondents[0]!;
const held = (node: DirectNode): string[] =>
  report(node).flowBindings.map(({ rule: name, bids, state }) => `${name}>${bids.join()} ${state}`);
const way = (node: DirectNode) => {
  const [found] = node.optimization.direct();
  return {
    rest: formatAddress(found!.careOfAddress),
    lanes: found!.lanes!.map(({ number, careOfAddress }) => [
      number,
      careOfAddress && formatAddress(careOfAddress),
    ]),
  };
};

describe('[RFC 6089 §5.2] [RFC 6089 §5.3] a policy', () => {
  it('[mmi-02 §7.3.3] is told to the correspondent when both care-of addresses have been proven, each by itself', () => {
    const node = settle(nodeWith(steering([rule(1, {})])));
    expect(held(node)).toEqual(['rule1>2 accepted']);
    const tests = node.sent.filter(({ message }) => message.kind === 'care-of-test-init');
    expect(new Set(tests.map(({ received }) => formatAddress(received.source)))).toEqual(
      new Set([BY_LTE, BY_WIFI]),
    );
    const updates = node.sent.filter(({ message }) => message.kind === 'binding-update').map(said);
    // Not before the care-of address that it leads to is bound; then no message leaves it out.
    expect(updates[0]).toEqual([]);
    expect(updates.at(-1)).toEqual(['1/64>2']);
  });

  it('is obeyed by the own packets, and what it does not name goes as before', () => {
    const node = settle(nodeWith(steering([rule(1, {})])));
    expect(way(node)).toEqual({ rest: BY_LTE, lanes: [[2, BY_WIFI]] });
  });

  it('that names other correspondents, or the mobile network, is not told', () => {
    const others = [
      rule(1, { selectors: [{ ...CALLS, outside: { start: OTHER } }] }),
      rule(2, {
        selectors: [
          { inside: { start: address('2001:db8:100:1::'), end: address('2001:db8:100:1:ffff::') } },
        ],
      }),
    ];
    const node = settle(nodeWith(steering(others)));
    expect(held(node)).toEqual([]);
    expect(way(node).lanes).toEqual([]);
    const ours = rule(3, { selectors: [{ inside: { start: HOME }, outside: { start: CORRESPONDENT } }] });
    expect(held(settle(nodeWith(steering([...others, ours]))))).toEqual(['rule3>2 accepted']);
  });

  it('[RFC 6089 §5.2.2.2] that moves a flow says so in one message at once, and the summary keeps the others', () => {
    const rules = [rule(1, {}), rule(2, { selectors: [{ protocol: { start: 6 } }] })];
    const node = settle(nodeWith(steering(rules)));
    node.wait(5000);
    const before = node.count('binding-update');
    node.steering = steering([rule(1, { action: lane(1) }), rules[1]!]);
    node.step();
    expect(node.count('binding-update')).toBe(before + 1);
    expect(said(node.update)).toEqual(['=2', '1/64>1']);
    expect(way(node).lanes).toEqual([
      [1, BY_LTE],
      [2, BY_WIFI],
    ]);
  });

  it('[RFC 6089 §5.2.5] takes its flows to another path by the message that takes the lost one back', () => {
    const node = settle(nodeWith(steering([rule(1, {})])));
    node.wait(5000);
    node.paths = [PATHS.lte];
    node.steering = steering([rule(1, {})], [1, 1, 1]);
    node.step();
    expect(node.update.message.lifetime).toBe(0);
    expect(said(node.update)).toEqual(['1/64>1']);
    expect(way(node)).toEqual({ rest: BY_LTE, lanes: [[2, BY_LTE]] });
  });

  it('says all flows again to a correspondent that has lost its bindings', () => {
    const node = settle(nodeWith(steering([rule(1, {})])));
    const error = { kind: 'binding-error', status: 1, homeAddress: HOME, options: [] } as const;
    node.now += 20_000;
    const packet = emitMobilityPacket({ source: CORRESPONDENT, destination: CARE_OF, message: error });
    expect(node.receive(packet)).toBeUndefined();
    expect(held(node)).toEqual(['rule1>2 asked']);
    node.wait(10_000);
    expect(held(settle(node))).toEqual(['rule1>2 accepted']);
  });

  it('is not told to one that takes one care-of address only: all its packets go one way', () => {
    const node = nodeWith(
      steering([rule(1, { selectors: [{ ...CALLS, outside: { start: CORRESPONDENT } }] })]),
    );
    node.step();
    node.homeTest();
    for (const { careOfAddress } of node.paths) node.careOfTest(careOfAddress);
    node.acknowledge({ identified: false });
    expect(way(node)).toEqual({ rest: BY_WIFI, lanes: [] });
    expect(held(node)).toEqual([]);
  });
});

describe('[RFC 6089 §5.2.6] the answers of a correspondent', () => {
  it('that say nothing of flows: it knows none, is told none again, and sends all by priorities', () => {
    const selectors = [{ ...CALLS, outside: { start: CORRESPONDENT } }];
    const node = settle(nodeWith(steering([rule(1, { selectors })])), () => []);
    expect(node.events.map(({ name }) => name)).toContain('extension-unsupported');
    // Of its flows the first one that names the correspondent decides.
    expect(way(node).rest).toBe(BY_WIFI);
    const before = node.count('binding-update');
    node.steering = steering([rule(1, { selectors, action: lane(1) })]);
    settle(node, () => []);
    expect(node.count('binding-update')).toBeGreaterThan(before);
    expect(said(node.update)).toEqual([]);
    expect(way(node).rest).toBe(BY_LTE);
  });

  it('refuse a flow binding: it is counted and told, and asked for again after a pause', () => {
    const node = settle(nodeWith(steering([rule(1, {})])), update => kept(update, 128));
    expect(report(node).flowBindings).toMatchObject([
      { state: 'refused', refusal: 'administratively prohibited' },
    ]);
    expect(node.outbox.counters.get('flow-refused-128')).toBeGreaterThan(0);
    const warnings = node.events.filter(({ name }) => name === 'flow-binding-refused');
    expect(warnings.map(({ level, text }) => `${level} ${text}`)).toEqual([
      `warning ${formatAddress(CORRESPONDENT)} refuses the flow binding of rule1.0: administratively prohibited`,
    ]);
    node.wait(3000);
    expect(held(node)).toEqual(['rule1>2 refused']);
    node.wait(10_000);
    expect(held(settle(node))).toEqual(['rule1>2 accepted']);
  });
});

describe('what is copied', () => {
  const copied = rule(1, { action: { kind: 'replicate', lanes: [1, 2], through: 3 } });

  it('takes the tunnels outward, where copies are made, and comes by the first of its paths', () => {
    const node = settle(nodeWith(steering([copied])));
    expect(way(node).lanes).toEqual([[3, undefined]]);
    expect(held(node)).toEqual(['rule1>1 accepted']);
  });
});

describe('[mmi-02 §7.3] weights', () => {
  const balances = (node: DirectNode) =>
    optionsOf(node.update).flatMap(option =>
      option.kind === 'load-balancing'
        ? [`${formatAddress(option.careOfAddress)} ${option.destination}`]
        : [],
    );

  it('are told where the dialect has the option, once both care-of addresses are proven, and obeyed outward', () => {
    const node = settle(nodeWith(steering([rule(1, {}), BALANCE]), MMI));
    expect(balances(node)).toEqual([`${BY_LTE} 7`, `${BY_WIFI} 3`]);
    expect(way(node).lanes).toEqual([
      [1, BY_LTE],
      [2, BY_WIFI],
    ]);
    node.wait(5000);
    node.steering = steering([rule(1, {}), { ...BALANCE, action: lane(1) }]);
    node.step();
    expect(balances(node)).toEqual([]);
  });

  it('are obeyed outward whether or not the correspondent speaks of them', () => {
    const node = settle(nodeWith(steering([BALANCE])));
    expect(balances(node)).toEqual([]);
    expect(way(node).lanes).toEqual([
      [1, BY_LTE],
      [2, BY_WIFI],
    ]);
  });
});

it('at home, where no lane leads abroad, the order of the uplinks of a flow counts', () => {
  const node = settle(nodeWith(steering([rule(1, {})])));
  node.homeLink = 'lan0';
  node.steering = steering([rule(1, {})], [3, 3, 3]);
  node.step();
  expect(way(node)).toEqual({ rest: BY_LTE, lanes: [[2, BY_WIFI]] });
});

it('[analysis-01 §6.1.3] while flows go several ways, what comes proves nothing about the usual one: it is asked by Echo', () => {
  const probes = (given: Steering | undefined): number => {
    const node = settle(nodeWith(given));
    const before = node.outbox.counters.get('direct-path-probed');
    for (let second = 0; second < 10; second++) {
      node.wait(1000);
      node.optimization.used([CORRESPONDENT], [CORRESPONDENT], node.now);
      node.step();
    }
    return node.outbox.counters.get('direct-path-probed') - before;
  };
  expect(probes(undefined)).toBe(0);
  expect(probes(steering([rule(1, {})]))).toBeGreaterThan(0);
});

describe('when the configuration is read again', () => {
  const farewells = (renewed: boolean): number => {
    const node = settle(nodeWith(undefined));
    node.optimization.setObstacle('the configuration is being read again', node.now, renewed);
    return node.step().length;
  };

  it('bindings with correspondents that stay in it are not taken back, for what is on its way would come too late', () => {
    expect(farewells(true)).toBe(0);
  });

  it('all others are', () => {
    expect(farewells(false)).toBe(1);
  });
});
