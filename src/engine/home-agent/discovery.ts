/** Dynamic Home Agent Address Discovery, the home agent's end (RFC 6275 §10.5, RFC 3963 §7). */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { type Address, equalAddress, isGlobalUnicast } from '../../wire/address.ts';
import { homeAgentsAnycast } from '../../wire/home-agents-anycast.ts';
import { emitIcmpv6Packet, type ReceivedIcmpv6 } from '../../wire/icmpv6/icmpv6-packet.ts';
import type { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import { addressesFor, HomeAgentsList, type ListedHomeAgent } from './home-agents-list.ts';

/** Replies a second, and how many at once: anybody may ask. */
const REPLY_RATE = 10;
const REPLY_BURST = 20;
/** What fits into 1280 octets behind the IPv6 header and the 8 octets before the list. */
const MOST_ADDRESSES = Math.floor((1280 - 40 - 8) / 16);

/** ICMPv6 types. */
const ROUTER_ADVERTISEMENT = 134;
const REQUEST = 144;

export class Discovery {
  /** One for each prefix of the home network; the host must have them. */
  readonly anycastAddresses: readonly Address[];
  readonly icmpv6Types: readonly number[];

  readonly #config: HomeAgentConfig;
  readonly #list: HomeAgentsList;
  readonly #outbox: Outbox;
  readonly #random: () => number;
  readonly #limit = new RateLimit(REPLY_RATE, REPLY_BURST);

  /** @param random uniform in [0, 1) */
  constructor(config: HomeAgentConfig, outbox: Outbox, random: () => number) {
    this.#config = config;
    this.#list = new HomeAgentsList(config.peerHomeAgents ?? []);
    this.#outbox = outbox;
    this.#random = random;
    this.anycastAddresses = (config.homePrefixes ?? []).map(homeAgentsAnycast);
    this.icmpv6Types = [
      ...(config.homeLink === undefined ? [] : [ROUTER_ADVERTISEMENT]),
      ...(this.anycastAddresses.length === 0 ? [] : [REQUEST]),
    ];
  }

  /** All home agents of the home network, this one first. */
  homeAgents(now: number): ListedHomeAgent[] {
    const { address, preference = 0 } = this.#config;
    const others = this.#list.others(now);
    // Its own Router Advertisements come back from the link.
    const real = others.filter(({ addresses }) => !addresses.some(other => equalAddress(other, address)));
    return [{ addresses: [address], preference, mobileRouter: true }, ...real];
  }

  /**
   * @param device where the message came from
   * @param now monotonic, milliseconds
   */
  receive({ source, destination, message }: ReceivedIcmpv6, device: string, now: number): void {
    if (message.kind === 'router-advertisement' && device === this.#config.homeLink?.device) {
      this.#list.receive(device, source, message, now);
    }
    if (message.kind !== 'home-agent-address-discovery-request') return;
    if (!this.anycastAddresses.some(anycast => equalAddress(anycast, destination))) return;
    if (!isGlobalUnicast(source) || !this.#limit.allow(now)) return;
    const { addresses, mobileRouter } = addressesFor(
      message.mobileRouter === true,
      this.homeAgents(now),
      this.#random,
    );
    const packet = emitIcmpv6Packet({
      source: this.#config.address,
      destination: source,
      message: {
        kind: 'home-agent-address-discovery-reply',
        identifier: message.identifier,
        mobileRouter,
        homeAgents: addresses.slice(0, MOST_ADDRESSES),
      },
    });
    this.#outbox.send(packet, source);
    this.#outbox.counters.add('discovery-answered');
  }
}
