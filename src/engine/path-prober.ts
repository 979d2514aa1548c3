/**
 * Failure detection for one path: sends numbered probes, counts the ones without an answer, estimates the
 * round-trip time as RFC 6298 §2 does. Both ends of a path run one each.
 */
import { PathQuality, type QualityLimits } from './path-quality.ts';
import type { ProbeProfile } from './probe-profile.ts';

export type PathState =
  /** Never answered: not yet, or the peer does not speak heartbeats. */
  'unknown' | 'alive' | 'dead';

/** Round-trip time assumed before the first measurement, milliseconds. */
const INITIAL_TIMEOUT = 1000;
/** An answer may always be this late, in milliseconds: scheduling and queueing noise. */
const TIMEOUT_MARGIN = 20;
const MAX_TIMEOUT = 3000;
/**
 * Mean deviations that an answer may be late. Half of what RFC 6298 waits before it calls a segment lost: a probe is
 * cheap, and several in a row must be late before anything follows from it.
 */
const DEVIATIONS = 2;
/** Between probes to a peer that has never answered one, milliseconds. */
const UNANSWERED_INTERVAL = 30_000;
/** Between probes that hints of others cause, milliseconds. */
const SUSPICION_INTERVAL = 1000;
/** Probes that may be remembered, and for how long (milliseconds); older ones count as lost for good. */
const MEMORY = 64;
const MEMORY_AGE = 60_000;
/** Weight of the newest probe in the smoothed loss ratio. */
const LOSS_GAIN = 1 / 64;

interface Probe {
  readonly sequence: number;
  readonly sentAt: number;
  readonly deadline: number;
  /** The deadline has passed. */
  missed: boolean;
}

export class PathProber {
  state: PathState = 'unknown';
  /** Smoothed round-trip time and its mean deviation, milliseconds; undefined before the first sample. */
  rtt: number | undefined;
  jitter = 0;
  /** Monotonic time (ms) of the latest answer that found or made the path alive; 0: none in this life of the process. */
  answeredAt = 0;
  /** Monotonic time (ms) when it was last found to be dead. */
  diedAt = 0;
  /** Smoothed share of probes without an answer, 0..1. */
  loss = 0;

  /** Nothing is to be sent by the path before its first answer (RFC 5648 §10). */
  mustAnswer = false;
  /** Undefined: nobody judges it. */
  readonly quality: PathQuality | undefined;

  readonly #profile: ProbeProfile;
  #sequence: number;
  #sent: Probe[] = [];
  #nextProbe: number;
  #misses = 0;
  #recoveries = 0;
  /** Dead, and nothing has been answered since. */
  #silent = false;

  constructor(profile: ProbeProfile, now: number, state: PathState = 'unknown', limits?: QualityLimits) {
    this.#profile = profile;
    this.quality = limits && new PathQuality(limits, profile.conviction);
    // Probes are further apart than the clock ticks: a restarted process never repeats a number (RFC 5847 §3.2).
    this.#sequence = Math.floor(now) >>> 0;
    this.#nextProbe = now;
    this.state = state;
  }

  /** So many probes in a row are without an answer that a path which had ever answered would be dead. */
  get isUnheard(): boolean {
    return this.#misses >= this.#profile.misses;
  }

  /** Monotonic time (ms) at which {@link poll} has something to do. */
  nextWake(): number {
    const oldest = this.#sent.find(probe => !probe.missed);
    return oldest === undefined ? this.#nextProbe : Math.min(this.#nextProbe, oldest.deadline);
  }

