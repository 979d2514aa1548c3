/** What the views of both roles have in common. */
import type { ChoiceReason, PathReport } from '../engine/status.ts';
import { flow, type Screen, type Style, tabulate } from './layout.ts';
import { bitRate, milliseconds, percent } from './units.ts';

export function painted(lines: readonly string[], style: Style | undefined, screen: Screen): string[] {
  return lines.map(line => screen.paint(line, style));
}

/** A title and a value that may need several lines. */
export function fact(title: string, parts: readonly string[], screen: Screen): string[] {
  const indent = ' '.repeat(18);
  const [first = '', ...more] = flow(parts, ', ', indent, screen.width);
  return [`  ${title.padEnd(16)}${first.slice(indent.length)}`, ...more];
}

/** A table with more about each row below it, indented. */
export function detailedTable(
  columns: Parameters<typeof tabulate>[0],
  rows: Parameters<typeof tabulate>[1],
  indent: string,
  screen: Screen,
  more: (row: number) => { readonly style: Style | undefined; readonly details: readonly string[] },
): string[] {
  const [titles = '', ...lines] = tabulate(columns, rows);
  return [
    screen.paint(titles, 'faint'),
    ...lines.flatMap((line, row) => {
      const { style, details } = more(row);
      return [screen.paint(line, style), ...flow(details, ', ', indent, screen.width)];
    }),
  ];
}

/** @param thing `uplink` or `binding` */
export function becauseOf(reason: ChoiceReason, thing: string): string {
  switch (reason) {
    case 'lowest-priority-value':
      return `lowest priority value of the live ${thing}s`;
    case 'preferred-by-operator':
      return 'preferred by the operator (kedge prefer)';
    case 'best-quality':
      return `those with a lower priority value are degraded or unsteady`;
    case 'unmetered':
      return 'those with a lower priority value cost money';
    case 'within-budget':
      return 'those with a lower priority value have used up their budget';
    case 'only-one-alive':
      return `only ${thing} alive`;
    case 'last-resort':
      return `no ${thing} answers probes; this one is registered at least`;
    case 'at-home':
      return 'it is on the home link, without a tunnel';
    case 'none':
      return `no ${thing} is registered`;
  }
}

export function pathCells(path: PathReport | null): [string, string] {
  return path === null || path.state === 'unknown'
    ? ['-', '-']
    : [milliseconds(path.rtt), percent(path.loss)];
}

export function pathDetails(path: PathReport | null): string[] {
  if (path === null) return [];
  return [
    `probing ${path.profile}`,
    ...(path.jitter === null || path.state === 'unknown' ? [] : [`jitter ${milliseconds(path.jitter)}`]),
    ...(path.state === 'unknown' ? ['no probe answered yet'] : []),
    ...(path.quality === null || path.quality === 'good' ? [] : [path.quality]),
    ...(path.traffic === null
      ? []
      : [`rx ${bitRate(path.traffic.rxBitRate)}`, `tx ${bitRate(path.traffic.txBitRate)}`]),
  ];
}

export function counters(counts: Readonly<Record<string, number>>, screen: Screen): string[] {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? [] : ['', ...fact('counters', parts, screen)];
}
