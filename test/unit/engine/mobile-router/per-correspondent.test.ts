/** Which care-of address a correspondent gets: per-correspondent mobility. */
import { describe, expect, it } from 'vitest';
import type { Steering, SteeringRule } from '../../../../src/engine/steering.ts';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { address, CARE_OF, CARE_OF_2, HOME } from '../anchor.ts';
import { CORRESPONDENT } from '../correspondent/mobile-node.ts';
import { DirectNode, OTHER, PATHS } from './direct-node.ts';

const LTE = 1;
const WIFI = 2;
let names = 0;

/** All that goes to these addresses takes the lane of that number. */
const rule = (lane: number, ...outside: Address[]): SteeringRule => ({
  id: ++names,
  name: `rule${names}`,
  selectors: outside.map(start => ({ outside: { start } })),
  action: { kind: 'lanes', shares: [{ lane, weight: 1 }], per: 'flow' },
});

/** Lane 1 is of lte, lane 2 of wifi. */
const steering = (...rules: SteeringRule[]): Steering => ({
  lanes: [LTE, WIFI].map(bid => ({ number: bid, bids: [bid], only: false, active: bid })),
  rules,
});

function bound(given: Steering | undefined): DirectNode {
  const node = new DirectNode();
  node.paths = [PATHS.lte, PATHS.wifi];
  node.steering = given;
  return node.register();
}

/** Where direct packets leave from. */
const direct = (node: DirectNode): string[] =>
  node.optimization.direct().map(({ careOfAddress }) => formatAddress(careOfAddress));
const [BY_LTE, BY_WIFI] = [CARE_OF, CARE_OF_2].map(formatAddress);

/** BID-PRI by BID, as the latest Binding Updates have it. */
function priorities(node: DirectNode): Record<number, number> {
  const found: Record<number, number> = {};
  for (const { message } of node.sent) {
    const option = message.kind === 'binding-update' && findOption(message.options, 'binding-identifier');
    if (option) found[option.bid] = option.priority;
  }
  return found;
}

describe('[mmi-02 §5.1, §5.3] [RFC 6275 §11.7.2] a policy that names a correspondent', () => {
  it('chooses the care-of address of its direct path, and the correspondent is told by priorities', () => {
    const node = bound(steering(rule(2, CORRESPONDENT)));
    expect(direct(node)).toEqual([BY_WIFI]);
    const found = priorities(node);
    expect(found[WIFI]).toBeLessThan(found[LTE]!);
  });

  it('says nothing about others: they take the path that carries the traffic', () => {
    const node = bound(steering(rule(2, OTHER)));
    expect(direct(node)).toEqual([BY_LTE]);
    expect(priorities(node)).toEqual({ 1: 2, 2: 3 });
  });

  it('of several rules that name it the first one decides, whatever they say of flows', () => {
    const ofWeb: SteeringRule = {
      ...rule(2, CORRESPONDENT),
      selectors: [{ outside: { start: CORRESPONDENT }, protocol: { start: 6 } }],
    };
    expect(direct(bound(steering(rule(1, OTHER), ofWeb, rule(1, CORRESPONDENT))))).toEqual([BY_WIFI]);
    expect(direct(bound(steering(rule(1, CORRESPONDENT), ofWeb)))).toEqual([BY_LTE]);
  });

  it('may name it by a prefix; a rule for everything names nobody, and one of the mobile network is none of its business', () => {
    const prefix = {
      ...rule(2),
      selectors: [{ outside: { start: address('2001:db8::'), end: address('2001:db8:ffff::') } }],
    };
    expect(direct(bound(steering(prefix)))).toEqual([BY_WIFI]);
    expect(direct(bound(steering({ ...rule(2), selectors: [] })))).toEqual([BY_LTE]);
    const inside = { start: address('2001:db8:100:1::'), end: address('2001:db8:100:1:ffff::') };
    const ofNetwork = { ...rule(2), selectors: [{ inside, outside: { start: CORRESPONDENT } }] };
    expect(direct(bound(steering(ofNetwork)))).toEqual([BY_LTE]);
    const ofHome = {
      ...rule(2),
      selectors: [{ inside: { start: HOME }, outside: { start: CORRESPONDENT } }],
    };
    expect(direct(bound(steering(ofHome)))).toEqual([BY_WIFI]);
  });

  it('when it changes, return routability runs for the other care-of address; otherwise nothing is done', () => {
    const node = bound(steering(rule(1, CORRESPONDENT)));
    // Tokens are of no use any more.
    node.wait(215_000);
    const before = node.sent.length;
    node.steering = steering(rule(1, CORRESPONDENT));
    node.step();
    expect(node.sent.length).toBe(before);
    node.steering = steering(rule(2, CORRESPONDENT));
    const asked = node
      .step()
      .map(({ message, received }) => `${message.kind} ${formatAddress(received.source)}`);
    expect(asked).toContain(`home-test-init ${formatAddress(HOME)}`);
    expect(asked).toContain(`care-of-test-init ${BY_WIFI}`);
    expect(node.register() && direct(node)).toEqual([BY_WIFI]);
    expect(priorities(node)[WIFI]).toBeLessThan(priorities(node)[LTE]!);
  });

  it('a correspondent that takes one care-of address gets the one of the policy', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.steering = steering(rule(2, CORRESPONDENT));
    node.step();
    node.homeTest();
    node.careOfTest(CARE_OF_2);
    node.acknowledge({ identified: false });
    expect(direct(node)).toEqual([BY_WIFI]);
    node.steering = steering(rule(1, CORRESPONDENT));
    expect(node.step().map(({ message }) => message.kind)).toContain('care-of-test-init');
    node.careOfTest(CARE_OF);
    expect(node.update.received.source).toEqual(CARE_OF);
    node.acknowledge({ identified: false });
    expect(direct(node)).toEqual([BY_LTE]);
  });

  it('when its path is gone or not bound, the path that carries the traffic serves', () => {
    const node = bound(steering(rule(2, CORRESPONDENT)));
    node.paths = [PATHS.lte];
    node.step();
    expect(direct(node)).toEqual([BY_LTE]);
    const dropping: SteeringRule = { ...rule(2, CORRESPONDENT), action: { kind: 'drop' } };
    expect(direct(bound(steering(dropping, rule(2, CORRESPONDENT))))).toEqual([BY_LTE]);
  });

  it('[RFC 5648 §5.5.1] [multiplecoa-00 §A] at home its order counts, for no lane leads abroad', () => {
    const leadingHome = (...rules: SteeringRule[]): Steering => ({
      lanes: steering().lanes.map(lane => ({ ...lane, active: undefined })),
      rules,
    });
    const node = bound(leadingHome(rule(2, CORRESPONDENT)));
    expect(direct(node)).toEqual([BY_LTE]);
    node.homeLink = 'home0';
    node.step();
    expect(direct(node)).toEqual([BY_WIFI]);
    node.homeTest({ device: 'home0' });
    node.careOfTest(CARE_OF);
    node.careOfTest(CARE_OF_2);
    const found = priorities(node);
    expect(found[WIFI]).toBeLessThan(found[LTE]!);
  });
});
