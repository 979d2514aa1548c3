/** The mobile router's end of path probing: heartbeats over every registered uplink. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import type { Heartbeat } from '../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { SecurityAssociation } from '../authentication.ts';
import { emitHeartbeat, type HeartbeatFields } from '../heartbeat.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import type { Outbox } from '../outbox.ts';
import type { PathState } from '../path-prober.ts';
import type { Grade } from '../path-quality.ts';
import { type Entry, isRegistered, usableCareOfAddress } from './binding-update-list.ts';
import type { HomeAgents } from './home-agents.ts';
import type { Registrar } from './registrar.ts';

/** Nothing is probed on the home link: no tunnel goes there. */
const isWatched = (entry: Entry): boolean => isRegistered(entry) && entry.place === 'foreign';

/** Times are monotonic, milliseconds. */
export class PathWatch {
  /** Some heartbeat has been answered: silence means something. */
  peerAnswers = false;
  /** It knows no Heartbeats, as somebody says (RFC 6275 §11.3.6): it is not probed until it sends one itself. */
  #refused = false;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  readonly #homeAgents: HomeAgents;
  readonly #registrar: Registrar;
  readonly #association: SecurityAssociation | undefined;
  readonly #dialect: Dialect;
  readonly #outbox: Outbox;

  constructor(
    config: MobileRouterConfig,
    entries: readonly Entry[],
    homeAgents: HomeAgents,
    registrar: Registrar,
    association: SecurityAssociation | undefined,
    dialect: Dialect,
    outbox: Outbox,
  ) {
    this.#config = config;
    this.#entries = entries;
    this.#homeAgents = homeAgents;
    this.#registrar = registrar;
    this.#association = association;
    this.#dialect = dialect;
    this.#outbox = outbox;
  }

  nextWake(): number {
    const watched = this.#refused ? [] : this.#entries.filter(isWatched);
    return Math.min(Number.POSITIVE_INFINITY, ...watched.map(entry => entry.prober.nextWake()));
  }

  /** Another home agent. */
  startAnew(): void {
    this.peerAnswers = false;
    this.#refused = false;
  }

  /** A Binding Error, which nobody signs: it counts as long as nothing else is known. */
  refused(): void {
    this.#refused = !this.peerAnswers;
  }

  /** Sends the probes that are due and notes the answers that did not come. */
  step(now: number): void {
    if (this.#refused) return;
    for (const entry of this.#entries) {
      if (!isWatched(entry)) continue;
      const before = entry.prober.state;
      for (;;) {
        const sequence = entry.prober.poll(now, this.peerAnswers);
        if (sequence === undefined) break;
        this.#send(entry, { response: false, sequence });
      }
      this.#tell(entry, before);
      // Nobody else can speak for a dead path: perhaps the home agent has forgotten us, so introduce ourselves again.
      if (before !== 'dead' && entry.prober.state === 'dead' && !this.#registrar.choice.anotherLives(entry)) {
        entry.binding!.refreshAt = now;
      }
    }
  }

  /** Returns why the heartbeat was not taken. */
  receive(received: ReceivedMobility, message: Heartbeat, now: number): string | undefined {
    const bid = this.#dialect.identifiers.read(message.options)[0]?.bid ?? 0;
    const entry = this.#entries.find(
      candidate => this.#registrar.goals.boundBid(candidate) === bid && isWatched(candidate),
    );
    if (entry === undefined) return 'heartbeat-unknown-binding';
    if (this.#association !== undefined) {
      const careOfAddress = usableCareOfAddress(entry)!;
      const verdict = this.#association.verify(received, [careOfAddress], this.#config.homeAddress);
      if (verdict !== 'authentic') return `heartbeat-${verdict}`;
    }
    this.#homeAgents.heard();
    this.#refused = false;
    if (!message.response) {
      this.#send(entry, { response: true, sequence: message.sequence });
      return undefined;
    }
    const before = entry.prober.state;
    const grade = entry.prober.quality?.grade;
    if (!entry.prober.answer(message.sequence, now)) return 'heartbeat-unmatched';
    this.peerAnswers = true;
    this.#tell(entry, before);
    this.#tellGrade(entry, grade);
    return undefined;
  }

  #send(entry: Entry, fields: HeartbeatFields): void {
    const careOfAddress = usableCareOfAddress(entry)!;
    const { homeAddress } = this.#config;
    const homeAgent = this.#homeAgents.current!;
    const packet = emitHeartbeat(
      {
        outerSource: careOfAddress,
        outerDestination: homeAgent,
        innerSource: homeAddress,
        innerDestination: homeAgent,
        careOfAddress,
        homeAddress,
        bid: this.#registrar.goals.boundBid(entry),
      },
      fields,
      this.#association,
      this.#dialect,
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

  #tellGrade({ uplink: { name }, prober: { quality } }: Entry, before: Grade | undefined): void {
    const grade = quality?.grade;
    if (grade === undefined || grade === before) return;
    const text = { good: 'good again', impaired: 'impaired: what is sensitive leaves', degraded: 'degraded' };
    const level = grade === 'degraded' ? 'warning' : 'notice';
    this.#outbox.event(level, `path-${grade}`, `the quality of ${name} is ${text[grade]}`, { uplink: name });
  }
}
