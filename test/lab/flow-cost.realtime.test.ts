/** A thousand flow bindings of a node cost what one does. */
import { expect, test } from 'vitest';
import { measureFlowCost, ROUNDS } from './runner/flow-cost.ts';
import { play } from './runner/test.ts';

/** A walk through the rules costs 2.75 times as much; the figure itself is printed, as a shared machine adds its noise to it. */
const LIMIT = 1.25;

test('[RFC 6089 §5.3.6] with 1,000 flow bindings a packet costs about what it costs with one', async context => {
  const { one, many, all } = await measureFlowCost((name, options) => play(context, name, options));
  console.log(JSON.stringify({ bench: 'flow_bindings_1000_us', value: many, one, ratio: many / one }));
  expect(all[1]).toHaveLength(ROUNDS);
  expect(many / one, JSON.stringify(all)).toBeLessThan(LIMIT);
});
