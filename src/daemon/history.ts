/**
 * What the uplinks of the last 24 hours were like, in steps that coarsen with age, and the handovers between them. Its size is
 * fixed: an uplink takes 7968 octets of samples ({@link OCTETS_PER_UPLINK}), and 100 handovers are remembered.
 */
import type { HandoverReport, HistoryReport, SeriesReport } from '../engine/status.ts';

/** Seconds of a point, and how many points are kept: 15 minutes, 2 hours and 24 hours. */
const RESOLUTIONS = [
  { step: 10, points: 90 },
  { step: 60, points: 120 },
  { step: 300, points: 288 },
] as const;
const TOTAL_POINTS = RESOLUTIONS.reduce((sum, { points }) => sum + points, 0);
/** Values of a point, with the decimal places that are told. */
const VALUES = [
  { name: 'rtt', places: 1 },
  { name: 'loss', places: 1 },
  { name: 'received', places: 0 },
  { name: 'sent', places: 0 },
] as const;
/** Single precision is more than any of the values has. */
export const OCTETS_PER_UPLINK = 4 * VALUES.length * TOTAL_POINTS;
const MOST_UPLINKS = 16;
const MOST_HANDOVERS = 100;

/** Seconds between samples. */
export const SAMPLE_INTERVAL = RESOLUTIONS[0].step;

/** How an uplink was since the last sample; undefined: not known. */
export interface Sample {
  /** Milliseconds. */
  readonly rtt: number | undefined;
  /** Percent. */
  readonly loss: number | undefined;
  /** Bits a second. */
  readonly received: number | undefined;
  readonly sent: number | undefined;
}

/** A move of the traffic at a monotonic time (ms). */
export interface Handover extends Omit<HandoverReport, 'ago'> {
  readonly at: number;
}

/** The means of one uplink, in rings of points that all resolutions share. */
class Series {
  readonly means = new Float32Array(VALUES.length * TOTAL_POINTS).fill(Number.NaN);
  /** Samples in the point that is being made, for each resolution and value. */
  readonly counts = new Uint8Array(VALUES.length * RESOLUTIONS.length);
}

export class History {
  readonly #series = new Map<string, Series>();
  readonly #handovers: Handover[] = [];
  /** Number of the point that is being made, since the clock began, for each resolution. */
  readonly #latest = RESOLUTIONS.map(() => -1);

  /**
   * Takes a sample of each uplink that there is. What was remembered of others goes when there is no place for it.
   * @param now monotonic, milliseconds
   */
  sample(samples: ReadonlyMap<string, Sample>, now: number): void {
    this.#advance(now);
    for (const [uplink, sample] of samples) this.#add(this.#seriesOf(uplink, samples), sample);
  }

  /** The traffic went to another uplink. */
  handover(handover: Handover): void {
    this.#handovers.push(handover);
    if (this.#handovers.length > MOST_HANDOVERS) this.#handovers.shift();
  }

  /** Name of the uplink that carried the traffic last. */
  get carrier(): string | null {
    return this.#handovers.at(-1)?.to ?? null;
  }

  /**
   * The last `span` seconds in the finest resolution that reaches so far back.
   * @param now monotonic, milliseconds
   */
  report(span: number, now: number): HistoryReport {
    this.#advance(now);
    const found = RESOLUTIONS.findIndex(({ step, points }) => step * points >= span);
    const level = found < 0 ? RESOLUTIONS.length - 1 : found;
    const { step, points } = RESOLUTIONS[level]!;
    const seconds = Math.min(span, step * points);
    const uplinks = [...this.#series].map(([name, series]) => [name, this.#reportSeries(series, level)]);
    return {
      step,
      age: round(now / 1000 - this.#latest[level]! * step, 1),
      uplinks: Object.fromEntries(uplinks),
      handovers: this.#handovers
        .filter(({ at }) => now - at <= seconds * 1000)
        .map(({ at, ...handover }) => ({ ago: round((now - at) / 1000, 3), ...handover })),
    };
  }

  #seriesOf(uplink: string, present: ReadonlyMap<string, Sample>): Series {
    let series = this.#series.get(uplink);
    if (series === undefined) {
      const gone = [...this.#series.keys()].find(name => !present.has(name));
      if (this.#series.size >= MOST_UPLINKS && gone !== undefined) this.#series.delete(gone);
      series = new Series();
      this.#series.set(uplink, series);
    }
    return series;
  }

  /** Begins the points of this time, and leaves those empty in between when nothing was sampled. */
  #advance(now: number): void {
    for (const [level, { step, points }] of RESOLUTIONS.entries()) {
      const current = Math.floor(now / 1000 / step);
      const first = Math.max(this.#latest[level]! + 1, current - points + 1);
      if (first > current) continue;
      for (const series of this.#series.values()) {
        for (let number = first; number <= current; number++) {
          for (let value = 0; value < VALUES.length; value++) {
            series.means[placeOf(level, value, number)] = Number.NaN;
          }
        }
        series.counts.fill(0, level * VALUES.length, (level + 1) * VALUES.length);
      }
      this.#latest[level] = current;
    }
  }

  #add(series: Series, sample: Sample): void {
    for (const [value, { name }] of VALUES.entries()) {
      const measured = sample[name];
      if (measured === undefined) continue;
      for (const level of RESOLUTIONS.keys()) {
        const count = ++series.counts[level * VALUES.length + value]!;
        const place = placeOf(level, value, this.#latest[level]!);
        const mean = count === 1 ? 0 : series.means[place]!;
        series.means[place] = mean + (measured - mean) / count;
      }
    }
  }

  #reportSeries(series: Series, level: number): SeriesReport {
    const { points } = RESOLUTIONS[level]!;
    const texts = VALUES.map(({ name, places }, value) => {
      const words: (number | string)[] = [];
      for (let number = this.#latest[level]! - points + 1; number <= this.#latest[level]!; number++) {
        const mean = number < 0 ? Number.NaN : series.means[placeOf(level, value, number)]!;
        words.push(Number.isNaN(mean) ? '' : round(mean, places));
      }
      return [name, words.join()];
    });
    return Object.fromEntries(texts) as unknown as SeriesReport;
  }
}

/** Where the rings of all resolutions and values keep a point. */
function placeOf(level: number, value: number, number: number): number {
  let place = value * TOTAL_POINTS;
  for (let before = 0; before < level; before++) place += RESOLUTIONS[before]!.points;
  return place + (number % RESOLUTIONS[level]!.points);
}

function round(value: number, places: number): number {
  const scale = 10 ** places;
  return Math.round(value * scale) / scale;
}
