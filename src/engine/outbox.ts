/** What a role puts out while it handles one input, and its counters: the same for every role. */
import { type Address, formatAddress } from '../wire/address.ts';
import { Counters } from './counters.ts';
import { RateLimit } from './rate-limit.ts';
import type { JsonObject, Level, Output, ReceivedPacket } from './types.ts';

/** Log lines about messages that were not taken: a second, and how many at once. */
const DROP_LOG_RATE = 0.2;
const DROP_LOG_BURST = 5;

export class Outbox {
  readonly counters = new Counters();
  #outputs: Output[] = [];
  /** Home addresses whose paths changed. */
  readonly #moved = new Set<Address>();
  readonly #dropLog = new RateLimit(DROP_LOG_RATE, DROP_LOG_BURST);

  /** Takes out what has gathered, in the order in which it must happen. */
  drain(): Output[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#moved.clear();
    return outputs;
  }

  /** @param device send out of this device only; '': of that which the source address leads to */
  send(packet: Uint8Array, destination: Address, device?: string): void {
    this.#outputs.push(
      device === undefined || device === ''
        ? { kind: 'send', packet, destination }
        : { kind: 'send', packet, destination, device },
    );
  }

  /** To a neighbour on the link of a device, whatever more specific routes say. */
  sendOnLink(packet: Uint8Array, destination: Address, device: string): void {
    this.#outputs.push({ kind: 'send', packet, destination, device, onLink: true });
  }

  /** The paths of this node changed: its forwarding state must be computed again, once for all changes. */
  forwarding(homeAddress: Address): void {
    if (this.#moved.has(homeAddress)) return;
    this.#moved.add(homeAddress);
    this.#outputs.push({ kind: 'forwarding', homeAddress });
  }

  record(key: string, value: JsonObject | undefined): void {
    this.#outputs.push({ kind: 'record', key, value });
  }

  delegation(changed: boolean): void {
    this.#outputs.push({ kind: 'delegation', changed });
  }

  event(level: Level, name: string, text: string, data: JsonObject): void {
    this.#outputs.push({ kind: 'event', event: { level, name, text, data } });
  }

  /**
   * A message was not taken. What happens in the normal course of things, e.g. after a restart, is counted only; the
   * rest is worth a line in the log, now and then.
   * @param now monotonic, milliseconds
   */
  drop(reason: string, { source }: ReceivedPacket, now: number): void {
    this.counters.add(reason);
    if (ORDINARY.has(reason) || !this.#dropLog.allow(now)) return;
    const from = formatAddress(source);
    this.event('warning', 'message-dropped', `dropped a message from ${from}: ${reason}`, {
      reason,
      source: from,
    });
  }
}

const ORDINARY: ReadonlySet<string> = new Set(['heartbeat-unmatched', 'heartbeat-unknown-binding']);
