/** The home agent (RFC 6275 §10, RFC 3963 §6, RFC 5648 §6): keeps the Binding Cache and answers for it. */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { equalAddress, formatAddress, isMulticast, isUnspecified } from '../../wire/address.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { Agenda } from '../agenda.ts';
import { SecurityAssociation } from '../authentication.ts';
import { emitUnrecognizedType } from '../binding-error.ts';
import { Counters } from '../counters.ts';
import { emitHeartbeat, type HeartbeatFields } from '../heartbeat.ts';
import { PathProber, type PathState } from '../path-prober.ts';
import { PROBE_PROFILES } from '../probe-profile.ts';
import { RateLimit } from '../rate-limit.ts';
import { receive } from '../receive.ts';
import type { Input, JsonObject, Level, Now, Output, ReceivedPacket, Role } from '../types.ts';
import type { HomeAgentView } from '../view.ts';
import { admit, type BindingUpdate, homeAddressOf } from './admission.ts';
import { emitAcknowledgement } from './answers.ts';
import {
  type Binding,
  BindingCache,
  bindingWithAddress,
  chooseBinding,
  type MobileNode,
} from './binding-cache.ts';
import { nodeKey, restoreNode, saveNode } from './records.ts';
import { type BindingRequest, type Plan, planRegistration } from './registration.ts';
import { STATUS } from './status.ts';

/** Answers to messages that change nothing, a second, and how many at once. */
const ERROR_RATE = 10;
const ERROR_BURST = 20;

export class HomeAgent implements Role {
  readonly config: HomeAgentConfig;
  readonly cache = new BindingCache();
  readonly counters = new Counters();

  readonly #agenda = new Agenda<Binding>();
  readonly #owner = new Map<Binding, MobileNode>();
  readonly #errors = new RateLimit(ERROR_RATE, ERROR_BURST);
  readonly #dropLog = new RateLimit(0.2, 5);
  #output: Output[] = [];

  /** @param records what a previous life of the process has left, by key */
  constructor(config: HomeAgentConfig, now: Now, records: ReadonlyMap<string, JsonObject> = new Map()) {
    this.config = config;
    for (const peer of config.peers) {
      const node: MobileNode = {
        peer,
        association: peer.auth.kind === 'rfc4285' ? new SecurityAssociation(peer.auth) : undefined,
        bindings: new Map(),
        mobileRouter: false,
        prefixes: [],
        sequence: undefined,
        timestamp: undefined,
        answers: false,
        rejections: new RateLimit(ERROR_RATE, ERROR_BURST),
        active: undefined,
      };
      this.cache.add(node);
      const record = records.get(nodeKey(node));
      if (record !== undefined) this.#adopt(node, record, now.monotonic);
    }
  }

  handle(input: Input, now: Now): Output[] {
    switch (input.kind) {
      case 'packet':
        this.#receive(input.packet, now);
        break;
      case 'timer':
        break;
      default:
        // Uplinks and preferences are a mobile router's; an orderly end leaves nothing to say to the nodes.
        break;
    }
    for (
      let binding = this.#agenda.take(now.monotonic);
      binding;
      binding = this.#agenda.take(now.monotonic)
    ) {
      this.#attend(binding, now.monotonic);
    }
    const output = this.#output;
    this.#output = [];
    return output;
  }

  nextWake(): number {
    return this.#agenda.next();
  }

  /** What the forwarding state is computed from. */
  view(): HomeAgentView {
    const nodes = [...this.cache.nodes()].map(node => ({
      name: node.peer.name,
      homeAddress: node.peer.homeAddress,
      prefixes: node.prefixes,
      authorisedPrefixes: node.peer.prefixes,
      bindings: [...node.bindings.values()].map(({ bid, careOfAddress }) => ({ bid, careOfAddress })),
      active: node.active?.bid,
    }));
    return { address: this.config.address, nodes };
  }

