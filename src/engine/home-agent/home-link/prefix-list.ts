/** The prefixes of the home link and their lifetimes, which bound those of bindings (RFC 6275 §10.3.1). */
import { type Address, equalPrefix, type Prefix, prefixContains } from '../../../wire/address.ts';
import { STATUS } from '../../../wire/binding-status.ts';
import type { OnLinkPrefix } from '../../types.ts';

/** Seconds of the unit in which lifetimes of bindings are stated. */
const UNIT = 4;

export interface Grant {
  /** Seconds. */
  readonly lifetime: number;
  /** Accepted, or accepted though the prefix ends. */
  readonly status: number;
}

export class PrefixList {
  readonly #configured: readonly Prefix[];
  /** As last heard: a prefix that was taken from the device goes on to its end. */
  #known: readonly OnLinkPrefix[] = [];

  /** @param configured those for which no lifetime is known do not end */
  constructor(configured: readonly Prefix[]) {
    this.#configured = configured;
  }

  /** Takes the news of the link; true when some prefix ends earlier than was known. */
  update(news: readonly OnLinkPrefix[]): boolean {
    const shorter = news.some(
      ({ prefix, validUntil }) => validUntil < (this.#find(prefix)?.validUntil ?? Number.POSITIVE_INFINITY),
    );
    const others = this.#known.filter(old => !news.some(({ prefix }) => equalPrefix(prefix, old.prefix)));
    this.#known = [...news, ...others];
    return shorter;
  }

  contains(homeAddress: Address): boolean {
    return this.#configured.some(prefix => prefixContains(prefix, homeAddress));
  }

  /** Monotonic time (ms) at which the prefix of the address becomes invalid; Infinity for never. */
  validUntil(homeAddress: Address): number {
    return this.#of(homeAddress)?.validUntil ?? Number.POSITIVE_INFINITY;
  }

  /** What of the lifetime that was asked for (seconds) the prefix of the address allows; 0 when it is not valid. */
  grant(homeAddress: Address, asked: number, now: number): Grant {
    const { validUntil, preferredUntil } = this.#of(homeAddress) ?? FOREVER;
    const valid = wholeUnits(validUntil - now);
    const preferred = wholeUnits(preferredUntil - now);
    const lifetime = Math.min(asked, valid);
    const ends = preferred < lifetime || valid <= lifetime;
    return { lifetime, status: ends ? STATUS.prefixDiscoveryNecessary : STATUS.accepted };
  }

  #of(homeAddress: Address): OnLinkPrefix | undefined {
    return this.#known.find(({ prefix }) => prefixContains(prefix, homeAddress));
  }

  #find(prefix: Prefix): OnLinkPrefix | undefined {
    return this.#known.find(known => equalPrefix(known.prefix, prefix));
  }
}

const FOREVER = { validUntil: Number.POSITIVE_INFINITY, preferredUntil: Number.POSITIVE_INFINITY };

/** Seconds, without the two least significant bits. */
function wholeUnits(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / (1000 * UNIT))) * UNIT;
}
