/** The home agent (RFC 6275 §10, RFC 3963 §6, RFC 5648 §6): keeps the Binding Cache and answers for it. */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { type Address, equalAddress, isMulticast, isUnspecified } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { parseIcmpv6Payload } from '../../wire/icmpv6/icmpv6-packet.ts';
import { NextHeader } from '../../wire/ipv6.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitUnrecognizedType, UNRECOGNIZED_MH_TYPE } from '../binding-error.ts';
import { copyKey } from '../copies.ts';
import { ECHO_REPLY } from '../echo.ts';
import { type CreateHmac, createHmac } from '../hmac.ts';
import { type Dialect, PLAIN, understood } from '../identifiers/dialect.ts';
import { Outbox } from '../outbox.ts';
import type { DelegatingRouter } from '../prefix-delegation/delegating-router.ts';
import { RateLimit } from '../rate-limit.ts';
import { enclosesIcmpv6, receive } from '../receive.ts';
import { TrafficMeter } from '../traffic-meter.ts';
import type { Input, JsonObject, Now, Output, PathOctets, ReceivedPacket, Role } from '../types.ts';
import type { AnchorNode, HomeAgentView } from '../view.ts';
import { admit, type BindingUpdate, homeAddressOf } from './admission.ts';
import { BindingCache } from './binding-cache.ts';
import { Discovery } from './discovery.ts';
import { HomeLink, type Verdict } from './home-link/home-link.ts';
import { HomeSide } from './home-side.ts';
import type { MobileNode } from './mobile-node.ts';
import { PathWatch } from './path-watch.ts';
import { PrefixDelivery } from './prefix-delivery.ts';
import type { Plan } from './registration.ts';
import { DUPLICATE, isAcceptedHome, Registrations, type Update } from './registrations.ts';
import { renumberedPeers } from './renumbered-peers.ts';

/** Answers to messages that nobody has authenticated: a second, and how many at once. */
const ERROR_RATE = 10;
const ERROR_BURST = 20;

/** Type of ICMPv6 messages. */
const DESTINATION_UNREACHABLE = 1;
/** Types of ICMPv6 messages: Neighbor Solicitation and Neighbor Advertisement. */
const NEIGHBOR_MESSAGES = [135, 136];

export class HomeAgent implements Role {
  readonly config: HomeAgentConfig;
  readonly cache: BindingCache;
  readonly homeSide: HomeSide;
  readonly icmpv6Types: readonly number[];

  readonly #outbox = new Outbox();
  readonly #watch: PathWatch;
  readonly #homeLink: HomeLink<Update> | undefined;
  readonly #registrations: Registrations;
  readonly #discovery: Discovery;
  readonly #prefixes: PrefixDelivery;
  readonly #delegation: DelegatingRouter | undefined;
  readonly #errors = new RateLimit(ERROR_RATE, ERROR_BURST);

