/** Uplinks that go bad without dying are left in time, and taken back. */
import { expect, test } from 'vitest';
import type { Status } from '../../src/engine/status.ts';
import { logLines, losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

const COURSES = { loss: 25_000, delay: 20_000, jitter: 25_000 } as const;

for (const [course, bound] of Object.entries(COURSES)) {
  test(`[analysis-01 §A] [mmi-02 §3] an uplink that goes bad (${course}) is left before it dies, at both ends, and taken back without a loss`, {
    timeout: 170_000,
  }, async context => {
    const result = await playProduct(context, 'quality', {
      time: 'virtual',
      label: `quality-${course}`,
      params: { course },
      timeout: 160_000,
    });
    expect(theRecord<{ after: number }>(result, 'left').after).toBeLessThan(bound);
    expect(logLines(result, 'router', 'the quality of lte is degraded').length).toBeGreaterThan(0);
    const { events, otherwise } = losses(result);
    expect(events.map(({ lost }) => lost)).toEqual([0, 0, 0]);
    if (course === 'delay' || course === 'jitter') expect(otherwise).toBe(0);
    const { anchor } = theRecord<{ anchor: Status }>(result, 'end');
    expect(anchor.homeAgent!.nodes[0]!.active.bid).toBe(1);
  });
}

test('[analysis-01 §A] [mmi-02 §3] an uplink whose rate does not suffice is left, and the traffic does not swing to and fro', {
  timeout: 170_000,
}, async context => {
  const result = await playProduct(context, 'quality', {
    time: 'virtual',
    label: 'quality-rate',
    params: { course: 'rate' },
    timeout: 160_000,
  });
  const moves = logLines(result, 'router', 'traffic goes over');
  // Four times there and back until it is held back for 85 s, and again after that; without that some fifty moves.
  expect(moves.length, moves.join()).toBeGreaterThanOrEqual(3);
  expect(moves.length, moves.join()).toBeLessThanOrEqual(20);
  expect(logLines(result, 'router', 'lte comes and goes').length).toBeGreaterThan(0);
  expect(logLines(result, 'router', 'lte has calmed down').length).toBeGreaterThan(0);
  expect(losses(result).events.map(({ lost }) => lost)).toEqual([0]);
});
