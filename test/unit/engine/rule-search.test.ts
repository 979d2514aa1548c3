/** Which rule a packet meets. */
import { expect, test } from 'vitest';
import { type KnownPacket, searchRule } from '../../../src/engine/rule-search.ts';
import type { FlowSelector, SteeringRule } from '../../../src/engine/steering.ts';
import { parseAddress } from '../../../src/wire/address.ts';

const address = (text: string) => parseAddress(text)!;
const rule = (id: number, ...selectors: FlowSelector[]): SteeringRule => ({
  id,
  name: `${id}`,
  selectors,
  action: { kind: 'drop' },
});
const RULES = [
  rule(1, { outsidePort: { start: 5060, end: 5061 }, protocol: { start: 17 } }),
  rule(2, { linkLayerAddress: new Uint8Array(6) }, { inside: { start: address('2001:db8:1::9') } }),
  rule(3, { outside: { start: address('2001:db8:9::'), end: address('2001:db8:9::ffff') } }),
];
const packet = (more: Partial<KnownPacket> = {}): KnownPacket => ({
  inside: address('2001:db8:1::1'),
  outside: address('2001:db8:8::1'),
  protocol: 17,
  outsidePort: 53,
  ...more,
});
const found = (known: KnownPacket, rules = RULES) => {
  const { rule: sure, possible } = searchRule(rules, known);
  return [sure?.id, ...possible.map(({ id }) => id)];
};

test('the first rule that matches for sure, and those before it that what is not known decides about', () => {
  expect(found(packet())).toEqual([undefined, 2]);
  expect(found(packet({ outsidePort: 5061 }))).toEqual([1]);
  expect(found(packet({ outsidePort: 5062 }))).toEqual([undefined, 2]);
  expect(found(packet({ protocol: undefined, outsidePort: undefined }))).toEqual([undefined, 1, 2]);
  expect(found(packet({ inside: address('2001:db8:1::9') }))).toEqual([2]);
  expect(found(packet({ outside: address('2001:db8:9::ffff') }))).toEqual([3, 2]);
  expect(found(packet({ outside: address('2001:db8:9::1:0') }))).toEqual([undefined, 2]);
  expect(found(packet(), [rule(9)])).toEqual([9]);
});
