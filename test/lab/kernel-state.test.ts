/** The state that kedge keeps in the kernel, against others who spoil it. */
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { theRecord } from './runner/scenario.ts';
import { play } from './runner/test.ts';

interface Own {
  readonly router: readonly string[];
  readonly anchor: readonly string[];
}

test('what others spoil is repaired, and a new care-of address changes the tunnel in place', async context => {
  const result = await play(context, 'kernel-state', { time: 'virtual' });
  const before = theRecord<Own>(result, 'before');
  expect(before.router).toContain('default dev kdg-lte table 7100 metric 128 pref medium');
  expect(before.router).toContain('unreachable default dev lo table 7100 metric 4294967295 pref medium');
  expect(before.anchor).toContain('2001:db8:101::/64 dev kdg-vessel.1 metric 128 pref medium');

  const after = theRecord<{ router: readonly string[]; report: EchoReport }>(result, 'after');
  expect(after.router).toEqual(before.router);
  // Before the first binding echoes are lost, and none after it.
  expect(after.report.lost_runs.filter(run => run.first > 0)).toEqual([]);

  const renumbered = theRecord<Own>(result, 'renumbered');
  expect(renumbered.router.filter(line => line.includes('2001:db8:b::3'))).toHaveLength(2);
  expect(renumbered.router.join()).not.toContain('2001:db8:b::2');

  // RFC 3963 §9: what does not belong to the mobile network does not come out of the tunnel.
  expect(theRecord(result, 'forged').filter).toMatch(/counter packets 3 /);
  expect(theRecord(result, 'diff').text).toContain('no difference');
});
