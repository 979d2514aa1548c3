/**
 * Mobile prefix discovery, the home agent's end (RFC 6275 §10.6): tells mobile nodes the prefixes of the home network, at
 * once when they ask, and by itself when something changed or nothing was said for a day. Times are monotonic, milliseconds.
 */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { type Address, equalAddress, equalPrefix, type Prefix, prefixContains } from '../../wire/address.ts';
import { emitIcmpv6Packet, type ReceivedIcmpv6 } from '../../wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../wire/icmpv6/nd-option.ts';
import { Agenda } from '../agenda.ts';
import type { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import type { OnLinkPrefix } from '../types.ts';
import type { BindingCache } from './binding-cache.ts';
import { type HomePrefix, HomePrefixes, type RouterAdvertisement } from './home-prefixes.ts';
import type { MobileNode } from './mobile-node.ts';

/** RFC 6275 §12-13. */
const MIN_INTERVAL = 600_000;
const MAX_INTERVAL = 86_400_000;
const PREFIX_ADV_TIMEOUT = 3000;
const PREFIX_ADV_RETRIES = 3;
/** Advertisements a second to all nodes, and how many at once (§10.6.2: may be delayed further). */
const RATE = 50;
const BURST = 100;
/** Solicitations of one node are answered this often at most. */
const ANSWER_INTERVAL = 500;
const INFINITE = 0xffffffff;

interface Delivery {
  answeredAt: number;
  /** Transmissions of an unsolicited advertisement that nothing has acknowledged yet; 0: none is on its way. */
  transmissions: number;
  /** When it is sent next, while something is scheduled. */
  dueAt: number;
}

export class PrefixDelivery {
  readonly #config: HomeAgentConfig;
  readonly #cache: BindingCache;
  readonly #outbox: Outbox;
  readonly #random: () => number;
  readonly #limit = new RateLimit(RATE, BURST);
  readonly #agenda = new Agenda<MobileNode>();
  readonly #deliveries = new Map<MobileNode, Delivery>();
  readonly #prefixes: HomePrefixes;
  #identifier = 0;

  constructor(config: HomeAgentConfig, cache: BindingCache, outbox: Outbox, random: () => number) {
    this.#config = config;
    this.#cache = cache;
    this.#outbox = outbox;
    this.#random = random;
    this.#prefixes = new HomePrefixes(config.homePrefixes ?? []);
  }

  nextWake(): number {
    return this.#agenda.next();
  }

  /** What the device of the home link has now. */
  update(prefixes: readonly OnLinkPrefix[], now: number): void {
    const before = this.#prefixes.list(now);
    this.#prefixes.setOnLink(prefixes);
    this.#tell(before, now);
  }

  /** A Router Advertisement of the home link. */
  advertised(source: Address, message: RouterAdvertisement, now: number): void {
    // Others may say anything; home agents are known by their flag (§7.1).
    if (!message.homeAgent) return;
    this.#prefixes.repeat(source, message, now);
    const before = this.#prefixes.list(now);
    this.#prefixes.learn(source, message, now);
    this.#tell(before, now);
  }

  /** RFC 6275 §10.6.2: a new prefix is for all, what becomes of another one for those whose home address has it. */
  #tell(before: readonly HomePrefix[], now: number): void {
    const changed = this.#prefixes.list(now).filter(one => !isSame(one, find(before, one.prefix)));
    if (changed.length === 0) return;
    const isAdded = changed.some(({ prefix }) => find(before, prefix) === undefined);
    for (const node of this.#cache.nodes()) {
      const concerns = isAdded || changed.some(({ prefix }) => prefixContains(prefix, node.peer.homeAddress));
      if (!concerns || node.bindings.size === 0) continue;
      // What nobody has acknowledged yet is said again with the rest, as a new advertisement.
      if (this.#agenda.has(node)) this.#deliveryOf(node).transmissions = 0;
      this.#schedule(node, now, true);
    }
  }

  /** The node has registered, from away: what it does not know yet is told again, and what it has not heard for a day. */
  attend(node: MobileNode, now: number): void {
    if (!this.#config.homePrefixes?.length || node.bindings.size === 0) return;
    const delivery = this.#deliveryOf(node);
    if (delivery.transmissions > PREFIX_ADV_RETRIES) {
      delivery.transmissions = 0;
      this.#setDue(node, delivery, now);
    } else if (!this.#agenda.has(node)) this.#schedule(node, now);
  }

  step(now: number): void {
    for (let node = this.#agenda.take(now); node !== undefined; node = this.#agenda.take(now)) {
      this.#deliver(node, now);
    }
  }

  /** A solicitation. Returns why it was not answered. */
  solicited({ source, destination, homeAddress, message }: ReceivedIcmpv6, now: number): string | undefined {
    if (message.kind !== 'mobile-prefix-solicitation') return undefined;
    const node = homeAddress && this.#cache.find(homeAddress);
    if (node === undefined || !equalAddress(destination, this.#config.address)) {
      return 'prefix-solicitation-unknown-home-address';
    }
    // Nobody authenticates it: the answer goes where the node is, or nowhere.
    const isBound = [...node.bindings.values()].some(binding => equalAddress(binding.careOfAddress, source));
    if (!isBound) return 'prefix-solicitation-without-binding';
    const delivery = this.#deliveryOf(node);
    if (now - delivery.answeredAt < ANSWER_INTERVAL) return 'prefix-solicitation-too-soon';
    delivery.answeredAt = now;
    delivery.transmissions = 0;
    this.#agenda.delete(node);
    this.#send(node, source, message.identifier, now);
    this.#schedule(node, now);
    return undefined;
  }

  /** An advertisement that nobody has asked for, or its repetition. */
  #deliver(node: MobileNode, now: number): void {
    const delivery = this.#deliveryOf(node);
    const careOfAddress = node.active?.careOfAddress;
    if (careOfAddress === undefined) {
      this.#deliveries.delete(node);
      return;
    }
    if (delivery.transmissions > PREFIX_ADV_RETRIES) return;
    if (!this.#limit.allow(now)) {
      this.#setDue(node, delivery, now + PREFIX_ADV_TIMEOUT);
      return;
    }
    if (delivery.transmissions === 0) this.#identifier = (this.#identifier + 1) & 0xffff;
    this.#send(node, careOfAddress, this.#identifier, now);
    // One more wait after the last repetition: what is unacknowledged then waits for the next Binding Update.
    const wait = PREFIX_ADV_TIMEOUT * 2 ** delivery.transmissions;
    delivery.transmissions += 1;
    if (delivery.transmissions <= PREFIX_ADV_RETRIES) this.#setDue(node, delivery, now + wait);
  }

  /**
   * At a random time, so that a change does not make all be told at once. A delivery that is scheduled stays so, unless it is
   * one that comes once a day and there are news, which are not to wait for it.
   */
  #schedule(node: MobileNode, now: number, isNews = false): void {
    const delivery = this.#deliveryOf(node);
    const { homeAddress } = node.peer;
    const home = this.#prefixes.list(now).find(({ prefix }) => prefixContains(prefix, homeAddress));
    const longest = Math.min(MAX_INTERVAL, Math.max((home?.preferredUntil ?? MAX_INTERVAL) - now, 0));
    const at = now + MIN_INTERVAL + this.#random() * Math.abs(longest - MIN_INTERVAL);
    if (this.#agenda.has(node) && !(isNews && at < delivery.dueAt)) return;
    delivery.transmissions = 0;
    this.#setDue(node, delivery, at);
  }

  #setDue(node: MobileNode, delivery: Delivery, at: number): void {
    delivery.dueAt = at;
    this.#agenda.set(node, at);
  }

  #send(node: MobileNode, destination: Address, identifier: number, now: number): void {
    const packet = emitIcmpv6Packet({
      source: this.#config.address,
      destination,
      routingHome: node.peer.homeAddress,
      message: {
        kind: 'mobile-prefix-advertisement',
        identifier,
        managed: this.#prefixes.managed,
        otherConfiguration: this.#prefixes.otherConfiguration,
        options: this.#prefixes.list(now).map(one => option(one, now)),
      },
    });
    this.#outbox.send(packet, destination);
    this.#outbox.counters.add('prefix-advertisement');
  }

  #deliveryOf(node: MobileNode): Delivery {
    let delivery = this.#deliveries.get(node);
    if (delivery === undefined) {
      delivery = { answeredAt: Number.NEGATIVE_INFINITY, transmissions: 0, dueAt: 0 };
      this.#deliveries.set(node, delivery);
    }
    return delivery;
  }
}

