/** Both ends with a dialect, and one link with two care-of addresses. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packets } from './runner/capture.ts';
import { losses, outages, playProduct } from './runner/product.ts';
import type { ScenarioResult } from './runner/scenario.ts';

const NUMBER = 200;
const BINDING_UPDATE = '5';
const BINDING_ACKNOWLEDGEMENT = '6';
/** RFC 5648 §4.3 */
const BINDING_IDENTIFIER = '35';

/** Lines of `kedge bindings` at the home agent, at each record of them: BID and care-of address. */
const bindings = (result: ScenarioResult): string[][] =>
  result.records
    .filter(r => r.record === 'bindings')
    .map(r =>
      [...(r.text as string).matchAll(/ (\d+) {2}(2001:db8:\S+)/g)].map(([, bid, at]) => `${bid} ${at}`),
    );

test.for(['single', 'bulk'])(
  '[multiplecoa-00 §5.2] a router in the dialect of the draft, %s registration: uplinks lost and back, another BID',
  async (registration, context) => {
    const result = await playProduct(context, 'dialect', {
      time: 'virtual',
      label: `dialect-${registration}`,
      params: { number: NUMBER, registration },
    });
    const { events, otherwise } = losses(result);
    expect(Math.max(...outages(events, 'carrier'))).toBeLessThanOrEqual(60);
    expect(outages(events, 'return')).toEqual([0, 0]);
    expect(outages(events, 'another BID')).toEqual([0]);
    expect(otherwise).toBe(0);
    const both = ['1 2001:db8:a::2', '2 2001:db8:b::2'];
    expect(bindings(result)).toEqual([both, [both[1]], [both[0]], ['2 2001:db8:b::2', '9 2001:db8:a::2']]);

    const rows = await Promise.all(
      ['lte', 'wifi'].map(link =>
        packets(join(result.dir, `${link}.pcap`), 'mip6.mhtype', ['mip6.mhtype', 'mip6.mobility_opt']),
      ),
    );
    const seen = rows.flat().map(([type, options]) => ({ type, options: options!.split(',') }));
    expect(seen.some(({ options }) => options.includes(BINDING_IDENTIFIER))).toBe(false);
    for (const type of [BINDING_UPDATE, BINDING_ACKNOWLEDGEMENT]) {
      const named = seen.filter(message => message.type === type && message.options.includes(`${NUMBER}`));
      expect(named.length).toBeGreaterThan(6);
    }
  },
);

test('[multiplecoa-00 §5.1] two prefixes on one link: a care-of address of each is registered, watched and used', async context => {
  const result = await playProduct(context, 'two-prefixes', { time: 'virtual' });
  const { events, otherwise } = losses(result);
  expect(outages(events, 'prefer')).toEqual([0, 0]);
  for (const lost of outages(events, 'silence')) {
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(400);
  }
  expect(outages(events, 'return')).toEqual([0, 0]);
  expect(outages(events, 'address gone')[0]).toBeLessThanOrEqual(60);
  expect(otherwise).toBe(0);
  const both = ['1 2001:db8:a::2', '2 2001:db8:a:1::2'];
  expect(bindings(result)).toEqual([both, [both[0]]]);
  const used = result.records.filter(r => r.record === 'active').map(r => [r.instead, r.text]);
  for (const [instead, text] of used) expect(text).toContain(`traffic uses ${instead}`);
});
