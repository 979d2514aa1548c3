/** Feeds the histories of the mobile routers: samples their uplinks at regular times and notes the moves of the traffic. */
import type { HistoryReport, MobileRouterReport, UplinkReport } from '../engine/status.ts';
import { TrafficMeter } from '../engine/traffic-meter.ts';
import { now } from '../host/clock.ts';
import { Timer } from '../host/timer.ts';
import { History, SAMPLE_INTERVAL, type Sample } from './history.ts';

/** Of one mobile router. */
interface Remembered {
  readonly history: History;
  /** What was carried between two samples, by uplink. */
  readonly meters: Map<string, TrafficMeter>;
}

export class UplinkHistory {
  readonly #reports: () => readonly MobileRouterReport[];
  readonly #timer = new Timer(() => this.#sample());
  readonly #routers = new Map<string, Remembered>();

  /** @param reports the mobile routers as they are now */
  constructor(reports: () => readonly MobileRouterReport[]) {
    this.#reports = reports;
    this.#wait();
  }

  /** The traffic of a router may go over another uplink than before. */
  noteCarrier(): void {
    for (const { name, active, uplinks } of this.#reports()) {
      const { history } = this.#of(name);
      const from = history.carrier;
      if (active.uplink === from) continue;
      const left = uplinks.find(uplink => uplink.name === from)?.state ?? null;
      history.handover({
        at: now().monotonic,
        from,
        to: active.uplink,
        reason: active.reason,
        left: left === 'registered' ? null : left,
      });
    }
  }

  /**
   * @param span seconds
   * @param router its name; undefined: the first one
   */
  report(span: number, router = this.#reports()[0]?.name ?? ''): HistoryReport {
    return this.#of(router).history.report(span, now().monotonic);
  }

  stop(): void {
    this.#timer.set(undefined);
  }

  #of(router: string): Remembered {
    const known = this.#routers.get(router) ?? { history: new History(), meters: new Map() };
    this.#routers.set(router, known);
    return known;
  }

  #wait(): void {
    this.#timer.set(now().monotonic + SAMPLE_INTERVAL * 1000);
  }

  #sample(): void {
    this.#wait();
    const { monotonic } = now();
    const reports = this.#reports();
    for (const name of this.#routers.keys()) {
      if (!reports.some(router => router.name === name)) this.#routers.delete(name);
    }
    for (const { name, uplinks } of reports) {
      const { history, meters } = this.#of(name);
      const samples = uplinks.map((uplink): [string, Sample] => {
        const meter = meters.get(uplink.name) ?? new TrafficMeter();
        meters.set(uplink.name, meter);
        return [uplink.name, { ...pathOf(uplink), ...rates(uplink, meter, monotonic) }];
      });
      history.sample(new Map(samples), monotonic);
    }
  }
}

function pathOf({ state, path }: UplinkReport): Pick<Sample, 'rtt' | 'loss'> {
  if (state === 'dead') return { rtt: undefined, loss: 100 };
  const answers = path !== null && path.state === 'alive';
  return { rtt: (answers ? path.rtt : null) ?? undefined, loss: answers ? path.loss : undefined };
}

/** Of the tunnel: what the device carries beside is not ours. */
function rates({ path }: UplinkReport, meter: TrafficMeter, at: number): Pick<Sample, 'received' | 'sent'> {
  const isFirst = meter.report() === null;
  if (path === null || path.traffic === null) return { received: undefined, sent: undefined };
  meter.note({ received: path.traffic.rxOctets, sent: path.traffic.txOctets }, at);
  return isFirst ? { received: undefined, sent: undefined } : { ...meter.rate };
}
