/** When a Binding Update may be sent and sent again (RFC 6275 §11.8, §12). Times in milliseconds. */

const INITIAL_BINDACK_TIMEOUT = 1000;
export const INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION = 1500;
export const MAX_BINDACK_TIMEOUT = 32_000;
/** Binding Updates about one binding within any second. */
const MAX_UPDATE_RATE = 3;
/** Just over a third of a second: the shortest timeout that keeps the rate. */
const MIN_TIMEOUT = 340;

/** @param rtt measured round-trip time of the path; undefined: not known yet */
export function initialTimeout(rtt: number | undefined, firstRegistration: boolean): number {
  if (rtt !== undefined) return Math.min(Math.max(3 * rtt, MIN_TIMEOUT), INITIAL_BINDACK_TIMEOUT);
  return firstRegistration ? INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION : INITIAL_BINDACK_TIMEOUT;
}

export function nextTimeout(timeout: number): number {
  return Math.min(2 * timeout, MAX_BINDACK_TIMEOUT);
}

/** Remembers the last few sendings of one binding, so that no storm of events can exceed the rate. */
export class UpdateRate {
  #sent: number[] = [];

  /**
   * Monotonic time from which another message is allowed. The last one in a second is for a de-registration: a lost
   * uplink must not wait because the uplink was eventful before.
   */
  allowedAt(action: 'register' | 'deregister'): number {
    const limit = action === 'register' ? MAX_UPDATE_RATE - 1 : MAX_UPDATE_RATE;
    return this.#sent.length < limit ? 0 : this.#sent.at(-limit)! + 1000;
  }

  sent(now: number): void {
    this.#sent.push(now);
    if (this.#sent.length > MAX_UPDATE_RATE) this.#sent.shift();
  }
}
