/**
 * The prefixes of the home network (RFC 6275 §10.6.1): those of the configuration, those of the home link's device, and
 * those that home agents advertise on the home link. Times are monotonic, milliseconds; Infinity: for ever.
 */
import {
  type Address,
  addressKey,
  equalPrefix,
  formatPrefix,
  isGlobalUnicast,
  type Prefix,
  prefixAround,
} from '../../wire/address.ts';
import type { Icmpv6OfKind } from '../../wire/icmpv6/icmpv6-message.ts';
import type { OnLinkPrefix } from '../types.ts';

/** Of all home agents. */
const MOST_ADVERTISED = 64;
const HOST_LENGTH = 128;
const INFINITE = 0xffffffff;

export type RouterAdvertisement = Icmpv6OfKind<'router-advertisement'>;

export interface HomePrefix extends OnLinkPrefix {
  readonly onLink: boolean;
  readonly autonomous: boolean;
}

interface Advertised extends HomePrefix {
  /** As the option says, seconds. */
  readonly valid: number;
  readonly preferred: number;
}

export class HomePrefixes {
  /** Some Router Advertisement behind them has the flag. */
  managed = false;
  otherConfiguration = false;

  readonly #configured: readonly Prefix[];
  #onLink: readonly OnLinkPrefix[] = [];
  /** By home agent and prefix. */
  readonly #advertised = new Map<string, Advertised>();

  /** @param configured empty: there is no home network to tell of */
  constructor(configured: readonly Prefix[]) {
    this.#configured = configured;
  }

  /** The device of the home link has these now. What the configuration names does not end when it is not there. */
  setOnLink(prefixes: readonly OnLinkPrefix[]): void {
    const before = this.#onLink.filter(({ prefix }) => this.#isConfigured(prefix));
    const gone = before.filter(({ prefix }) => !prefixes.some(one => equalPrefix(one.prefix, prefix)));
    this.#onLink = [...prefixes, ...gone];
  }

  /** A home agent says once more what it has said before: only time has passed. */
  repeat(source: Address, { options }: RouterAdvertisement, now: number): void {
    for (const [key, one] of advertisedBy(source, options, now)) {
      const known = this.#advertised.get(key);
      if (known?.valid === one.valid && known.preferred === one.preferred) {
        this.#advertised.set(key, { ...known, ...untilOf(one) });
      }
    }
  }

  /** What a home agent of the link advertises. */
  learn(source: Address, { options, managed, otherConfiguration }: RouterAdvertisement, now: number): void {
    this.managed ||= managed === true;
    this.otherConfiguration ||= otherConfiguration === true;
    for (const [key, one] of this.#advertised) if (one.validUntil <= now) this.#advertised.delete(key);
    for (const [key, one] of advertisedBy(source, options, now)) {
      if (this.#advertised.has(key) || this.#advertised.size < MOST_ADVERTISED)
        this.#advertised.set(key, one);
    }
  }

  /** All of them, each once. */
  list(now: number): HomePrefix[] {
    if (this.#configured.length === 0) return [];
    const advertised = [...this.#advertised.values()].filter(({ validUntil }) => validUntil > now);
    const prefixes = [
      ...this.#configured,
      ...this.#onLink.map(({ prefix }) => prefix),
      ...advertised.map(({ prefix }) => prefix),
    ];
    const unique = new Map(prefixes.map(prefix => [formatPrefix(prefix), prefix]));
    return [...unique.values()].map(prefix => {
      const same = advertised.filter(one => equalPrefix(one.prefix, prefix));
      const local = this.#onLink.find(one => equalPrefix(one.prefix, prefix));
      const ends = local === undefined && !this.#isConfigured(prefix) ? same : local && [local];
      return {
        prefix,
        onLink: same.length === 0 || same.some(({ onLink }) => onLink),
        autonomous: same.length === 0 ? prefix.length === 64 : same.some(({ autonomous }) => autonomous),
        validUntil: latest(ends?.map(({ validUntil }) => validUntil)),
        preferredUntil: latest(ends?.map(({ preferredUntil }) => preferredUntil)),
      };
    });
  }

  #isConfigured(prefix: Prefix): boolean {
    return this.#configured.some(configured => equalPrefix(configured, prefix));
  }
}

const latest = (ends: readonly number[] | undefined): number =>
  ends === undefined ? Number.POSITIVE_INFINITY : Math.max(...ends);

/** Options that contradict themselves, or are about no global prefix, are skipped (RFC 4861 §6.3.4). */
function advertisedBy(
  source: Address,
  options: RouterAdvertisement['options'],
  now: number,
): [string, Advertised][] {
  return options.flatMap((option): [string, Advertised][] => {
    if (option.kind !== 'prefix-information' || !isGlobalUnicast(option.prefix)) return [];
    const { prefixLength, validLifetime: valid, preferredLifetime: preferred } = option;
    if (prefixLength === 0 || prefixLength >= HOST_LENGTH || preferred > valid) return [];
    const prefix = prefixAround(option.prefix, prefixLength);
    const until = { validUntil: end(valid, now), preferredUntil: end(preferred, now) };
    const flags = { onLink: option.onLink === true, autonomous: option.autonomous === true };
    const one = { prefix, ...flags, valid, preferred, ...until };
    return [[addressKey(source) + formatPrefix(prefix), one]];
  });
}

const untilOf = ({ validUntil, preferredUntil }: OnLinkPrefix) => ({ validUntil, preferredUntil });

const end = (seconds: number, now: number): number =>
  seconds === INFINITE ? Number.POSITIVE_INFINITY : now + seconds * 1000;
