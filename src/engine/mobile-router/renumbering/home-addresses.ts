/**
 * The home addresses of a mobile router whose home network is renumbered while it is away (RFC 6275 §11.4.3): advertised
 * prefixes count as on the home link, by the rules of stateless address autoconfiguration (RFC 4862 §5.5.3). Nobody
 * authenticates them. So what they say gives no more than a wish for another home address, and takes one away only when the
 * home agent has accepted another one, and no sooner than in two hours, unless its acknowledgements confirm it: it grants no
 * lifetime beyond that of the prefix (RFC 6275 §10.6.4). Times are monotonic, milliseconds; Infinity: for ever.
 */
import {
  type Address,
  equalAddress,
  formatAddress,
  isGlobalUnicast,
  parseAddress,
  prefixContains,
} from '../../../wire/address.ts';
import type { JsonObject } from '../../types.ts';
import type { AdvertisedPrefix } from './prefix-discovery.ts';

/** RFC 4862 §5.5.3: what nobody has authenticated makes no address end sooner than this. */
const TWO_HOURS = 7_200_000;
/** A home address is left so long before its end: bindings, whose lifetimes are multiples of 4 s, must not end sooner. */
const FAREWELL = 30_000;
/** By which lifetimes of bindings may be rounded. */
const PRECISION = 4000;
/** The configured one among them. */
const MOST_ADDRESSES = 4;
/** Bits of prefixes that addresses are made of, and octets. */
const PREFIX_LENGTH = 64;
const PREFIX_OCTETS = PREFIX_LENGTH / 8;

export interface HomeAddress {
  readonly address: Address;
  /** 1: the configured one. */
  readonly number: number;
  preferredUntil: number;
  /** As advertised, and by the two-hour rule. */
  advertisedUntil: number;
  validUntil: number;
  /** `ended`: only of the configured one, which must not come back by a restart. */
  state: 'preferred' | 'deprecated' | 'ended';
}

export interface Change {
  readonly address: Address;
  readonly state: HomeAddress['state'];
}

/** When the last binding of a home address ends; 0: the home agent has accepted none. */
type BoundUntil = (address: Address) => number;

export class HomeAddresses {
  readonly #list: HomeAddress[];

