/** The figures of a run of the demo, and the bounds they are held against. */
import type { EchoReport, LostRun } from '../record.ts';
import type { Act, ActKind, Outcome } from './records.ts';

/** Between echoes. */
const INTERVAL = 10;
/** An echo that was sent so long before an act can still be lost by it: on its way, or its answer. */
const FLIGHT = 100;
/** One-way delays of both uplinks: what was in flight, and one Binding Update. */
const PHYSICAL_LIMIT = 50;
const REPETITIONS = 5;

export interface Spread {
  readonly median: number;
  readonly max: number;
}

/** Milliseconds unless the name says otherwise; `lost` figures are echoes. */
export interface Figures {
  readonly limit_ms: number;
  readonly carrier_loss_ms: Spread;
  readonly silent_loss_ms: Spread;
  readonly planned_lost: number;
  readonly mr_kill_lost: number;
  readonly ha_kill_lost: number;
  readonly tcp_ok: boolean;
  readonly mr_rss_kib: number;
  readonly first_bu_ms: number;
  readonly first_echo_ms: number;
}

/** How many echoes each act lost. Those before the first act belong to none. */
export function lostByAct(acts: readonly Act[], runs: readonly LostRun[]): Map<Act, number> {
  const lost = new Map(acts.map(act => [act, 0]));
  for (const run of runs) {
    const act = acts.findLast(candidate => candidate.at - FLIGHT <= run.at);
    if (act !== undefined) lost.set(act, lost.get(act)! + run.count);
  }
  return lost;
}

/** Echoes that were lost since the first one was answered: before it there was no way to answer. */
export function runsSince(report: EchoReport, firstEcho: number): LostRun[] {
  return report.lost_runs.filter(run => run.at > firstEcho);
}

/** The time without an echo that so many lost ones stand for, milliseconds. */
export const outage = (lost: number): number => lost * INTERVAL;

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[Math.floor(index)] ?? 0;
  return {
    median: (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2,
    max: sorted.at(-1) ?? 0,
  };
}

export interface Verdict {
  readonly figures: Figures;
  /** One sentence for each bound that was missed. */
  readonly missed: readonly string[];
}

export function judge(outcome: Outcome): Verdict {
  const lost = lostByAct(outcome.acts, runsSince(outcome.echo, outcome.firstEcho));
  const of = (kind: ActKind): number[] =>
    [...lost].flatMap(([act, count]) => (act.kind === kind ? [count] : []));
  const sum = (kind: ActKind): number => of(kind).reduce((a, b) => a + b, 0);
  const figures: Figures = {
    limit_ms: PHYSICAL_LIMIT,
    carrier_loss_ms: spread(of('carrier-loss').map(outage)),
    silent_loss_ms: spread(of('silent-loss').map(outage)),
    planned_lost: sum('planned-move'),
    mr_kill_lost: sum('router-kill'),
    ha_kill_lost: sum('anchor-kill'),
    tcp_ok: outcome.transfer.ok,
    mr_rss_kib: outcome.resident,
    first_bu_ms: Math.round(outcome.firstBindingUpdateAfter),
    first_echo_ms: Math.round(outcome.firstEchoAfter),
  };
  const missed: string[] = [];
  const demand = (holds: boolean, otherwise: string): void => {
    if (!holds) missed.push(otherwise);
  };
  const none = (count: number, when: string): void => demand(count === 0, `${count} echoes lost ${when}`);
  const { carrier_loss_ms: carrier, silent_loss_ms: silent } = figures;
  demand(of('carrier-loss').length >= REPETITIONS, `fewer than ${REPETITIONS} carrier losses`);
  demand(carrier.median <= PHYSICAL_LIMIT + 10, `carrier loss: median ${carrier.median} ms, at most 60`);
  demand(carrier.max <= PHYSICAL_LIMIT + 30, `carrier loss: maximum ${carrier.max} ms, at most 80`);
  demand(of('silent-loss').length >= REPETITIONS, `fewer than ${REPETITIONS} silent losses`);
  demand(silent.max < 400, `silent loss: maximum ${silent.max} ms, less than 400`);
  none(figures.planned_lost, 'by planned moves');
  none(figures.mr_kill_lost, "by kills of the router's daemon");
  none(figures.ha_kill_lost, "by kills of the anchor's daemon");
  none(sum('steady'), 'while nothing happened');
  demand(outcome.echo.duplicates === 0, `${outcome.echo.duplicates} echoes came twice`);
  demand(figures.tcp_ok, 'the TCP transfer is not whole');
  demand(
    outcome.lanAddresses.length === 1 && outcome.lanAddresses[0] !== '',
    "the LAN host's address changed",
  );
  demand(
    figures.mr_rss_kib > 0 && figures.mr_rss_kib < 8192,
    `${figures.mr_rss_kib} KiB resident, less than 8192`,
  );
  demand(figures.first_bu_ms <= 300, `first Binding Update after ${figures.first_bu_ms} ms, at most 300`);
  demand(figures.first_echo_ms <= 600, `first echo after ${figures.first_echo_ms} ms, at most 600`);
  return { figures, missed };
}

/** The last line of the demo. */
export function resultLine({ figures, missed }: Verdict): string {
  const head = missed.length === 0 ? { demo: 'ok' } : { demo: 'failed', missed };
  return JSON.stringify({ ...head, ...figures });
}
