/** Probing does not cry wolf. The simulation has a whole hour of it; SOAK_MINUTES=60 has it here (about 5 min). */
import { expect, test } from 'vitest';
import { logLines, losses, playProduct } from './runner/product.ts';

const minutes = Number(process.env.SOAK_MINUTES ?? 6);

test(`${minutes} min of 2 % random loss each way on both uplinks raise no false alarm with the profile fast`, {
  timeout: 60_000 + minutes * 15_000,
}, async context => {
  const result = await playProduct(context, 'quiet-hour', {
    time: 'virtual',
    params: { minutes },
    timeout: 50_000 + minutes * 15_000,
  });
  for (const host of ['router', 'anchor']) expect(logLines(result, host, 'no answers')).toEqual([]);
  // Chance did its part: about 4 % of an echo a second.
  const { otherwise } = losses(result);
  expect(otherwise).toBeGreaterThan(0.04 * 60 * minutes * 0.3);
  expect(otherwise).toBeLessThan(0.04 * 60 * minutes * 2);
});
