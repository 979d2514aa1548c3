/** The mobile router (RFC 6275 §11, RFC 3963 §5, RFC 5648 §5) with several uplinks. */
import type { MobileRouterConfig, UplinkConfig } from '../../uci/types.ts';
import { type Address, equalAddress, formatAddress, formatPrefix } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { parseIcmpv6Payload } from '../../wire/icmpv6/icmpv6-packet.ts';
import { NextHeader } from '../../wire/ipv6.ts';
import type { BindingError, BindingRefreshRequest } from '../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { SecurityAssociation } from '../authentication.ts';
import { emitUnrecognizedType, UNKNOWN_BINDING, UNRECOGNIZED_MH_TYPE } from '../binding-error.ts';
import { type CreateHmac, createHmac } from '../hmac.ts';
import { type Dialect, dialectOf } from '../identifiers/dialect.ts';
import { Outbox } from '../outbox.ts';
import { choosePath } from '../path-choice.ts';
import { PathProber, type PathState } from '../path-prober.ts';
import { PROBE_PROFILES } from '../probe-profile.ts';
import { RateLimit } from '../rate-limit.ts';
import { enclosesIcmpv6, receive } from '../receive.ts';
import type { Input, JsonObject, Level, Now, Output, ReceivedPacket, Role, UplinkStatus } from '../types.ts';
import type { MobileRouterView } from '../view.ts';
import { answerAcknowledgement, fallBack } from './acknowledge.ts';
import type { BindingAcknowledgement } from './acknowledgement.ts';
import { type Entry, isRegistered, uplinkState, usableCareOfAddress } from './binding-update-list.ts';
import { Failover } from './failover.ts';
import { HomeLink, NEIGHBOR_ADVERTISEMENT } from './home/home-link.ts';
import { HomeAgents } from './home-agents.ts';
import { mustMove, steadyStatus } from './movement.ts';
import { PathWatch } from './path-watch.ts';
import { PrefixDiscovery } from './prefix-discovery.ts';
import {
  formerBindings,
  restoreEntry,
  restoreHomeAgents,
  restoreRouter,
  saveEntry,
  saveHomeAgents,
  saveRouter,
  staleKeys,
} from './records.ts';
import { type OutgoingUpdate, Registrar } from './registrar.ts';
import { UpdateRate } from './retransmission.ts';
import { homeRegistrationOf } from './route-optimization/home-registration.ts';
import type { RandomOctets } from './route-optimization/keygen-test.ts';
import { RouteOptimization } from './route-optimization/route-optimization.ts';

/** What a previous life of the process has left, by key. */
export type Records = ReadonlyMap<string, JsonObject>;

/** Nobody authenticates Binding Refresh Requests and Binding Errors: one update in this many milliseconds. */
const REFRESH_REQUEST_INTERVAL = 3000;

export class MobileRouter implements Role {
  readonly config: MobileRouterConfig;
  readonly dialect: Dialect;
  readonly entries: readonly Entry[];
  /** The entries, and what else the home agent may hold: bindings that an earlier configuration has left. */
  readonly bound: Entry[] = [];
  readonly homeAgents: HomeAgents;
  readonly prefixDiscovery: PrefixDiscovery;
  readonly registrar: Registrar;
  readonly watch: PathWatch;
  readonly home: HomeLink;
  /** Undefined: switched off. */
  readonly routeOptimization: RouteOptimization | undefined;
  active: Entry | undefined;
  /** Monotonic time of the latest change of the active uplink. */
  activeSince = 0;

  readonly #association: SecurityAssociation | undefined;
  readonly #failover: Failover;
  readonly #errors = new RateLimit(1, 5);
  readonly #outbox = new Outbox();
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #leaving = false;
  /** As the kernel shows the uplinks; what the entries have follows from it. */
  #statuses: readonly UplinkStatus[] = [];
  #reconsiders = false;
  /** Something happened that a record may have to say. */
  #eventful = true;
  #saved = new Map<string, string>();

