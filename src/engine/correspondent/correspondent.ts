/**
 * The correspondent (RFC 6275 §9, RFC 5648 §6): proves by return routability that a mobile node is where it says, and
 * keeps its bindings.
 */
import type { CorrespondentConfig } from '../../uci/types.ts';
import { type Address, equalAddress, isMulticast, isUnspecified } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { parseEnvelope } from '../../wire/envelope.ts';
import { NextHeader } from '../../wire/ipv6.ts';
import type { BindingUpdate } from '../../wire/mobility-message.ts';
import { findOption, type MobilityOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitUnrecognizedType } from '../binding-error.ts';
import { type CreateHmac, createHmac } from '../hmac.ts';
import { type Dialect, dialectOf } from '../identifiers/dialect.ts';
import { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import { receive } from '../receive.ts';
import type { Input, Now, Output, ReceivedPacket, Role } from '../types.ts';
import type { CorrespondentView } from '../view.ts';
import { admit, type Examiner, type Proven } from './admission.ts';
import {
  type AcknowledgementFields,
  emitAcknowledgement,
  emitRefreshRequest,
  emitTest,
  emitUnknownBinding,
} from './answers.ts';
import { type Binding, BindingCache, type Peer, primaryBinding } from './binding-cache.ts';
import { directFlows, updatePeerFlows } from './flows.ts';
import { Nonces, type RandomOctets } from './nonces.ts';
import { type Plan, planRegistration } from './registration.ts';
import { DESTINATION_UNREACHABLE, UnreachableWatch } from './unreachable.ts';

/** Answers to messages that nobody has authenticated: a second, and how many at once. */
const ERROR_RATE = 10;
const ERROR_BURST = 20;
/** Home and Care-of Tests, as well as Binding Updates that are worth computing for. */
const TEST_RATE = 200;
const TEST_BURST = 400;
/** Binding Refresh Requests of one binding: how many, and the first pause between them, milliseconds. */
const MAX_REQUESTS = 3;
const REQUEST_PAUSE = 2000;
/** Encapsulating Security Payload: it has a proof of its own (RFC 6275 §9.3.1). */
const ESP = 50;

export interface CorrespondentHost {
  readonly random: RandomOctets;
  readonly createHmac?: CreateHmac;
  /** Whether a home agent on the same host has a binding for the home address. */
  readonly isHomeRegistration?: (homeAddress: Address) => boolean;
  /** Whether one of our own addresses is a mobile node's home address: its own policy says where its packets go. */
  readonly isMobile?: (ownAddress: Address) => boolean;
}

export class Correspondent implements Role {
  readonly config: CorrespondentConfig;
  readonly cache: BindingCache;
  readonly icmpv6Types: readonly number[] = [DESTINATION_UNREACHABLE];
  /** Why the host cannot carry packets the direct way; undefined: it can. */
  obstacle: string | undefined = 'the kernel has not been asked yet';

  readonly #outbox = new Outbox();
  readonly #nonces: Nonces;
  readonly #examiner: Examiner;
  readonly #isMobile: (ownAddress: Address) => boolean;
  readonly #dialect: Dialect;
  readonly #unreachable = new UnreachableWatch();
  readonly #errors = new RateLimit(ERROR_RATE, ERROR_BURST);
  readonly #tests = new RateLimit(TEST_RATE, TEST_BURST);
  readonly #updates = new RateLimit(TEST_RATE, TEST_BURST);

  constructor(config: CorrespondentConfig, host: CorrespondentHost) {
    const create = host.createHmac ?? createHmac;
    this.config = config;
    this.#dialect = dialectOf(config.dialect);
    this.#isMobile = host.isMobile ?? (() => false);
    this.#nonces = new Nonces(host.random, create);
    this.cache = new BindingCache(config.maxBindings, this.#nonces, this.#outbox);
    this.#examiner = {
      nonces: this.#nonces,
      cache: this.cache,
      createHmac: create,
      identifiers: this.#dialect.identifiers,
      isHomeRegistration: host.isHomeRegistration ?? (() => false),
    };
  }

  get counters() {
    return this.#outbox.counters;
  }

  handle(input: Input, now: Now): Output[] {
    const { monotonic } = now;
    if (input.kind === 'direct-path') this.#setObstacle(input.obstacle, monotonic);
    if (input.kind === 'used') for (const address of input.peers) this.#noteUse(address, monotonic);
    if (input.kind === 'packet' && this.obstacle === undefined) this.#receive(input.packet, monotonic);
    if (input.kind === 'unknown-home-address' && this.obstacle === undefined) {
      this.#answerUnknown(input.source, input.destination, input.homeAddress, monotonic);
    }
    this.#step(monotonic);
    return this.#outbox.drain();
  }

  nextWake(): number {
    return this.cache.nextDue();
  }

  /** What the forwarding state is computed from. */
  view(): CorrespondentView {
    const peers = [...this.cache.peers()].map(peer => ({
      ownAddress: peer.ownAddress,
      homeAddress: peer.homeAddress,
      careOfAddresses: [...peer.bindings.values()].map(binding => binding.careOfAddress),
      active: primaryBinding(peer).careOfAddress,
      ...directFlows(peer),
    }));
    return { peers };
  }

  #setObstacle(obstacle: string | undefined, now: number): void {
    this.obstacle = obstacle;
    if (obstacle === undefined) return;
    for (const peer of [...this.cache.peers()]) this.#removeAll(peer, 'route optimisation is off', now);
  }

  #noteUse(homeAddress: Address, now: number): void {
    for (const peer of this.cache.peers()) {
      if (!equalAddress(peer.homeAddress, homeAddress)) continue;
      for (const binding of peer.bindings.values()) this.#use(binding, now);
    }
  }

  #use(binding: Binding, now: number): void {
    binding.usedAt = now;
    this.#unreachable.forget(binding);
    this.cache.schedule(binding);
  }

  #receive(packet: ReceivedPacket, now: number): void {
    if (packet.nextHeader === NextHeader.icmpv6) {
      const binding = this.#unreachable.receive(packet, this.cache, now);
      if (binding !== undefined) this.cache.remove(binding, 'cannot be reached', now);
      return;
    }
    const reception = receive(packet, this.#dialect.codec);
    if (reception.kind === 'ignored') {
      this.#receiveData(packet, now);
      return;
    }
    if (reception.kind === 'bad') {
      this.#outbox.drop(reception.reason, packet, now);
      if (reception.answer !== undefined) this.#sendError(reception.answer, packet, now);
      return;
    }
    const reason = isUnicast(packet.source)
      ? this.#dispatch(reception.received, packet, now)
      : 'source-not-unicast';
    if (reason !== undefined) this.#outbox.drop(reason, packet, now);
  }

  /** Returns why the message was not taken. */
  #dispatch(received: ReceivedMobility, packet: ReceivedPacket, now: number): string | undefined {
    const { message } = received;
    switch (message.kind) {
      case 'home-test-init':
      case 'care-of-test-init':
        if (received.homeAddress !== undefined) return 'test-init-with-home-address';
        if (!this.#tests.allow(now)) return 'test-init-too-many';
        this.#outbox.send(emitTest(received, message, this.#nonces, this.#dialect, now), received.source);
        return undefined;
      case 'binding-update':
        return this.#receiveUpdate(received, message, now);
      case 'binding-error':
        this.counters.add(`binding-error-${message.status}`);
        return undefined;
      case 'home-test':
      case 'care-of-test':
      case 'binding-acknowledgement':
      case 'binding-refresh-request':
      case 'heartbeat':
        return 'unexpected-message';
      default:
        this.#sendError(emitUnrecognizedType(received, this.#dialect), packet, now);
        return 'unrecognized-mh-type';
    }
  }

  /** RFC 6275 §9.3.1: a Home Address option in other packets needs a binding with both addresses. */
  #receiveData({ source, destination, nextHeader, bytes }: ReceivedPacket, now: number): void {
    const chain = parseEnvelope(nextHeader, bytes, 0, bytes.length, source, destination);
    if (!chain.ok || chain.value.homeAddress === undefined || !isUnicast(source)) return;
    const { homeAddress, protocol } = chain.value;
    if (protocol === ESP || protocol === NextHeader.mobility) return;
    const peer = this.cache.find(destination, homeAddress);
    const binding = peer && withAddress(peer, source);
    if (binding !== undefined) {
      this.#use(binding, now);
      return;
    }
    this.#answerUnknown(source, destination, homeAddress, now);
  }

  /** RFC 6275 §9.3.3: at the pace of all answers to what nobody has authenticated. */
  #answerUnknown(source: Address, destination: Address, homeAddress: Address, now: number): void {
    this.counters.add('home-address-without-binding');
    if (!isUnicast(source) || !this.#errors.allow(now)) return;
    this.#outbox.send(emitUnknownBinding(source, destination, homeAddress), source);
  }

  #sendError(answer: Uint8Array, { source }: ReceivedPacket, now: number): void {
    if (this.#errors.allow(now)) this.#outbox.send(answer, source);
  }

  #receiveUpdate(received: ReceivedMobility, message: BindingUpdate, now: number): string | undefined {
    if (!this.#updates.allow(now)) return 'binding-update-too-many';
    const admission = admit(received, message, this.#examiner, now);
    if (admission.kind === 'discarded') return admission.reason;
    if (admission.kind === 'rejected') {
      const { status, proven, reason } = admission;
      const known = this.cache.find(received.destination, received.homeAddress ?? received.source);
      const sequence = status === STATUS.sequenceOutOfWindow ? known?.sequence : undefined;
      const fields = { status, sequence: sequence ?? message.sequence, lifetime: 0 };
      if (this.#errors.allow(now)) this.#acknowledge(received, message, proven, fields);
      return reason;
    }
    const { proven } = admission;
    const { identifiers } = this.#dialect;
    const plan = planRegistration(received, message, proven, this.cache, this.config, identifiers);
    const result = this.#carryOut(plan, received, message, proven, now);
    const demanded =
      identifiers.draft && this.config.multiple && identifiers.read(message.options).length > 0;
    if (message.acknowledge || demanded || result.status >= STATUS.unspecified) {
      this.#acknowledge(received, message, proven, { ...result, sequence: message.sequence });
    }
    return undefined;
  }

  #acknowledge(
    received: ReceivedMobility,
    message: BindingUpdate,
    proven: Proven | undefined,
    fields: Omit<AcknowledgementFields, 'identified'>,
  ): void {
    const identified = this.config.multiple;
    const packet = emitAcknowledgement(received, message, proven, { ...fields, identified }, this.#dialect);
    this.#outbox.send(packet, received.source);
  }

  #carryOut(
    plan: Plan,
    { destination }: ReceivedMobility,
    message: BindingUpdate,
    { homeAddress, nonces }: Proven,
    now: number,
  ): Omit<AcknowledgementFields, 'identified' | 'sequence'> {
    const { sequence } = message;
    const known = this.cache.find(destination, homeAddress);
    if (known !== undefined) known.sequence = sequence;
    switch (plan.kind) {
      case 'refuse':
        this.counters.add(`refused-${plan.status}`);
        return { status: plan.status, lifetime: 0 };
      case 'remove':
        for (const bid of plan.bids) this.cache.remove(known!.bindings.get(bid)!, 'left', now);
        return { status: STATUS.accepted, lifetime: 0, flows: this.#settleFlows(known, message) };
      case 'register': {
        const { registration, replaced } = plan;
        const isNew = known?.bindings.has(registration.bid) !== true;
        if (isNew && replaced.length === 0 && !this.cache.makeRoom(now)) {
          this.counters.add(`refused-${STATUS.insufficientResources}`);
          return { status: STATUS.insufficientResources, lifetime: 0 };
        }
        const peer = known ?? { ownAddress: destination, homeAddress, sequence, nonces, bindings: new Map() };
        peer.nonces = nonces;
        this.cache.register(peer, registration, now);
        for (const bid of replaced) this.cache.remove(peer.bindings.get(bid)!, 'replaced', now);
        const replacedRegular = replaced.includes(0);
        const flows = this.#settleFlows(peer, message);
        return { status: STATUS.accepted, lifetime: registration.lifetime, replacedRegular, flows };
      }
    }
  }

  /** With its last binding a node has left, and its flow bindings with it (RFC 6089 §5.2.5). */
  #settleFlows(peer: Peer | undefined, { options }: BindingUpdate): readonly MobilityOption[] {
    if (peer === undefined || peer.bindings.size === 0) return [];
    const limit = this.#isMobile(peer.ownAddress) ? 0 : this.config.maxFlows;
    return updatePeerFlows(peer, options, limit, this.#outbox);
  }

  #removeAll({ bindings }: Peer, why: string, now: number): void {
    for (const binding of [...bindings.values()]) this.cache.remove(binding, why, now);
  }

  /** Ends what has expired and asks for what is about to. */
  #step(now: number): void {
    for (let binding = this.cache.takeDue(now); binding !== undefined; binding = this.cache.takeDue(now)) {
      if (binding.expiresAt <= now) {
        this.cache.remove(binding, 'expired', now);
        continue;
      }
      this.#askForRefresh(binding, now);
      this.cache.schedule(binding);
    }
  }

  /** RFC 6275 §9.5.5: only while packets go that way, at most three times with growing pauses. */
  #askForRefresh(binding: Binding, now: number): void {
    const isUsed = binding.usedAt > binding.updatedAt + (binding.expiresAt - binding.updatedAt) / 2;
    const pause = REQUEST_PAUSE * 2 ** binding.requests;
    binding.requestAt = now + pause;
    if (!isUsed) return;
    binding.requests += 1;
    if (binding.requests >= MAX_REQUESTS) binding.requestAt = Number.POSITIVE_INFINITY;
    this.#outbox.send(emitRefreshRequest(binding, this.#dialect), binding.peer.homeAddress);
  }
}

function withAddress({ bindings }: Peer, careOfAddress: Address): Binding | undefined {
  for (const binding of bindings.values()) {
    if (equalAddress(binding.careOfAddress, careOfAddress)) return binding;
  }
  return undefined;
}

function isUnicast(address: Address): boolean {
  return !isMulticast(address) && !isUnspecified(address);
}

/** Whether a message is a correspondent's business on a host that is a home agent as well. */
export function isForCorrespondent({ message }: ReceivedMobility): boolean {
  switch (message.kind) {
    case 'home-test-init':
    case 'care-of-test-init':
      return true;
    case 'binding-update':
      return !message.homeRegistration && findOption(message.options, 'nonce-indices') !== undefined;
    default:
      return false;
  }
}

/** Answers, and what tells of a binding: a correspondent gets none of them. */
export function isForMobileNode({ message: { kind } }: ReceivedMobility): boolean {
  return (
    kind === 'home-test' ||
    kind === 'care-of-test' ||
    kind === 'binding-acknowledgement' ||
    kind === 'binding-refresh-request' ||
    kind === 'binding-error'
  );
}
