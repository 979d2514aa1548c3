/**
 * Which home agent a mobile router registers with, and which one comes next when it fails (RFC 6275 §11.4.1, §11.8,
 * RFC 3963 §5.3-5.4). Times are monotonic, milliseconds.
 *
 * The candidates are a ring: each is tried once, the most preferred first; after all have failed there is a pause that
 * grows. One that works is kept, whatever stands before it in the list.
 */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { type Address, addressKey, equalAddress, formatAddress, parseAddress } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import type { HomeAgentChoice, HomeAgentFailure } from '../status.ts';
import type { JsonObject } from '../types.ts';
import { INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION, MAX_BINDACK_TIMEOUT } from './retransmission.ts';
import { isMobileRouter } from './terms.ts';

/** The pause after all candidates have failed for the first time; it doubles up to MAX_BINDACK_TIMEOUT. */
const FIRST_PAUSE = 4000;
/** A home agent that refuses the mobile network (RFC 3963 §5.4) is not asked again before. */
const NETWORK_PAUSE = 3_600_000;
const NETWORK_REFUSALS: readonly number[] = [
  STATUS.mobileRouterNotPermitted,
  STATUS.invalidPrefix,
  STATUS.notAuthorizedForPrefix,
  STATUS.forwardingSetupFailed,
];
/** Most addresses that discovery may add. */
export const MOST_DISCOVERED = 16;

export interface Failure {
  readonly reason: HomeAgentFailure;
  /** Of the Binding Acknowledgement, or of `UNUSABLE`; undefined: there was none. */
  readonly status: number | undefined;
  readonly at: number;
  /** It is not asked again before this time. */
  until: number;
}

/** None of the home agents has what another attempt could change. */
export interface Refusal {
  /** Of the latest Binding Acknowledgement. */
  readonly status: number;
  readonly since: number;
  /** No registration before this time; Infinity: until somebody intervenes. */
  readonly until: number;
}

export class HomeAgents {
  /** Undefined: none is known yet. */
  current: Address | undefined;
  choice: HomeAgentChoice = 'first';
  since: number;
  /** What the latest accepted discovery has found, in its order. */
  discovered: readonly Address[] = [];
  /** No registration before this time. */
  holdUntil = 0;
  /** All candidates have failed, or there is none: a discovery could help. */
  exhausted = false;
  /** All of them refuse. */
  refused: Refusal | undefined;
  /** The prefixes of the mobile network are not ours, say those that answer: until one accepts them (RFC 3963 §5.4.2). */
  prefixesRefused = false;

  readonly #configured: readonly Address[];
  readonly #patience: number;
  readonly #isRouter: boolean;
  readonly #failures = new Map<string, Failure>();
  /** Those that have failed since the latest success or pause. */
  readonly #tried = new Set<string>();
  #rounds = 0;
  /** When the first of the messages was sent that nothing has been heard after. */
  #waitingSince: number | undefined;
  #askedAt = 0;
  #hinted = false;

  constructor(config: MobileRouterConfig, now: number) {
    const { homeAgents, failoverAfter } = config;
    this.#isRouter = isMobileRouter(config);
    this.#configured = homeAgents;
    this.#patience = failoverAfter * 1000;
    this.current = homeAgents[0];
    this.since = now;
    this.exhausted = homeAgents.length === 0;
  }

