/** A home agent on a real link. */
import { expect, test } from 'vitest';
import { theRecord } from './runner/scenario.ts';
import { play } from './runner/test.ts';

test('home link', async context => {
  const result = await play(context, 'home-link', { time: 'virtual' });
  console.log(JSON.stringify(result.records, undefined, 1));
  expect(theRecord(result, 'bound')).toBeDefined();
}, 200_000);
