/**
 * Failures by chance at uplinks, daemons and home agent, while one uplink is always left alone. A failure prints the
 * seed and what happened when. RANDOM_MINUTES=120 plays two hours, from another seed each time; SEED repeats one, HOME_AGENTS=2
 * lets the router change between two.
 */
import { expect, test } from 'vitest';
import type { EchoReport, LabRecord } from './record.ts';
import { tellOnFailure } from './runner/chance.ts';
import { logLines, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

const MINUTES = Number(process.env.RANDOM_MINUTES ?? 5);
const FIXED_SEED = 20_261_121;
const SEED = Number(
  process.env.SEED ?? (process.env.RANDOM_MINUTES === undefined ? FIXED_SEED : Date.now() % 2 ** 32),
);
/** Home agents. */
const AGENTS = Number(process.env.HOME_AGENTS ?? 1);
/** Wall-clock milliseconds, also on a busy machine. */
const LIMIT = 120_000 + MINUTES * 40_000;
/** Milliseconds between echoes, as the scenario has it. */
const INTERVAL = 200;
/** Milliseconds: a failure is noticed and answered, at the worst by a daemon that has just been killed. */
const OUTAGE = 3000;
/** Milliseconds: with all home agents cut off each is tried for 6 s, and after a round or two comes a pause (4 s, 8 s). */
const ROUND = 2 * 6000 + 8000;
/** Echoes that were on their way when it began. */
const IN_FLIGHT = 400;

interface Fault extends LabRecord {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}
interface Agreement {
  readonly router: readonly string[];
  readonly anchor: readonly string[];
  readonly tunnels: { readonly router: readonly string[]; readonly anchor: readonly string[] };
}

test(`${MINUTES} min of random failures: no session is lost while an uplink lives, both ends agree, nothing is left behind`, {
  timeout: LIMIT + 10_000,
}, async context => {
  const seen: LabRecord[] = [];
  tellOnFailure(context, `SEED=${SEED} RANDOM_MINUTES=${MINUTES} HOME_AGENTS=${AGENTS}`, seen);
  const result = await playProduct(context, 'random-failures', {
    time: 'virtual',
    params: { seed: SEED, minutes: MINUTES, agents: AGENTS },
    timeout: LIMIT,
    onRecord: record => seen.push(record),
  });
  const faults = result.records.filter(({ record }) => record === 'fault') as Fault[];
  expect(faults.length).toBeGreaterThan(MINUTES * 4);

  const sessions = result.records.filter(({ record }) => record === 'transfer');
  expect(sessions.map(({ report }) => (report as { ok: boolean }).ok)).toEqual([true, true]);

  // While the home agent can be reached an outage is short, else it ends soon after.
  const cuts = faults.filter(({ what }) => what.startsWith('cut'));
  const { report } = theRecord<{ report: EchoReport }>(result, 'echo');
  const tooLong = report.lost_runs
    .map(({ at, count }) => ({ from: at, to: at + count * INTERVAL }))
    .filter(({ from, to }) => {
      const covering = cuts.filter(cut => cut.from < to && from < cut.to + OUTAGE);
      const begins = Math.min(...covering.map(cut => cut.from - IN_FLIGHT), Number.POSITIVE_INFINITY);
      const isCommon = new Set(covering.map(({ what }) => what)).size > 1;
      const after = isCommon ? OUTAGE + ROUND : OUTAGE;
      const ends = Math.max(...covering.map(cut => cut.to + after), from + OUTAGE);
      return to > ends || (covering.length > 0 && from < begins - OUTAGE);
    });
  expect(tooLong).toEqual([]);
  expect(report.duplicates).toBe(0);

  const { router, anchor, tunnels } = theRecord<Agreement & LabRecord>(result, 'agreement');
  expect(router).toHaveLength(3);
  expect(anchor).toEqual(router);
  const careOfAddresses = router.map(binding => binding.split(' ')[1]).sort();
  expect(tunnels).toEqual({ router: careOfAddresses, anchor: careOfAddresses });
  const left = result.records.filter(({ record }) => record === 'left').map(({ what }) => what);
  expect(left).toHaveLength(1 + AGENTS);
  expect(left.flat()).toEqual([]);
  for (const host of ['router', 'anchor']) {
    expect(logLines(result, host, 'unhandled'), host).toEqual([]);
    expect(logLines(result, host, ': error:'), host).toEqual([]);
  }
});
