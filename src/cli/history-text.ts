/** `kedge history`: the last 24 hours of each uplink as a line of bars, and where the traffic went. */
import type { HandoverReport, HistoryReport } from '../engine/status.ts';
import { flow, type Screen } from './layout.ts';
import { becauseOf, painted } from './report-parts.ts';
import { duration, milliseconds } from './units.ts';

const BARS = '▁▂▃▄▅▆▇█';
/** Columns beside the bars. */
const MARGIN = 24;

/** Lines without line ends. */
export function renderHistory(history: HistoryReport, screen: Screen): string[] {
  const names = Object.keys(history.uplinks);
  if (names.length === 0) return ['nothing is remembered yet'];
  const all = names.map(name => values(history.uplinks[name]!.rtt));
  const points = all[0]!.length;
  const perColumn = Math.max(1, Math.ceil(points / Math.max(screen.width - MARGIN, 1)));
  const width = Math.max(...names.map(name => name.length));
  const title = `round-trip time, the last ${duration(points * history.step)}, a column is ${duration(perColumn * history.step)}`;
  return [
    ...painted([title], 'faint', screen),
    ...names.map((name, index) => `${name.padEnd(width)}  ${bars(all[index]!, perColumn)}`),
    '',
    ...painted(['traffic'], 'faint', screen),
    ...history.handovers.toReversed().flatMap(handover => flow([line(handover)], '', '', screen.width)),
  ];
}

function line({ ago, from, to, reason, left }: HandoverReport): string {
  const matter = left === null || from === null ? '' : `; ${from}: ${left}`;
  return `${duration(ago).padStart(12)} ago: ${from ?? 'nothing'} -> ${to ?? 'nothing'}, ${becauseOf(reason, 'uplink')}${matter}`;
}

function values(series: string): number[] {
  return series.split(',').map(word => (word === '' ? Number.NaN : Number(word)));
}

/** The highest of each column, between nothing and the highest of all. */
function bars(points: readonly number[], perColumn: number): string {
  const columns: number[] = [];
  for (let at = 0; at < points.length; at += perColumn) {
    columns.push(Math.max(...points.slice(at, at + perColumn).filter(value => !Number.isNaN(value))));
  }
  const highest = Math.max(...columns);
  if (highest === Number.NEGATIVE_INFINITY) return 'not measured';
  const text = columns.map(value =>
    value < 0 ? ' ' : BARS[Math.min(Math.floor((value / highest) * BARS.length), BARS.length - 1)],
  );
  return `${text.join('')}  at most ${milliseconds(highest)}`;
}
