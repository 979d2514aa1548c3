/** A timer that can be set again and again. */
import * as os from 'os';

export class Timer {
  private readonly handler: () => void;
  private pending: os.Timer | undefined;
  private at: number | undefined;

  constructor(handler: () => void) {
    this.handler = handler;
  }

  /** Calls the handler once at `at` (CLOCK_MONOTONIC, ms) or up to 1 ms later, never before; undefined: not at all. */
  set(at: number | undefined): void {
    if (at === this.at) return;
    this.at = at;
    if (this.pending !== undefined) os.clearTimeout(this.pending);
    this.pending = undefined;
    if (at === undefined) return;
    // QuickJS counts in whole milliseconds of this clock, rounded down.
    const delay = Math.max(0, Math.ceil(at) - Math.floor(os.now()));
    this.pending = os.setTimeout(() => {
      this.pending = undefined;
      this.at = undefined;
      this.handler();
    }, delay);
  }
}
