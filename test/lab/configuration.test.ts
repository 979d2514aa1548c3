/** A configuration that is wrong, changes, or goes away. */
import { expect, test } from 'vitest';
import { losses, outages, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

interface Bindings {
  readonly when: string;
  readonly text: string;
}

test('faults are all reported and change nothing; uplinks and priorities change without loss; the end leaves nothing behind', async context => {
  const result = await playProduct(context, 'configuration', { time: 'virtual' });
  const wrong = theRecord<{ status: number; log: string }>(result, 'wrong');
  expect(wrong.status).toBe(1);
  for (const [line, what] of [
    [3, 'home_address'],
    [5, "unknown option 'prope'"],
    [7, 'key'],
    [9, 'device'],
    [10, 'priority'],
  ]) {
    expect(wrong.log).toMatch(new RegExp(`peer\\.uci:${line}: .*${what}`));
  }

  // Before there is a mobile router, with the one that a reload brings, and after it has gone again.
  expect(theRecord(result, 'neighbors')).toMatchObject({ heard: [false, true, false] });

  const { events, otherwise } = losses(result);
  expect(outages(events, 'reload')).toEqual(Array(9).fill(0));
  expect(outages(events, 'flush')).toEqual([0]);
  expect(otherwise).toBe(0);

  const bindings = result.records.filter(r => r.record === 'bindings') as unknown as Bindings[];
  const at = (when: string): string => bindings.find(entry => entry.when === when)!.text;
  expect(at('without wifi')).not.toContain('2001:db8:b::2');
  expect(at('without lte')).not.toContain('2001:db8:a::2');
  expect(at('both')).toMatch(/\* vessel +1 +2001:db8:a::2/);
  expect(theRecord<{ owned: string[] }>(result, 'flushed').owned).toContain('table inet kedge');

  // [RFC 6275 §11.7.1] a router that leaves says so; within a second the home agent holds no binding.
  expect(at('stopped')).toBe('no bindings\n');
  const stopped = result.records.filter(r => r.record === 'stopped');
  expect(stopped.map(({ status, owned }) => ({ status, owned }))).toEqual([
    { status: 0, owned: [] },
    { status: 0, owned: [] },
  ]);
  expect(outages(events, 'stop anchor')[0]).toBeLessThan(500);
});
