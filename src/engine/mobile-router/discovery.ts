/**
 * Dynamic Home Agent Address Discovery, the mobile router's end (RFC 6275 §11.4.1, RFC 3963 §7). Nobody authenticates
 * its answers: they only say whom to try. Times are monotonic, milliseconds.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { type Address, equalAddress, isGlobalUnicast, prefixContains } from '../../wire/address.ts';
import { homeAgentsAnycast } from '../../wire/home-agents-anycast.ts';
import type { Icmpv6OfKind } from '../../wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet } from '../../wire/icmpv6/icmpv6-packet.ts';
import { MOST_DISCOVERED } from './home-agents.ts';
import { isMobileRouter } from './terms.ts';

const INITIAL_DHAAD_TIMEOUT = 3000;
/** After the first request. */
const DHAAD_RETRIES = 4;
/** After a search without an answer. */
const PAUSE = 600_000;

/** ICMPv6 type. */
export const DISCOVERY_REPLY = 145;

export type DiscoveryReply = Icmpv6OfKind<'home-agent-address-discovery-reply'>;

interface Search {
  readonly identifier: number;
  readonly timeout: number;
  readonly retries: number;
}

export class Discovery {
  /** Where the requests go. */
  readonly anycast: Address;

  readonly #config: MobileRouterConfig;
  readonly #random: () => number;
  #search: Search | undefined;
  /** Next request, or when the next search may begin. */
  #nextAt = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** Which of the uplinks the next request leaves by. */
  #turn = 0;

  /** @param random uniform in [0, 1), unpredictable to others */
  constructor(
    config: MobileRouterConfig,
    prefix: NonNullable<MobileRouterConfig['discovery']>,
    random: () => number,
  ) {
    this.#config = config;
    this.#random = random;
    this.anycast = homeAgentsAnycast(prefix);
  }

  /** @param wanted whether home agents are looked for at present */
  nextWake(wanted: boolean): number {
    return wanted || this.#search !== undefined ? this.#nextAt : Number.POSITIVE_INFINITY;
  }

  /** Another uplink may reach what the others did not. */
  hurry(now: number): void {
    if (this.#search === undefined)
      this.#nextAt = Math.min(this.#nextAt, Math.max(now, this.#sentAt + INITIAL_DHAAD_TIMEOUT));
  }

  /**
   * @param addresses care-of addresses of the usable uplinks
   * @returns the request that is due, and which of the addresses it comes from
   */
  step(
    wanted: boolean,
    addresses: readonly Address[],
    now: number,
  ): { packet: Uint8Array; via: number } | undefined {
    if (now < this.nextWake(wanted)) return undefined;
    const search = this.#search;
    if (search !== undefined && search.retries === DHAAD_RETRIES) {
      this.#search = undefined;
      this.#nextAt = now + PAUSE;
      return undefined;
    }
    if (addresses.length === 0) {
      // An uplink that appears will hurry.
      this.#search = undefined;
      this.#nextAt = now + PAUSE;
      return undefined;
    }
    const { identifier, timeout, retries } = search
      ? { ...search, timeout: 2 * search.timeout, retries: search.retries + 1 }
      : { identifier: Math.floor(this.#random() * 2 ** 16), timeout: INITIAL_DHAAD_TIMEOUT, retries: 0 };
    this.#search = { identifier, timeout, retries };
    this.#nextAt = now + timeout;
    this.#sentAt = now;
    const via = this.#turn++ % addresses.length;
    const packet = emitIcmpv6Packet({
      source: addresses[via]!,
      destination: this.anycast,
      message: {
        kind: 'home-agent-address-discovery-request',
        identifier,
        mobileRouter: isMobileRouter(this.#config),
      },
    });
    return { packet, via };
  }

  /** Returns the home agents to try, the first one first, or why the answer is not taken. */
  receive({ identifier, mobileRouter, homeAgents }: DiscoveryReply, now: number): Address[] | string {
    if (this.#search?.identifier !== identifier) return 'discovery-reply-unmatched';
    // RFC 3963 §7.2: these serve mobile nodes only. The search goes on.
    if (isMobileRouter(this.#config) && !mobileRouter) return 'discovery-reply-without-router-support';
    const usable = homeAgents.filter(address => this.#isUsable(address)).slice(0, MOST_DISCOVERED);
    if (usable.length === 0) return 'discovery-reply-empty';
    this.#search = undefined;
    this.#nextAt = now + INITIAL_DHAAD_TIMEOUT * 2 ** DHAAD_RETRIES;
    return usable;
  }

  #isUsable(address: Address): boolean {
    const { homeAddress, prefixes } = this.#config;
    if (!isGlobalUnicast(address) || equalAddress(address, homeAddress)) return false;
    return !prefixes.some(prefix => prefixContains(prefix, address));
  }
}
