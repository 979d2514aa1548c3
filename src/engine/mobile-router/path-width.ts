/**
 * Whether a tunnel packet with an inner one of 1280 octets passes a path whole. Linux does not fragment what it forwards into a
 * tunnel, and a Packet Too Big cannot say less than 1280 octets (RFC 8200 §5): where such a packet does not pass, inner packets
 * that are nearly so large vanish, and TCP stalls. So it is tried out (as RFC 8899 does it): an Echo Request of that size, and
 * a small one beside it, which tells whether the home agent answers any. Times are monotonic, milliseconds.
 */

/** RFC 8200 §5; octets. */
export const MINIMUM_MTU = 1280;
/** Octets of that packet. */
export const FULL_WIDTH = MINIMUM_MTU + 40;
/** How often both are asked, and how long an answer may take. */
const TRIES = 3;
const PATIENCE = 2000;
/** A narrow path is tried again. */
const AGAIN = 600_000;

export class PathWidth {
  isNarrow = false;
  #tries = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #isAnswering = false;

  nextWake(): number {
    return this.#dueAt;
  }

  /** The path answers, so it can be asked. */
  begin(now: number): void {
    if (this.#tries === 0 && this.#dueAt === Number.POSITIVE_INFINITY) this.#dueAt = now;
  }

  /** Whether both requests are to be sent now. */
  poll(now: number): boolean {
    if (this.#dueAt > now) return false;
    if (this.#tries < TRIES) {
      this.#tries += 1;
      this.#isAnswering = false;
      this.#dueAt = now + PATIENCE;
      return true;
    }
    this.isNarrow ||= this.#isAnswering;
    if (this.isNarrow) this.#tries = 0;
    this.#dueAt = this.isNarrow ? now + AGAIN : Number.POSITIVE_INFINITY;
    return false;
  }

  /** @param full whether the large one is answered */
  answer(full: boolean): void {
    this.#isAnswering = true;
    if (!full) return;
    this.isNarrow = false;
    this.#tries = TRIES;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}
