/** The live picture of the demo: 24 lines of 80 columns. */

import type { Moment, Progress } from './progress.ts';
import type { Act, DaemonHost, UplinkName } from './records.ts';
import { UPLINKS } from './records.ts';
import type { Line, Span, Style } from './styled-text.ts';
import { outage } from './verdict.ts';

export const COLUMNS = 80;
export const ROWS = 24;
const TIME_LINE_ROWS = 8;
const DELAYS: Readonly<Record<UplinkName, number>> = { lte: 20, wifi: 30 };
const BARS = '▁▂▃▄▅▆▇█';
/** One step of the bars, milliseconds of round-trip time. */
const BAR_STEP = 15;

const span = (text: string, style?: Style): Span => (style === undefined ? { text } : { text, style });
const cell = (text: string, width: number, style?: Style): Span => span(text.padEnd(width), style);

function title(progress: Progress): Line {
  const left = 'Kedge: a router with two uplinks keeps its prefix and its sessions';
  const right = `${progress.seconds(progress.now).toFixed(1)} s`;
  return [cell(left, COLUMNS - right.length, 'bold'), span(right)];
}

/** The line of an uplink in the drawing: double when in use, broken when it carries nothing. */
function wire(progress: Progress, name: UplinkName): Span {
  const label = ` ${name} ${DELAYS[name]} ms `;
  const state = progress.uplink(name)?.state;
  const broken = state !== undefined && state !== 'registered' && state !== 'registering';
  const inUse = progress.usersOf(name).length > 0;
  const stroke = broken ? '╌' : inUse ? '═' : '─';
  const style: Style | undefined = broken ? 'bad' : inUse ? 'good' : undefined;
  return span(`${stroke.repeat(4)}${label}${stroke.repeat(18 - label.length)}`, style);
}

function host(progress: Progress, name: DaemonHost): Span {
  return progress.up[name] ? span(name, 'bold') : span(name, 'bad');
}

function drawing(progress: Progress): Line[] {
  return [
    [
      span('                         ┌'),
      wire(progress, 'lte'),
      span('┐         ┌── '),
      host(progress, 'anchor'),
    ],
    [
      span('   LAN host ─── '),
      host(progress, 'router'),
      span(' ──┤'),
      span(' '.repeat(22)),
      span('├── core ─┤'),
    ],
    [span('                         └'), wire(progress, 'wifi'), span('┘         └── correspondent')],
  ];
}

function mbit(bits: number): string {
  return `${(bits / 1e6).toFixed(1)} Mbit/s`;
}

function stateStyle(state: string | undefined): Style {
  if (state === 'registered') return 'good';
  return state === 'registering' || state === undefined ? 'warning' : 'bad';
}

/** Columns of the table of uplinks. */
const WIDTHS = [12, 10, 14, 9, 7, 18] as const;

function uplinkHeads(): Line {
  const heads = ['   uplink', 'carrier', 'state', 'RTT', 'loss', 'in use by', 'traffic'];
  return [span(heads.map((head, column) => head.padEnd(WIDTHS[column] ?? 0)).join(''), 'faint')];
}

function uplinkLine(progress: Progress, name: UplinkName): Line {
  const sample = progress.uplink(name);
  const users = progress.usersOf(name).join(', ');
  return [
    cell(`   ${name}`, WIDTHS[0]),
    cell(
      sample === undefined ? '-' : sample.carrier ? 'up' : 'lost',
      WIDTHS[1],
      sample?.carrier ? undefined : 'bad',
    ),
    cell(sample?.state ?? '-', WIDTHS[2], stateStyle(sample?.state)),
    cell(sample?.rtt == null ? '-' : `${Math.round(sample.rtt)} ms`, WIDTHS[3]),
    cell(sample?.loss == null ? '-' : `${Math.round(sample.loss)} %`, WIDTHS[4]),
    cell(users === '' ? '-' : users, WIDTHS[5], users === '' ? 'faint' : 'good'),
    span(mbit(progress.traffic(name))),
  ];
}

