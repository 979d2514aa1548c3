/**
 * The mobile node's side of route optimisation (RFC 6275 §11.6, §11.7.2, RFC 5648 §5): keeps the bindings at
 * correspondents equal to those at the home agent, each one proven by return routability.
 */
import type { MobileRouterConfig } from '../../../uci/types.ts';
import { type Address, addressKey, equalAddress } from '../../../wire/address.ts';
import { NextHeader } from '../../../wire/ipv6.ts';
import type { MobilityMessage } from '../../../wire/mobility-message.ts';
import { findOption } from '../../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../../wire/mobility-packet.ts';
import { flowStatusName } from '../../../wire/options/flow-identification.ts';
import { UNKNOWN_BINDING, UNRECOGNIZED_MH_TYPE } from '../../binding-error.ts';
import { type CreateHmac, createHmac } from '../../hmac.ts';
import { type Dialect, dialectOf } from '../../identifiers/dialect.ts';
import { receiveIcmpv6Error } from '../../invoking-packet.ts';
import type { Outbox } from '../../outbox.ts';
import type { RouteOptimizationReport } from '../../status.ts';
import type { ReceivedPacket, TunneledTraffic } from '../../types.ts';
import type { DirectCorrespondent } from '../../view.ts';
import type { FlowAnswer } from '../flow-bindings/flow-binding-list.ts';
import type * as Flows from '../flows.ts';
import { answerDirectUpdate } from './acknowledge.ts';
import { type CorrespondentEntry, isBound, isOutstanding, newEntry, pause } from './correspondent-entry.ts';
import { DirectFlows } from './direct-flows.ts';
import { DirectSender } from './direct-sender.ts';
import { DirectWatch } from './direct-watch.ts';
import type { RandomOctets } from './keygen-test.ts';
import {
  type HomePath,
  type HomeRegistration,
  isSameRegistration,
  pathFor,
  withoutPaths,
} from './registration.ts';
import { reportEntry } from './report.ts';
import { isInUse, tasksOf } from './tasks.ts';
import { IDLE, isWorthAsking, leastUsed } from './traffic.ts';

/** Type of ICMPv6. */
const DESTINATION_UNREACHABLE = 1;
/** Codes of a Parameter Problem (RFC 4443 §3.4). */
const UNRECOGNIZED_HEADER = 1;
const UNRECOGNIZED_OPTION = 2;
/** Correspondents at a time. */
const MOST_ENTRIES = 256;
/** How long it is remembered that a correspondent knows nothing, milliseconds. */
const UNSUPPORTED = 3_600_000;
/** Nobody authenticates Binding Errors and Binding Refresh Requests; milliseconds. */
const ERROR_PAUSE = 10_000;
const PROGRESS = 10_000;
const REFRESH_REQUEST_INTERVAL = 3000;

export class RouteOptimization {
  /** Why the host cannot carry packets the direct way; undefined: it can. */
  obstacle: string | undefined = 'the kernel has not been asked yet';
  readonly entries = new Map<string, CorrespondentEntry>();

