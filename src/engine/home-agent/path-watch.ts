/** The home agent's end of path probing, and what becomes of bindings that nobody refreshes. */
import { type Address, equalAddress, formatAddress } from '../../wire/address.ts';
import type { Heartbeat } from '../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitHeartbeat, type HeartbeatFields } from '../heartbeat.ts';
import { receiveIcmpv6Error } from '../invoking-packet.ts';
import type { Outbox } from '../outbox.ts';
import type { PathState } from '../path-prober.ts';
import { RateLimit } from '../rate-limit.ts';
import type { ReceivedPacket } from '../types.ts';
import { homeAddressOf } from './admission.ts';
import type { BindingCache } from './binding-cache.ts';
import type { Binding, MobileNode } from './mobile-node.ts';
import { askAt, askFor } from './refresh-request.ts';

/** ICMPv6 errors that are looked at: a second, and how many at once. Each costs a search through all bindings. */
const ERROR_RATE = 1;
const ERROR_BURST = 10;

/** Times are monotonic, milliseconds. */
export class PathWatch {
  readonly #address: Address;
  readonly #cache: BindingCache;
  readonly #outbox: Outbox;
  readonly #errors = new RateLimit(ERROR_RATE, ERROR_BURST);

  /** @param address of the home agent */
  constructor(address: Address, cache: BindingCache, outbox: Outbox) {
    this.#address = address;
    this.#cache = cache;
    this.#outbox = outbox;
  }

  /** Whatever is due. */
  step(now: number): void {
    for (let due = this.#cache.takeDue(now); due !== undefined; due = this.#cache.takeDue(now)) {
      this.attend(...due, now);
    }
  }

  /** Expires, asks for or probes one binding, as its time has come. */
  attend(node: MobileNode, binding: Binding, now: number): void {
    if (binding.expiresAt <= now) {
      this.#cache.remove(node, binding.bid, 'expired');
      if (node.bindings.size === 0) node.flows = undefined;
      this.#cache.rechoose(node);
      this.#cache.save(node);
      return;
    }
    if (askAt(binding) <= now) askFor(this.#address, node, binding, this.#outbox);
    const before = binding.prober.state;
    while (!binding.home) {
      const sequence = binding.prober.poll(now, node.answers);
      if (sequence === undefined) break;
      this.#send(node, binding, { response: false, sequence });
    }
    this.#changed(node, binding, before);
    this.#cache.schedule(binding);
  }

  /**
   * draft-ietf-monami6-multiplecoa-00 §3.2: an ICMPv6 Destination Unreachable about a care-of address. Anybody can send
   * one, so it does no more than to have the path probed.
   */
  receiveError(packet: ReceivedPacket, now: number): void {
    if (!this.#errors.allow(now)) return;
    const error = receiveIcmpv6Error(packet);
    if (error?.kind !== 'destination-unreachable') return;
    const { source, destination } = error.invoking;
    if (!equalAddress(source, this.#address)) return;
    for (const binding of this.#cache.bindings()) {
      if (!equalAddress(binding.careOfAddress, destination)) continue;
      binding.prober.suspect(now);
      this.#cache.schedule(binding);
    }
  }

  /**
   * A Binding Error of status 2: the node knows no Heartbeats. Nobody signs it, so it counts as long as nothing else is known.
   */
  refused(homeAddress: Address, now: number): void {
    const node = this.#cache.find(homeAddress);
    if (node === undefined || node.answers) return;
    for (const binding of node.bindings.values()) {
      binding.prober.giveUp(now);
      this.#cache.schedule(binding);
    }
  }

  /** Returns why the heartbeat was not taken. */
  receive(received: ReceivedMobility, message: Heartbeat, now: number): string | undefined {
    const homeAddress = homeAddressOf(received);
    const node = this.#cache.find(homeAddress);
    const bid = node?.dialect.identifiers.read(message.options)[0]?.bid ?? 0;
    const binding = node?.bindings.get(bid);
    if (node === undefined || binding === undefined || binding.home) return 'heartbeat-unknown-binding';
    if (node.association !== undefined) {
      const verdict = node.association.verify(received, [binding.careOfAddress], homeAddress);
      if (verdict !== 'authentic') return `heartbeat-${verdict}`;
    }
    if (message.response) {
      const before = binding.prober.state;
      if (!binding.prober.answer(message.sequence, now)) return 'heartbeat-unmatched';
      node.answers = true;
      this.#changed(node, binding, before);
    } else {
      const ahead = binding.heartbeat === undefined ? 1 : (message.sequence - binding.heartbeat) | 0;
      if (ahead <= 0) return 'heartbeat-replayed';
      binding.heartbeat = message.sequence;
      this.#send(node, binding, { response: true, sequence: message.sequence });
      binding.prober.heard(now);
    }
    this.#cache.schedule(binding);
    return undefined;
  }

  #changed(node: MobileNode, binding: Binding, before: PathState): void {
    const { state } = binding.prober;
    if (state === before) return;
    const careOfAddress = formatAddress(binding.careOfAddress);
    const text = state === 'dead' ? `no answers from ${careOfAddress}` : `${careOfAddress} answers`;
    const level = state === 'dead' ? 'warning' : 'notice';
    this.#cache.tell(level, `path-${state}`, node, text, { bid: binding.bid, careOfAddress });
    this.#cache.rechoose(node);
    this.#cache.save(node);
  }

  #send(node: MobileNode, { careOfAddress, bid }: Binding, fields: HeartbeatFields): void {
    const { homeAddress } = node.peer;
    const packet = emitHeartbeat(
      {
        outerSource: this.#address,
        outerDestination: careOfAddress,
        innerSource: this.#address,
        innerDestination: homeAddress,
        careOfAddress,
        homeAddress,
        bid,
      },
      fields,
      node.association,
      node.dialect,
    );
    this.#outbox.send(packet, careOfAddress);
  }
}
