/** The home agent (RFC 6275 §10, RFC 3963 §6, RFC 5648 §6): keeps the Binding Cache and answers for it. */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { type Address, equalAddress, isMulticast, isUnspecified } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { parseIcmpv6Payload } from '../../wire/icmpv6/icmpv6-packet.ts';
import { NextHeader } from '../../wire/ipv6.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitUnrecognizedType } from '../binding-error.ts';
import { type CreateHmac, createHmac } from '../hmac.ts';
import { type Dialect, PLAIN, understood } from '../identifiers/dialect.ts';
import { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import { enclosesIcmpv6, receive } from '../receive.ts';
import type { Input, JsonObject, Now, Output, ReceivedPacket, Role } from '../types.ts';
import type { AnchorNode, HomeAgentView } from '../view.ts';
import { admit, type BindingUpdate, homeAddressOf } from './admission.ts';
import { type AcknowledgementFields, emitAcknowledgement } from './answers.ts';
import { BindingCache } from './binding-cache.ts';
import { Discovery } from './discovery.ts';
import { equalOctets, HomeLink, type Verdict } from './home-link/home-link.ts';
import type { Grant } from './home-link/prefix-list.ts';
import { hasHomeBinding, type MobileNode } from './mobile-node.ts';
import { PathWatch } from './path-watch.ts';
import { PrefixDelivery } from './prefix-delivery.ts';
import { type BindingRequest, type Plan, planRegistration } from './registration.ts';

/** Answers to messages that nobody has authenticated: a second, and how many at once. */
const ERROR_RATE = 10;
const ERROR_BURST = 20;

/** Types of ICMPv6 messages: Neighbor Solicitation and Neighbor Advertisement. */
const NEIGHBOR_MESSAGES = [135, 136];

/** An admitted Binding Update. */
interface Update {
  readonly received: ReceivedMobility;
  readonly message: BindingUpdate;
  /** It came from the home address itself, over the home link. */
  readonly atHome: boolean;
}

export class HomeAgent implements Role {
  readonly config: HomeAgentConfig;
  readonly cache: BindingCache;
  readonly icmpv6Types: readonly number[];

  readonly #outbox = new Outbox();
  readonly #watch: PathWatch;
  readonly #homeLink: HomeLink<Update> | undefined;
  readonly #discovery: Discovery;
  readonly #prefixes: PrefixDelivery;
  readonly #errors = new RateLimit(ERROR_RATE, ERROR_BURST);

  /**
   * @param records what a previous life of the process has left, by key
   * @param random uniform in [0, 1): the order of home agents of equal preference
   */
  constructor(
    config: HomeAgentConfig,
    now: Now,
    records: ReadonlyMap<string, JsonObject> = new Map(),
    hmac: CreateHmac = createHmac,
    random: () => number = () => 0,
  ) {
    this.config = config;
    this.cache = new BindingCache(config, now.monotonic, records, this.#outbox, hmac);
    this.#watch = new PathWatch(config.address, this.cache, this.#outbox);
    this.#homeLink = config.homeLink && new HomeLink(config.homeLink, this.cache, this.#outbox);
    this.#discovery = new Discovery(config, this.#outbox, random);
    this.#prefixes = new PrefixDelivery(config, this.cache, this.#outbox, random);
    this.icmpv6Types = [...(this.#homeLink ? NEIGHBOR_MESSAGES : []), ...this.#discovery.icmpv6Types];
  }

  get counters() {
    return this.#outbox.counters;
  }

  /** Uplinks and preferences are a mobile router's; an orderly end leaves nothing to say to the nodes. */
  handle(input: Input, now: Now): Output[] {
    if (input.kind === 'packet') this.#receive(input.packet, now);
    if (input.kind === 'home-link') {
      this.#homeLink?.update(input.status, now.monotonic);
      this.#prefixes.update(input.status.prefixes, now.monotonic);
    }
    this.#prefixes.step(now.monotonic);
    this.#watch.step(now.monotonic);
    for (let verdict = this.#step(now); verdict !== undefined; verdict = this.#step(now)) {
      this.#conclude(verdict, now);
    }
    return this.#outbox.drain();
  }

  nextWake(): number {
    return Math.min(
      this.cache.nextDue(),
      this.#prefixes.nextWake(),
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
      prefixes: node.prefixes,
      authorisedPrefixes: node.peer.prefixes,
      bindings: [...node.bindings.values()].map(({ bid, careOfAddress }) => ({ bid, careOfAddress })),
      active: node.active?.bid,
      ...(home && { home }),
    };
  }

  #step(now: Now): Verdict<Update> | undefined {
    return this.#homeLink?.step(now.monotonic);
  }

  #receive(packet: ReceivedPacket, now: Now): void {
    if (packet.nextHeader === NextHeader.icmpv6) {
      const verdict = this.#homeLink?.receive(packet);
      if (verdict !== undefined) this.#conclude(verdict, now);
      else this.#discover(packet, now.monotonic);
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
    const received = understood(reception.received, this.#dialectOf(reception.received));
    const reason =
      isMulticast(received.source) || isUnspecified(received.source)
        ? 'source-not-unicast'
        : this.#dispatch(received, packet, now);
    if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
  }

  #receiveSolicitation(packet: ReceivedPacket, now: number): void {
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    const reason = parsed.ok ? this.#prefixes.solicited(parsed.value, now) : parsed.error.counter;
    if (reason !== undefined) this.#outbox.drop(reason, packet, now);
  }

  #discover(packet: ReceivedPacket, now: number): void {
    if (!this.#discovery.icmpv6Types.includes(packet.bytes[0]!)) return;
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    if (parsed.ok) this.#discovery.receive(parsed.value, packet.device, now);
    else this.#outbox.drop(parsed.error.counter, packet, now);
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
      if (limit.allow(now.monotonic)) this.#acknowledge(update, node, fields, now);
      return admission.reason;
    }
    node.sequence = message.sequence;
    node.updatedAt = now.monotonic;
    node.timestamp = findOption(message.options, 'message-id') ?? node.timestamp;
    const plan = this.#plan(update, node, now.monotonic);
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
      this.#settle(update, node, duplicate ? DUPLICATE : this.#plan(update, node, now.monotonic), now);
    }
  }

  #plan({ received, message }: Update, node: MobileNode, now: number): Plan {
    const plan = planRegistration(received, message, node, this.#homeLink?.homeBindingStatus(node, message));
    if (plan.kind !== 'register') return plan;
    const { status } = this.#grant(node, message, now);
    return status < 128 ? plan : { kind: 'refuse', status };
  }

  #grant(node: MobileNode, { lifetime }: BindingUpdate, now: number): Grant {
    const asked = Math.min(lifetime, this.config.maxLifetime);
    return this.#homeLink?.grant(node, asked, now) ?? { lifetime: asked, status: STATUS.accepted };
  }

  /** The forwarding state changes first, and the acknowledgement leaves last. */
  #settle(update: Update, node: MobileNode, plan: Plan, now: Now): void {
    const defended = this.#homeLink?.defended(node) ?? [];
    const isNew = node.bindings.size === 0;
    const fields = this.#carryOut(plan, update.message, node, now.monotonic);
    this.#note(update, node, plan, isNew);
    this.cache.rechoose(node);
    this.#homeLink?.changed(node, defended, now.monotonic);
    this.#acknowledge(update, node, fields, now);
    this.cache.save(node);
    for (const binding of node.bindings.values()) this.#watch.attend(node, binding, now.monotonic);
    this.#prefixes.attend(node, now.monotonic);
  }

  /** What the update says about the node's place on the home link. */
  #note({ message, atHome }: Update, node: MobileNode, plan: Plan, isNew: boolean): void {
    const isGone = message.lifetime === 0 && node.bindings.size === 0;
    if (plan.kind === 'refuse' && !isGone) return;
    const staysHome = hasHomeBinding(node);
    const before = { ...node };
    node.present = isGone ? atHome : staysHome;
    node.linkLayerAddress = staysHome
      ? (this.#homeLink?.linkLayerAddress(message) ?? node.linkLayerAddress)
      : undefined;
    // What has not been tested when serving began is not defended.
    if (isNew) node.linkLocal = message.linkLocalCompatibility === true;
    if (before.present !== node.present) {
      const name = node.present ? 'node-at-home' : 'node-away';
      this.cache.tell('notice', name, node, `${node.present ? 'is on' : 'has left'} the home link`, {});
    }
    const isMoved =
      before.present !== node.present ||
      before.linkLocal !== node.linkLocal ||
      !equalOctets(before.linkLayerAddress, node.linkLayerAddress);
    if (isMoved) this.#outbox.forwarding(node.peer.homeAddress);
  }

  #acknowledge(
    { received, message, atHome }: Update,
    node: MobileNode,
    fields: AcknowledgementFields,
    now: Now,
  ) {
    const packet = emitAcknowledgement(received, message, node, fields, now);
    const { source } = received;
    const device = this.#homeLink?.config.device;
    if (atHome && device !== undefined) this.#outbox.sendOnLink(packet, source, device);
    else this.#outbox.send(packet, source);
  }

  /** Changes the bindings and returns what the acknowledgement has to say. */
  #carryOut(plan: Plan, message: BindingUpdate, node: MobileNode, now: number): AcknowledgementFields {
    switch (plan.kind) {
      case 'refuse': {
        const { status } = plan;
        this.counters.add(`refused-${status}`);
        // What is not there to be removed harms nobody.
        const level = status === STATUS.notHomeAgent ? 'info' : 'warning';
        this.cache.tell(level, 'binding-refused', node, `refused with status ${status}`, { status });
        return { status, lifetime: 0, requests: [] };
      }
      case 'remove': {
        const bids = plan.bids === 'all' ? [...node.bindings.keys()] : plan.bids;
        for (const bid of bids) this.cache.remove(node, bid, 'left');
        return { status: STATUS.accepted, lifetime: 0, requests: [] };
      }
      case 'register':
        return this.#register(plan, message, node, now);
    }
  }

  #register(
    plan: Extract<Plan, { kind: 'register' }>,
    message: BindingUpdate,
    node: MobileNode,
    now: number,
  ): AcknowledgementFields {
    const overall = overallStatus(plan.requests);
    // RFC 5648 §6.3: that the node must not answer for its home address is said in the option as well.
    const isSaidTwice =
      plan.requests.length > 1 ||
      overall === STATUS.returnHomeWithoutNeighborDiscovery ||
      node.dialect.identifiers.draft;
    const requests = isSaidTwice ? plan.requests : [];
    for (const bid of plan.removals) this.cache.remove(node, bid, 'left');
    const accepted = plan.requests.filter(request => request.status < 128);
    if (accepted.length === 0) return { status: overall, lifetime: 0, requests };
    const { lifetime, status } = this.#grant(node, message, now);
    const replacedRegular = node.bindings.has(0) && !accepted.some(({ bid }) => bid === 0);
    for (const { bid, home } of [...node.bindings.values()]) {
      const again = accepted.some(request => request.bid === bid);
      // RFC 5648 §5.6.5: without the H flag the node has left its home link.
      const left = home && !accepted.some(request => request.home);
      if (!again && (plan.replace || left)) this.cache.remove(node, bid, left ? 'left' : 'replaced');
    }
    for (const request of accepted) this.cache.register(node, request, lifetime, now);
    this.cache.serve(node, message.mobileRouter === true, plan.prefixes);
    return { status: overall === STATUS.accepted ? status : overall, lifetime, requests, replacedRegular };
  }
}

const DUPLICATE: Plan = { kind: 'refuse', status: STATUS.duplicateAddress };

const isAcceptedHome = ({ home, status }: BindingRequest): boolean => home && status < 128;

/** RFC 5648 §6.2: the message's own status, unless the bindings of a bulk registration differ. */
function overallStatus(requests: readonly BindingRequest[]): number {
  if (requests.length === 1) return requests[0]!.status;
  return requests.every(request => request.status === 0) ? STATUS.accepted : STATUS.notComplete;
}
