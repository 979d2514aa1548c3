/** One half of return routability at the mobile node: asks for a keygen token until it comes (RFC 6275 §11.6, §11.8). */
import { equalConstantTime } from '../../authentication.ts';
import { nextTimeout } from '../retransmission.ts';

/** So many octets, unpredictable to others. */
export type RandomOctets = (length: number) => Uint8Array;

const COOKIE_LENGTH = 8;
/** Milliseconds. */
export const FIRST_TIMEOUT = 1000;
/** Retries (RFC 6275 §12). */
export const MAX_RO_FAILURE = 3;
/** How long a token may be used, milliseconds (RFC 6275 §12). */
const MAX_TOKEN_LIFETIME = 210_000;

export interface KeygenToken {
  readonly nonceIndex: number;
  readonly keygenToken: Uint8Array;
}

/** Times are monotonic, milliseconds. */
export class KeygenTest {
  #cookie: Uint8Array | undefined;
  #token: KeygenToken | undefined;
  /** When the question that the token answers was asked. */
  #askedAt = 0;
  #timeout = 0;
  #retransmitAt = 0;
  #attempts = 0;

  /** The token, if it may still be used. */
  token(now: number): KeygenToken | undefined {
    return now - this.#askedAt < MAX_TOKEN_LIFETIME ? this.#token : undefined;
  }

  /** A question is on its way. */
  get isOutstanding(): boolean {
    return this.#cookie !== undefined;
  }

  /** When to ask, or to ask again. */
  get dueAt(): number {
    return this.isOutstanding ? this.#retransmitAt : Number.NEGATIVE_INFINITY;
  }

  /** Asking once more would be of no use. */
  isExhausted(now: number): boolean {
    return this.#attempts > MAX_RO_FAILURE && now >= this.#retransmitAt;
  }

  /** @returns the cookie of the question, another one each time (RFC 6275 §11.8) */
  ask(now: number, random: RandomOctets): Uint8Array {
    this.#timeout = this.isOutstanding ? nextTimeout(this.#timeout) : FIRST_TIMEOUT;
    this.#retransmitAt = now + this.#timeout;
    this.#attempts += 1;
    this.#askedAt = now;
    this.#token = undefined;
    this.#cookie = random(COOKIE_LENGTH);
    return this.#cookie;
  }

  /** Takes the token of an answer; false when it answers nothing that has been asked. */
  accept(cookie: Uint8Array, token: KeygenToken): boolean {
    if (this.#cookie === undefined || !equalConstantTime(this.#cookie, cookie)) return false;
    this.forget();
    this.#token = token;
    return true;
  }

  /** The token is of no use, or the question. */
  forget(): void {
    this.#cookie = undefined;
    this.#token = undefined;
    this.#attempts = 0;
  }
}
