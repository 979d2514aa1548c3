/** What an uplink may carry in a month: the kernel's counters decide. */
import { expect, test } from 'vitest';
import { logLines, losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

/** Octets that the uplink carries before the first look at it, and since the latest one. */
const NOT_SEEN = 250_000;

test('an uplink whose budget is used up comes last, whatever restarts, and nothing is lost by that', async context => {
  const result = await playProduct(context, 'budget', { time: 'virtual' });
  const seen = result.records.filter(({ record }) => record === 'seen') as unknown as Record<
    string,
    unknown
  >[];
  expect(
    seen.map(({ what, active, reason, state, bindings }) => [what, active, reason, state, bindings]),
  ).toEqual([
    ['fresh', 'lte', 'lowest-priority-value', 'registered', 2],
    ['used up', 'wifi', 'within-budget', 'registered', 2],
    ['restarted', 'wifi', 'within-budget', 'registered', 2],
    ['closed', 'wifi', 'only-one-alive', 'used-up', 1],
    ['larger', 'lte', 'lowest-priority-value', 'registered', 2],
    ['without its journal', 'wifi', 'within-budget', 'registered', 2],
  ]);
  for (const { used, carried } of seen.slice(1) as { used: number; carried: number }[]) {
    expect(used).toBeLessThanOrEqual(carried);
    expect(used).toBeGreaterThan(carried - NOT_SEEN);
    expect(used).toBeGreaterThan(200_000);
  }
  expect(theRecord<{ text: string }>(result, 'why').text).toContain(
    'lte has used up its budget and comes last',
  );

  const { events, otherwise } = losses(result);
  const planned = events.filter(({ what }) => what !== 'stopped').map(({ lost }) => lost);
  expect([...planned, otherwise]).toEqual([0, 0, 0, 0, 0]);
  expect(
    logLines(result, 'router', 'has used up its budget: it carries only what no other uplink can'),
  ).toHaveLength(1);
  expect(JSON.parse(theRecord<{ text: string }>(result, 'file').text)).toMatchObject({ lte: { day: 1 } });
});
