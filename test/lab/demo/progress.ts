/** What is known of a running demo: a fold over the scenario's records. */
import type { LabRecord, LostRun } from '../record.ts';
import {
  type Act,
  type DaemonHost,
  type DemoRecord,
  type Outcome,
  type Tick,
  UPLINKS,
  type UplinkName,
  type UplinkSample,
} from './records.ts';
import { lostByAct, runsSince } from './verdict.ts';

/** Ticks to look back for rates: about a second. */
const WINDOW = 4;

export interface Moment {
  /** Milliseconds; null: nothing came since the moment before. */
  readonly rtt: number | null;
  /** Echoes found to be lost since the moment before. */
  readonly lost: number;
}

export class Progress {
  /** When the network was there; times are shown from here. */
  startedAt = 0;
  now = 0;
  readonly acts: Act[] = [];
  readonly up: Record<DaemonHost, boolean> = { router: false, anchor: false };
  readonly path: Record<DaemonHost, UplinkName | null> = { router: null, anchor: null };
  uplinks: readonly UplinkSample[] = [];
  /** Of the router's helper and script, KiB. */
  resident = 0;
  ticks: Tick[] = [];
  readonly moments: Moment[] = [];
  firstEcho = Number.POSITIVE_INFINITY;
  readonly addresses = new Set<string>();
  outcome: Outcome | undefined;

  take(record: LabRecord): void {
    this.now = Math.max(this.now, record.at);
    if (record.record === 'built') this.startedAt = record.at;
    const told = record as unknown as DemoRecord;
    switch (told.record) {
      case 'demo-act':
        this.acts.push(told.act);
        break;
      case 'demo-started':
        this.firstEcho = told.firstEcho;
        break;
      case 'demo-daemon':
        this.up[told.host] = told.up;
        break;
      case 'demo-path':
        this.path[told.host] = told.uplink;
        break;
      case 'demo-router':
        this.uplinks = told.uplinks;
        this.resident = told.resident;
        break;
      case 'demo-tick':
        this.#tick(told.tick);
        break;
      case 'demo-outcome':
        this.outcome = told.outcome;
        break;
    }
  }

  #tick(tick: Tick): void {
    const before = this.ticks.at(-1);
    const came = tick.echo.received > (before?.echo.received ?? 0);
    const lost = before === undefined ? 0 : Math.max(tick.echo.lost - before.echo.lost, 0);
    this.moments.push({ rtt: came ? (tick.echo.rtt_ms?.latest ?? null) : null, lost });
    this.ticks.push(tick);
    this.ticks = this.ticks.slice(-WINDOW - 1);
    for (const address of tick.lanAddresses) this.addresses.add(address);
  }

  get latest(): Tick | undefined {
    return this.ticks.at(-1);
  }

  /** Seconds since the network was built. */
  seconds(at: number): number {
    return Math.max(at - this.startedAt, 0) / 1000;
  }

  #lostRuns(): LostRun[] {
    const report = this.outcome?.echo ?? this.latest?.echo;
    return report === undefined ? [] : runsSince(report, this.firstEcho);
  }

  lostByAct(): Map<Act, number> {
    return lostByAct(this.acts, this.#lostRuns());
  }

  /** Echoes lost since the first one was answered. */
  get lost(): number {
    return this.#lostRuns().reduce((sum, run) => sum + run.count, 0);
  }

  /** Percent of the echoes of about the last second that was found to be lost. */
  get recentLoss(): number {
    const [first, last] = [this.ticks[0], this.latest];
    if (first === undefined || last === undefined || last.echo.sent === first.echo.sent) return 0;
    return (100 * (last.echo.lost - first.echo.lost)) / (last.echo.sent - first.echo.sent);
  }

  /** Bits a second through one of the router's devices, both ways, over about the last second. */
  traffic(device: UplinkName | 'lan'): number {
    const [first, last] = [this.ticks[0], this.latest];
    if (first === undefined || last === undefined || first === last) return 0;
    return (8000 * (last.octets[device] - first.octets[device])) / (last.echo.at - first.echo.at);
  }

  uplink(name: UplinkName): UplinkSample | undefined {
    return this.uplinks.find(uplink => uplink.name === name);
  }

  /** The ends of the tunnels that send over this uplink. */
  usersOf(name: UplinkName): DaemonHost[] {
    return (['router', 'anchor'] as const).filter(host => this.path[host] === name);
  }

  get inUse(): UplinkName | undefined {
    return UPLINKS.find(name => this.path.router === name);
  }
}
