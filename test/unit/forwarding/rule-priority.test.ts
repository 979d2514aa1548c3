import { expect, test } from 'vitest';
import { type ForwardingState, withRulesFrom } from '../../../src/forwarding/state.ts';
import { parsePrefix } from '../../../src/wire/address.ts';

test('rules keep their order wherever they begin', () => {
  const from = parsePrefix('2001:db8:1::/64')!;
  const state: ForwardingState = {
    ...{ tunnels: [], addresses: [], routes: [], filter: undefined },
    rules: [
      { priority: 900, to: from, table: 254 },
      { priority: 920, from, table: 7100 },
    ],
  };
  const parts = new Map([['router', state]]);
  expect(withRulesFrom(undefined, parts)).toBe(parts);
  const moved = withRulesFrom(1, parts).get('router')!;
  expect(moved).toEqual({
    ...state,
    rules: [
      { priority: 1, to: from, table: 254 },
      { priority: 21, from, table: 7100 },
    ],
  });
});
