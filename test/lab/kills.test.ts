/** A daemon that dies takes nothing with it, and the next one goes on where it stopped. */
import { expect, test } from 'vitest';
import { logLines, losses, outages, playProduct } from './runner/product.ts';

test('kill -9 of any process of router or anchor loses no echo; bindings and tunnels are adopted', async context => {
  const result = await playProduct(context, 'kills', { time: 'virtual' });
  const { events, otherwise } = losses(result);
  const kills = outages(events, 'kill');
  expect(kills).toEqual(Array(8).fill(0));
  expect(outages(events, 'return')).toEqual([0]);
  expect(otherwise).toBe(0);

  // The same tunnels with the same indexes from beginning to end.
  const [first, ...later] = result.records.filter(r => r.record === 'tunnels');
  expect(first!.router).toHaveLength(2);
  expect(first!.anchor).toHaveLength(2);
  for (const { router, anchor } of later)
    expect({ router, anchor }).toEqual({ router: first!.router, anchor: first!.anchor });
  // Adopted, not made again: each binding is registered once in the whole story.
  expect(logLines(result, 'anchor', 'registered for')).toHaveLength(2);
});