const find = (prefixes: readonly HomePrefix[], prefix: Prefix): HomePrefix | undefined =>
  prefixes.find(known => equalPrefix(known.prefix, prefix));

/** Lifetimes are known to the second: what is less is the passing of time. */
function isSame(a: HomePrefix, b: HomePrefix | undefined): boolean {
  const differ = (x: number, y: number) => x !== y && !(Math.abs(x - y) < 2000);
  return (
    b !== undefined &&
    a.onLink === b.onLink &&
    a.autonomous === b.autonomous &&
    !differ(a.validUntil, b.validUntil) &&
    !differ(a.preferredUntil, b.preferredUntil)
  );
}

function option(
  { prefix, onLink, autonomous, validUntil, preferredUntil }: HomePrefix,
  now: number,
): NdOption {
  return {
    kind: 'prefix-information',
    prefixLength: prefix.length,
    onLink,
    autonomous,
    routerAddress: false,
    validLifetime: seconds(validUntil - now),
    preferredLifetime: seconds(preferredUntil - now),
    prefix: prefix.address,
  };
}

function seconds(milliseconds: number): number {
  return milliseconds === Number.POSITIVE_INFINITY
    ? INFINITE
    : Math.min(Math.max(Math.floor(milliseconds / 1000), 0), INFINITE - 1);
}
