/** Care-of addresses from router advertisements, and other ones in their place. */
import { expect, test } from 'vitest';
import { losses, outages, playProduct } from './runner/product.ts';

test('[RFC 6275 §11.5.3] care-of addresses by router advertisement and with duplicate address detection; a new one is registered without loss', async context => {
  const result = await playProduct(context, 'addressing', { time: 'virtual' });
  const { events, otherwise } = losses(result);
  expect(outages(events, 'carrier')[0]).toBeLessThanOrEqual(60);
  expect(outages(events, 'return')).toEqual([0]);
  expect(outages(events, 'renumbered by advertisement')).toEqual([0]);
  expect(outages(events, 'renumbered gently')).toEqual([0]);
  expect(outages(events, 'renumbered abruptly')[0]).toBeLessThanOrEqual(60);
  expect(otherwise).toBe(0);

  const texts = result.records.filter(r => r.record === 'bindings').map(r => r.text as string);
  for (const [index, address] of [
    '2001:db8:a::ff:fe00:101',
    '2001:db8:a::ff:fe00:101',
    '2001:db8:a:1:0:ff:fe00:101',
    '2001:db8:a:1::33',
    '2001:db8:a:1::44',
  ].entries()) {
    expect(texts[index]).toContain(` 1  ${address} `);
    expect(texts[index]).toContain(' 2  2001:db8:b::ff:fe00:201 ');
  }
});
