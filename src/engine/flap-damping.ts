/**
 * Keeps traffic off a path that comes and goes (as RFC 2439 does for routes): each going costs a penalty of 1, which halves
 * every minute. From 4 on the path is held back, until the penalty has fallen to 1.5: at most 104 s after the last going.
 */
const HALF_LIFE = 60_000;
const HOLD = 4;
const RELEASE = 1.5;
const MOST = 5;

/** Times are monotonic, milliseconds. */
export class FlapDamping {
  /** Whether the path is held back, as of the latest {@link note}. */
  holds = false;
  #penalty = 0;
  #penaltyAt = 0;
  #fit = false;

  /** @param fit whether the path could carry traffic */
  note(fit: boolean, now: number): void {
    if (this.#fit && !fit) {
      this.#penalty = Math.min(this.#penaltyOf(now) + 1, MOST);
      this.#penaltyAt = now;
      if (this.#penalty >= HOLD) this.holds = true;
    }
    this.#fit = fit;
    if (this.holds && this.releaseAt() <= now) this.holds = false;
  }

  /** When it is held back no longer; Infinity: it is not now. */
  releaseAt(): number {
    if (!this.holds) return Number.POSITIVE_INFINITY;
    return this.#penaltyAt + Math.ceil(HALF_LIFE * Math.log2(this.#penalty / RELEASE));
  }

  #penaltyOf(now: number): number {
    return this.#penalty * 2 ** ((this.#penaltyAt - now) / HALF_LIFE);
  }
}
