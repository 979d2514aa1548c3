/** What a correspondent makes keygen tokens of: its key Kcn and its nonces (RFC 6275 §5.2.1, §5.2.2, §5.2.7). */
import type { Address } from '../../wire/address.ts';
import type { CreateHmac, Hmac } from '../hmac.ts';
import { careOfKeygenToken, homeKeygenToken } from '../return-routability.ts';

/** So many octets, unpredictable to others. */
export type RandomOctets = (length: number) => Uint8Array;

const KEY_LENGTH = 20;
const NONCE_LENGTH = 16;
/** How long tokens are made of the same nonce, milliseconds. */
const NONCE_INTERVAL = 30_000;
/** How long a token counts after its nonce was made, milliseconds (RFC 6275 §12). */
export const MAX_NONCE_LIFETIME = 240_000;
/** The least time between two nonces, milliseconds: it bounds how many are kept. */
const SHORTEST_INTERVAL = 1000;

export interface Nonce {
  readonly index: number;
  readonly octets: Uint8Array;
  /** Monotonic, milliseconds. */
  readonly madeAt: number;
}

/** All that return routability leaves at a correspondent, whoever asks it and how often. */
export class Nonces {
  readonly #random: RandomOctets;
  readonly #hmac: Hmac;
  /** The oldest first. */
  readonly #nonces: Nonce[] = [];
  #index: number;
  #hurry = false;

  constructor(random: RandomOctets, createHmac: CreateHmac) {
    this.#random = random;
    this.#hmac = createHmac('sha1', random(KEY_LENGTH));
    const [high, low] = random(2);
    this.#index = (high! << 8) | low!;
  }

  /** The nonce to make tokens of now. @param now monotonic, milliseconds */
  current(now: number): Nonce {
    this.#forgetOld(now);
    const newest = this.#nonces.at(-1);
    const interval = this.#hurry ? SHORTEST_INTERVAL : NONCE_INTERVAL;
    if (newest !== undefined && now - newest.madeAt < interval) return newest;
    this.#hurry = false;
    this.#index = (this.#index + 1) & 0xffff;
    const nonce = { index: this.#index, octets: this.#random(NONCE_LENGTH), madeAt: now };
    this.#nonces.push(nonce);
    return nonce;
  }

  /** A nonce that tokens may still be made of; undefined: too old or never given. */
  find(index: number, now: number): Nonce | undefined {
    this.#forgetOld(now);
    return this.#nonces.find(nonce => nonce.index === index);
  }

  /** What has been given so far has been used up by somebody: the next token is made of another nonce. */
  renew(): void {
    this.#hurry = true;
  }

  homeToken(homeAddress: Address, nonce: Nonce): Uint8Array {
    return homeKeygenToken(this.#hmac, homeAddress, nonce.octets);
  }

  careOfToken(careOfAddress: Address, nonce: Nonce): Uint8Array {
    return careOfKeygenToken(this.#hmac, careOfAddress, nonce.octets);
  }

  #forgetOld(now: number): void {
    while (this.#nonces.length > 0 && now - this.#nonces[0]!.madeAt >= MAX_NONCE_LIFETIME)
      this.#nonces.shift();
  }
}
