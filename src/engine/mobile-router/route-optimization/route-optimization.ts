/**
 * The mobile node's side of route optimisation (RFC 6275 §11.6, §11.7.2, RFC 5648 §5): keeps the bindings at
 * correspondents equal to those at the home agent, each one proven by return routability.
 */
import type { MobileRouterConfig } from '../../../uci/types.ts';
import { type Address, addressKey, equalAddress, formatAddress } from '../../../wire/address.ts';
import { NextHeader } from '../../../wire/ipv6.ts';
import type { MobilityMessage } from '../../../wire/mobility-message.ts';
import { findOption } from '../../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../../wire/mobility-packet.ts';
import { UNKNOWN_BINDING, UNRECOGNIZED_MH_TYPE } from '../../binding-error.ts';
import { type CreateHmac, createHmac } from '../../hmac.ts';
import { receiveIcmpv6Error } from '../../invoking-packet.ts';
import type { Outbox } from '../../outbox.ts';
import { bindingManagementKey } from '../../return-routability.ts';
import { nextSequence } from '../../sequence.ts';
import type { ReceivedPacket } from '../../types.ts';
import type { UpdateRate } from '../retransmission.ts';
import { nextTimeout } from '../retransmission.ts';
import { answerDirectUpdate } from './acknowledge.ts';
import {
  type CorrespondentEntry,
  type DirectPath,
  isBound,
  isOutstanding,
  newEntry,
  pause,
} from './correspondent-entry.ts';
import { FIRST_TIMEOUT, type KeygenTest, MAX_RO_FAILURE, type RandomOctets } from './keygen-test.ts';
import { emitCareOfTestInit, emitDirectUpdate, emitHomeTestInit } from './messages.ts';
import { type HomeRegistration, isSameRegistration } from './registration.ts';
import { type Task, tasksOf } from './tasks.ts';
import { correspondentOf } from './traffic.ts';

/** Correspondents at a time. */
const MOST_ENTRIES = 256;
/** How long a correspondent is remembered after its last packet, and how long that it knows nothing; milliseconds. */
const IDLE = 420_000;
const UNSUPPORTED = 3_600_000;
/** Nobody authenticates Binding Errors and Binding Refresh Requests; milliseconds. */
const ERROR_PAUSE = 10_000;
const PROGRESS = 10_000;
const REFRESH_REQUEST_INTERVAL = 3000;
/** What has been sent twice without an answer may have been made of tokens that count no more. */
const ATTEMPTS_WITH_SAME_TOKENS = 2;

const UNREGISTERED: Omit<HomeRegistration, 'homeAddress'> = {
  homeAgent: undefined,
  paths: [],
  active: undefined,
  homeLink: undefined,
};

export class RouteOptimization {
  /** Why the host cannot carry packets the direct way; undefined: it can. */
  obstacle: string | undefined = 'the kernel has not been asked yet';
  readonly entries = new Map<string, CorrespondentEntry>();

