/** What the uplinks of a mobile router are worth to it, and which of them a message leaves by. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { choosePath, type PathCandidate } from '../path-choice.ts';
import { type Entry, isRegistered, usableCareOfAddress, wantedPriority } from './binding-update-list.ts';

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

  wantedPriority(entry: Entry): number {
    return wantedPriority(entry, this.preferred, this.anotherLives(entry));
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
    return choosePath(pool.map(entry => this.#candidate(entry)))?.entry;
  }

  /** The uplink to register while the home agent takes one care-of address only: what is not known to be dead will do. */
  sole(): Entry | undefined {
    const usable = this.#entries.filter(entry => usableCareOfAddress(entry) !== undefined);
    const candidates = usable.map(entry => {
      const { state } = entry.prober;
      return { ...this.#candidate(entry), state: state === 'dead' ? state : ('unknown' as const) };
    });
    return choosePath(candidates)?.entry;
  }

  /** The uplink to begin with when nothing is registered. */
  first(due: readonly Entry[]): Entry {
    const others = due.filter(entry => entry !== this.#lastFirst);
    const candidates = others.length > 0 ? others : due;
    const { entry } = choosePath(candidates.map(candidate => this.#candidate(candidate)))!;
    this.#lastFirst = entry;
    return entry;
  }

  /** The uplink that the configuration wants all messages to leave by, while it can be used. */
  #configured(): Entry | undefined {
    const chosen = this.#entries.find(entry => entry.uplink.name === this.#config.registerOver);
    if (chosen === undefined || usableCareOfAddress(chosen) === undefined) return undefined;
    return chosen.prober.state === 'dead' && this.anotherLives(chosen) ? undefined : chosen;
  }

  #candidate(entry: Entry): PathCandidate & { readonly entry: Entry } {
    const { state, answeredAt } = entry.prober;
    return { entry, state, answeredAt, priority: this.wantedPriority(entry) };
  }
}
