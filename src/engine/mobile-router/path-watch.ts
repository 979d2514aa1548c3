/**
 * The mobile router's end of path probing, over every registered uplink: by Heartbeats, or by ICMPv6 Echo when the home
 * agent does not know them.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { encapsulate } from '../../wire/encapsulation.ts';
import { IPV6_HEADER_LENGTH } from '../../wire/ipv6.ts';
import type { Heartbeat } from '../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { SecurityAssociation } from '../authentication.ts';
import { ECHO_LENGTH, emitEcho, readEcho } from '../echo.ts';
import { emitHeartbeat, type HeartbeatFields, type HeartbeatRoute } from '../heartbeat.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import type { Outbox } from '../outbox.ts';
import type { PathState } from '../path-prober.ts';
import type { Grade } from '../path-quality.ts';
import { type Entry, isDegraded, isRegistered, usableCareOfAddress } from './binding-update-list.ts';
import type { HomeAgents } from './home-agents.ts';
import { FULL_WIDTH } from './path-width.ts';
import type { Registrar } from './registrar.ts';
import { INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION } from './retransmission.ts';

/** A device that is as narrow needs no asking. */
const isMeasured = (entry: Entry): boolean =>
  isRegistered(entry) && entry.prober.state === 'alive' && entry.status!.mtu >= FULL_WIDTH;

/** Times are monotonic, milliseconds. */
export class PathWatch {
  /** Some probe has been answered: silence means something. */
  peerAnswers = false;
  /**
   * The home agent knows no Heartbeats, because only Echo Requests were answered, or as somebody says (RFC 6275 §11.3.6).
   * It is not sent any until it sends one itself.
   */
  byEcho = false;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  readonly #homeAgents: HomeAgents;
  readonly #registrar: Registrar;
  readonly #association: SecurityAssociation | undefined;
  readonly #dialect: Dialect;
  readonly #outbox: Outbox;
  readonly #newSecret: () => Uint8Array;
  /** Of {@link emitEcho}; undefined before the first one. */
  #secret: Uint8Array | undefined;

  constructor(
    config: MobileRouterConfig,
    entries: readonly Entry[],
    homeAgents: HomeAgents,
    registrar: Registrar,
    association: SecurityAssociation | undefined,
    dialect: Dialect,
    outbox: Outbox,
    newSecret: () => Uint8Array,
  ) {
    this.#config = config;
    this.#entries = entries;
    this.#homeAgents = homeAgents;
    this.#registrar = registrar;
    this.#association = association;
    this.#dialect = dialect;
    this.#outbox = outbox;
    this.#newSecret = newSecret;
  }

