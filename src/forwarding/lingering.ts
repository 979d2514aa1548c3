/**
 * What nobody wants any more is deleted a little later where it may be in use. Tunnels: packets are on their way in them, and
 * the kernel takes tens of milliseconds to delete one, in which the helper could send nothing else. The rule and the routes of
 * a lane: until nft has loaded the new policy, packets are marked for it, and would go by any uplink without it.
 */
import { type Change, itemOf } from './diff.ts';
import { type Place, placeKey } from './identity.ts';

/** ms that it outlives its use. */
const LINGER = 500;

export class Lingering {
  readonly #schedule: (delay: number, action: () => void) => void;
  readonly #due: (places: readonly Place[]) => void;
  /** Places of those that wait, and of those that have waited long enough. */
  readonly #waiting = new Set<string>();
  readonly #waited = new Set<string>();
  #isEnd = false;

  /** @param due hears which have waited long enough */
  constructor(
    schedule: (delay: number, action: () => void) => void,
    due: (places: readonly Place[]) => void,
  ) {
    this.#schedule = schedule;
    this.#due = due;
  }

  /** Of these changes, those that have to wait: deletions of lanes, and of tunnels where nothing else is left to do. */
  among(changes: readonly Change[]): ReadonlySet<Change> {
    const isOfLane = lanesIn(changes);
    const lingering = new Set([
      ...changes.slice(afterLastOther(changes)).filter(change => this.#mustWait(change)),
      ...changes.filter(change => isOfLane(change) && this.#mustWait(change)),
    ]);
    this.#wait([...lingering].map(itemOf).filter(place => !this.#waiting.has(placeKey(place))));
    return lingering;
  }

  /** All that were due have been deleted, or cannot be. */
  forgetDue(): void {
    this.#waited.clear();
  }

  /** From now on nothing waits. */
  end(): void {
    this.#isEnd = true;
  }

  #mustWait(change: Change): boolean {
    return !this.#isEnd && !this.#waited.has(placeKey(itemOf(change)));
  }

  #wait(places: readonly Place[]): void {
    if (places.length === 0) return;
    for (const place of places) this.#waiting.add(placeKey(place));
    this.#schedule(LINGER, () => {
      for (const place of places) {
        this.#waiting.delete(placeKey(place));
        this.#waited.add(placeKey(place));
      }
      this.#due(places);
    });
  }
}

/** Whether it deletes a lane that ends, or a route of it; a lane that stays loses its routes at once. */
function lanesIn(changes: readonly Change[]): (change: Change) => boolean {
  const ending = (change: Change): number[] =>
    change.kind === 'rule-delete' && change.rule.mark !== undefined ? [change.rule.table] : [];
  const tables = new Set(changes.flatMap(ending));
  return change =>
    ending(change).length > 0 || (change.kind === 'route-delete' && tables.has(change.route.table));
}

/** Where the deletions of tunnels begin that stand last. A tunnel that is in the way of another is deleted before. */
function afterLastOther(changes: readonly Change[]): number {
  let end = changes.length;
  while (end > 0 && changes[end - 1]!.kind === 'tunnel-delete') end--;
  return end;
}
