/** The time-boxed form of `make fuzz`, with a fixed seed. */
import { expect, it } from 'vitest';
import { seed } from '../unit/wire/seed.ts';
import { fuzz } from './body.ts';

it(`mutants and noise, seed ${seed}`, () => {
  const report = fuzz({ seed, inputs: 1_000_000, milliseconds: 10_000, now: () => performance.now() });
  expect(report.failures).toEqual([]);
  expect(report.inputs).toBeGreaterThan(5000);
  expect(report.accepted).toBeGreaterThan(report.inputs / 20);
});
