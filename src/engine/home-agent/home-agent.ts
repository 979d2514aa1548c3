/** The home agent (RFC 6275 §10, RFC 3963 §6, RFC 5648 §6): keeps the Binding Cache and answers for it. */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { type Address, equalAddress, isMulticast, isUnspecified } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitUnrecognizedType } from '../binding-error.ts';
import { type CreateHmac, createHmac } from '../hmac.ts';
import { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import { receive } from '../receive.ts';
import type { Input, JsonObject, Now, Output, ReceivedPacket, Role } from '../types.ts';
import type { AnchorNode, HomeAgentView } from '../view.ts';
import { admit, type BindingUpdate } from './admission.ts';
import { type AcknowledgementFields, emitAcknowledgement } from './answers.ts';
import { BindingCache } from './binding-cache.ts';
import type { MobileNode } from './mobile-node.ts';
import { PathWatch } from './path-watch.ts';
import { type BindingRequest, type Plan, planRegistration } from './registration.ts';

/** Answers to messages that nobody has authenticated: a second, and how many at once. */
const ERROR_RATE = 10;
const ERROR_BURST = 20;

export class HomeAgent implements Role {
  readonly config: HomeAgentConfig;
  readonly cache: BindingCache;
  readonly icmpv6Types: readonly number[] = [];

  readonly #outbox = new Outbox();
  readonly #watch: PathWatch;
  readonly #errors = new RateLimit(ERROR_RATE, ERROR_BURST);

  /** @param records what a previous life of the process has left, by key */
  constructor(
    config: HomeAgentConfig,
    now: Now,
    records: ReadonlyMap<string, JsonObject> = new Map(),
    hmac: CreateHmac = createHmac,
  ) {
    this.config = config;
    this.cache = new BindingCache(config, now.monotonic, records, this.#outbox, hmac);
    this.#watch = new PathWatch(config.address, this.cache, this.#outbox);
  }

  get counters() {
    return this.#outbox.counters;
  }

  /** Uplinks and preferences are a mobile router's; an orderly end leaves nothing to say to the nodes. */
  handle(input: Input, now: Now): Output[] {
    if (input.kind === 'packet') this.#receive(input.packet, now);
    this.#watch.step(now.monotonic);
    return this.#outbox.drain();
  }

  nextWake(): number {
    return this.cache.nextDue();
  }

  /** What the forwarding state is computed from. */
  view(): HomeAgentView {
    return { address: this.config.address, nodes: [...this.cache.nodes()].map(viewOf) };
  }

  /** The same of one node. */
  viewOf(homeAddress: Address): AnchorNode | undefined {
    const node = this.cache.find(homeAddress);
    return node && viewOf(node);
  }

  #receive(packet: ReceivedPacket, now: Now): void {
    const reception = receive(packet);
    if (reception.kind === 'ignored') return;
    if (reception.kind === 'bad') {
      this.#outbox.drop(reception.reason, packet, now.monotonic);
      if (reception.answer !== undefined) this.#sendError(reception.answer, packet, now);
      return;
    }
    const { received } = reception;
    if (!equalAddress(received.destination, this.config.address)) return;
    const reason =
      isMulticast(received.source) || isUnspecified(received.source)
        ? 'source-not-unicast'
        : this.#dispatch(received, packet, now);
    if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
  }

  /** Returns why the message was not taken. */
  #dispatch(received: ReceivedMobility, packet: ReceivedPacket, now: Now): string | undefined {
    const { message } = received;
    switch (message.kind) {
      case 'binding-update':
        return this.#receiveUpdate(received, message, now);
      case 'heartbeat':
        return this.#watch.receive(received, message, now.monotonic);
      case 'binding-error':
        this.counters.add(`binding-error-${message.status}`);
        return undefined;
      case 'binding-acknowledgement':
      case 'binding-refresh-request':
        return 'unexpected-message';
      default:
        this.#sendError(emitUnrecognizedType(received), packet, now);
        return 'unrecognized-mh-type';
    }
  }

  #sendError(answer: Uint8Array, { source }: ReceivedPacket, now: Now): void {
    if (this.#errors.allow(now.monotonic)) this.#outbox.send(answer, source);
  }

  #receiveUpdate(received: ReceivedMobility, message: BindingUpdate, now: Now): string | undefined {
    const admission = admit(received, message, this.cache, now);
    if (admission.kind === 'discarded') return admission.reason;
    const { node } = admission;
    const acknowledge = (fields: AcknowledgementFields) => {
      this.#outbox.send(emitAcknowledgement(received, message, node, fields, now), received.source);
    };
    if (admission.kind === 'rejected') {
      // What anybody can send must not use up the answers that the genuine node needs to correct itself.
      const limit = admission.status === STATUS.authenticationFailed ? this.#errors : node.rejections;
      if (limit.allow(now.monotonic)) acknowledge({ status: admission.status, lifetime: 0, requests: [] });
      return admission.reason;
    }
    node.sequence = message.sequence;
    node.updatedAt = now.monotonic;
    node.timestamp = findOption(message.options, 'message-id') ?? node.timestamp;
    const fields = this.#carryOut(planRegistration(received, message, node), message, node, now.monotonic);
    this.cache.rechoose(node);
    acknowledge(fields);
    this.cache.save(node);
    for (const binding of node.bindings.values()) this.#watch.attend(node, binding, now.monotonic);
    return undefined;
  }

  /** Changes the bindings and returns what the acknowledgement has to say. */
  #carryOut(plan: Plan, message: BindingUpdate, node: MobileNode, now: number): AcknowledgementFields {
    switch (plan.kind) {
      case 'refuse': {
        const { status } = plan;
        this.counters.add(`refused-${status}`);
        this.cache.tell('warning', 'binding-refused', node, `refused with status ${status}`, { status });
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
    const status = overallStatus(plan.requests);
    const requests = plan.requests.length > 1 ? plan.requests : [];
    const accepted = plan.requests.filter(request => request.status === 0);
    if (accepted.length === 0) return { status, lifetime: 0, requests };
    const lifetime = Math.min(message.lifetime, this.config.maxLifetime);
    if (plan.replace) {
      for (const bid of [...node.bindings.keys()]) {
        if (!accepted.some(request => request.bid === bid)) this.cache.remove(node, bid, 'replaced');
      }
    }
    for (const request of accepted) this.cache.register(node, request, lifetime, now);
    this.cache.serve(node, message.mobileRouter === true, plan.prefixes);
    return { status, lifetime, requests };
  }
}

function viewOf(node: MobileNode): AnchorNode {
  return {
    name: node.peer.name,
    homeAddress: node.peer.homeAddress,
    prefixes: node.prefixes,
    authorisedPrefixes: node.peer.prefixes,
    bindings: [...node.bindings.values()].map(({ bid, careOfAddress }) => ({ bid, careOfAddress })),
    active: node.active?.bid,
  };
}

/** RFC 5648 §6.2: the message's own status, unless the bindings of a bulk registration differ. */
function overallStatus(requests: readonly BindingRequest[]): number {
  if (requests.length === 1) return requests[0]!.status;
  return requests.every(request => request.status === 0) ? STATUS.accepted : STATUS.notComplete;
}
