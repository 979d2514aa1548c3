/** The lab itself: what it measures is what the links were told to do. */
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { theRecord } from './runner/scenario.ts';
import { play } from './runner/test.ts';

test('a round trip over 20 ms there and 30 ms back takes exactly 50 ms of virtual time', async context => {
  const result = await play(context, 'smoke-ping', { time: 'virtual' });
  expect(theRecord(result, 'ping').rtts).toEqual([50, 50, 50, 50, 50]);
  const { report } = theRecord<{ report: EchoReport }>(result, 'echo');
  expect(report).toMatchObject({
    sent: 100,
    received: 100,
    lost: 0,
    duplicates: 0,
    reordered: 0,
    outage_ms: 0,
  });
  expect(report.rtt_ms!.min).toBe(50);
  expect(report.rtt_ms!.max).toBeLessThanOrEqual(50.01);
});