  /** @param random uniform in [0, 1), unpredictable to others */
  constructor(
    config: MobileRouterConfig,
    random: () => number,
    now: Now,
    records: Records = new Map(),
    hmac: CreateHmac = createHmac,
    randomOctets: RandomOctets = length => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
  ) {
    this.config = config;
    this.dialect = dialectOf(config.dialect);
    const { auth } = config;
    this.#association = auth.kind === 'rfc4285' ? new SecurityAssociation(auth, hmac) : undefined;
    this.entries = config.uplinks.map(uplink => this.#newEntry(uplink, now.monotonic));
    this.bound.push(...this.entries);
    this.homeAgents = new HomeAgents(config, now.monotonic);
    this.prefixDiscovery = new PrefixDiscovery(config, random);
    this.registrar = new Registrar(
      config,
      this.bound,
      this.homeAgents,
      this.#association,
      this.dialect,
      Math.floor(random() * 2 ** 16),
    );
    this.watch = new PathWatch(
      config,
      this.entries,
      this.homeAgents,
      this.registrar,
      this.#association,
      this.dialect,
      this.#outbox,
    );
    this.#failover = new Failover(this, random);
    this.home = new HomeLink(this);
    this.routeOptimization =
      config.routeOptimization && new RouteOptimization(config, randomOctets, this.#outbox, hmac);
    restoreHomeAgents(this, records, now.monotonic);
    restoreRouter(this, records);
    for (const entry of this.entries) {
      const state = restoreEntry(entry, this, records, now.monotonic);
      if (state !== undefined) entry.prober = this.#newProber(now.monotonic, state);
    }
    for (const { uplink, binding } of formerBindings(this, records, now.monotonic)) {
      this.bound.push({ ...this.#newEntry(uplink, now.monotonic), binding, maybeBound: true });
    }
    this.activeSince = now.monotonic;
    for (const key of staleKeys(this, records)) this.#outbox.record(key, undefined);
  }

  get icmpv6Types() {
    return [...this.#failover.icmpv6Types, ...this.home.icmpv6Types];
  }

  get counters() {
    return this.#outbox.counters;
  }

  handle(input: Input, now: Now): Output[] {
    switch (input.kind) {
      case 'packet':
        this.#receive(input.packet, now);
        break;
      case 'uplinks':
        this.#updateUplinks(input.uplinks, now);
        break;
      case 'prefer':
        this.registrar.preferred = input.uplink;
        this.event('notice', 'preference-changed', preferenceText(input.uplink), {
          uplink: input.uplink ?? null,
        });
        break;
      case 'home-agent':
        this.#failover.want(input.address, now.monotonic);
        break;
      case 'direct-path':
        this.routeOptimization?.setObstacle(input.obstacle, now.monotonic);
        break;
      case 'used':
        this.routeOptimization?.used(input.peers, now.monotonic);
        break;
      case 'tunneled':
        this.routeOptimization?.tunneled(input.packet, now.monotonic);
        break;
      case 'timer':
        break;
      case 'shutdown':
        this.#leave(now);
        break;
    }
    this.#settle(now);
    return this.#outbox.drain();
  }

  nextWake(): number {
    if (this.#leaving) return Number.POSITIVE_INFINITY;
    const expiries = this.bound.map(entry => entry.binding?.expiresAt ?? Number.POSITIVE_INFINITY);
    const registrar = this.home.holdsBindings ? Number.POSITIVE_INFINITY : this.registrar.nextWake();
    return Math.min(
      this.#failover.nextWake(),
      this.prefixDiscovery.nextWake(),
      this.home.nextWake(),
      registrar,
      this.watch.nextWake(),
      this.routeOptimization?.nextWake() ?? Number.POSITIVE_INFINITY,
      ...expiries,
    );
  }

  /** What the forwarding state is computed from. */
  view(): MobileRouterView {
    const paths = this.entries.flatMap(entry => {
      const careOfAddress = usableCareOfAddress(entry);
      if (careOfAddress === undefined || entry.status === undefined || entry.place !== 'foreign') return [];
      const { ifindex, gateway, mtu } = entry.status;
      const { name, device, bid } = entry.uplink;
      return [
        { uplink: name, device, ifindex, bid, gateway, careOfAddress, mtu, registered: isRegistered(entry) },
      ];
    });
    const { homeAddress, prefixes } = this.config;
    const { current: homeAgent, candidates: homeAgents } = this.homeAgents;
    const active = this.active?.uplink.name;
    return { homeAddress, homeAgent, homeAgents, prefixes, paths, active, home: this.home.view() };
  }

  /**
   * The paths changed: the forwarding state must be computed again. Before the messages that follow: without the rule of
   * its care-of address, a message would leave by another uplink, where ingress filtering drops it.
   */
  requestForwarding(): void {
    this.#eventful = true;
    this.#outbox.forwarding(this.config.homeAddress);
  }

  send(updates: readonly OutgoingUpdate[]): void {
    for (const { packet, homeAgent, device } of updates) this.sendPacket(packet, homeAgent, device);
  }

  sendPacket(packet: Uint8Array, destination: Address, device: string): void {
    this.#eventful = true;
    this.#outbox.send(packet, destination, device);
  }

  event(level: Level, name: string, text: string, data: JsonObject): void {
    this.#eventful = true;
    this.#outbox.event(level, name, text, data);
  }

  /** All that is bound now belongs to this configuration. */
  forgetFormer(): void {
    for (const entry of this.bound) if (!this.entries.includes(entry)) this.forget(entry);
  }

  /** The binding of this uplink exists no longer, or not any more for the address the uplink has. */
  forget(entry: Entry): void {
    this.#eventful = true;
    entry.binding = undefined;
    entry.maybeBound = false;
  }

  /** What is made of the kernel's uplinks depends on something else that changed. */
  reconsiderUplinks(): void {
    this.#reconsiders = true;
  }

  /** Another home agent: nothing of the one before is of use. */
  beginAnew(now: number): void {
    for (const entry of this.entries) {
      this.forget(entry);
      entry.pending = undefined;
      entry.refusal = undefined;
      entry.corrections = 0;
      entry.timeout = 0;
      entry.retransmitAt = now;
      this.#resetPath(entry, now);
    }
    this.registrar.startAnew();
    this.prefixDiscovery.forget();
    this.registrar.homeAddressUntil = Number.POSITIVE_INFINITY;
    this.watch.peerAnswers = false;
    this.requestForwarding();
  }

  /** The home agent is told, nothing is waited for, and the next life begins from nothing. */
  #leave(now: Now): void {
    this.routeOptimization?.leave(now.monotonic);
    this.send(this.registrar.deregisterAll(now));
    for (const entry of this.bound) this.forget(entry);
    this.registrar.bootstrapping = true;
    this.registrar.multiple = this.registrar.wantsSeveral;
    this.#save();
    this.#leaving = true;
  }

  /** Everything that follows from the present state: messages, probes, the choice of the path, records. */
  #settle(now: Now): void {
    if (this.#leaving) return;
    this.#expire(now.monotonic);
    this.watch.step(now.monotonic);
    this.#failover.step(now);
    this.#askForPrefixes(now.monotonic);
    if (this.#reconsiders || this.#hasMoved()) this.#updateUplinks(this.#statuses, now);
    this.home.step(now);
    if (!this.home.holdsBindings) this.send(this.registrar.step(now));
    this.#choose(now.monotonic);
    this.routeOptimization?.step(() => homeRegistrationOf(this), now.monotonic);
    this.#noteStates(now.monotonic);
    if (this.#eventful) this.#save();
    this.#eventful = false;
    this.#dropFormer();
  }

  #receive(packet: ReceivedPacket, now: Now): void {
    if (packet.nextHeader === NextHeader.icmpv6) {
      if (packet.bytes[0] === NEIGHBOR_ADVERTISEMENT) {
        this.home.receive(packet, now);
        return;
      }
      if (this.routeOptimization?.receiveIcmpv6(packet, now.monotonic)) return;
      const reason = this.#failover.receive(packet, now.monotonic);
      if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
      return;
    }
    if (enclosesIcmpv6(packet)) {
      const reason = this.#receivePrefixes(packet, now.monotonic);
      if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
      return;
    }
    const reception = receive(packet, this.dialect.codec);
    if (reception.kind === 'ignored') return;
    const reason =
      reception.kind === 'bad' ? reception.reason : this.#dispatch(reception.received, packet, now);
    if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
  }

  #askForPrefixes(now: number): void {
    const via = this.active;
    const careOfAddress = via && usableCareOfAddress(via);
    const { current } = this.homeAgents;
    const packet = this.prefixDiscovery.step(current, careOfAddress, now);
    if (packet !== undefined && current && via) this.sendPacket(packet, current, via.uplink.device);
  }

  /** Returns why the message was not taken. */
  #receivePrefixes(packet: ReceivedPacket, now: number): string | undefined {
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    if (!parsed.ok) return parsed.error.counter;
    const before = prefixesText(this.prefixDiscovery);
    const reason = this.prefixDiscovery.receive(parsed.value, this.homeAgents.current, now);
    const after = prefixesText(this.prefixDiscovery);
    if (reason === undefined && this.config.renumbering === 'follow') {
      this.registrar.homeAddressUntil = this.prefixDiscovery.validUntil();
    }
    if (reason !== undefined || before === after) return reason;
    const ends = this.prefixDiscovery.validUntil() !== Number.POSITIVE_INFINITY;
    const warning = ends ? '; that of the home address ends' : '';
    this.event(ends ? 'warning' : 'notice', 'home-prefixes', `the home network has ${after}${warning}`, {
      prefixes: (this.prefixDiscovery.prefixes ?? []).map(({ prefix }) => formatPrefix(prefix)),
      ends,
    });
    return undefined;
  }

  /** Returns why the message was not taken. */
  #dispatch(received: ReceivedMobility, packet: ReceivedPacket, now: Now): string | undefined {
    const { current } = this.homeAgents;
    const { message, source } = received;
    if (current === undefined || !equalAddress(source, current)) {
      const isFarewell = message.kind === 'binding-acknowledgement' && this.#failover.expects(source);
      if (isFarewell) return this.#receiveAcknowledgement(received, message, now);
      return this.routeOptimization === undefined
        ? 'not-from-home-agent'
        : this.routeOptimization.receive(received, packet.device, now.monotonic);
    }
    switch (message.kind) {
      case 'binding-acknowledgement':
        return this.#receiveAcknowledgement(received, message, now);
      case 'heartbeat':
        return this.watch.receive(received, message, now.monotonic);
      case 'binding-refresh-request':
        return this.#receiveRefreshRequest(message, now.monotonic);
      case 'binding-error':
        return this.#receiveBindingError(message, now.monotonic);
      case 'binding-update':
        return 'unexpected-message';
      default:
        this.#answerUnrecognizedType(received, now.monotonic);
        return 'unrecognized-mh-type';
    }
  }

  #receiveAcknowledgement(
    received: ReceivedMobility,
    message: BindingAcknowledgement,
    now: Now,
  ): string | undefined {
    // RFC 6275 §6.1.8: with the home address in a type 2 routing header, unless the node is at home.
    const home = received.routingHome ?? (this.home.entry && received.destination);
    if (home === undefined || !equalAddress(home, this.config.homeAddress)) {
      return 'acknowledgement-without-home-address';
    }
    if (this.#association !== undefined) {
      const verdict = this.#association.verify(received, [received.destination], this.config.homeAddress);
      if (verdict !== 'authentic') return `acknowledgement-${verdict}`;
    }
    const { current } = this.homeAgents;
    return current !== undefined && equalAddress(received.source, current)
      ? answerAcknowledgement(this, message, now)
      : this.#failover.acknowledged(received.source, message.sequence);
  }

  /** RFC 6275 §11.3.6: a home agent that does not know the binding is told again. */
  #receiveBindingError({ status, homeAddress, options }: BindingError, now: number): string | undefined {
    this.counters.add(`binding-error-${status}`);
    if (!equalAddress(homeAddress, this.config.homeAddress)) return undefined;
    if (status === UNRECOGNIZED_MH_TYPE) {
      // Nobody signs it: it counts where nothing is signed, while nothing else is known of the home agent
      // (draft-ietf-monami6-multiplecoa-00 §5.9).
      const isTried = this.bound.some(({ pending }) => pending !== undefined && pending.bid !== 0);
      const isProven = this.bound.some(({ binding }) => binding !== undefined);
      if (this.#association === undefined && isTried && !isProven)
        fallBack(this, 'single-binding', STATUS.unspecified);
      return undefined;
    }
    if (status !== UNKNOWN_BINDING) return undefined;
    return this.#receiveRefreshRequest({ kind: 'binding-refresh-request', options }, now);
  }

  #receiveRefreshRequest(message: BindingRefreshRequest, now: number): string | undefined {
    if (now - this.#refreshedAt < REFRESH_REQUEST_INTERVAL) return 'refresh-request-too-soon';
    const bids = this.dialect.identifiers.read(message.options).map(({ bid }) => bid);
    const asked = this.entries.filter(
      entry => entry.binding && (bids.length === 0 || bids.includes(this.registrar.boundBid(entry))),
    );
    if (asked.length === 0) return 'refresh-request-unknown-binding';
    this.#refreshedAt = now;
    for (const entry of asked) entry.binding!.refreshAt = now;
    return undefined;
  }

  #answerUnrecognizedType(received: ReceivedMobility, now: number): void {
    const entry = this.entries.find(candidate => {
      const careOfAddress = usableCareOfAddress(candidate);
      return careOfAddress !== undefined && equalAddress(careOfAddress, received.destination);
    });
    if (entry === undefined || !this.#errors.allow(now)) return;
    this.#outbox.send(emitUnrecognizedType(received, this.dialect), received.source, entry.uplink.device);
  }

  #updateUplinks(statuses: readonly UplinkStatus[], now: Now): void {
    this.#statuses = statuses;
    this.#reconsiders = false;
    const places = this.entries.map(({ place }) => place);
    this.home.choose(statuses);
    for (const [at, entry] of this.entries.entries()) {
      const before = usableCareOfAddress(entry);
      const found = statuses.find(status => status.name === entry.uplink.name);
      entry.status = this.home.placed(entry, found && steadyStatus(entry, found));
      if (entry.place !== places[at]) this.#notePlace(entry);
      const after = usableCareOfAddress(entry);
      if (before === undefined ? after === undefined : after !== undefined && equalAddress(before, after))
        continue;
      entry.refusal = undefined;
      entry.retransmitAt = now.monotonic;
      entry.timeout = 0;
      const data = {
        uplink: entry.uplink.name,
        careOfAddress: after === undefined ? null : formatAddress(after),
      };
      if (after === undefined && entry.place !== 'foreign') this.#resetPath(entry, now.monotonic);
      else if (after === undefined)
        this.event('notice', 'uplink-lost', `uplink ${entry.uplink.name} is gone`, data);
      else
        this.event('notice', 'uplink-usable', `uplink ${entry.uplink.name} has ${data.careOfAddress}`, data);
      if (after !== undefined) this.#failover.hurry(now.monotonic);
      const adopted = before === undefined && isRegistered(entry) && this.active === undefined;
      if (!adopted) this.#resetPath(entry, now.monotonic);
    }
    this.requestForwarding();
  }

  #hasMoved(): boolean {
    return this.entries.some(
      entry =>
        entry.place === 'foreign' &&
        mustMove(
          entry,
          this.#statuses.find(({ name }) => name === entry.uplink.name),
        ),
    );
  }

