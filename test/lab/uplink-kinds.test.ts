/** Uplinks that are point-to-point devices, VLANs and bridges. */
import { expect, test } from 'vitest';
import { losses, outages, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

test('a point-to-point uplink, a VLAN and a bridge come up in any order, carry the traffic, and fail as quickly as others', async context => {
  const result = await playProduct(context, 'uplink-kinds', { time: 'virtual' });
  const { text } = theRecord<{ text: string }>(result, 'bindings');
  for (const careOf of ['1  2001:db8:a::2', '2  2001:db8:a:8::2', '3  2001:db8:b::2'])
    expect(text).toContain(` ${careOf} `);
  const { events, otherwise } = losses(result);
  for (const what of ['vlan comes', 'first dial', 'second dial', 'mended', 'prefer bridge'])
    expect(outages(events, what), what).toEqual([0]);
  expect(outages(events, 'ppp hangs up')[0]).toBeLessThanOrEqual(60);
  expect(outages(events, 'cable of both')[0]).toBeLessThanOrEqual(320);
  // A bridge says later than the probes that its last port has lost its carrier.
  expect(outages(events, 'port of the bridge')[0]).toBeLessThanOrEqual(320);
  expect(otherwise).toBe(0);
});