  /**
   * @param records what a previous life of the process has left, by key
   * @param random uniform in [0, 1): the order of home agents of equal preference
   * @param delegation undefined: no prefixes are delegated
   */
  constructor(
    configured: HomeAgentConfig,
    now: Now,
    records: ReadonlyMap<string, JsonObject> = new Map(),
    hmac: CreateHmac = createHmac,
    random: () => number = () => 0,
    delegation?: (agent: HomeAgent, outbox: Outbox) => DelegatingRouter,
  ) {
    const config = { ...configured, peers: renumberedPeers(configured) };
    this.config = config;
    this.cache = new BindingCache(config, now.monotonic, records, this.#outbox, hmac);
    this.#watch = new PathWatch(config.address, this.cache, this.#outbox);
    this.#homeLink = config.homeLink && new HomeLink(config.homeLink, this.cache, this.#outbox);
    this.#registrations = new Registrations(config, this.cache, this.#homeLink, this.#outbox);
    this.#discovery = new Discovery(config, this.#outbox, random);
    this.#prefixes = new PrefixDelivery(config, this.cache, this.#outbox, random);
    this.homeSide = new HomeSide(config.address, config.watched ?? [], this.#outbox, random);
    this.#delegation = delegation?.(this, this.#outbox);
    this.icmpv6Types = [
      DESTINATION_UNREACHABLE,
      ...(config.watched?.length ? [ECHO_REPLY] : []),
      ...(this.#homeLink ? NEIGHBOR_MESSAGES : []),
      ...this.#discovery.icmpv6Types,
    ];
  }

  get counters() {
    return this.#outbox.counters;
  }

  /** Uplinks and preferences are a mobile router's; an orderly end leaves nothing to say to the nodes. */
  handle(input: Input, now: Now): Output[] {
    if (input.kind === 'packet') this.#receive(input.packet, now);
    if (input.kind === 'traffic') this.#count(input.paths, now.monotonic);
    if (input.kind === 'no-copies') this.#registrations.disagreeOnCopies();
    if (input.kind === 'home-link') {
      this.#homeLink?.update(input.status, now.monotonic);
      this.#prefixes.update(input.status.prefixes, now.monotonic);
    }
    this.homeSide.step(now.monotonic);
    this.#prefixes.step(now.monotonic);
    this.#watch.step(now.monotonic);
    for (let verdict = this.#step(now); verdict !== undefined; verdict = this.#step(now)) {
      this.#conclude(verdict, now);
    }
    const outputs = this.#outbox.drain();
    return this.homeSide.state === 'cut-off' ? outputs.filter(isNoSignalling) : outputs;
  }

  nextWake(): number {
    return Math.min(
      this.cache.nextDue(),
      this.#prefixes.nextWake(),
      this.homeSide.nextWake(),
      this.#homeLink?.nextWake() ?? Number.POSITIVE_INFINITY,
    );
  }

  /** What the forwarding state is computed from. */
  view(): HomeAgentView {
    return {
      address: this.config.address,
      anycastAddresses: this.#discovery.anycastAddresses,
      nodes: [...this.cache.nodes()].map(node => this.#viewOf(node)),
    };
  }

  /** The same of one node. */
  viewOf(homeAddress: Address): AnchorNode | undefined {
    const node = this.cache.find(homeAddress);
    return node && this.#viewOf(node);
  }

  #viewOf(node: MobileNode): AnchorNode {
    const home = this.#homeLink?.attachment(node);
    return {
      name: node.peer.name,
      homeAddress: node.peer.homeAddress,
      prefixes: this.cache.prefixesOf(node),
      authorisedPrefixes: node.peer.renumbered ? [] : node.peer.prefixes,
      bindings: [...node.bindings.values()].map(({ bid, careOfAddress }) => ({ bid, careOfAddress })),
      active: node.active?.bid,
      ...(home && { home }),
      ...(node.flows?.steering && { steering: node.flows.steering }),
      ...(node.copies && node.bindings.size > 0 && { copyKey: copyKey(node.peer.homeAddress) }),
    };
  }

  #step(now: Now): Verdict<Update> | undefined {
    return this.#homeLink?.step(now.monotonic);
  }

  #receive(packet: ReceivedPacket, now: Now): void {
    if (packet.nextHeader === NextHeader.udp) {
      const reason = this.#delegation?.receive(packet, now.monotonic);
      if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
      return;
    }
    if (packet.nextHeader === NextHeader.icmpv6) {
      this.#receiveIcmpv6(packet, now);
      return;
    }
    if (enclosesIcmpv6(packet)) {
      this.#receiveSolicitation(packet, now.monotonic);
      return;
    }
    const reception = receive(packet);
    if (reception.kind === 'ignored') return;
    if (reception.kind === 'bad') {
      this.#outbox.drop(reception.reason, packet, now.monotonic);
      if (reception.answer !== undefined) this.#sendError(reception.answer, packet, now);
      return;
    }
    if (!equalAddress(reception.received.destination, this.config.address)) return;
    if (this.homeSide.state === 'cut-off') {
      this.counters.add('silent-while-cut-off');
      return;
    }
    const received = understood(reception.received, this.#dialectOf(reception.received));
    const reason =
      isMulticast(received.source) || isUnspecified(received.source)
        ? 'source-not-unicast'
        : this.#dispatch(received, packet, now);
    if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
  }

  #receiveIcmpv6(packet: ReceivedPacket, now: Now): void {
    if (packet.bytes[0] === ECHO_REPLY) {
      this.homeSide.receive(packet, now.monotonic);
      return;
    }
    if (packet.bytes[0] === DESTINATION_UNREACHABLE) {
      this.#watch.receiveError(packet, now.monotonic);
      return;
    }
    const verdict = this.#homeLink?.receive(packet);
    if (verdict !== undefined) this.#conclude(verdict, now);
    else this.#discover(packet, now.monotonic);
  }

  #count(paths: readonly PathOctets[], now: number): void {
    for (const { homeAddress, bid, tunnel } of paths) {
      const binding = this.cache.find(homeAddress)?.bindings.get(bid);
      if (binding === undefined || tunnel === undefined) continue;
      binding.traffic ??= new TrafficMeter();
      binding.traffic.note(tunnel, now);
    }
  }