  #notePlace({ place, uplink: { name } }: Entry): void {
    const text = {
      foreign: `${name} is not on the home link any more`,
      home: `${name} is on the home link`,
      unused: `${name} is on the home link and is not used there`,
    };
    this.event('notice', `uplink-${place}`, text[place], { uplink: name });
  }

  /** The path is another one now; what was measured tells little, but the round-trip time is a good first guess. */
  #resetPath(entry: Entry, now: number): void {
    const { rtt } = entry.prober;
    entry.prober = this.#newProber(now, 'unknown');
    if (rtt !== undefined) entry.prober.sample(rtt);
    if (isRegistered(entry)) entry.binding!.refreshAt = now;
  }

  #expire(now: number): void {
    for (const entry of this.bound) {
      if (entry.binding === undefined || entry.binding.expiresAt > now) continue;
      this.forget(entry);
      const { name } = entry.uplink;
      this.event('warning', 'binding-expired', `the binding of ${name} has expired`, { uplink: name });
      this.requestForwarding();
    }
  }

  #choose(now: number): void {
    const homeState = this.watch.peerAnswers ? 'alive' : 'unknown';
    const candidates = this.entries.filter(isRegistered).map(entry => ({
      entry,
      // Nothing probes the home link: it counts as much as what answers.
      state: entry.place === 'home' ? homeState : entry.prober.state,
      answeredAt: entry.prober.answeredAt,
      priority: this.registrar.wantedPriority(entry),
    }));
    const chosen = this.home.carrier ?? choosePath(candidates)?.entry;
    if (chosen === this.active) return;
    this.active = chosen;
    this.activeSince = now;
    const name = chosen?.uplink.name ?? null;
    const text = name === null ? 'no uplink is left' : `traffic goes over ${name}`;
    this.event(name === null ? 'warning' : 'notice', 'active-uplink', text, { uplink: name });
    this.requestForwarding();
  }

  #noteStates(now: number): void {
    for (const entry of this.entries) {
      const state = uplinkState(entry);
      if (state === entry.state) continue;
      entry.state = state;
      entry.stateSince = now;
    }
  }

  #save(): void {
    const records = [saveHomeAgents(this), saveRouter(this), ...this.bound.map(saveEntry)];
    for (const [key, value] of records) {
      const text = JSON.stringify(value ?? null);
      if ((this.#saved.get(key) ?? 'null') === text) continue;
      this.#saved.set(key, text);
      this.#outbox.record(key, value);
    }
  }

  #newEntry(uplink: UplinkConfig, now: number): Entry {
    return {
      uplink,
      place: 'foreign' as const,
      status: undefined,
      binding: undefined,
      pending: undefined,
      maybeBound: false,
      timeout: 0,
      retransmitAt: 0,
      rate: new UpdateRate(),
      corrections: 0,
      refusal: undefined,
      prober: this.#newProber(now, 'unknown'),
      lastSequence: undefined,
      lastStatus: undefined,
      state: 'no-device' as const,
      stateSince: undefined,
    };
  }

  #dropFormer(): void {
    for (let at = this.bound.length - 1; at >= this.entries.length; at--) {
      if (!this.bound[at]!.maybeBound) this.bound.splice(at, 1);
    }
  }

  #newProber(now: number, state: PathState): PathProber {
    return new PathProber(PROBE_PROFILES[this.config.probe], now, state);
  }
}

/** Without lifetimes that pass: what changes this is news. */
function prefixesText({ prefixes = [] }: PrefixDiscovery): string {
  const texts = prefixes.map(({ prefix, validUntil }) =>
    validUntil === Number.POSITIVE_INFINITY ? formatPrefix(prefix) : `${formatPrefix(prefix)} for a time`,
  );
  return texts.length === 0 ? 'no prefix' : texts.join(', ');
}

function preferenceText(uplink: string | undefined): string {
  return uplink === undefined ? 'uplinks are used by priority' : `${uplink} is preferred`;
}