  /**
   * Notes the probes that are overdue and returns the sequence number of the probe to send now, if one is due.
   * @param condemn whether silence may be held against the path: false while the peer has never answered any
   */
  poll(now: number, condemn: boolean): number | undefined {
    for (const probe of this.#sent) {
      if (!probe.missed && probe.deadline <= now) {
        probe.missed = true;
        this.#miss(now, condemn);
      }
    }
    if (this.#nextProbe > now) return undefined;
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) >>> 0;
    this.#sent.push({ sequence, sentAt: now, deadline: now + this.#timeout(), missed: false });
    while (this.#sent.length > MEMORY || this.#sent[0]!.sentAt < now - MEMORY_AGE) this.#sent.shift();
    this.#nextProbe = now + this.#spacing(condemn);
    return sequence;
  }

  /** An answer came. False when it answers nothing that was sent: a duplicate or a forgery. */
  answer(sequence: number, now: number): boolean {
    const index = this.#sent.findIndex(probe => probe.sequence === sequence);
    const probe = this.#sent[index];
    if (probe === undefined) return false;
    this.#sent.splice(0, index + 1);
    this.#judge(now - probe.sentAt, index);
    this.#silent = false;
    this.sample(now - probe.sentAt);
    this.loss -= this.loss * LOSS_GAIN;
    this.#misses = 0;
    if (this.state === 'dead') {
      this.#recoveries += 1;
      if (this.#recoveries < this.#profile.recoveries) {
        this.#nextProbe = Math.min(this.#nextProbe, now + this.#profile.confirmInterval);
        return true;
      }
    }
    this.state = 'alive';
    this.answeredAt = now;
    this.#nextProbe = Math.max(this.#nextProbe, probe.sentAt + this.#profile.interval);
    return true;
  }

  /** A measured round trip (milliseconds) of any exchange over this path. */
  sample(rtt: number): void {
    if (this.rtt === undefined) {
      this.rtt = rtt;
      this.jitter = rtt / 2;
    } else {
      this.jitter += (Math.abs(this.rtt - rtt) - this.jitter) / 4;
      this.rtt += (rtt - this.rtt) / 8;
    }
  }

  /**
   * The peer's own probe arrived: while the path is alive, ours can wait. For one end only, the anchor: it learns
   * from the silence of the router what the router learns from missing answers, and each probe costs somebody money.
   */
  heard(now: number): void {
    if (this.state === 'alive' && !this.#confirming()) {
      this.#nextProbe = Math.max(this.#nextProbe, now + 1.5 * this.#profile.interval);
    }
  }

  /** Nothing that is sent by the path is answered. */
  condemn(now: number): void {
    this.state = 'dead';
    this.diedAt = now;
    this.#silent = true;
  }

  /** The peer cannot answer: as if so many probes had been without an answer. */
  giveUp(now: number): void {
    this.#misses = Math.max(this.#misses, this.#profile.misses);
    this.#sent = [];
    this.#nextProbe = now + Math.max(this.#profile.interval, UNANSWERED_INTERVAL);
  }

  /** Something happened to the path: probe it at once. */
  hurry(now: number): void {
    this.#nextProbe = Math.min(this.#nextProbe, now);
  }

  /** Somebody who cannot prove it says that the path has failed: one probe at once, at most one a second. */
  suspect(now: number): void {
    const latest = this.#sent.at(-1)?.sentAt ?? this.answeredAt;
    if (now - latest >= SUSPICION_INTERVAL) this.hurry(now);
  }

  /**
   * Silence says nothing about the quality of a path, nor does that of one which was never alive. But what a dead one loses
   * between its answers does: else chance would make it alive and good again.
   * @param lost probes
   */
  #judge(rtt: number, lost: number): void {
    if (this.state === 'unknown' || this.#silent) return;
    for (let i = 0; i < lost; i++) this.quality?.judge(undefined);
    this.quality?.judge(rtt, rtt - (this.rtt ?? rtt));
  }

  #confirming(): boolean {
    return this.state !== 'dead' && this.#misses > 0;
  }

  #spacing(condemn: boolean): number {
    if (!condemn && this.isUnheard) return Math.max(this.#profile.interval, UNANSWERED_INTERVAL);
    return this.#confirming() && !this.#awaitsVerdict()
      ? this.#profile.confirmInterval
      : this.#profile.interval;
  }

  /** So many probes are under way that their fate decides: more of them would tell nothing more. */
  #awaitsVerdict(): boolean {
    return this.#sent.filter(({ missed }) => !missed).length >= this.#profile.misses;
  }

  #timeout(): number {
    if (this.rtt === undefined) return INITIAL_TIMEOUT;
    return Math.min(this.rtt + Math.max(DEVIATIONS * this.jitter, TIMEOUT_MARGIN), MAX_TIMEOUT);
  }

  #miss(now: number, condemn: boolean): void {
    this.loss += (1 - this.loss) * LOSS_GAIN;
    this.#recoveries = 0;
    this.#misses += 1;
    if (this.state === 'dead' || !condemn) return;
    if (this.isUnheard) this.condemn(now);
    else if (this.#misses === 1) this.#nextProbe = now;
  }
}