  nextWake(): number {
    const watched = this.#entries.filter(entry => this.#isWatched(entry));
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...watched.map(({ prober }) => prober.nextWake()),
      ...watched.filter(isMeasured).map(({ width }) => width.nextWake()),
    );
  }

  /** Another home agent. */
  startAnew(): void {
    this.peerAnswers = false;
    this.byEcho = false;
  }

  /** A Binding Error, which nobody signs: it counts as long as nothing else is known. */
  refused(now: number): void {
    if (!this.peerAnswers && !this.byEcho) this.#turnToEcho(now);
  }

  /** Sends the probes that are due and notes the answers that did not come. */
  step(now: number): void {
    this.#passOver(now);
    for (const entry of this.#entries) {
      if (!this.#isWatched(entry)) continue;
      const before = entry.prober.state;
      for (;;) {
        const sequence = entry.prober.poll(now, this.peerAnswers);
        if (sequence === undefined) break;
        this.#probe(entry, sequence);
      }
      this.#tell(entry, before);
      if (isMeasured(entry)) this.#measure(entry, now);
      // Nobody else can speak for a dead path: perhaps the home agent has forgotten us, so introduce ourselves again.
      const hasDied = before !== 'dead' && entry.prober.state === 'dead';
      if (hasDied && entry.binding !== undefined && !this.#registrar.choice.anotherLives(entry)) {
        entry.binding.refreshAt = now;
      }
    }
  }

  /** Returns why the heartbeat was not taken. */
  receive(received: ReceivedMobility, message: Heartbeat, now: number): string | undefined {
    const bid = this.#dialect.identifiers.read(message.options)[0]?.bid ?? 0;
    const entry = this.#boundTo(bid);
    if (entry === undefined) return 'heartbeat-unknown-binding';
    if (this.#association !== undefined) {
      const careOfAddress = usableCareOfAddress(entry)!;
      const verdict = this.#association.verify(received, [careOfAddress], this.#config.homeAddress);
      if (verdict !== 'authentic') return `heartbeat-${verdict}`;
    }
    this.#homeAgents.heard();
    this.byEcho = false;
    if (!message.response) {
      this.#send(entry, { response: true, sequence: message.sequence });
      return undefined;
    }
    return this.#take(entry, message.sequence, now) ? undefined : 'heartbeat-unmatched';
  }

  /**
   * An Echo Reply of the home agent. Those that answer something else are not for us.
   * @returns whether this is the first that is known of how it can be probed
   */
  receiveEcho(octets: Uint8Array, now: number): boolean {
    const found = this.#secret && readEcho(octets, this.#secret);
    const entry = found && this.#entries.find(({ uplink }) => uplink.bid === found.identifier);
    const isFirst = !this.peerAnswers && entry !== undefined && isRegistered(entry);
    if (entry !== undefined && found!.length !== ECHO_LENGTH) {
      this.#noteWidth(entry, () => entry.width.answer(found!.length > ECHO_LENGTH + 1));
      return false;
    }
    if (entry === undefined || !this.#take(entry, found!.sequence, now)) return false;
    this.#homeAgents.heard();
    if (isFirst) this.#turnToEcho(now);
    return isFirst;
  }

  #turnToEcho(now: number): void {
    this.byEcho = true;
    for (const { prober } of this.#entries) prober.hurry(now);
  }

  #boundTo(bid: number): Entry | undefined {
    return this.#entries.find(
      candidate =>
        this.#registrar.goals.boundBid(candidate) === bid &&
        isRegistered(candidate) &&
        this.#isWatched(candidate),
    );
  }

  /**
   * What is registered; and, where only one uplink can be, what was left for its silence, for it may be wanted again. Nothing is
   * probed on the home link: no tunnel goes there.
   */
  #isWatched(entry: Entry): boolean {
    if (entry.place !== 'foreign') return false;
    if (isRegistered(entry)) return true;
    const isLeft = !this.#registrar.terms.multiple && (entry.prober.state === 'dead' || isDegraded(entry));
    return isLeft && usableCareOfAddress(entry) !== undefined;
  }

  /** Whose registrations are not answered: others speak for them, or have their turn. */
  #passOver(now: number): void {
    const { terms, choice } = this.#registrar;
    const isUnanswered = ({ pending, retransmitAt, timeout }: Entry): boolean =>
      pending !== undefined && retransmitAt <= now && timeout > INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION;
    if (terms.multiple) {
      // Registered over another one it is probed, and so is used as soon as it carries packets.
      for (const entry of this.#entries) {
        const { place, prober } = entry;
        const isNew = place === 'foreign' && prober.state === 'unknown' && !isRegistered(entry);
        if (isNew && isUnanswered(entry) && this.peerAnswers && choice.anotherLives(entry))
          this.#condemn(entry, now);
      }
      return;
    }
    const sole = choice.sole();
    if (sole === undefined || !isUnanswered(sole)) return;
    if (sole.prober.state === 'alive' && isRegistered(sole)) return;
    this.#condemn(sole, now);
    // The last one to have had its turn gives it to all.
    if (choice.sole()?.prober.state !== 'dead') return;
    for (const other of this.#entries) if (other !== sole) other.prober.state = 'unknown';
  }

  #condemn(entry: Entry, now: number): void {
    const before = entry.prober.state;
    entry.prober.condemn(now);
    this.#tell(entry, before);
  }

  /** False: it answers nothing that was sent. */
  #take(entry: Entry, sequence: number, now: number): boolean {
    const before = entry.prober.state;
    const grade = entry.prober.quality?.grade;
    if (!entry.prober.answer(sequence, now)) return false;
    if (isRegistered(entry)) this.peerAnswers = true;
    this.#tell(entry, before);
    this.#tellGrade(entry, grade);
    return true;
  }

  #measure(entry: Entry, now: number): void {
    const { width, uplink } = entry;
    width.begin(now);
    this.#noteWidth(entry, () => {
      if (!width.poll(now)) return;
      for (const length of [
        ECHO_LENGTH + 1,
        FULL_WIDTH - (this.#isAskedInside(entry) ? IPV6_HEADER_LENGTH : 0),
      ])
        this.#outbox.send(this.#echo(entry, 0, length), this.#homeAgents.current!, uplink.device);
    });
  }

  #noteWidth({ width, uplink: { name } }: Entry, act: () => void): void {
    const before = width.isNarrow;
    act();
    if (width.isNarrow === before) return;
    this.#outbox.forwarding(this.#config.homeAddress);
    const text = `packets of ${FULL_WIDTH} octets ${width.isNarrow ? 'do not ' : ''}pass ${name}`;
    this.#outbox.event('notice', width.isNarrow ? 'path-narrow' : 'path-wide', text, { uplink: name });
  }

  /** Where Heartbeats have found no answer, both kinds go. */
  #probe(entry: Entry, sequence: number): void {
    const byEcho = this.byEcho || !isRegistered(entry);
    if (!byEcho) this.#send(entry, { response: false, sequence });
    if (!byEcho && (this.peerAnswers || !entry.prober.isUnheard)) return;
    this.#outbox.send(this.#echo(entry, sequence), this.#homeAgents.current!, entry.uplink.device);
  }

  /**
   * With one binding, inside the tunnel: it shares the fate of the traffic. With several, the home agent would answer by the
   * one that it likes best, and without a binding by another one; to the care-of address it answers by the path that is asked for.
   */
  #echo(entry: Entry, sequence: number, length?: number): Uint8Array {
    const { outerSource, outerDestination, innerSource } = this.#route(entry);
    const inside = this.#isAskedInside(entry);
    const source = inside ? innerSource : outerSource;
    this.#secret ??= this.#newSecret();
    const { bid } = entry.uplink;
    const packet = emitEcho(source, outerDestination, bid, this.#secret, sequence, { length });
    return inside ? encapsulate(outerSource, outerDestination, packet) : packet;
  }

  #isAskedInside(entry: Entry): boolean {
    return !this.#registrar.terms.multiple && isRegistered(entry);
  }

  #route(entry: Entry): HeartbeatRoute {
    const careOfAddress = usableCareOfAddress(entry)!;
    const { homeAddress } = this.#config;
    const homeAgent = this.#homeAgents.current!;
    return {
      outerSource: careOfAddress,
      outerDestination: homeAgent,
      innerSource: homeAddress,
      innerDestination: homeAgent,
      careOfAddress,
      homeAddress,
      bid: this.#registrar.goals.boundBid(entry),
    };
  }

  #send(entry: Entry, fields: HeartbeatFields): void {
    const packet = emitHeartbeat(this.#route(entry), fields, this.#association, this.#dialect);
    this.#outbox.send(packet, this.#homeAgents.current!, entry.uplink.device);
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
