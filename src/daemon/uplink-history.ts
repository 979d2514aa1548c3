/** Feeds the history: samples the uplinks at regular times and notes the moves of the traffic. */
import type { HistoryReport, MobileRouterReport, UplinkReport } from '../engine/status.ts';
import { now } from '../host/clock.ts';
import { readText } from '../host/file.ts';
import { Timer } from '../host/timer.ts';
import { History, SAMPLE_INTERVAL, type Sample } from './history.ts';

/** Octets that a device has counted. */
interface Octets {
  readonly received: number;
  readonly sent: number;
}

export class UplinkHistory {
  readonly #history = new History();
  readonly #report: () => MobileRouterReport | null;
  readonly #timer = new Timer(() => this.#sample());
  #octets: ReadonlyMap<string, Octets> = new Map();
  /** Monotonic time of the latest sample, milliseconds. */
  #sampledAt = 0;

  /** @param report the mobile router as it is now; null: there is none, and nothing to remember */
  constructor(report: () => MobileRouterReport | null) {
    this.#report = report;
    this.#wait();
  }

  /** The traffic may go over another uplink than before. */
  noteCarrier(): void {
    const router = this.#report();
    const from = this.#history.carrier;
    if (router === null || router.active.uplink === from) return;
    const left = router.uplinks.find(({ name }) => name === from)?.state ?? null;
    this.#history.handover({
      at: now().monotonic,
      from,
      to: router.active.uplink,
      reason: router.active.reason,
      left: left === 'registered' ? null : left,
    });
  }

  /** @param span seconds */
  report(span: number): HistoryReport {
    return this.#history.report(span, now().monotonic);
  }

  stop(): void {
    this.#timer.set(undefined);
  }

  #wait(): void {
    this.#timer.set(now().monotonic + SAMPLE_INTERVAL * 1000);
  }

  #sample(): void {
    this.#wait();
    const router = this.#report();
    if (router === null) return;
    const { monotonic } = now();
    const before = this.#octets;
    const seconds = (monotonic - this.#sampledAt) / 1000;
    this.#sampledAt = monotonic;
    this.#octets = readOctetCounters();
    const samples = router.uplinks.map((uplink): [string, Sample] => {
      const device = uplink.tunnel ?? uplink.device;
      return [
        uplink.name,
        { ...pathOf(uplink), ...rates(before.get(device), this.#octets.get(device), seconds) },
      ];
    });
    this.#history.sample(new Map(samples), monotonic);
  }
}

function pathOf({ state, path }: UplinkReport): Pick<Sample, 'rtt' | 'loss'> {
  if (state === 'dead') return { rtt: undefined, loss: 100 };
  const answers = path !== null && path.state === 'alive';
  return { rtt: (answers ? path.rtt : null) ?? undefined, loss: answers ? path.loss : undefined };
}

function rates(
  before: Octets | undefined,
  after: Octets | undefined,
  seconds: number,
): Omit<Sample, 'rtt' | 'loss'> {
  // A device that was made anew counts from nothing.
  const rate = (from: number, to: number) => ((to >= from ? to - from : to) * 8) / seconds;
  if (before === undefined || after === undefined) return { received: undefined, sent: undefined };
  return { received: rate(before.received, after.received), sent: rate(before.sent, after.sent) };
}

/** `/proc/net/dev`: the name, eight counters of what was received, eight of what was sent; octets are the first. */
function readOctetCounters(): Map<string, Octets> {
  const text = readText('/proc/net/dev');
  const counters = new Map<string, Octets>();
  for (const line of text.ok ? text.value.split('\n') : []) {
    const [name, received, ...others] = line.trim().split(/[:\s]+/);
    const sent = others[7];
    if (sent !== undefined && received !== '|bytes') {
      counters.set(name!, { received: Number(received), sent: Number(sent) });
    }
  }
  return counters;
}
