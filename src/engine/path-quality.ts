/**
 * Whether a path is good enough, from what becomes of each probe. A probe is bad when it is lost, or when its round trip
 * was longer than the limit or longer than usual by more than the limit of jitter; a path is bad when more of
 * its probes are bad than the limit of loss allows.
 *
 * How many must be seen before that is said follows from the share itself (a CUSUM of log-likelihoods, Page 1954): each
 * probe speaks for "the share is that of the limit" or for "it is half of that", and enough more must speak for one than
 * for the other. Two in three that are lost convict within a few probes, a loss near the limit needs hundreds, and chance
 * convicts nobody; so few probes suffice, or it takes longer.
 */

/** `impaired`: what is sensitive to quality should leave; `degraded`: everything should. */
export type Grade = 'good' | 'impaired' | 'degraded';

/** Beyond these a path is degraded; at half of each it is impaired. */
export interface QualityLimits {
  /** Round trip, milliseconds. */
  readonly rtt: number;
  /** How much longer than the smoothed one a round trip may be, milliseconds. */
  readonly jitter: number;
  /** Share of bad probes, 0..1; 1: never. */
  readonly loss: number;
}

/** Evidence (natural logarithm of a likelihood ratio) that acquits: 4 is 34 good probes in a row at a limit of 20 %. */
const ACQUITTAL = 4;

class Charge {
  holds = false;
  readonly #limits: QualityLimits;
  readonly #conviction: number;
  /** What a bad and a good probe say for the charge. */
  readonly #bad: number;
  readonly #good: number;
  #evidence = 0;

  constructor(limits: QualityLimits, conviction: number) {
    this.#limits = limits;
    this.#conviction = conviction;
    this.#bad = Math.log(2);
    this.#good = Math.log((1 - limits.loss) / (1 - limits.loss / 2));
  }

  adopt(holds: boolean): void {
    this.holds = holds && this.#limits.loss < 1;
  }

  judge(rtt: number | undefined, deviation: number): void {
    if (this.#limits.loss >= 1) return;
    const isBad = rtt === undefined || rtt > this.#limits.rtt || deviation > this.#limits.jitter;
    const evidence = isBad ? this.#bad : this.#good;
    this.#evidence = Math.max(0, this.#evidence + (this.holds ? -evidence : evidence));
    if (this.#evidence < (this.holds ? ACQUITTAL : this.#conviction)) return;
    this.holds = !this.holds;
    this.#evidence = 0;
  }
}

export class PathQuality {
  readonly #sensitive: Charge;
  readonly #all: Charge;

  /** @param conviction evidence that convicts: e to the power of it is about how many probes chance needs for an error */
  constructor({ rtt, jitter, loss }: QualityLimits, conviction: number) {
    const half = { rtt: rtt / 2, jitter: jitter / 2, loss: loss >= 1 ? 1 : loss / 2 };
    this.#sensitive = new Charge(half, conviction);
    this.#all = new Charge({ rtt, jitter, loss }, conviction);
  }

  get grade(): Grade {
    if (this.#all.holds) return 'degraded';
    return this.#sensitive.holds ? 'impaired' : 'good';
  }

  /** The verdict of an earlier life, until probes speak against it; what is not judged has none. */
  adopt(grade: Grade): void {
    this.#sensitive.adopt(grade !== 'good');
    this.#all.adopt(grade === 'degraded');
  }

  /**
   * What became of a probe.
   * @param rtt milliseconds; undefined: it is lost
   * @param deviation how much longer than the smoothed round-trip time, milliseconds
   */
  judge(rtt: number | undefined, deviation = 0): void {
    this.#sensitive.judge(rtt, deviation);
    this.#all.judge(rtt, deviation);
  }
}