  /** @param saved what a previous life has left */
  constructor(configured: Address, saved: JsonObject | undefined) {
    const restored = restore(configured, saved?.addresses);
    this.#list = restored ?? [
      {
        address: configured,
        number: 1,
        preferredUntil: Number.POSITIVE_INFINITY,
        advertisedUntil: Number.POSITIVE_INFINITY,
        validUntil: Number.POSITIVE_INFINITY,
        state: 'preferred',
      },
    ];
  }

  /** Those in use, the oldest first; at least one. */
  get list(): readonly HomeAddress[] {
    return this.#list.filter(({ state }) => state !== 'ended');
  }

  /** When {@link step} may have something to do. */
  nextWake(now: number): number {
    const ends = this.list.flatMap(({ preferredUntil, advertisedUntil, validUntil }) => [
      preferredUntil,
      advertisedUntil - FAREWELL,
      validUntil - FAREWELL,
    ]);
    return Math.min(Number.POSITIVE_INFINITY, ...ends.filter(end => end > now));
  }

  /**
   * An advertisement. Returns the addresses that are new, and those that it does not name and the home agent has not accepted
   * either: a stranger has spoken of them, or the home network has them no more.
   */
  process(prefixes: readonly AdvertisedPrefix[], boundUntil: BoundUntil, now: number): Change[] {
    const isBaseless = ({ address, number }: HomeAddress) =>
      number > 1 &&
      boundUntil(address) <= now &&
      !prefixes.some(({ prefix }) => prefixContains(prefix, address));
    // One is left, whatever is said.
    const baseless = this.list.every(isBaseless) ? [] : this.#list.filter(isBaseless);
    for (const one of baseless) this.#list.splice(this.#list.indexOf(one), 1);
    const changes = baseless.map(({ address }): Change => ({ address, state: 'ended' }));
    return changes.concat(this.#adopt(prefixes, now));
  }

  #adopt(prefixes: readonly AdvertisedPrefix[], now: number): Change[] {
    return prefixes.flatMap((advertised): Change[] => {
      const { prefix, autonomous, preferredUntil, validUntil } = advertised;
      if (!autonomous) return [];
      const known = this.#list.find(({ address }) => prefixContains(prefix, address));
      if (known !== undefined) {
        known.preferredUntil = preferredUntil;
        known.advertisedUntil = validUntil;
        known.validUntil = limited(validUntil, known.validUntil, now);
        if (known.state !== 'ended' || preferredUntil <= now) return [];
        known.state = 'preferred';
        return [{ address: known.address, state: known.state }];
      }
      const isUsable =
        prefix.length === PREFIX_LENGTH && isGlobalUnicast(prefix.address) && preferredUntil > now;
      const number = isUsable ? this.#freeNumber() : undefined;
      if (number === undefined) return [];
      const address = prefix.address.map((octet, at) =>
        at < PREFIX_OCTETS ? octet : this.#list[0]!.address[at]!,
      );
      this.#list.push({
        address,
        number,
        preferredUntil,
        advertisedUntil: validUntil,
        validUntil,
        state: 'preferred',
      });
      return [{ address, state: 'preferred' }];
    });
  }

  /** What time has done. */
  step(boundUntil: BoundUntil, now: number): Change[] {
    const changes: Change[] = [];
    for (const one of this.list) {
      const others = this.list.filter(other => other !== one && boundUntil(other.address) > now);
      const isOver = (each: HomeAddress) => endOf(each, boundUntil(each.address)) - FAREWELL <= now;
      const isOld = ({ preferredUntil }: HomeAddress) => preferredUntil <= now;
      const state =
        isOver(one) && others.some(other => !isOver(other))
          ? 'ended'
          : isOld(one) && others.some(other => !isOld(other))
            ? 'deprecated'
            : isOld(one)
              ? one.state
              : 'preferred';
      if (state === one.state) continue;
      one.state = state;
      changes.push({ address: one.address, state });
      if (state === 'ended' && one.number > 1) this.#list.splice(this.#list.indexOf(one), 1);
    }
    return changes;
  }

  /** Undefined: nothing but what is configured. */
  save(): JsonObject | undefined {
    if (this.#list.length === 1) return undefined;
    const addresses = this.#list.map(({ address, preferredUntil, advertisedUntil, validUntil, ...rest }) => ({
      ...rest,
      address: formatAddress(address),
      preferredUntil: toJson(preferredUntil),
      advertisedUntil: toJson(advertisedUntil),
      validUntil: toJson(validUntil),
    }));
    return { addresses };
  }

  #freeNumber(): number | undefined {
    for (let number = 2; number <= MOST_ADDRESSES; number++) {
      if (!this.#list.some(one => one.number === number)) return number;
    }
    return undefined;
  }
}

/** RFC 4862 §5.5.3 e. */
function limited(advertised: number, known: number, now: number): number {
  if (advertised > now + TWO_HOURS || advertised > known) return advertised;
  return Math.min(known, now + TWO_HOURS);
}

/** The advertised end counts where the home agent has bound the address for no longer. */
function endOf({ advertisedUntil, validUntil }: HomeAddress, boundUntil: number): number {
  return boundUntil <= advertisedUntil + PRECISION ? Math.min(advertisedUntil, validUntil) : validUntil;
}

const toJson = (time: number): number | null => (time === Number.POSITIVE_INFINITY ? null : time);
const fromJson = (time: unknown): number => (typeof time === 'number' ? time : Number.POSITIVE_INFINITY);

/** Undefined: nothing that fits the configuration. */
function restore(configured: Address, saved: unknown): HomeAddress[] | undefined {
  const list = (Array.isArray(saved) ? saved : []).slice(0, MOST_ADDRESSES).flatMap((one): HomeAddress[] => {
    const address = parseAddress(`${one?.address}`);
    const { number, state } = one ?? {};
    if (address === undefined || typeof number !== 'number') return [];
    return [
      {
        address,
        number,
        state: state === 'deprecated' || state === 'ended' ? state : 'preferred',
        preferredUntil: fromJson(one.preferredUntil),
        advertisedUntil: fromJson(one.advertisedUntil),
        validUntil: fromJson(one.validUntil),
      },
    ];
  });
  return list.length > 1 && equalAddress(list[0]!.address, configured) ? list : undefined;
}