  readonly #config: MobileRouterConfig;
  readonly #random: RandomOctets;
  readonly #createHmac: CreateHmac;
  readonly #outbox: Outbox;
  #home: HomeRegistration;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(
    config: MobileRouterConfig,
    random: RandomOctets,
    outbox: Outbox,
    create: CreateHmac = createHmac,
  ) {
    this.#config = config;
    this.#random = random;
    this.#outbox = outbox;
    this.#createHmac = create;
    this.#home = { ...UNREGISTERED, homeAddress: config.homeAddress };
  }

  nextWake(): number {
    return this.#wakeAt;
  }

  setObstacle(obstacle: string | undefined, now: number): void {
    if (obstacle !== undefined && this.obstacle === undefined) this.leave(now);
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
    const isSame = isSameRegistration(home, this.#home);
    this.#home = home;
    if (isSame && now < this.#wakeAt) return;
    let wake = Number.POSITIVE_INFINITY;
    for (const [key, entry] of this.entries) {
      const next = this.#advance(entry, now);
      if (next === undefined) this.entries.delete(key);
      else wake = Math.min(wake, next);
    }
    this.#wakeAt = wake;
  }

  /** A packet that came the long way: its sender may be told of the short one (RFC 6275 §11.7.2). */
  tunneled(packet: Uint8Array, now: number): void {
    if (this.obstacle !== undefined) return;
    const address = correspondentOf(packet, this.#home);
    if (address === undefined) return;
    const entry = this.#enter(address, false, now);
    if (entry !== undefined) entry.usedAt = now;
  }

  /** Packets went the direct way. */
  used(peers: readonly Address[], now: number): void {
    for (const address of peers) {
      const entry = this.entries.get(addressKey(address));
      if (entry === undefined) continue;
      entry.usedAt = now;
      this.#wakeAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** Returns why the message was not taken. */
  receive(received: ReceivedMobility, device: string, now: number): string | undefined {
    const entry = this.entries.get(addressKey(received.source));
    if (this.obstacle !== undefined || entry === undefined) return 'not-from-correspondent';
    const reason = this.#dispatch(entry, received, received.message, device, now);
    if (reason === undefined) this.#wakeAt = Number.NEGATIVE_INFINITY;
    return reason;
  }

  /**
   * RFC 6275 §11.3.5: who does not know the Mobility Header or the Home Address option says so in an ICMPv6 error.
   * @returns whether the message is about something that was sent to a correspondent
   */
  receiveIcmpv6(packet: ReceivedPacket, now: number): boolean {
    const error = receiveIcmpv6Error(packet);
    if (error?.kind !== 'parameter-problem' || error.code === 0) return false;
    const { source, destination, protocol } = error.invoking;
    const entry = this.entries.get(addressKey(destination));
    if (entry === undefined || protocol !== NextHeader.mobility || !isOutstanding(entry)) return false;
    const { homeAddress, paths } = this.#home;
    const isOurs = [homeAddress, ...paths.map(path => path.careOfAddress)].some(own =>
      equalAddress(own, source),
    );
    if (isOurs) this.#giveUp(entry, now);
    return isOurs;
  }

  /** Takes all bindings back, as far as there are tokens to prove it with; nothing is waited for. */
  leave(now: number): void {
    for (const entry of this.entries.values()) {
      if (isBound(entry) && entry.home.token(now) !== undefined)
        this.#sendDeregistration(entry, undefined, now);
    }
    this.entries.clear();
    this.#outbox.forwarding(this.#config.homeAddress);
  }

  #enter(address: Address, configured: boolean, now: number): CorrespondentEntry | undefined {
    const key = addressKey(address);
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    if (this.entries.size >= MOST_ENTRIES) {
      this.#outbox.counters.add('correspondents-too-many');
      return undefined;
    }
    const [high, low] = this.#random(2);
    const entry = newEntry(address, configured, (high! << 8) | low!, now);
    this.entries.set(key, entry);
    this.#wakeAt = Number.NEGATIVE_INFINITY;
    return entry;
  }

  /** @returns when to look at it again; undefined: never */
  #advance(entry: CorrespondentEntry, now: number): number | undefined {
    if (entry.unsupported && now >= entry.pausedUntil) entry.unsupported = false;
    const ends = this.#expire(entry, now);
    const forgetAt = entry.configured || isBound(entry) ? Number.POSITIVE_INFINITY : entry.usedAt + IDLE;
    if (entry.pausedUntil > now) return Math.min(ends, entry.pausedUntil);
    if (forgetAt <= now) return undefined;
    const tasks = tasksOf(entry, this.#home, now);
    const later = tasks.filter(task => task.dueAt > now).map(task => task.dueAt);
    let wake = Math.min(ends, forgetAt, ...later);
    const due = tasks.filter(task => task.dueAt <= now);
    if (due.length === 0) return wake;
    if (entry.home.token(now) === undefined) wake = Math.min(wake, this.#askHome(entry, now));
    // Two messages with the O flag on their way would undo each other.
    const allowed = entry.overwrite && !entry.single ? due.slice(0, 1) : due;
    for (const task of allowed) wake = Math.min(wake, this.#carryOut(entry, task, now));
    return Math.max(wake, now);
  }

  #carryOut(entry: CorrespondentEntry, task: Task, now: number): number {
    const { path } = task;
    if (path.pausedUntil > now) return path.pausedUntil;
    const wake = path.pending?.retransmitAt ?? Number.POSITIVE_INFINITY;
    if (task.lifetime > 0 && path.test.token(now) === undefined) {
      // What was sent before may still be answered, and then there is nothing to ask for.
      return path.pending !== undefined && wake > now ? wake : this.#askCareOf(entry, task, now);
    }
    if (entry.home.token(now) === undefined) return Number.POSITIVE_INFINITY;
    if (wake > now && path.pending !== undefined && isSameTask(path, task)) return wake;
    return this.#update(entry, task, now);
  }

  #expire(entry: CorrespondentEntry, now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const path of entry.paths.values()) {
      if (path.binding === undefined) continue;
      if (path.binding.expiresAt > now) {
        next = Math.min(next, path.binding.expiresAt);
        continue;
      }
      path.binding = undefined;
      this.#outbox.forwarding(this.#config.homeAddress);
    }
    return next;
  }

  #askHome(entry: CorrespondentEntry, now: number): number {
    const { homeAddress, homeAgent, active, paths, homeLink } = this.#home;
    const via = active ?? paths[0];
    const atHome = homeLink !== undefined;
    if (!atHome && (via === undefined || homeAgent === undefined)) return Number.POSITIVE_INFINITY;
    const cookie = this.#ask(entry, entry, entry.home, entry.rates.home, now);
    if (typeof cookie === 'number') return cookie;
    const tunnel = atHome ? undefined : { careOfAddress: via!.careOfAddress, homeAgent: homeAgent! };
    const packet = emitHomeTestInit(homeAddress, entry.address, cookie, tunnel);
    this.#outbox.send(packet, tunnel?.homeAgent ?? entry.address, homeLink ?? via!.device);
    return entry.home.dueAt;
  }

  #askCareOf(entry: CorrespondentEntry, { path, device }: Task, now: number): number {
    const cookie = this.#ask(entry, path, path.test, entry.rates.careOf, now);
    if (typeof cookie === 'number') return cookie;
    const bid = entry.single ? undefined : path.bid;
    const packet = emitCareOfTestInit(path.careOfAddress, entry.address, cookie, bid);
    this.#outbox.send(packet, entry.address, device);
    return path.test.dueAt;
  }

  /** The cookie of a question that may be asked now, or when to come again. */
  #ask(
    entry: CorrespondentEntry,
    what: CorrespondentEntry | DirectPath,
    test: KeygenTest,
    rate: UpdateRate,
    now: number,
  ): Uint8Array | number {
    if (test.isExhausted(now)) {
      test.forget();
      pause(what, now);
      this.#tell(entry, 'info', 'correspondent-silent', 'does not answer');
      return what.pausedUntil;
    }
    const at = Math.max(test.dueAt, rate.allowedAt('deregister'));
    if (at > now) return at;
    rate.sent(now);
    return test.ask(now, this.#random);
  }

  #update(entry: CorrespondentEntry, task: Task, now: number): number {
    const { path } = task;
    const before = path.pending;
    const isRepeated = before !== undefined && isSameTask(path, task);
    const attempts = isRepeated ? before.attempts + 1 : 1;
    if (attempts > MAX_RO_FAILURE + 1) {
      path.pending = undefined;
      path.test.forget();
      entry.home.forget();
      if (task.lifetime === 0) path.binding = undefined;
      else pause(path, now);
      return task.lifetime === 0 ? now : path.pausedUntil;
    }
    const allowed = entry.rates.update.allowedAt('deregister');
    if (allowed > now) return allowed;
    const sent =
      task.lifetime === 0
        ? this.#sendDeregistration(entry, entry.single ? undefined : path, now)
        : this.#sendRegistration(entry, task, now);
    if (sent === undefined) return Number.POSITIVE_INFINITY;
    const timeout = isRepeated ? nextTimeout(before.timeout) : FIRST_TIMEOUT;
    path.pending = {
      ...sent,
      action: task.lifetime === 0 ? 'deregister' : 'register',
      careOfAddress: path.careOfAddress,
      priority: task.priority,
      lifetime: task.lifetime,
      sequence: entry.sequence,
      sentAt: now,
      identified: !entry.single,
      overwrites: entry.overwrite && !entry.single && task.lifetime > 0,
      attempts,
      timeout,
      retransmitAt: now + timeout,
    };
    if (attempts === ATTEMPTS_WITH_SAME_TOKENS) {
      entry.home.forget();
      path.test.forget();
    }
    return path.pending.retransmitAt;
  }

  #sendRegistration(entry: CorrespondentEntry, { path, lifetime, priority, device }: Task, now: number) {
    const home = entry.home.token(now)!;
    const careOf = path.test.token(now)!;
    const { bid, careOfAddress } = path;
    const key = bindingManagementKey(home.keygenToken, careOf.keygenToken);
    const hmac = this.#createHmac('sha1', key);
    entry.sequence = nextSequence(entry.sequence);
    const packet = emitDirectUpdate({
      correspondent: entry.address,
      homeAddress: this.#home.homeAddress,
      source: careOfAddress,
      sequence: entry.sequence,
      lifetime,
      overwrite: entry.overwrite && !entry.single,
      identifier: entry.single ? undefined : { bid, priority, careOfAddress },
      nonces: { home: home.nonceIndex, careOf: careOf.nonceIndex },
      hmac,
      bound: careOfAddress,
    });
    entry.rates.update.sent(now);
    this.#outbox.send(packet, entry.address, device);
    return { hmac, bound: careOfAddress };
  }

  /** @param path undefined: all of them */
  #sendDeregistration(entry: CorrespondentEntry, path: DirectPath | undefined, now: number) {
    const { homeAddress, homeLink, active, paths } = this.#home;
    const via = active ?? paths[0];
    if (homeLink === undefined && via === undefined) return undefined;
    const home = entry.home.token(now)!;
    const hmac = this.#createHmac('sha1', bindingManagementKey(home.keygenToken));
    entry.sequence = nextSequence(entry.sequence);
    const packet = emitDirectUpdate({
      correspondent: entry.address,
      homeAddress,
      source: homeLink === undefined ? via!.careOfAddress : homeAddress,
      sequence: entry.sequence,
      lifetime: 0,
      overwrite: false,
      identifier: path && { bid: path.bid, priority: 0, careOfAddress: path.careOfAddress },
      nonces: { home: home.nonceIndex, careOf: 0 },
      hmac,
      bound: homeAddress,
    });
    entry.rates.update.sent(now);
    this.#outbox.send(packet, entry.address, homeLink ?? via!.device);
    return { hmac, bound: homeAddress };
  }

  #dispatch(
    entry: CorrespondentEntry,
    received: ReceivedMobility,
    message: MobilityMessage,
    device: string,
    now: number,
  ): string | undefined {
    const { homeAddress } = this.#config;
    switch (message.kind) {
      case 'home-test': {
        if (!equalAddress(received.destination, homeAddress)) return 'home-test-elsewhere';
        const isTunneled =
          !this.#config.uplinks.some(uplink => uplink.device === device) || device === this.#home.homeLink;
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
          this.#tell(
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
        if (!equalAddress(home, homeAddress)) return 'acknowledgement-without-home-address';
        const outcome = answerDirectUpdate(entry, received, message, now);
        if (outcome.kind === 'ignored') return outcome.reason;
        this.#outbox.forwarding(this.#config.homeAddress);
        if (outcome.event !== undefined) this.#tell(entry, 'info', outcome.event, outcome.text);
        return undefined;
      }
      case 'binding-refresh-request':
        return this.#receiveRefreshRequest(
          entry,
          findOption(message.options, 'binding-identifier')?.bid,
          now,
        );
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
        return this.#receiveUnknownBinding(
          entry,
          findOption(message.options, 'binding-identifier')?.bid,
          now,
        );
      default:
        return 'unexpected-message';
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

  /** RFC 6275 §11.3.6: ignored while the direct way works, for nobody has signed it. */
  #receiveUnknownBinding(
    entry: CorrespondentEntry,
    bid: number | undefined,
    now: number,
  ): string | undefined {
    if (now - entry.usedAt < PROGRESS && isBound(entry) && !entry.configured)
      return 'binding-error-in-progress';
    if (now < entry.pausedUntil) return 'binding-error-too-soon';
    const named = bid === undefined ? undefined : entry.paths.get(bid);
    for (const path of named === undefined ? entry.paths.values() : [named]) {
      path.binding = undefined;
      path.pending = undefined;
      path.test.forget();
    }
    entry.home.forget();
    entry.pausedUntil = now + ERROR_PAUSE;
    this.#outbox.forwarding(this.#config.homeAddress);
    this.#tell(entry, 'notice', 'correspondent-lost', 'has lost the binding');
    return undefined;
  }

  #giveUp(entry: CorrespondentEntry, now: number): void {
    entry.unsupported = true;
    entry.pausedUntil = now + UNSUPPORTED;
    entry.paths.clear();
    entry.home.forget();
    this.#outbox.forwarding(this.#config.homeAddress);
    this.#wakeAt = Number.NEGATIVE_INFINITY;
    this.#tell(entry, 'notice', 'correspondent-unable', 'knows no route optimisation');
  }

  #tell(
    { address }: CorrespondentEntry,
    level: 'info' | 'notice' | 'warning',
    name: string,
    text: string,
  ): void {
    const correspondent = formatAddress(address);
    this.#outbox.event(level, name, `${correspondent} ${text}`, { correspondent });
  }
}

function isSameTask({ pending, careOfAddress }: DirectPath, task: Task): boolean {
  if (pending === undefined || (pending.action === 'register') !== task.lifetime > 0) return false;
  return pending.priority === task.priority && equalAddress(pending.careOfAddress, careOfAddress);
}
