/** What the uplinks of a mobile router are worth to it, and which of them a message leaves by. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { choosePath, LOWEST_PRIORITY, METERED_PRIORITY, type PathCandidate } from '../path-choice.ts';
import {
  type Entry,
  isDegraded,
  isImpaired,
  isRegistered,
  usableCareOfAddress,
} from './binding-update-list.ts';

export class UplinkChoice {
  /** An operator's wish: the name of an uplink. */
  preferred: string | undefined;

  readonly #config: MobileRouterConfig;
  readonly #entries: readonly Entry[];
  /** Uplink of the latest registration from nothing: the next attempt takes another one. */
  #lastFirst: Entry | undefined;

  constructor(config: MobileRouterConfig, entries: readonly Entry[]) {
    this.#config = config;
    this.#entries = entries;
  }

  /** Another uplink that could speak for this one, or for all. */
  anotherLives(entry: Entry): boolean {
    return this.#entries.some(
      other => other !== entry && isRegistered(other) && other.prober.state !== 'dead',
    );
  }

  /**
   * BID-PRI to register an uplink with: the configured priority one lower, so that an operator's preference (1) beats every
   * one of them; the lowest while it should carry nothing: it is dead and another one lives, or it is poor and another is not.
   */
  wantedPriority(entry: Entry): number {
    const isDead = entry.prober.state === 'dead';
    if (isDead ? this.anotherLives(entry) : this.#isPoor(entry) && this.#anotherIsFit(entry)) {
      return LOWEST_PRIORITY;
    }
    if (entry.uplink.name === this.preferred) return 1;
    return entry.uplink.metered || entry.budget?.usedUp ? METERED_PRIORITY : entry.uplink.priority + 1;
  }

  /** @param sensitive for traffic that is sensitive to quality */
  candidate(entry: Entry, sensitive = false): PathCandidate & { readonly entry: Entry } {
    const { state, answeredAt } = entry.prober;
    const poor = this.#isPoor(entry, sensitive);
    return { entry, state, answeredAt, poor, priority: this.wantedPriority(entry) };
  }

  /** The uplink for a message that is about this uplink only, and registers it. */
  speakerFor(entry: Entry): Entry {
    const speaksForItself = entry.prober.state !== 'dead' || !this.anotherLives(entry);
    return (speaksForItself ? this.#configured() : this.carrier(entry)) ?? entry;
  }

  /** The uplink that a message leaves by when it cannot or should not leave by the uplink it is about. */
  carrier(except?: Entry): Entry | undefined {
    const configured = this.#configured();
    if (configured !== undefined && configured !== except) return configured;
    const usable = this.#entries.filter(
      entry => entry !== except && usableCareOfAddress(entry) !== undefined,
    );
    const registered = usable.filter(isRegistered);
    const live = registered.filter(entry => entry.prober.state !== 'dead');
    const pool = live.length > 0 ? live : usable;
    return choosePath(pool.map(entry => this.candidate(entry)))?.entry;
  }

  /**
   * The uplink to register while the home agent takes one care-of address only: what is not known to be dead will do. Of the
   * quality of those that are not registered nothing would be heard.
   */
  sole(): Entry | undefined {
    const usable = this.#entries.filter(entry => usableCareOfAddress(entry) !== undefined);
    const candidates = usable.map(entry => {
      const { state } = entry.prober;
      return {
        ...this.candidate(entry),
        poor: false,
        state: state === 'dead' ? state : ('unknown' as const),
      };
    });
    return choosePath(candidates)?.entry;
  }

  /** The uplink to begin with when nothing is registered. */
  first(due: readonly Entry[]): Entry {
    const others = due.filter(entry => entry !== this.#lastFirst);
    const candidates = others.length > 0 ? others : due;
    const { entry } = choosePath(candidates.map(candidate => this.candidate(candidate)))!;
    this.#lastFirst = entry;
    return entry;
  }

  /** The uplink that the configuration wants all messages to leave by, while it can be used. */
  #configured(): Entry | undefined {
    const chosen = this.#entries.find(entry => entry.uplink.name === this.#config.registerOver);
    if (chosen === undefined || usableCareOfAddress(chosen) === undefined) return undefined;
    return chosen.prober.state === 'dead' && this.anotherLives(chosen) ? undefined : chosen;
  }

  /** Degraded, held back, or with its budget used up; what an operator prefers is taken as it is. */
  #isPoor(entry: Entry, sensitive = false): boolean {
    if (entry.uplink.name === this.preferred) return false;
    if (entry.budget?.usedUp) return true;
    return entry.damping.holds || isDegraded(entry) || (sensitive && isImpaired(entry));
  }

  #anotherIsFit(entry: Entry): boolean {
    return this.#entries.some(
      other =>
        other !== entry && isRegistered(other) && other.prober.state === 'alive' && !this.#isPoor(other),
    );
  }
}
