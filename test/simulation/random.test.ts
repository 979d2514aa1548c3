/**
 * Thousands of random schedules, for 20 s or SIMULATION_SECONDS. Seeds count from a fixed number, so every run
 * begins with the same schedules; FIRST_SEED=n begins with others, SEED=n runs one schedule and tells its story.
 */
import { describe, expect, it } from 'vitest';
import { runSchedule } from './schedule.ts';

const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);
const seconds = Number(process.env.SIMULATION_SECONDS ?? 20);
const single = process.env.SEED === undefined ? undefined : Number(process.env.SEED);

describe('random schedules', () => {
  if (single === undefined) {
    const title = `end well, from seed ${FIRST_SEED} on, for ${seconds} s`;
    it(title, () => playFor(seconds), (seconds + 60) * 1000);
  } else {
    it(`seed ${single}`, () => {
      const { faults, log } = runSchedule(single);
      console.log(log.join('\n'));
      expect(faults).toEqual([]);
    });
  }

  // Each found a fault when it was new.
  it.each([
    [1016, 'a dead path whose binding the home agent had forgotten stayed dead'],
    [3081, 'the same, after address changes'],
    [6329, 'rejected sequence numbers of duplicates cancelled what was on its way'],
    [7230, 'the same, with three uplinks'],
  ])('seed %i: %s', seed => {
    expect(runSchedule(seed).faults).toEqual([]);
  });
});

function playFor(seconds: number): void {
  const end = Date.now() + seconds * 1000;
  let seed = FIRST_SEED;
  for (; Date.now() < end; seed++) {
    const { faults, log } = runSchedule(seed);
    expect(faults, `SEED=${seed}\n${log.join('\n')}`).toEqual([]);
  }
  console.log(`${seed - FIRST_SEED} schedules, seeds ${FIRST_SEED} to ${seed - 1}`);
  expect(seed - FIRST_SEED).toBeGreaterThan(seconds / 2);
}
