/** Route optimisation by the kernel's Mobile IPv6, on the kernel that has it. */
import { expect, test } from 'vitest';
import { losses, outages, playProduct } from './runner/product.ts';
import { type ScenarioResult, theRecord } from './runner/scenario.ts';

interface Way {
  readonly what: string;
  readonly [header: string]: number | string;
}

/** Packets by uplink and first header while nothing happened. */
function way(result: ScenarioResult, what: string): Way {
  return result.records.find(r => r.record === 'way' && r.what === what) as unknown as Way;
}

/** A hundred echoes a second go and come without the tunnel, which carries probes alone. */
function expectDirect(result: ScenarioResult, what: string, uplink: 'lte' | 'wifi'): void {
  const other = uplink === 'lte' ? 'wifi' : 'lte';
  const counts = way(result, what);
  expect(counts[`${uplink} option`], what).toBeGreaterThanOrEqual(100);
  expect(counts[`${uplink} routing`], what).toBeGreaterThanOrEqual(100);
  expect(counts[`${uplink} tunnel`], what).toBeLessThanOrEqual(100);
  expect(counts[`${other} option`], what).toBeLessThanOrEqual(4);
  expect(counts[`${other} routing`], what).toBeLessThanOrEqual(4);
}

test('[RFC 6275 §9.3, §11.3] [RFC 5648 §5.2] [analysis-01 §6.1.3] [analysis-01 §A] packets to and from a correspondent go directly, by the uplink in use, through failures, kills and a forgery, and by another way when one fails beyond the access', async context => {
  const result = await playProduct(context, 'direct-path', { time: 'virtual', kernel: 'linux-mip6' });
  for (const what of ['direct lte', 'direct after the router', 'direct after the peer']) {
    expectDirect(result, what, 'lte');
  }
  expectDirect(result, 'direct wifi', 'wifi');
  const { events, otherwise } = losses(result);
  expect(otherwise).toBe(0);
  expect(outages(events, 'prefer')).toEqual([0, 0]);
  expect(Math.max(...outages(events, 'carrier'))).toBeLessThanOrEqual(60);
  expect(Math.max(...outages(events, 'silence'))).toBeLessThan(400);
  expect(outages(events, 'return')).toEqual([0, 0]);
  // Beyond the access: to the other care-of address, to the tunnel, and back when the pauses are over.
  expectDirect(result, 'direct wifi instead', 'wifi');
  expectDirect(result, 'direct lte again', 'lte');
  const tunnel = way(result, 'tunnel');
  expect([tunnel['lte option'], tunnel['wifi option']]).toEqual([0, 0]);
  expect(tunnel['lte tunnel']).toBeGreaterThanOrEqual(400);
  expect(tunnel['wifi tunnel']).toBeLessThanOrEqual(100);
  expect(Math.max(...outages(events, 'beyond'))).toBeLessThanOrEqual(3000);
  expect(outages(events, 'open')).toEqual([0]);
  expect(outages(events, 'reopened')).toEqual([0]);
  expect(outages(events, 'forged')).toEqual([0]);
  expect(outages(events, 'kill router')).toEqual([0]);
  // The correspondent has forgotten its bindings and says so to the first packet that needs one.
  expect(Math.max(...outages(events, 'kill peer'))).toBeLessThanOrEqual(200);
  const { peer } = theRecord<{ peer: { correspondent: { counters: Record<string, number> } } }>(
    result,
    'counters',
  );
  expect(peer.correspondent.counters['home-address-without-binding']).toBe(1);
  const left = result.records.filter(r => r.record === 'left' && r.host === 'peer');
  expect(left).toMatchObject([{ states: '', policies: '' }]);
});
