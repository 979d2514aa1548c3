/**
 * Mobile prefix discovery, the mobile router's end (RFC 6275 §11.4.2-11.4.3): what becomes of the prefix of the home
 * address. Nobody authenticates it: an advertisement counts only as the answer to a solicitation. Times are monotonic,
 * milliseconds.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { type Address, equalAddress, prefixContains, prefixOf } from '../../wire/address.ts';
import type { Icmpv6OfKind } from '../../wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet, type ReceivedIcmpv6 } from '../../wire/icmpv6/icmpv6-packet.ts';
import type { OnLinkPrefix } from '../types.ts';
import { nextTimeout } from './retransmission.ts';

const INITIAL_SOLICIT_TIMER = 3000;
/** Transmissions of a solicitation; then the next occasion is waited for. */
const MOST_TRANSMISSIONS = 8;
/** Between a solicitation that nobody has asked for and the next one. */
const UNSOLICITED_INTERVAL = 10_000;
/** Share of the valid lifetime of the home prefix after which it is asked for again. */
const REFRESH_SHARE = 0.75;
/** Most prefixes that are remembered. */
const MOST_PREFIXES = 16;
const INFINITE = 0xffffffff;

type Advertisement = Icmpv6OfKind<'mobile-prefix-advertisement'>;

interface Solicitation {
  readonly identifier: number;
  readonly transmissions: number;
  readonly timeout: number;
}

export class PrefixDiscovery {
  /** What the home network has, as last heard; undefined: nothing was heard. */
  prefixes: readonly OnLinkPrefix[] | undefined;

  readonly #config: MobileRouterConfig;
  readonly #random: () => number;
  #pending: Solicitation | undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @param random uniform in [0, 1), unpredictable to others */
  constructor(config: MobileRouterConfig, random: () => number) {
    this.#config = config;
    this.#random = random;
  }

  get isAsking(): boolean {
    return this.#pending !== undefined;
  }

  nextWake(): number {
    return this.#nextAt;
  }

  /** There is reason to ask; what is on its way already is enough. */
  ask(now: number): void {
    if (this.#pending !== undefined || now - this.#askedAt < UNSOLICITED_INTERVAL) return;
    this.#nextAt = Math.min(this.#nextAt, now);
  }

  /** Another home agent may know other things, and the old one need not answer. */
  forget(): void {
    this.#pending = undefined;
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.prefixes = undefined;
  }

  /**
   * @param careOfAddress registered, the solicitation comes from it; undefined: there is none
   * @returns the solicitation that is due
   */
  step(
    homeAgent: Address | undefined,
    careOfAddress: Address | undefined,
    now: number,
  ): Uint8Array | undefined {
    if (now < this.#nextAt) return undefined;
    const { identifier, transmissions, timeout } = this.#pending ?? {
      identifier: Math.floor(this.#random() * 2 ** 16),
      transmissions: 0,
      timeout: INITIAL_SOLICIT_TIMER,
    };
    if (homeAgent === undefined || careOfAddress === undefined || transmissions === MOST_TRANSMISSIONS) {
      this.#pending = undefined;
      this.#nextAt = Number.POSITIVE_INFINITY;
      return undefined;
    }
    this.#pending = { identifier, transmissions: transmissions + 1, timeout: nextTimeout(timeout) };
    this.#nextAt = now + timeout;
    this.#askedAt = now;
    return emitIcmpv6Packet({
      source: careOfAddress,
      destination: homeAgent,
      homeAddress: this.#config.homeAddress,
      message: { kind: 'mobile-prefix-solicitation', identifier, options: [] },
    });
  }

  /** Returns why the advertisement was not taken; undefined: the prefixes are those of the home network now. */
  receive(received: ReceivedIcmpv6, homeAgent: Address | undefined, now: number): string | undefined {
    const { message, source, routingHome } = received;
    if (message.kind !== 'mobile-prefix-advertisement') return 'unexpected-message';
    if (homeAgent === undefined || !equalAddress(source, homeAgent)) return 'prefix-advertisement-foreign';
    if (routingHome === undefined || !equalAddress(routingHome, this.#config.homeAddress)) {
      return 'prefix-advertisement-without-home-address';
    }
    if (this.#pending?.identifier !== message.identifier) {
      this.ask(now);
      return 'prefix-advertisement-unsolicited';
    }
    this.#pending = undefined;
    this.prefixes = prefixesOf(message, now);
    const validUntil = this.validUntil();
    // What never ends, or has ended, need not be asked for again.
    const lasts = validUntil !== Number.POSITIVE_INFINITY && validUntil > now;
    this.#nextAt = lasts
      ? now + Math.max((validUntil - now) * REFRESH_SHARE, UNSOLICITED_INTERVAL)
      : Number.POSITIVE_INFINITY;
    return undefined;
  }

  /** When the prefix of the home address becomes invalid, as far as it is known. */
  validUntil(): number {
    const known = this.prefixes?.find(({ prefix }) => prefixContains(prefix, this.#config.homeAddress));
    return known?.validUntil ?? Number.POSITIVE_INFINITY;
  }
}

/** Options of other kinds, and prefixes that are none, are skipped. */
function prefixesOf({ options }: Advertisement, now: number): OnLinkPrefix[] {
  const prefixes = options.flatMap((option): OnLinkPrefix[] => {
    if (option.kind !== 'prefix-information') return [];
    const prefix = prefixOf(network(option.prefix, option.prefixLength), option.prefixLength);
    if (prefix === undefined) return [];
    const { validLifetime, preferredLifetime } = option;
    // RFC 4861 §6.3.4, RFC 4862 §5.5.3: an option that contradicts itself is ignored.
    if (preferredLifetime > validLifetime) return [];
    return [{ prefix, validUntil: end(validLifetime, now), preferredUntil: end(preferredLifetime, now) }];
  });
  return prefixes.slice(0, MOST_PREFIXES);
}

const end = (seconds: number, now: number): number =>
  seconds === INFINITE ? Number.POSITIVE_INFINITY : now + seconds * 1000;

/** Bits after the prefix mean nothing. */
function network(address: Address, length: number): Address {
  return address.map((octet, index) => octet & ~(0xff >> Math.min(Math.max(length - 8 * index, 0), 8)));
}
