/** When to put right what others have changed: soon at first, ever more slowly when they insist. */

type Schedule = (delay: number, action: () => void) => () => void;

/** ms. What others change is repaired soon so many times, then twice as late each time, until there is calm. */
const FIRST_REPAIR = 50;
const QUICK_REPAIRS = 8;
const SLOWEST_REPAIR = 30_000;
/** It is calm when nothing had to be repaired for this long: ms, and times the latest delay. */
const CALM = 10_000;
const CALM_DELAYS = 4;

export class RepairSchedule {
  readonly #schedule: Schedule;
  #isDue = false;
  /** Since it was last calm. */
  #repairs = 0;
  #cancelCalm: (() => void) | undefined;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** @param repair looks what there is to repair; the result says whether there was anything */
  request(repair: () => boolean): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const doublings = Math.max(0, this.#repairs - QUICK_REPAIRS);
    const delay = Math.min(FIRST_REPAIR * 2 ** doublings, SLOWEST_REPAIR);
    this.#schedule(delay, () => {
      this.#isDue = false;
      if (repair()) this.#count(delay);
    });
  }

  #count(delay: number): void {
    this.#repairs++;
    this.#cancelCalm?.();
    this.#cancelCalm = this.#schedule(Math.max(CALM, CALM_DELAYS * delay), () => {
      this.#repairs = 0;
    });
  }
}