  /** In the order in which they are tried. */
  get candidates(): readonly Address[] {
    const all = [...this.#configured, ...this.discovered];
    return all.filter((address, index) => all.findIndex(other => equalAddress(other, address)) === index);
  }

  isConfigured(address: Address): boolean {
    return this.#configured.some(configured => equalAddress(configured, address));
  }

  /** The latest failure since it worked. */
  failureOf(address: Address): Failure | undefined {
    return this.#failures.get(addressKey(address));
  }

  /** When {@link isSilent} becomes true if nothing is heard, or the refusal ends. */
  nextWake(): number {
    return Math.min(this.#silentAt(), this.refused?.until ?? Number.POSITIVE_INFINITY);
  }

  /** A registration was sent. */
  asked(now: number): void {
    this.#waitingSince ??= now;
    this.#askedAt = now;
  }

  /** Something authentic came from the present home agent, or there is no uplink to hear it over. */
  heard(): void {
    this.#waitingSince = undefined;
    this.#hinted = false;
  }

  isSilent(now: number): boolean {
    return now >= this.#silentAt();
  }

  /** Somebody, perhaps a stranger, says that the present home agent is none: it is waited for less long. */
  hint(): void {
    if (this.#waitingSince !== undefined) this.#hinted = true;
  }

  /** The present home agent has accepted a binding. */
  succeeded(): void {
    this.#tried.clear();
    this.#rounds = 0;
    this.exhausted = false;
    this.prefixesRefused = false;
    if (this.current !== undefined) this.#failures.delete(addressKey(this.current));
  }

  /** The present home agent is of no use now. Returns whether another one takes its place. */
  fail(reason: HomeAgentFailure, status: number | undefined, now: number): boolean {
    const { current, candidates } = this;
    if (current === undefined) return false;
    const until = status !== undefined && this.isLasting(status) ? now + NETWORK_PAUSE : now;
    this.#failures.set(addressKey(current), { reason, status, at: now, until });
    this.#tried.add(addressKey(current));
    this.heard();
    const open = candidates.filter(candidate => (this.failureOf(candidate)?.until ?? now) <= now);
    let next = open.find(candidate => !this.#tried.has(addressKey(candidate)));
    if (next === undefined) {
      this.#tried.clear();
      this.exhausted = true;
      next = open[0];
      if (next === undefined) {
        // Each has a failure, this one with a status.
        const ends = candidates.map(candidate => this.failureOf(candidate)!.until);
        this.refuse(status!, now, Math.min(...ends));
        return false;
      }
      // A lone one is asked on by the rules of retransmission.
      if (open.length === 1 && equalAddress(next, current)) return false;
      this.holdUntil = now + Math.min(FIRST_PAUSE * 2 ** this.#rounds, MAX_BINDACK_TIMEOUT);
      this.#rounds += 1;
    }
    // RFC 6275 §11.4.1: whatever the answer was.
    this.holdUntil = Math.max(this.holdUntil, this.#askedAt + INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION);
    return this.#use(next, 'failover', now);
  }

  /** The status refuses the mobile network itself. */
  isLasting(status: number): boolean {
    return this.#isRouter && NETWORK_REFUSALS.includes(status);
  }

  /** Nobody is asked any more before that time. */
  refuse(status: number, now: number, until = Number.POSITIVE_INFINITY): void {
    this.refused = { status, since: now, until };
    this.holdUntil = until;
  }

  /** Whether one that refuses has one of these statuses to say. */
  isRefusedWith(statuses: readonly number[]): boolean {
    return this.candidates.some(candidate => statuses.includes(this.failureOf(candidate)?.status ?? 0));
  }

  /** There is something new to say: all may be asked again, from the first one on. */
  resume(now: number): void {
    for (const failure of this.#failures.values()) failure.until = now;
    this.#tried.clear();
    this.refused = undefined;
    this.holdUntil = Math.max(now, this.#askedAt + INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION);
    this.current = this.candidates[0];
  }

  /** What discovery has found. Returns whether it gave the first home agent, or one that does not refuse yet. */
  offer(found: readonly Address[], now: number): boolean {
    this.discovered = found.slice(0, MOST_DISCOVERED);
    const isLost = this.refused !== undefined && this.refused.until !== Number.POSITIVE_INFINITY;
    if (this.current !== undefined && !isLost) return false;
    const first = this.candidates.find(candidate => (this.failureOf(candidate)?.until ?? now) <= now);
    if (first === undefined) return false;
    this.exhausted = false;
    this.refused = undefined;
    this.holdUntil = now;
    return this.#use(first, isLost ? 'failover' : 'first', now);
  }

  /** An operator wants this one, or (undefined) the most preferred one. Returns whether that is another one. */
  want(wanted: Address | undefined, now: number): boolean {
    const target = this.candidates.find(candidate => wanted === undefined || equalAddress(candidate, wanted));
    if (target === undefined) return false;
    const isInUse = this.current !== undefined && equalAddress(target, this.current);
    if (isInUse && this.refused === undefined) return false;
    this.resume(now);
    this.holdUntil = 0;
    return this.#use(target, 'operator', now);
  }

  /** The uplinks have changed: what failed over the old ones may work over the new ones. */
  hurry(now: number): void {
    this.#rounds = 0;
    if (this.exhausted && this.refused === undefined) {
      this.holdUntil = Math.min(
        this.holdUntil,
        Math.max(now, this.#askedAt + INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION),
      );
    }
  }

  save(): JsonObject {
    return {
      current: this.current === undefined ? null : formatAddress(this.current),
      choice: this.choice,
      since: this.since,
      discovered: this.discovered.map(formatAddress),
    };
  }

  /** Takes over what still fits. */
  restore({ current, choice, since, discovered }: JsonObject, discovers: boolean, now: number): void {
    if (discovers && Array.isArray(discovered)) {
      const addresses = discovered.slice(0, MOST_DISCOVERED).map(text => parseAddress(`${text}`));
      this.discovered = addresses.filter(address => address !== undefined);
    }
    const used = this.candidates.find(candidate => formatAddress(candidate) === current);
    this.current = used ?? this.candidates[0];
    this.exhausted = this.current === undefined;
    if (used === undefined) return;
    if (choice === 'failover' || choice === 'operator') this.choice = choice;
    if (typeof since === 'number' && since <= now) this.since = since;
  }

  #use(next: Address, choice: HomeAgentChoice, now: number): boolean {
    this.current = next;
    this.choice = choice;
    this.since = now;
    this.heard();
    return true;
  }

  #silentAt(): number {
    if (this.#waitingSince === undefined) return Number.POSITIVE_INFINITY;
    const patience = this.#hinted ? INITIAL_BINDACK_TIMEOUT_FIRST_REGISTRATION : this.#patience;
    return this.#waitingSince + Math.min(patience, this.#patience);
  }
}
