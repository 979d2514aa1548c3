/**
 * What is still to be said to home agents that the router has left: that it is not there any more (RFC 3963 §5.3). Said
 * until it is acknowledged or the bindings have ended by themselves. Times are monotonic, milliseconds.
 */
import { type Address, addressKey } from '../../wire/address.ts';
import { INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION, nextTimeout } from './retransmission.ts';

interface Farewell {
  readonly homeAgent: Address;
  /** The bindings there have ended by then. */
  readonly until: number;
  timeout: number;
  nextAt: number;
  /** Of the latest message; undefined: not said yet. */
  sequence: number | undefined;
}

export class Farewells {
  readonly #pending = new Map<string, Farewell>();

  /** @param timeout how long to wait for the first acknowledgement, at least */
  leave(homeAgent: Address, until: number, timeout: number, now: number): void {
    this.#pending.set(addressKey(homeAgent), {
      homeAgent,
      until,
      timeout: Math.max(timeout, INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION),
      nextAt: now,
      sequence: undefined,
    });
  }

  /** It is used again: it must not be told that we have gone. */
  cancel(homeAgent: Address): void {
    this.#pending.delete(addressKey(homeAgent));
  }

  nextWake(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#pending.values()].map(({ nextAt }) => nextAt));
  }

  /** @param say sends the message and returns its sequence number; undefined: there is no uplink */
  step(say: (homeAgent: Address) => number | undefined, now: number): void {
    for (const [key, farewell] of this.#pending) {
      if (now >= farewell.until) {
        this.#pending.delete(key);
      } else if (now >= farewell.nextAt) {
        farewell.sequence = say(farewell.homeAgent) ?? farewell.sequence;
        farewell.nextAt = now + farewell.timeout;
        farewell.timeout = nextTimeout(farewell.timeout);
      }
    }
  }

  /** Whether an authentic acknowledgement answers a farewell; that one is done, whatever its status. */
  acknowledged(homeAgent: Address, sequence: number): boolean {
    const key = addressKey(homeAgent);
    if (this.#pending.get(key)?.sequence !== sequence) return false;
    this.#pending.delete(key);
    return true;
  }

  get arePending(): boolean {
    return this.#pending.size > 0;
  }

  isExpected(homeAgent: Address): boolean {
    return this.#pending.has(addressKey(homeAgent));
  }
}
