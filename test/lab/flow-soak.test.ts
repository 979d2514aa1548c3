/**
 * Fifty flows of all kinds through failures and changes by chance. FLOW_MINUTES=120 plays two hours, from another seed each time;
 * SEED repeats one. A failure prints the seed and what happened when.
 */
import { expect, test } from 'vitest';
import type { EchoReport, LabRecord } from './record.ts';
import { tellOnFailure } from './runner/chance.ts';
import { logLines, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

const MINUTES = Number(process.env.FLOW_MINUTES ?? 2);
const FIXED_SEED = 20_261_128;
const SEED = Number(
  process.env.SEED ?? (process.env.FLOW_MINUTES === undefined ? FIXED_SEED : Date.now() % 2 ** 32),
);
/** Wall-clock milliseconds, also on a busy machine. */
const LIMIT = 240_000 + MINUTES * 60_000;
/** Milliseconds between the echoes of a kind. */
const INTERVAL = 500;
/** A failure is noticed and answered, at the worst by a daemon that has just been killed. */
const OUTAGE = 3000;
/** Echoes that were on their way when it began, and all packets of that time. */
const IN_FLIGHT = 400;
const IN_FLIGHT_PACKETS = 20;
const ALL = ['lte', 'wifi', 'sat'];
/** The uplinks that a kind of flow may take, where that is not all. */
const MAY_TAKE: Readonly<Record<string, readonly string[]>> = { only: ['sat'], avoid: ['wifi', 'sat'] };

interface Fault extends LabRecord {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}
interface Crossing {
  readonly entered: number;
  readonly routed: number;
  readonly left: number;
}
interface Crossings extends LabRecord {
  readonly host: string;
  readonly outward: Crossing & Record<string, number>;
  readonly inward: Crossing & Record<string, number>;
  readonly noRoute: number;
}
type Links = Record<string, { toNear: number; toFar: number }>;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Runs of lost echoes, longer than an outage may be, at times when a sound uplink and the home agent were there. */
function unexcused(report: EchoReport, faults: readonly Fault[], mayTake: readonly string[]): number[] {
  const covers = (fault: Fault, at: number) => at >= fault.from - IN_FLIGHT && at <= fault.to + OUTAGE;
  const isExcused = (at: number): boolean => {
    const now = faults.filter(fault => covers(fault, at)).map(({ what }) => what.split(' '));
    return (
      now.some(([kind]) => kind === 'cut') ||
      mayTake.every(uplink => now.some(words => words.includes(uplink)))
    );
  };
  return report.lost_runs.flatMap(({ at, count }) => {
    const times = Array.from({ length: count }, (_, index) => at + index * INTERVAL);
    return times.filter(time => !isExcused(time)).length * INTERVAL > OUTAGE ? [at] : [];
  });
}

test(`${MINUTES} min of failures and changes with fifty flows: no session is lost, every packet is accounted for`, {
  timeout: LIMIT + 10_000,
}, async context => {
  const seen: LabRecord[] = [];
  tellOnFailure(context, `SEED=${SEED} FLOW_MINUTES=${MINUTES}`, seen);
  const result = await playProduct(context, 'flow-soak', {
    time: 'virtual',
    params: { seed: SEED, minutes: MINUTES, interval: INTERVAL },
    timeout: LIMIT,
    onRecord: record => seen.push(record),
  });
  const all = <T>(name: string) => result.records.filter(({ record }) => record === name) as unknown as T[];
  const faults = all<Fault>('fault');
  expect(faults.length).toBeGreaterThan(MINUTES * 4);
  expect(all('reload').length).toBeGreaterThan(MINUTES * 2);

  const transfers = all<{ name: string; report: { ok: boolean } }>('transfer');
  expect(transfers.filter(({ report }) => !report.ok).map(({ name }) => name)).toEqual([]);
  expect(transfers).toHaveLength(6);
  const echoes = new Map(
    all<{ name: string; report: EchoReport }>('echoes').map(({ name, report }) => [name, report]),
  );
  expect(echoes.get('drop')!.received).toBe(0);
  for (const [name, report] of echoes) {
    const tooLong = name === 'drop' ? [] : unexcused(report, faults, MAY_TAKE[name] ?? ALL);
    expect({ name, tooLong, duplicates: report.duplicates }).toEqual({ name, tooLong: [], duplicates: 0 });
  }
  for (const { text } of all<{ text: string }>('ping')) expect(text).not.toMatch(/duplicates/);

  expect(theRecord<{ packets: number }>(result, 'forbidden').packets).toBe(0);

  // What was sent has arrived, or was dropped for a reason that a counter knows.
  const ends = new Map(
    all<{ host: string; sent: number; arrived: number }>('end').map(end => [end.host, end]),
  );
  const [lan, peer] = [ends.get('lan')!, ends.get('peer')!];
  const [router, ...anchors] = all<Crossings>('crossing') as [Crossings, ...Crossings[]];
  const { outward, inward } = router;
  expect(outward.entered).toBe(lan.sent);
  expect(outward.entered - outward.routed).toBe(echoes.get('drop')!.sent + router.noRoute);
  expect(outward.left).toBe(outward.routed);
  expect([inward.routed, inward.left, lan.arrived]).toEqual(Array(3).fill(inward.entered));
  for (const anchor of anchors) {
    const passed = anchor.outward;
    expect([passed.routed, passed.left]).toEqual([passed.entered, passed.entered]);
    expect(anchor.inward.entered - anchor.inward.routed).toBe(anchor.noRoute);
    expect(anchor.inward.left).toBe(anchor.inward.routed);
  }
  expect(sum(anchors.map(anchor => anchor.outward.left))).toBe(peer.arrived);
  const links = theRecord<Links & LabRecord>(result, 'links');
  const uplinks = ALL.map(name => links[name]!);
  const agents = [links.home!, links.second!];
  const dropped = (way: 'toNear' | 'toFar', of: readonly Links[string][]) => sum(of.map(link => link[way]));
  const unnoticed = IN_FLIGHT_PACKETS * faults.filter(({ what }) => /carrier|renumber/.test(what)).length;
  const lost = {
    outward: outward.left - peer.arrived,
    toAgents: peer.sent - sum(anchors.map(anchor => anchor.inward.entered)),
    inward: sum(anchors.map(anchor => anchor.inward.left)) - inward.entered,
  };
  expect(Math.min(...Object.values(lost))).toBeGreaterThanOrEqual(0);
  expect(lost.outward).toBeLessThanOrEqual(dropped('toFar', uplinks) + dropped('toNear', agents) + unnoticed);
  expect(lost.toAgents).toBeLessThanOrEqual(dropped('toNear', agents));
  expect(lost.inward).toBeLessThanOrEqual(dropped('toNear', uplinks) + dropped('toFar', agents) + unnoticed);
  if (process.env.FLOW_MINUTES !== undefined) {
    const counts = `${lan.sent} out, ${peer.sent} in; lost on the way ${JSON.stringify(lost)}`;
    console.log(`SEED=${SEED}: ${faults.length} faults, ${all('reload').length} reloads; packets: ${counts}`);
  }
  for (const host of ['router', 'anchor', 'second']) {
    expect(logLines(result, host, 'unhandled'), host).toEqual([]);
    expect(logLines(result, host, ': error:'), host).toEqual([]);
  }
});
