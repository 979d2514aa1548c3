/**
 * Mobile prefix discovery, the mobile router's end (RFC 6275 §11.4.2-11.4.3): what becomes of the prefix of the home
 * address. Nobody authenticates it: an advertisement counts only as the answer to a solicitation. Times are monotonic,
 * milliseconds.
 */
import type { MobileRouterConfig } from '../../../uci/types.ts';
import { type Address, equalAddress, formatPrefix, prefixContains, prefixOf } from '../../../wire/address.ts';
import type { Icmpv6OfKind } from '../../../wire/icmpv6/icmpv6-message.ts';
import {
  emitIcmpv6Packet,
  parseIcmpv6Payload,
  type ReceivedIcmpv6,
} from '../../../wire/icmpv6/icmpv6-packet.ts';
import type { HomePrefixReport } from '../../status.ts';
import type { OnLinkPrefix, ReceivedPacket } from '../../types.ts';
import { usableCareOfAddress } from '../binding-update-list.ts';
import type { MobileRouter } from '../mobile-router.ts';
import { nextTimeout } from '../retransmission.ts';
import { holdRefreshes } from './refresh-hold.ts';

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

export interface AdvertisedPrefix extends OnLinkPrefix {
  /** Nodes of the home link make addresses of it by themselves (RFC 4861 §4.6.2). */
  readonly autonomous: boolean;
}

export class PrefixDiscovery {
  /** What the home network has, as last heard; undefined: nothing was heard. */
  prefixes: readonly AdvertisedPrefix[] | undefined;
  /** M and O flags (RFC 4861 §4.2): the home network has DHCPv6 for addresses, or for other things. */
  managed = false;
  otherConfiguration = false;

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

  /** RFC 6275 §11.7.1. */
  holdRefreshes({ entries }: MobileRouter, now: number): void {
    holdRefreshes(entries, this.isAsking, now);
  }

  /** Sends the solicitation that is due, from the care-of address that carries the traffic. */
  step(router: MobileRouter, now: number): void {
    const { current } = router.homeAgents;
    const via = router.active.entry;
    const careOfAddress = via && usableCareOfAddress(via);
    // What happened while nobody listened is learnt with the first registration.
    if (this.#config.renumbering === 'adopt' && careOfAddress && this.#askedAt < 0) this.ask(now);
    const packet = this.#solicit(current, careOfAddress, now);
    if (packet !== undefined && current && via) router.sendPacket(packet, current, via.uplink.device);
  }

  /** @returns the solicitation that is due */
  #solicit(
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

  /** An advertisement. Returns why it was not taken. */
  receive(router: MobileRouter, packet: ReceivedPacket, now: number): string | undefined {
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    if (!parsed.ok) return parsed.error.counter;
    const before = textOf(this);
    const reason = this.#take(parsed.value, router.homeAgents.current, now);
    if (reason !== undefined) return reason;
    const validUntil = this.validUntil();
    if (this.#config.renumbering === 'follow') limitLifetimes(router, validUntil, now);
    const after = textOf(this);
    if (before === after) return undefined;
    const ends = validUntil !== Number.POSITIVE_INFINITY;
    const warning = ends ? '; that of the home address ends' : '';
    router.event(ends ? 'warning' : 'notice', 'home-prefixes', `the home network has ${after}${warning}`, {
      prefixes: this.prefixes!.map(({ prefix }) => formatPrefix(prefix)),
      ends,
      managed: this.managed,
      otherConfiguration: this.otherConfiguration,
    });
    return undefined;
  }

  /** Null: nothing was heard. */
  report(now: number): HomePrefixReport[] | null {
    const left = (until: number) =>
      until === Number.POSITIVE_INFINITY ? null : Math.max(Math.floor((until - now) / 1000), 0);
    if (this.prefixes === undefined) return null;
    return this.prefixes.map(({ prefix, validUntil, preferredUntil }) => ({
      prefix: formatPrefix(prefix),
      valid: left(validUntil),
      preferred: left(preferredUntil),
    }));
  }

  #take(received: ReceivedIcmpv6, homeAgent: Address | undefined, now: number): string | undefined {
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
    this.managed = message.managed === true;
    this.otherConfiguration = message.otherConfiguration === true;
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

/** Without lifetimes that pass: what changes this is news. */
function textOf({ prefixes = [], managed, otherConfiguration }: PrefixDiscovery): string {
  const texts = prefixes.map(({ prefix, validUntil }) =>
    validUntil === Number.POSITIVE_INFINITY ? formatPrefix(prefix) : `${formatPrefix(prefix)} for a time`,
  );
  if (texts.length === 0) texts.push('no prefix');
  // Nothing says how home addresses are got from it (RFC 6275 §11.4.3).
  if (managed || otherConfiguration) texts.push('DHCPv6, which is not asked');
  return texts.join(', ');
}

/** RFC 6275 §11.4.2: bindings that would outlive the home address are registered again, for less long. */
function limitLifetimes({ registrar, entries }: MobileRouter, until: number, now: number): void {
  registrar.writer.homeAddressUntil = until;
  for (const { binding } of entries) if (binding && binding.expiresAt > until) binding.refreshAt = now;
}

/** Options of other kinds, and prefixes that are none, are skipped. */
function prefixesOf({ options }: Advertisement, now: number): AdvertisedPrefix[] {
  const prefixes = options.flatMap((option): AdvertisedPrefix[] => {
    if (option.kind !== 'prefix-information') return [];
    const prefix = prefixOf(network(option.prefix, option.prefixLength), option.prefixLength);
    if (prefix === undefined) return [];
    const { validLifetime, preferredLifetime, autonomous } = option;
    // RFC 4861 §6.3.4, RFC 4862 §5.5.3: an option that contradicts itself is ignored.
    if (preferredLifetime > validLifetime) return [];
    const ends = { validUntil: end(validLifetime, now), preferredUntil: end(preferredLifetime, now) };
    return [{ prefix, autonomous: autonomous === true, ...ends }];
  });
  return prefixes.slice(0, MOST_PREFIXES);
}

const end = (seconds: number, now: number): number =>
  seconds === INFINITE ? Number.POSITIVE_INFINITY : now + seconds * 1000;

/** Bits after the prefix mean nothing. */
function network(address: Address, length: number): Address {
  return address.map((octet, index) => octet & ~(0xff >> Math.min(Math.max(length - 8 * index, 0), 8)));
}