function daemonState(progress: Progress, name: DaemonHost): Span {
  return progress.up[name] ? span('runs', 'good') : span('dead', 'bad');
}

function daemons(progress: Progress): Line {
  const memory = `, ${(progress.resident / 1024).toFixed(1)} MiB`;
  return [
    cell('   daemons', 15),
    span('router '),
    daemonState(progress, 'router'),
    cell(progress.up.router && progress.resident > 0 ? memory : '', 18),
    span('anchor '),
    daemonState(progress, 'anchor'),
  ];
}

function address(progress: Progress): Line {
  const seen = [...progress.addresses];
  const steady = seen.length <= 1;
  return [
    cell('   LAN host', 15),
    span(seen.join(' ') || '-'),
    span(steady ? '  its address has never changed' : '  its address changed', steady ? 'good' : 'bad'),
  ];
}

function transfer(progress: Progress): Line {
  const done = progress.outcome?.transfer;
  if (done !== undefined) {
    const size = `${(done.bytes / 1e6).toFixed(1)} MB`;
    return [
      cell('   TCP', 15),
      done.ok ? span(`${size} arrived, checksum right`, 'good') : span(`${size} sent, not whole`, 'bad'),
    ];
  }
  const running = progress.firstEcho < Number.POSITIVE_INFINITY;
  return [
    cell('   TCP', 15),
    span(running ? `one transfer all the time; with the echoes ${mbit(progress.traffic('lan'))}` : '-'),
  ];
}

function echo(progress: Progress): Line {
  const latest = progress.outcome?.echo ?? progress.latest?.echo;
  const rtt = latest?.rtt_ms?.latest;
  const loss = progress.recentLoss;
  return [
    cell('   UDP echo', 15),
    span(
      `every 10 ms: ${latest?.sent ?? 0} sent, ${progress.lost} lost, ${latest?.duplicates ?? 0} twice   `,
    ),
    span(`RTT ${rtt === undefined ? '-' : Math.round(rtt)} ms, loss `),
    span(`${Math.round(loss)} %`, loss > 0 ? 'bad' : 'good'),
  ];
}

/** One column a moment: the height is the round-trip time, a cross is a loss. */
function chart(moments: readonly Moment[]): Line {
  const shown = moments.slice(-(COLUMNS - 18));
  return [
    cell('   RTT, × lost', 15),
    ...shown.map(({ rtt, lost }): Span => {
      if (lost > 0) return span('×', 'bad');
      if (rtt === null) return span(' ');
      return span(BARS[Math.min(Math.floor(rtt / BAR_STEP), BARS.length - 1)]!, 'good');
    }),
  ];
}

/** How an act went, as far as is known. */
export function result(act: Act, lost: number): Span {
  if (lost === 0) return span('nothing lost', 'good');
  const failure = act.kind === 'carrier-loss' || act.kind === 'silent-loss';
  return span(`${outage(lost)} ms without echo`, failure ? 'warning' : 'bad');
}

function timeLine(progress: Progress): Line[] {
  const lost = progress.lostByAct();
  const acts = progress.acts.filter(act => act.kind !== 'steady');
  return acts
    .slice(-TIME_LINE_ROWS)
    .map(act => [
      span(`   ${progress.seconds(act.at).toFixed(1).padStart(5)} s  `),
      cell(act.text, 44),
      act.kind === 'steady' ? span('') : result(act, lost.get(act) ?? 0),
    ]);
}

/** The whole screen; never more than 24 lines of 80 columns. */
export function render(progress: Progress): Line[] {
  return [
    title(progress),
    [],
    ...drawing(progress),
    [],
    uplinkHeads(),
    ...UPLINKS.map(name => uplinkLine(progress, name)),
    [],
    daemons(progress),
    address(progress),
    transfer(progress),
    echo(progress),
    chart(progress.moments),
    ...timeLine(progress),
  ];
}
