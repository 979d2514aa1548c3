import { expect, test } from 'vitest';
import type { ActKind, Outcome } from './records.ts';
import { judge, lostByAct, resultLine } from './verdict.ts';

interface Event {
  readonly kind: ActKind;
  readonly lost: number;
}

/** An event every second from second 1 on, losing its echoes at once. */
function outcome(events: readonly Event[], changes: Partial<Outcome> = {}): Outcome {
  const acts = events.map(({ kind }, index) => ({ kind, text: kind, at: (index + 1) * 1000 }));
  const runs = events.flatMap(({ lost }, index) =>
    lost === 0 ? [] : [{ first: index * 100, count: lost, at: (index + 1) * 1000 - 20 }],
  );
  return {
    acts,
    echo: {
      event: 'result',
      at: 0,
      sent: 1000,
      received: 1000,
      duplicates: 0,
      reordered: 0,
      refused: 0,
      lost: 0,
      lost_runs: [{ first: 0, count: 50, at: 10 }, ...runs],
      outage_ms: 0,
    },
    transfer: {
      event: 'result',
      ok: true,
      bytes: 1,
      checksum: '0',
      ms: 1,
      mbit_s: 1,
      retransmits: 0,
      mss: 1,
      pmtu: 1,
    },
    firstEcho: 500,
    firstBindingUpdateAfter: 120.4,
    firstEchoAfter: 250.6,
    resident: 7000,
    lanAddresses: ['2001:db8::1'],
    ...changes,
  };
}

const carrier = (lost: number): Event => ({ kind: 'carrier-loss', lost });
const silent = (lost: number): Event => ({ kind: 'silent-loss', lost });
const GOOD = [
  ...[5, 5, 6, 5, 8].map(carrier),
  ...[22, 23, 39, 24, 22].map(silent),
  { kind: 'planned-move', lost: 0 },
  { kind: 'router-kill', lost: 0 },
  { kind: 'anchor-kill', lost: 0 },
] as const;

test('a run within all bounds ends with the promised line', () => {
  expect(resultLine(judge(outcome(GOOD)))).toBe(
    '{"demo":"ok","limit_ms":50,"carrier_loss_ms":{"median":50,"max":80},"silent_loss_ms":{"median":230,"max":390},' +
      '"planned_lost":0,"mr_kill_lost":0,"ha_kill_lost":0,"tcp_ok":true,"mr_rss_kib":7000,"first_bu_ms":120,"first_echo_ms":251}',
  );
});

test('an echo that was under way when the act began is lost by that act', () => {
  const acts = [
    { kind: 'steady', text: '', at: 0 },
    { kind: 'carrier-loss', text: '', at: 1000 },
  ] as const;
  const lost = lostByAct(acts, [
    { first: 1, count: 2, at: 890 },
    { first: 9, count: 3, at: 960 },
    { first: 20, count: 1, at: 1030 },
  ]);
  expect([...lost.values()]).toEqual([2, 4]);
});

test.each<[string, Outcome]>([
  ['carrier loss: median 70', outcome([...GOOD, ...[7, 7, 7, 7].map(carrier)])],
  ['carrier loss: maximum 90', outcome([...GOOD, carrier(9)])],
  ['silent loss: maximum 400', outcome([...GOOD, silent(40)])],
  ['fewer than 5 carrier losses', outcome(GOOD.slice(1))],
  ['fewer than 5 silent losses', outcome(GOOD.filter(event => event.lost !== 23))],
  ['1 echoes lost by planned moves', outcome([...GOOD, { kind: 'planned-move', lost: 1 }])],
  ["2 echoes lost by kills of the router's", outcome([...GOOD, { kind: 'router-kill', lost: 2 }])],
  ["3 echoes lost by kills of the anchor's", outcome([...GOOD, { kind: 'anchor-kill', lost: 3 }])],
  ['4 echoes lost while nothing', outcome([...GOOD, { kind: 'steady', lost: 4 }])],
  ['1 echoes came twice', outcome(GOOD, { echo: { ...outcome(GOOD).echo, duplicates: 1 } })],
  ['TCP', outcome(GOOD, { transfer: { ...outcome(GOOD).transfer, ok: false } })],
  ['address changed', outcome(GOOD, { lanAddresses: ['2001:db8::1', '2001:db8::2'] })],
  ['8192 KiB', outcome(GOOD, { resident: 8192 })],
  ['0 KiB', outcome(GOOD, { resident: 0 })],
  ['Update after 301 ms', outcome(GOOD, { firstBindingUpdateAfter: 301 })],
  ['first echo after 601 ms', outcome(GOOD, { firstEchoAfter: 601 })],
])('a missed bound fails the demo and is named: %s', (words, run) => {
  const verdict = judge(run);
  expect(verdict.missed).toHaveLength(1);
  expect(verdict.missed[0]).toContain(words);
  expect(resultLine(verdict)).toMatch(/^\{"demo":"failed","missed":\["/);
});
