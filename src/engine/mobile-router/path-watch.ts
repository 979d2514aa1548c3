/** The mobile router's end of path probing: heartbeats over every registered uplink. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import type { Heartbeat } from '../../wire/mobility-message.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { SecurityAssociation } from '../authentication.ts';
import { emitHeartbeat, type HeartbeatFields } from '../heartbeat.ts';
import type { Outbox } from '../outbox.ts';
import type { PathState } from '../path-prober.ts';
import { type Entry, isRegistered, usableCareOfAddress } from './binding-update-list.ts';
import type { Registrar } from './registrar.ts';

/** Times are monotonic, milliseconds. */
export class PathWatch {
  /** Some heartbeat has been answered: silence means something. */
  peerAnswers = false;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  readonly #registrar: Registrar;
  readonly #association: SecurityAssociation | undefined;
  readonly #outbox: Outbox;

  constructor(
    config: MobileRouterConfig,
    entries: readonly Entry[],
    registrar: Registrar,
    association: SecurityAssociation | undefined,
    outbox: Outbox,
  ) {
    this.#config = config;
    this.#entries = entries;
    this.#registrar = registrar;
    this.#association = association;
    this.#outbox = outbox;
  }

  nextWake(): number {
    const watched = this.#entries.filter(isRegistered);
    return Math.min(Number.POSITIVE_INFINITY, ...watched.map(entry => entry.prober.nextWake()));
  }

  /** Sends the probes that are due and notes the answers that did not come. */
  step(now: number): void {
    for (const entry of this.#entries) {
      if (!isRegistered(entry)) continue;
      const before = entry.prober.state;
      for (;;) {
        const sequence = entry.prober.poll(now, this.peerAnswers);
        if (sequence === undefined) break;
        this.#send(entry, { response: false, sequence });
      }
      this.#tell(entry, before);
      // Nobody else can speak for a dead path: perhaps the home agent has forgotten us, so introduce ourselves again.
      if (before !== 'dead' && entry.prober.state === 'dead' && !this.#registrar.anotherLives(entry)) {
        entry.binding!.refreshAt = now;
      }
    }
  }

  /** Returns why the heartbeat was not taken. */
  receive(received: ReceivedMobility, message: Heartbeat, now: number): string | undefined {
    const bid = findOption(message.options, 'binding-identifier')?.bid ?? 0;
    const entry = this.#entries.find(
      candidate => this.#registrar.bid(candidate) === bid && isRegistered(candidate),
    );
    if (entry === undefined) return 'heartbeat-unknown-binding';
    if (this.#association !== undefined) {
      const careOfAddress = usableCareOfAddress(entry)!;
      const verdict = this.#association.verify(received, [careOfAddress], this.#config.homeAddress);
      if (verdict !== 'authentic') return `heartbeat-${verdict}`;
    }
    if (!message.response) {
      this.#send(entry, { response: true, sequence: message.sequence });
      return undefined;
    }
    const before = entry.prober.state;
    if (!entry.prober.answer(message.sequence, now)) return 'heartbeat-unmatched';
    this.peerAnswers = true;
    this.#tell(entry, before);
    return undefined;
  }

  #send(entry: Entry, fields: HeartbeatFields): void {
    const careOfAddress = usableCareOfAddress(entry)!;
    const { homeAddress, homeAgent } = this.#config;
    const packet = emitHeartbeat(
      {
        outerSource: careOfAddress,
        outerDestination: homeAgent,
        innerSource: homeAddress,
        innerDestination: homeAgent,
        careOfAddress,
        homeAddress,
        bid: this.#registrar.bid(entry),
      },
      fields,
      this.#association,
    );
    this.#outbox.send(packet, homeAgent, entry.uplink.device);
  }

  #tell(entry: Entry, before: PathState): void {
    const { state } = entry.prober;
    if (state === before) return;
    const { name } = entry.uplink;
    const text = state === 'dead' ? `no answers over ${name}` : `${name} answers`;
    this.#outbox.event(state === 'dead' ? 'warning' : 'notice', `path-${state}`, text, { uplink: name });
  }
}
