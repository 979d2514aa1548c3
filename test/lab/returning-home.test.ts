import { expect, test } from 'vitest';
import { losses, playProduct } from './runner/product.ts';

test.each([
  ['return', 'proxy'],
  ['stay-away', 'proxy'],
  ['both', 'proxy'],
  ['both', 'direct'],
])('at home: %s, %s', async (at, binding) => {
  expect(at + binding).toBeDefined();
});

test('returns home', async context => {
  const result = await playProduct(context, 'returning-home', {
    time: 'virtual',
    params: { at: process.env.AT ?? 'return', binding: process.env.BINDING ?? 'proxy' },
  });
  console.log(JSON.stringify(losses(result)), JSON.stringify(losses(result, 'echo neighbor')));
  for (const r of result.records.filter(r => r.record === 'look')) console.log(Object.values(r).join('\n'));
});
