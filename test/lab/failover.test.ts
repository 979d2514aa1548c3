/** The margins of the main job: what a failing uplink costs, and that a planned move costs nothing. */
import { expect, test } from 'vitest';
import { losses, outages, playProduct } from './runner/product.ts';

test('[RFC 6275 §11.7.1] an uplink in use that loses its carrier costs at most 60 ms', async context => {
  const result = await playProduct(context, 'failover', {
    time: 'virtual',
    label: 'failover-carrier',
    params: { carrier: 6 },
  });
  const { events, otherwise } = losses(result);
  const lost = outages(events, 'carrier');
  expect(lost).toHaveLength(12);
  expect(Math.min(...lost)).toBeGreaterThan(0);
  expect(Math.max(...lost), `${lost}`).toBeLessThanOrEqual(60);
  expect(outages(events, 'return')).toEqual(lost.map(() => 0));
  expect(outages(events, 'prefer')).toEqual([0, 0, 0]);
  expect(otherwise).toBe(0);
});

test('[RFC 5847 §3.1] an uplink in use that goes silently dead, one way or both, costs less than 400 ms', async context => {
  const silence = ['both', 'toNear', 'toFar', 'both', 'toNear', 'toFar'];
  const result = await playProduct(context, 'failover', {
    time: 'virtual',
    label: 'failover-silence',
    params: { silence },
  });
  const { events, otherwise } = losses(result);
  const lost = outages(events, 'silence');
  expect(lost).toHaveLength(12);
  expect(Math.min(...lost)).toBeGreaterThan(0);
  expect(Math.max(...lost), `${lost}`).toBeLessThan(400);
  expect(outages(events, 'return')).toEqual(lost.map(() => 0));
  expect(otherwise).toBe(0);
});

test.for(['regular', 'single'])(
  '[RFC 4443 §4.1] a home agent that answers no Heartbeat: silence is found by Echo, and its end, registration %s',
  async (registration, context) => {
    const result = await playProduct(context, 'foreign-home-agent', {
      time: 'virtual',
      label: `foreign-home-agent-${registration}`,
      params: { registration },
    });
    const { events, otherwise } = losses(result);
    expect(outages(events, 'kill router')).toEqual([0]);
    const [silence] = outages(events, 'silence');
    expect(silence).toBeGreaterThan(0);
    expect(silence).toBeLessThan(400);
    // With one binding the home agent refuses what is under way from the former care-of address (RFC 6275 §10.4.5).
    expect(outages(events, 'return lte')[0]).toBeLessThanOrEqual(registration === 'regular' ? 60 : 0);
    expect(otherwise).toBe(0);
  },
);