  #adopt(node: MobileNode, record: JsonObject, now: number): void {
    restoreNode(node, record, now, state => this.#newProber(now, state));
    for (const binding of node.bindings.values()) this.#track(node, binding);
    chooseBinding(node);
  }

  #receive(packet: ReceivedPacket, now: Now): void {
    const reception = receive(packet);
    if (reception.kind === 'ignored') return;
    if (reception.kind === 'bad') {
      this.#drop(reception.reason, packet, now);
      if (reception.answer !== undefined && this.#errors.allow(now.monotonic)) {
        this.#output.push({ kind: 'send', packet: reception.answer, destination: packet.source });
      }
      return;
    }
    const { received } = reception;
    if (!equalAddress(received.destination, this.config.address)) return;
    if (isMulticast(received.source) || isUnspecified(received.source)) {
      this.#drop('source-not-unicast', packet, now);
      return;
    }
    const reason = this.#dispatch(received, now);
    if (reason !== undefined) this.#drop(reason, packet, now);
  }

  /** Returns why the message was not taken. */
  #dispatch(received: ReceivedMobility, now: Now): string | undefined {
    const { message } = received;
    switch (message.kind) {
      case 'binding-update':
        return this.#receiveUpdate(received, message, now);
      case 'heartbeat':
        return this.#receiveHeartbeat(received, now.monotonic);
      case 'opaque':
        if (this.#errors.allow(now.monotonic)) {
          this.#output.push({
            kind: 'send',
            packet: emitUnrecognizedType(received),
            destination: received.source,
          });
        }
        return 'unrecognized-mh-type';
      case 'binding-error':
        this.counters.add(`binding-error-${message.status}`);
        return undefined;
      default:
        return 'unexpected-message';
    }
  }

  #receiveUpdate(received: ReceivedMobility, message: BindingUpdate, now: Now): string | undefined {
    const admission = admit(received, message, this.cache, now);
    if (admission.kind === 'discarded') return admission.reason;
    const { node } = admission;
    if (admission.kind === 'rejected') {
      // What anybody can send must not use up the answers that the genuine node needs to correct itself.
      const forged = admission.status === STATUS.authenticationFailed;
      if ((forged ? this.#errors : node.rejections).allow(now.monotonic)) {
        this.#acknowledge(
          received,
          message,
          node,
          { status: admission.status, lifetime: 0, requests: [] },
          now,
        );
      }
      return admission.reason;
    }
    node.sequence = message.sequence;
    node.timestamp = findOption(message.options, 'message-id') ?? node.timestamp;
    const plan = planRegistration(received, message, node);
    this.#carryOut(plan, received, message, node, now);
    return undefined;
  }

  #carryOut(
    plan: Plan,
    received: ReceivedMobility,
    message: BindingUpdate,
    node: MobileNode,
    now: Now,
  ): void {
    let status: number = STATUS.accepted;
    let lifetime = 0;
    let requests: readonly BindingRequest[] = [];
    if (plan.kind === 'refuse') {
      status = plan.status;
      this.counters.add(`refused-${status}`);
      this.#event('warning', 'binding-refused', `${node.peer.name}: refused with status ${status}`, node, {
        status,
      });
    } else if (plan.kind === 'remove') {
      for (const bid of plan.bids === 'all' ? [...node.bindings.keys()] : plan.bids)
        this.#remove(node, bid, 'left');
    } else {
      lifetime = Math.min(message.lifetime, this.config.maxLifetime);
      const accepted = plan.requests.filter(request => request.status === 0);
      if (plan.replace && accepted.length > 0) {
        for (const bid of [...node.bindings.keys()]) {
          if (!accepted.some(request => request.bid === bid)) this.#remove(node, bid, 'replaced');
        }
      }
      for (const request of accepted) this.#register(node, request, lifetime, now.monotonic);
      if (accepted.length > 0) {
        node.mobileRouter = message.mobileRouter;
        node.prefixes = plan.prefixes;
      } else {
        lifetime = 0;
      }
      status = overallStatus(plan.requests);
      requests = plan.requests.length > 1 ? plan.requests : [];
    }
    this.#rechoose(node);
    this.#output.push({ kind: 'forwarding' });
    this.#acknowledge(received, message, node, { status, lifetime, requests }, now);
    this.#save(node);
    for (const binding of node.bindings.values()) this.#attend(binding, now.monotonic);
  }

  #register(node: MobileNode, request: BindingRequest, lifetime: number, now: number): void {
    const { bid, careOfAddress, priority } = request;
    const twin = bindingWithAddress(node, careOfAddress, bid);
    if (twin !== undefined) this.#remove(node, twin.bid, 'renumbered');
    const existing = node.bindings.get(bid);
    const expiresAt = now + lifetime * 1000;
    if (existing !== undefined && equalAddress(existing.careOfAddress, careOfAddress)) {
      Object.assign(existing, { priority, lifetime, expiresAt, heartbeat: undefined });
      existing.prober.hurry(now);
      return;
    }
    if (existing !== undefined) this.#forget(node, existing);
    const prober = this.#newProber(now, 'unknown');
    const binding: Binding = {
      bid,
      careOfAddress,
      priority,
      lifetime,
      expiresAt,
      prober,
      heartbeat: undefined,
    };
    node.bindings.set(bid, binding);
    this.#track(node, binding);
    const address = formatAddress(careOfAddress);
    this.#event(
      'notice',
      'binding-registered',
      `${node.peer.name}: ${address} registered for ${lifetime} s`,
      node,
      {
        bid,
        careOfAddress: address,
        lifetime,
      },
    );
  }

  #remove(node: MobileNode, bid: number, why: string): void {
    const binding = node.bindings.get(bid);
    if (binding === undefined) return;
    this.#forget(node, binding);
    const careOfAddress = formatAddress(binding.careOfAddress);
    this.#event('notice', 'binding-removed', `${node.peer.name}: ${careOfAddress} ${why}`, node, {
      bid,
      careOfAddress,
      why,
    });
  }

  #forget(node: MobileNode, binding: Binding): void {
    node.bindings.delete(binding.bid);
    this.#owner.delete(binding);
    this.#agenda.delete(binding);
  }

  #track(node: MobileNode, binding: Binding): void {
    this.#owner.set(binding, node);
    this.#schedule(binding);
  }

  #schedule(binding: Binding): void {
    this.#agenda.set(binding, Math.min(binding.expiresAt, binding.prober.nextWake()));
  }

  /** Expiry and probing of one binding. */
  #attend(binding: Binding, now: number): void {
    const node = this.#owner.get(binding);
    if (node === undefined) return;
    if (binding.expiresAt <= now) {
      this.#remove(node, binding.bid, 'expired');
      this.#rechoose(node);
      this.#output.push({ kind: 'forwarding' });
      this.#save(node);
      return;
    }
    const before = binding.prober.state;
    for (;;) {
      const sequence = binding.prober.poll(now, node.answers);
      if (sequence === undefined) break;
      this.#sendHeartbeat(node, binding, { response: false, sequence });
    }
    this.#pathChanged(node, binding, before);
    this.#schedule(binding);
  }

  #receiveHeartbeat(received: ReceivedMobility, now: number): string | undefined {
    const { message } = received;
    if (message.kind !== 'heartbeat') return 'unexpected-message';
    const homeAddress = homeAddressOf(received);
    const node = this.cache.find(homeAddress);
    const bid = findOption(message.options, 'binding-identifier')?.bid ?? 0;
    const binding = node?.bindings.get(bid);
    if (node === undefined || binding === undefined) return this.#countOnly('heartbeat-unknown-binding');
    if (node.association !== undefined) {
      const verdict = node.association.verify(received, [binding.careOfAddress], homeAddress);
      if (verdict !== 'authentic') return `heartbeat-${verdict}`;
    }
    if (message.response) {
      const before = binding.prober.state;
      if (!binding.prober.answer(message.sequence, now)) return this.#countOnly('heartbeat-unmatched');
      node.answers = true;
      this.#pathChanged(node, binding, before);
    } else {
      const ahead = binding.heartbeat === undefined ? 1 : (message.sequence - binding.heartbeat) | 0;
      if (ahead <= 0) return 'heartbeat-replayed';
      binding.heartbeat = message.sequence;
      this.#sendHeartbeat(node, binding, { response: true, sequence: message.sequence });
      binding.prober.heard(now);
    }
    this.#schedule(binding);
    return undefined;
  }

  #pathChanged(node: MobileNode, binding: Binding, before: PathState): void {
    const { state } = binding.prober;
    if (state === before) return;
    const address = formatAddress(binding.careOfAddress);
    const text = state === 'dead' ? `no answers from ${address}` : `${address} answers`;
    this.#event(
      state === 'dead' ? 'warning' : 'notice',
      `path-${state}`,
      `${node.peer.name}: ${text}`,
      node,
      {
        bid: binding.bid,
        careOfAddress: address,
      },
    );
    if (this.#rechoose(node)) this.#output.push({ kind: 'forwarding' });
    this.#save(node);
  }

  #rechoose(node: MobileNode): boolean {
    if (!chooseBinding(node)) return false;
    const { active } = node;
    const address = active === undefined ? null : formatAddress(active.careOfAddress);
    const text = address === null ? 'has no binding left' : `is reached over ${address}`;
    this.#event('notice', 'active-binding', `${node.peer.name} ${text}`, node, {
      bid: active?.bid ?? null,
      careOfAddress: address,
    });
    return true;
  }

  #sendHeartbeat(node: MobileNode, binding: Binding, fields: HeartbeatFields): void {
    const { careOfAddress, bid } = binding;
    const { homeAddress } = node.peer;
    const { address } = this.config;
    const packet = emitHeartbeat(
      {
        outerSource: address,
        outerDestination: careOfAddress,
        innerSource: address,
        innerDestination: homeAddress,
        careOfAddress,
        homeAddress,
        bid,
      },
      fields,
      node.association,
    );
    this.#output.push({ kind: 'send', packet, destination: careOfAddress });
  }

  #acknowledge(
    received: ReceivedMobility,
    message: BindingUpdate,
    node: MobileNode,
    fields: { status: number; lifetime: number; requests: readonly BindingRequest[] },
    now: Now,
  ): void {
    const packet = emitAcknowledgement(received, message, node, fields, now);
    this.#output.push({ kind: 'send', packet, destination: received.source });
  }

  #save(node: MobileNode): void {
    this.#output.push({ kind: 'record', key: nodeKey(node), value: saveNode(node) });
  }

  /** What happens in the normal course of things, e.g. after a restart, is not worth a line in the log. */
  #countOnly(reason: string): undefined {
    this.counters.add(reason);
    return undefined;
  }

  #drop(reason: string, packet: ReceivedPacket, now: Now): void {
    this.counters.add(reason);
    if (!this.#dropLog.allow(now.monotonic)) return;
    const source = formatAddress(packet.source);
    const event = {
      level: 'warning',
      name: 'message-dropped',
      text: `dropped a message from ${source}: ${reason}`,
      data: { reason, source },
    } as const;
    this.#output.push({ kind: 'event', event });
  }

  #event(level: Level, name: string, text: string, node: MobileNode, data: JsonObject): void {
    this.#output.push({
      kind: 'event',
      event: { level, name, text, data: { peer: node.peer.name, ...data } },
    });
  }

  #newProber(now: number, state: PathState): PathProber {
    return new PathProber(PROBE_PROFILES[this.config.probe], now, state);
  }
}

/** RFC 5648 §6.2: the message's own status, unless the bindings of a bulk registration differ. */
function overallStatus(requests: readonly BindingRequest[]): number {
  if (requests.length === 1) return requests[0]!.status;
  return requests.every(request => request.status === 0) ? STATUS.accepted : STATUS.notComplete;
}
