/** Which uplink carries the traffic of a mobile router. */
import { choosePath } from '../path-choice.ts';
import type { PathState } from '../path-prober.ts';
import { type Entry, isRegistered } from './binding-update-list.ts';
import type { MobileRouter } from './mobile-router.ts';

export class ActiveUplink {
  entry: Entry | undefined;
  /** Monotonic time of the latest change, milliseconds. */
  since: number;
  readonly #router: MobileRouter;

  constructor(router: MobileRouter, now: number) {
    this.#router = router;
    this.since = now;
  }

  /** The best of what is registered now. */
  choose(): Entry | undefined {
    const router = this.#router;
    const homeState: PathState = router.watch.peerAnswers ? 'alive' : 'unknown';
    const candidates = router.entries.filter(isRegistered).map(entry => {
      const candidate = router.registrar.choice.candidate(entry);
      // Nothing probes the home link: it counts as much as what answers.
      return entry.place === 'home' ? { ...candidate, state: homeState } : candidate;
    });
    return router.home.carrier ?? choosePath(candidates)?.entry;
  }

  step(now: number): void {
    const router = this.#router;
    const chosen = this.choose();
    if (chosen === this.entry) return;
    this.entry = chosen;
    this.since = now;
    const name = chosen?.uplink.name ?? null;
    const text = name === null ? 'no uplink is left' : `traffic goes over ${name}`;
    router.event(name === null ? 'warning' : 'notice', 'active-uplink', text, { uplink: name });
    router.requestForwarding();
  }
}