  readonly #config: MobileRouterConfig;
  /** Undefined: not installed. */
  readonly #flows: typeof Flows | undefined;
  readonly #random: RandomOctets;
  readonly #outbox: Outbox;
  readonly #dialect: Dialect;
  readonly #sender: DirectSender;
  readonly #watch: DirectWatch;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(
    config: MobileRouterConfig,
    random: RandomOctets,
    outbox: Outbox,
    create: CreateHmac = createHmac,
    flows?: typeof Flows,
  ) {
    this.#config = config;
    this.#flows = flows;
    this.#random = random;
    this.#outbox = outbox;
    this.#dialect = dialectOf(config.dialect);
    this.#sender = new DirectSender(config.homeAddress, this.#dialect, random, outbox, create);
    this.#watch = new DirectWatch(this.#sender, random, outbox);
  }

  /** @param now monotonic, milliseconds */
  report(now: number): RouteOptimizationReport {
    const correspondents = [...this.entries.values()].map(entry => {
      const flowBindings = entry.flows.list && this.#flows?.reportFlowBindings(entry.flows.list);
      return { ...reportEntry(entry, now), flowBindings: flowBindings ?? [] };
    });
    return { obstacle: this.obstacle ?? null, correspondents };
  }

  nextWake(): number {
    return this.#wakeAt;
  }

  /** @param renewed the correspondents of the configuration are about to be agreed with anew */
  setObstacle(obstacle: string | undefined, now: number, renewed = false): void {
    if (obstacle !== undefined && this.obstacle === undefined) this.leave(now, renewed);
    this.obstacle = obstacle;
    this.#wakeAt = Number.NEGATIVE_INFINITY;
    if (obstacle !== undefined) return;
    for (const address of this.#config.routeOptimization?.correspondents ?? [])
      this.#enter(address, true, now);
  }

  /**
   * Sends what is due. Comes after the messages to the home agent: that one is told first (RFC 6275 §11.5.1).
   * @param registration what the home agent has acknowledged
   */
  step(registration: () => HomeRegistration, now: number): void {
    if (this.obstacle !== undefined) {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      return;
    }
    const home = registration();
    const isSame = isSameRegistration(home, this.#sender.home);
    this.#sender.home = home;
    if (isSame && now < this.#wakeAt) return;
    let wake = Number.POSITIVE_INFINITY;
    for (const [key, entry] of this.entries) {
      const inUse = this.#pathInUse(entry);
      const path = inUse && entry.paths.get(inUse.bid);
      const watch = this.#watch.step(entry, path, inUse?.device ?? '', now);
      const next = this.#advance(entry, now);
      if (next === undefined) this.entries.delete(key);
      else wake = Math.min(wake, next, watch);
    }
    this.#wakeAt = wake;
  }

  /** Packets came the long way: their senders may be told of the short one (RFC 6275 §11.7.2). */
  tunneled(traffic: readonly TunneledTraffic[], now: number): void {
    const { homeAddress, routeOptimization } = this.#config;
    if (this.obstacle !== undefined || routeOptimization === undefined) return;
    for (const each of traffic) {
      if (!equalAddress(each.homeAddress, homeAddress)) continue;
      const known = this.entries.get(addressKey(each.peer));
      if (known !== undefined) known.usedAt = now;
      else if (isWorthAsking(each, this.#sender.home, routeOptimization)) this.#enter(each.peer, false, now);
    }
  }

  /**
   * What the kernel has counted since the last time.
   * @param peers whose packets went or came the direct way
   * @param heard those of them that packets came from
   */
  used(peers: readonly Address[], heard: readonly Address[], now: number): void {
    const keysOf = (addresses: readonly Address[]) => new Set(addresses.map(addressKey));
    const [usedKeys, heardKeys] = [keysOf(peers), keysOf(heard)];
    for (const [key, entry] of this.entries) {
      this.#watch.count(entry, usedKeys.has(key), heardKeys.has(key) && !this.#isDivided(entry), now);
    }
    this.#wakeAt = Number.NEGATIVE_INFINITY;
  }

  /** Returns why the message was not taken. */
  receive(received: ReceivedMobility, device: string, now: number): string | undefined {
    const entry = this.entries.get(addressKey(received.source));
    if (this.obstacle !== undefined || entry === undefined) return 'not-from-correspondent';
    const reason = this.#dispatch(entry, received, received.message, device, now);
    if (reason === undefined) this.#wakeAt = Number.NEGATIVE_INFINITY;
    return reason;
  }

  /** Of those that it wants to see. */
  readonly icmpv6Types: readonly number[] = [DESTINATION_UNREACHABLE];

  /**
   * Answers to probes, and errors. RFC 6275 §11.3.5: who does not know the Mobility Header says so in an ICMPv6 error, and that ends it; that somebody
   * does not know the Home Address option is told only.
   * @returns whether the message is for nobody else
   */
  receiveIcmpv6(packet: ReceivedPacket, now: number): boolean {
    const sender = this.entries.get(addressKey(packet.source));
    if (sender !== undefined && this.#watch.receive(sender, packet.bytes, now)) {
      this.#wakeAt = Number.NEGATIVE_INFINITY;
      return true;
    }
    const error = receiveIcmpv6Error(packet);
    if (packet.bytes[0] === DESTINATION_UNREACHABLE) {
      const concerned = error && this.entries.get(addressKey(error.invoking.destination));
      if (concerned !== undefined) this.#watch.suspect(concerned, error!.invoking.source, now);
      this.#wakeAt = Number.NEGATIVE_INFINITY;
      return true;
    }
    if (error?.kind !== 'parameter-problem') return false;
    const { source, destination, protocol, homeAddress: option } = error.invoking;
    const entry = this.entries.get(addressKey(destination));
    if (entry === undefined) return false;
    if (error.code === UNRECOGNIZED_OPTION) return option !== undefined && this.#noteOptionRefused(entry);
    if (error.code !== UNRECOGNIZED_HEADER || protocol !== NextHeader.mobility || !isOutstanding(entry))
      return false;
    const { homeAddress, paths } = this.#sender.home;
    const isOurs = [homeAddress, ...paths.map(path => path.careOfAddress)].some(own =>
      equalAddress(own, source),
    );
    if (isOurs) this.#giveUp(entry, now);
    return isOurs;
  }

  /** The correspondents that are bound by a path which is of use now: the one that they should take, if it is among them. */
  direct(): DirectCorrespondent[] {
    const { homeAddress } = this.#sender.home;
    return [...this.entries.values()].flatMap(entry => {
      const path = this.#pathInUse(entry);
      if (path === undefined) return [];
      const lanes = entry.flows.lanes(this.#sender.home, entry);
      return [{ homeAddress, correspondent: entry.address, careOfAddress: path.careOfAddress, lanes }];
    });
  }

  /** Packets that come say nothing about the path in use, for others carry lanes as well. */
  #isDivided(entry: CorrespondentEntry): boolean {
    const inUse = this.#pathInUse(entry)?.careOfAddress;
    return entry.flows
      .lanes(this.#sender.home, entry)
      .some(
        ({ careOfAddress: other }) =>
          other !== undefined && inUse !== undefined && !equalAddress(other, inUse),
      );
  }

  #pathInUse(entry: CorrespondentEntry): HomePath | undefined {
    const { paths: bound } = entry;
    const home = withoutPaths(this.#sender.home, ({ bid }) => bound.get(bid)?.lost === true);
    const first = pathFor(home, entry);
    const usable = first === undefined ? [] : [first, ...home.paths.filter(path => path !== first)];
    return usable.find(({ bid, careOfAddress }) => {
      const binding = bound.get(bid)?.binding;
      return binding !== undefined && equalAddress(binding.careOfAddress, careOfAddress);
    });
  }

  /** Takes all bindings back, as far as there are tokens to prove it with; nothing is waited for. */
  leave(now: number, renewed = false): void {
    for (const entry of this.entries.values()) {
      if (renewed && entry.configured) this.entries.delete(addressKey(entry.address));
      else this.#drop(entry, now);
    }
    this.#outbox.forwarding(this.#config.homeAddress);
  }

  #drop(entry: CorrespondentEntry, now: number): void {
    if (isBound(entry) && entry.home.token(now) !== undefined)
      this.#sender.sendDeregistration(entry, undefined, now);
    this.entries.delete(addressKey(entry.address));
  }

  #enter(address: Address, configured: boolean, now: number): void {
    const key = addressKey(address);
    if (this.entries.has(key)) return;
    if (this.entries.size >= MOST_ENTRIES) {
      const idle = leastUsed(this.entries.values(), now);
      if (idle === undefined) {
        this.#outbox.counters.add('correspondents-too-many');
        return;
      }
      this.#drop(idle, now);
      this.#outbox.forwarding(this.#config.homeAddress);
    }
    const [high, low] = this.#random(2);
    const { options } = this.#config.dialect ?? {};
    const list = this.#flows && new this.#flows.FlowBindingList(options?.['load-balancing'] !== undefined);
    const flows = new DirectFlows(list, address);
    const entry = newEntry(address, configured, (high! << 8) | low!, flows, now);
    // The draft knows no O flag: what an earlier life has left goes with its lifetime.
    entry.overwrite = !this.#dialect.identifiers.draft;
    this.entries.set(key, entry);
    this.#wakeAt = Number.NEGATIVE_INFINITY;
  }

  /** @returns when to look at it again; undefined: never */
  #advance(entry: CorrespondentEntry, now: number): number | undefined {
    if (entry.unsupported && now >= entry.pausedUntil) entry.unsupported = false;
    const ends = this.#expire(entry, now);
    entry.flows.want(this.#sender.home, entry, now);
    const forgetAt = entry.configured || isBound(entry) ? Number.POSITIVE_INFINITY : entry.usedAt + IDLE;
    if (entry.pausedUntil > now) return Math.min(ends, entry.pausedUntil);
    if (forgetAt <= now) return undefined;
    const tasks = tasksOf(entry, this.#sender.home, now);
    const later = tasks.filter(task => task.dueAt > now).map(task => task.dueAt);
    let wake = Math.min(ends, forgetAt, ...later);
    const due = tasks.filter(task => task.dueAt <= now);
    if (due.length === 0) return wake;
    if (entry.home.token(now) === undefined) wake = Math.min(wake, this.#sender.askHome(entry, now));
    // Two messages with the O flag on their way would undo each other.
    const allowed = entry.overwrite && !entry.single ? due.slice(0, 1) : due;
    for (const task of allowed) wake = Math.min(wake, this.#sender.carryOut(entry, task, now));
    return Math.max(wake, now);
  }

  #expire(entry: CorrespondentEntry, now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const path of entry.paths.values()) {
      if (path.lost && path.pausedUntil > now) next = Math.min(next, path.pausedUntil);
      if (path.binding === undefined) continue;
      if (path.binding.expiresAt > now) {
        next = Math.min(next, path.binding.expiresAt);
        continue;
      }
      // A new one would be for nobody.
      if (!isInUse(entry, path)) entry.usedAt = Number.NEGATIVE_INFINITY;
      path.binding = undefined;
      this.#outbox.forwarding(this.#config.homeAddress);
    }
    return next;
  }

  #dispatch(
    entry: CorrespondentEntry,
    received: ReceivedMobility,
    message: MobilityMessage,
    device: string,
    now: number,
  ): string | undefined {
    const { homeAddress } = this.#config;
    const [named] = message.kind === 'opaque' ? [] : this.#dialect.identifiers.read(message.options);
    switch (message.kind) {
      case 'home-test': {
        if (!equalAddress(received.destination, homeAddress)) return 'home-test-elsewhere';
        const isTunneled =
          !this.#sender.home.devices.includes(device) || device === this.#sender.home.homeLink;
        if (!isTunneled) return 'home-test-outside-tunnel';
        return entry.home.accept(message.cookie, message) ? undefined : 'home-test-unmatched';
      }
      case 'care-of-test': {
        const path = [...entry.paths.values()].find(({ careOfAddress }) =>
          equalAddress(careOfAddress, received.destination),
        );
        if (path?.test.accept(message.cookie, message) !== true) return 'care-of-test-unmatched';
        const status = findOption(message.options, 'binding-identifier')?.status ?? 0;
        if (status >= 128) {
          path.test.forget();
          pause(path, now);
          this.#sender.tell(
            entry,
            'warning',
            'care-of-test-refused',
            `refuses BID ${path.bid} with status ${status}`,
          );
        }
        return undefined;
      }
      case 'binding-acknowledgement': {
        const home = received.routingHome ?? received.destination;
        entry.answered = true;
        if (!equalAddress(home, homeAddress)) return 'acknowledgement-without-home-address';
        const outcome = answerDirectUpdate(entry, received, message, this.#dialect.identifiers, now);
        if (outcome.kind === 'ignored') return outcome.reason;
        this.#outbox.forwarding(this.#config.homeAddress);
        if (outcome.event !== undefined) {
          const level = outcome.event === 'direct-path-back' ? 'notice' : 'info';
          this.#sender.tell(entry, level, outcome.event, outcome.text);
        }
        if (outcome.flows !== undefined) this.#tellFlows(entry, outcome.flows);
        return undefined;
      }
      case 'binding-refresh-request':
        return this.#receiveRefreshRequest(entry, named?.bid, now);
      case 'binding-error':
        this.#outbox.counters.add(`binding-error-${message.status}`);
        if (message.status === UNRECOGNIZED_MH_TYPE) {
          if (!isOutstanding(entry)) return 'binding-error-unexpected';
          this.#giveUp(entry, now);
          return undefined;
        }
        if (message.status !== UNKNOWN_BINDING || !equalAddress(message.homeAddress, homeAddress)) {
          return 'binding-error-unexpected';
        }
        return this.#receiveUnknownBinding(entry, received.destination, named?.bid, now);
      default:
        return 'unexpected-message';
    }
  }

  #tellFlows(entry: CorrespondentEntry, answer: FlowAnswer): void {
    if (answer.kind === 'unsupported') {
      this.#sender.tell(entry, 'info', 'extension-unsupported', 'knows no flow bindings');
      return;
    }
    for (const { key, refusal } of answer.refused) {
      const { status, attempts } = refusal!;
      this.#outbox.counters.add(`flow-refused-${status}`);
      const text = `refuses the flow binding of ${key}: ${flowStatusName(status)}`;
      this.#sender.tell(entry, attempts === 1 ? 'warning' : 'debug', 'flow-binding-refused', text);
    }
  }

  /** RFC 6275 §11.7.4: return routability first, then a Binding Update. */
  #receiveRefreshRequest(
    entry: CorrespondentEntry,
    bid: number | undefined,
    now: number,
  ): string | undefined {
    if (now - entry.askedToRefreshAt < REFRESH_REQUEST_INTERVAL) return 'refresh-request-too-soon';
    const asked = [...entry.paths.values()].filter(
      path => path.binding !== undefined && (bid === undefined || path.bid === bid),
    );
    if (asked.length === 0) return 'refresh-request-unknown-binding';
    entry.askedToRefreshAt = now;
    for (const { binding } of asked) binding!.refreshAt = now;
    return undefined;
  }

  /**
   * RFC 6275 §11.3.6: ignored while the direct way works, for nobody has signed it.
   * @param careOfAddress that the packets came from which the correspondent did not know what to do with
   */
  #receiveUnknownBinding(
    entry: CorrespondentEntry,
    careOfAddress: Address,
    bid: number | undefined,
    now: number,
  ): string | undefined {
    if (now - entry.usedAt < PROGRESS && isBound(entry) && !entry.configured)
      return 'binding-error-in-progress';
    if (now < entry.pausedUntil) return 'binding-error-too-soon';
    const bound = [...entry.paths.values()].flatMap(({ binding }) => binding?.careOfAddress ?? []);
    // Packets were on their way when their care-of address was taken back, or another one took its place.
    const isKnown = [this.#config.homeAddress, ...bound].some(known => equalAddress(known, careOfAddress));
    if (bound.length > 0 && !isKnown) return 'binding-error-late';
    const named = bid === undefined ? undefined : entry.paths.get(bid);
    for (const path of named === undefined ? entry.paths.values() : [named]) {
      path.binding = undefined;
      path.pending = undefined;
      path.test.forget();
    }
    entry.home.forget();
    entry.pausedUntil = now + ERROR_PAUSE;
    this.#outbox.forwarding(this.#config.homeAddress);
    this.#sender.tell(entry, 'notice', 'correspondent-lost', 'has lost the binding');
    return undefined;
  }

  #noteOptionRefused(entry: CorrespondentEntry): true {
    this.#outbox.counters.add('home-address-option-refused');
    if (!entry.optionRefused) {
      const text = 'says that it does not know the Home Address option';
      this.#sender.tell(entry, 'warning', 'home-address-option-refused', text);
    }
    entry.optionRefused = true;
    return true;
  }

  #giveUp(entry: CorrespondentEntry, now: number): void {
    entry.unsupported = true;
    entry.pausedUntil = now + UNSUPPORTED;
    entry.paths.clear();
    entry.home.forget();
    this.#outbox.forwarding(this.#config.homeAddress);
    this.#wakeAt = Number.NEGATIVE_INFINITY;
    this.#sender.tell(entry, 'notice', 'correspondent-unable', 'knows no route optimisation');
  }
}