  #receiveSolicitation(packet: ReceivedPacket, now: number): void {
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    const reason = parsed.ok ? this.#prefixes.solicited(parsed.value, now) : parsed.error.counter;
    if (reason !== undefined) this.#outbox.drop(reason, packet, now);
  }

  #discover(packet: ReceivedPacket, now: number): void {
    if (!this.#discovery.icmpv6Types.includes(packet.bytes[0]!)) return;
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    if (!parsed.ok) {
      this.#outbox.drop(parsed.error.counter, packet, now);
      return;
    }
    this.#discovery.receive(parsed.value, packet.device, now);
    const { message, source } = parsed.value;
    if (message.kind === 'router-advertisement' && packet.device === this.config.homeLink?.device) {
      this.#prefixes.advertised(source, message, now);
    }
  }

  /** What the sender speaks, which only its home address tells. */
  #dialectOf(received: ReceivedMobility): Dialect {
    return this.cache.find(homeAddressOf(received))?.dialect ?? PLAIN;
  }

  /** Returns why the message was not taken. */
  #dispatch(received: ReceivedMobility, packet: ReceivedPacket, now: Now): string | undefined {
    const { message } = received;
    switch (message.kind) {
      case 'binding-update':
        return this.#receiveUpdate(received, message, packet, now);
      case 'heartbeat':
        return this.#watch.receive(received, message, now.monotonic);
      case 'binding-error':
        this.counters.add(`binding-error-${message.status}`);
        if (message.status === UNRECOGNIZED_MH_TYPE) this.#watch.refused(received.source, now.monotonic);
        return undefined;
      case 'binding-acknowledgement':
      case 'binding-refresh-request':
        return 'unexpected-message';
      default:
        this.#sendError(emitUnrecognizedType(received, this.#dialectOf(received)), packet, now);
        return 'unrecognized-mh-type';
    }
  }

  #sendError(answer: Uint8Array, { source }: ReceivedPacket, now: Now): void {
    if (this.#errors.allow(now.monotonic)) this.#outbox.send(answer, source);
  }

  #receiveUpdate(
    received: ReceivedMobility,
    message: BindingUpdate,
    { device }: ReceivedPacket,
    now: Now,
  ): string | undefined {
    const admission = admit(received, message, this.cache, now);
    if (admission.kind === 'discarded') return admission.reason;
    const { node } = admission;
    const homeLink = this.#homeLink?.isOnLink(node) ? this.#homeLink : undefined;
    const atHome = received.homeAddress === undefined && device === homeLink?.config.device;
    const update = { received, message, atHome };
    if (admission.kind === 'rejected') {
      // What anybody can send must not use up the answers that the genuine node needs to correct itself.
      const limit = admission.status === STATUS.authenticationFailed ? this.#errors : node.rejections;
      const fields = { status: admission.status, lifetime: 0, requests: [] };
      if (limit.allow(now.monotonic)) this.#registrations.acknowledge(update, node, fields, now);
      return admission.reason;
    }
    // It will be repeated.
    if (homeLink?.isKnown === false && node.bindings.size === 0) return 'home-link-unknown';
    const plan = this.#registrations.plan(update, node, now.monotonic);
    const accepted = plan.kind === 'register' ? plan.requests.filter(({ status }) => status < 128) : [];
    if (accepted.some(({ home, careOfAddress }) => !home && this.cache.leadsBack(careOfAddress, node))) {
      return 'circular-reference';
    }
    node.sequence = message.sequence;
    node.updatedAt = now.monotonic;
    node.timestamp = findOption(message.options, 'message-id') ?? node.timestamp;
    if (message.lifetime === 0) this.#homeLink?.release(node);
    if (plan.kind === 'register' && homeLink?.mustTest(node) && !plan.requests.some(isAcceptedHome)) {
      const key = plan.requests.map(({ bid }) => bid).join();
      if (homeLink.hold(node, message.linkLocalCompatibility === true, key, update, now.monotonic)) {
        this.cache.save(node);
        return undefined;
      }
      this.#settle(update, node, DUPLICATE, now);
    } else {
      this.#settle(update, node, plan, now);
    }
    return undefined;
  }

  /** After duplicate address detection. */
  #conclude({ node, held, duplicate }: Verdict<Update>, now: Now): void {
    for (const update of held) {
      this.#settle(
        update,
        node,
        duplicate ? DUPLICATE : this.#registrations.plan(update, node, now.monotonic),
        now,
      );
    }
  }

  #settle(update: Update, node: MobileNode, plan: Plan, now: Now): void {
    this.#registrations.settle(update, node, plan, now);
    for (const binding of node.bindings.values()) this.#watch.attend(node, binding, now.monotonic);
    this.#prefixes.attend(node, now.monotonic);
  }
}

/** Probes are signalling too. */
function isNoSignalling(output: Output): boolean {
  return output.kind !== 'send' || output.packet[6] === NextHeader.icmpv6;
}
