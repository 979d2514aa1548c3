/**
 * What is still to be said to home agents that the router has left: that it is not there any more (RFC 3963 §5.3). Until
 * they hear of it they attract its packets. Said until it is acknowledged or the bindings have ended by themselves, across
 * restarts, and at once when other uplinks may reach who was cut off. Times are monotonic, milliseconds.
 */
import { type Address, addressKey, formatAddress, parseAddress } from '../../wire/address.ts';
import type { JsonObject } from '../types.ts';
import { INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION, nextTimeout } from './retransmission.ts';

/** A time that is further off is from before the machine, and its clock, restarted. */
const LONGEST_LIFETIME = 0xffff * 4000;

interface Farewell {
  readonly homeAgent: Address;
  /** The bindings there have ended by then. */
  readonly until: number;
  timeout: number;
  nextAt: number;
  saidAt: number;
  /** Of the latest message; undefined: not said yet. */
  sequence: number | undefined;
  /** Milliseconds that its clock is ahead of ours, as it has told; undefined: as that of the home agent in use. */
  clock: number | undefined;
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
      saidAt: Number.NEGATIVE_INFINITY,
      sequence: undefined,
      clock: undefined,
    });
  }

  /** It knows, or it is used again and must not be told that we have gone. */
  cancel(homeAgent: Address): void {
    this.#pending.delete(addressKey(homeAgent));
  }

  /** Those that could not be reached may be reached now; a pause between two messages stays. */
  hurry(now: number, pause = INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION): void {
    for (const farewell of this.#pending.values()) {
      farewell.nextAt = Math.min(farewell.nextAt, Math.max(now, farewell.saidAt + pause));
      farewell.timeout = INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION;
    }
  }

  /** Home agents, with the time by which nothing is left there. */
  save(): JsonObject {
    const pending = [...this.#pending.values()];
    return Object.fromEntries(pending.map(({ homeAgent, until }) => [formatAddress(homeAgent), until]));
  }

  restore(saved: JsonObject, now: number): void {
    for (const [text, until] of Object.entries(saved)) {
      const homeAgent = parseAddress(text);
      if (homeAgent === undefined || typeof until !== 'number') continue;
      if (until > now && until <= now + LONGEST_LIFETIME) this.leave(homeAgent, until, 0, now);
    }
  }

  nextWake(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#pending.values()].map(({ nextAt }) => nextAt));
  }

  /** @param say sends the message and returns its sequence number; undefined: there is no uplink */
  step(say: (homeAgent: Address, clock: number | undefined) => number | undefined, now: number): void {
    for (const [key, farewell] of this.#pending) {
      if (now >= farewell.until) {
        this.#pending.delete(key);
      } else if (now >= farewell.nextAt) {
        const sequence = say(farewell.homeAgent, farewell.clock);
        farewell.sequence = sequence ?? farewell.sequence;
        if (sequence !== undefined) farewell.saidAt = now;
        farewell.nextAt = now + farewell.timeout;
        farewell.timeout = nextTimeout(farewell.timeout);
      }
    }
  }

  /** What was said to a home agent last; undefined: nothing that it could answer. */
  sequenceTo(homeAgent: Address): number | undefined {
    return this.#pending.get(addressKey(homeAgent))?.sequence;
  }

  /** It is said again, when its time has come, by the home agent's clock. */
  correctClock(homeAgent: Address, clock: number | undefined): void {
    const farewell = this.#pending.get(addressKey(homeAgent));
    if (farewell !== undefined) farewell.clock = clock;
  }

  get arePending(): boolean {
    return this.#pending.size > 0;
  }

  isExpected(homeAgent: Address): boolean {
    return this.#pending.has(addressKey(homeAgent));
  }
}
