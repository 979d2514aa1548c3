/** Three uplinks and two home agents: what the death of one of them costs the hosts of the mobile network. */
import { expect, test } from 'vitest';
import type { TransferReport } from './record.ts';
import { losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

/** Milliseconds between echoes. */
const INTERVAL = 40;

interface Three {
  readonly bindings: string;
  readonly states: readonly string[];
}

test('[multiplecoa-00 §3] [analysis-01 §6.1.3] [analysis-01 §A] [RFC 6275 §11.4.1] [RFC 3963 §7] a router finds two home agents, and sessions outlive the first one: killed, left by command, cut off, or cut off from the Internet; [RFC 6275 §10.6] [RFC 6275 §11.4.2] prefixes of the home network', async context => {
  const result = await playProduct(context, 'two-home-agents', { time: 'virtual', timeout: 400_000 });
  const { events, otherwise } = losses(result);
  const lost = Object.fromEntries(events.map(({ what, lost }) => [what, lost * INTERVAL]));
  // The kernel of a home agent goes on when its process is dead: only the change costs anything.
  expect(lost.killed, JSON.stringify(lost)).toBeLessThan(8000);
  expect(lost.chosen, JSON.stringify(lost)).toBeLessThan(1500);
  // Silence for as long as `failover_after` says, before it the time to notice, after it the registration.
  expect(lost['cut off'], JSON.stringify(lost)).toBeGreaterThan(5000);
  expect(lost['cut off'], JSON.stringify(lost)).toBeLessThan(9000);
  // Five seconds until the home agent knows, then as if it were dead.
  expect(lost['behind it'], JSON.stringify(lost)).toBeGreaterThan(9000);
  expect(lost['behind it'], JSON.stringify(lost)).toBeLessThan(15_000);
  expect(theRecord<{ text: string }>(result, 'cut-off').text).toContain('no watched host answers');
  expect(lost['chosen again'], JSON.stringify(lost)).toBeLessThan(1500);
  expect(otherwise).toBe(0);

  const three = result.records.find(({ record }) => record === 'three') as unknown as Three;
  expect(three.states).toEqual(['lte registered', 'wifi registered', 'sat registered']);
  for (const bound of ['1 +2001:db8:a::2', '2 +2001:db8:b::2', '3 +2001:db8:c::2'])
    expect(three.bindings).toMatch(new RegExp(` ${bound} `));

  const told = result.records.find(({ record }) => record === 'home-prefixes');
  expect(told).toMatchObject({ prefixes: [{ prefix: '2001:db8:100::/64', valid: null }] });

  const left = result.records.filter(({ record }) => record === 'left');
  expect(left.map(({ bindings }) => bindings)).toEqual([0, 0, 0, 0, 0]);
  // What the router still had to say is said some seconds after the restart: the back-off has begun anew.
  expect(left[2]!.after).toBeLessThan(15_000);
  expect(lost['router restarts']).toBe(0);
  const { report } = result.records.find(({ record }) => record === 'transfer') as unknown as {
    report: TransferReport;
  };
  expect(report.ok, report.error).toBe(true);
});
