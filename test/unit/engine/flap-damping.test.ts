import { expect, it } from 'vitest';
import { FlapDamping } from '../../../src/engine/flap-damping.ts';

/** Goes and comes back at these times, milliseconds. */
function flapped(...times: number[]): FlapDamping {
  const damping = new FlapDamping();
  damping.note(true, 0);
  for (const time of times) {
    damping.note(false, time);
    damping.note(true, time + 1);
  }
  return damping;
}

it('four goings within a minute are forgiven, the fifth is not', () => {
  expect(flapped(0, 10_000, 20_000, 30_000).holds).toBe(false);
  expect(flapped(0, 10_000, 20_000, 30_000, 40_000).holds).toBe(true);
});

it('goings 26 s apart are forgiven for ever', () => {
  expect(flapped(...Array.from({ length: 500 }, (_, i) => 26_000 * i)).holds).toBe(false);
  expect(flapped(...Array.from({ length: 500 }, (_, i) => 24_000 * i)).holds).toBe(true);
});

it('is held back for at most 105 s after the last going, however many there were', () => {
  for (const count of [5, 50, 5000]) {
    const last = 1000 * (count - 1);
    const damping = flapped(...Array.from({ length: count }, (_, i) => 1000 * i));
    const until = damping.releaseAt();
    expect(until).toBeGreaterThan(last + 80_000);
    expect(until).toBeLessThanOrEqual(last + 105_000);
    damping.note(true, until - 1);
    expect(damping.holds).toBe(true);
    damping.note(true, until);
    expect(damping.holds).toBe(false);
    expect(damping.releaseAt()).toBe(Infinity);
  }
});

it('staying away costs nothing more', () => {
  const damping = new FlapDamping();
  damping.note(true, 0);
  for (let now = 0; now < 10_000; now += 100) damping.note(false, now);
  expect(damping.holds).toBe(false);
});
