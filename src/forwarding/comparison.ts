/**
 * What kedge wants and what the kernel has, side by side. Places where either side changed are marked, and only these are
 * compared: what the change of one node costs does not depend on how many nodes there are.
 */
import type { KernelView } from '../netlink/kernel-view.ts';
import { type Copies, equalCopies } from './copies.ts';
import { type Change, diffForwarding, itemOf } from './diff.ts';
import { type Place, placeKey } from './identity.ts';
import { type FoundXfrm, ownedAt, ownedState } from './owned.ts';
import {
  type Classifier,
  type Filter,
  type ForwardingChanges,
  type ForwardingItem,
  type ForwardingItems,
  type ForwardingParts,
  type ForwardingState,
  type LocalAddress,
  mergeFilters,
  TUNNEL_PREFIX,
} from './state.ts';

const NO_XFRM: FoundXfrm = { states: new Map(), policies: new Map() };

export class Comparison {
  readonly #view: KernelView;
  readonly #parts = new Map<string, ForwardingState>();
  /** What the parts want, by place: the configuration sees to it that no two want the same. */
  readonly #wanted = new Map<string, ForwardingItem>();
  readonly #marked = new Map<string, Place>();
  #filter: Filter | undefined;
  #classifiers = new Map<string, Classifier | undefined>();
  /** By part. */
  readonly #copiesOf = new Map<string, Copies>();
  #copies: readonly Copies[] = [];

  /** Those that are looked after. */
  xfrm: FoundXfrm = NO_XFRM;

  constructor(view: KernelView) {
    this.#view = view;
  }

  /** Of all parts together. It is another value only when it may differ. */
  get filter(): Filter | undefined {
    return this.#filter;
  }

  /** Those of parts that were told since this was asked last. */
  takeClassifiers(): ReadonlyMap<string, Classifier | undefined> {
    const taken = this.#classifiers;
    this.#classifiers = new Map();
    return taken;
  }

  /** Of all parts together. It is another value only when it differs. */
  get copies(): readonly Copies[] {
    const all = [...this.#copiesOf.values()];
    const isSame = all.length === this.#copies.length && all.every((each, at) => each === this.#copies[at]);
    if (!isSame) this.#copies = all;
    return this.#copies;
  }

  get hasMarks(): boolean {
    return this.#marked.size > 0;
  }

  /** These parts take the place of those with the same names; undefined: nothing does. */
  want(parts: ForwardingChanges): void {
    let filterChanged = false;
    for (const [name, part] of parts) {
      const copied = this.#copiesOf.get(name);
      const before = this.#remove(name);
      if (before?.filter !== part?.filter) filterChanged = true;
      if (part?.copies === undefined) this.#copiesOf.delete(name);
      else this.#copiesOf.set(name, copied && equalCopies(copied, part.copies) ? copied : part.copies);
      if (part?.classifier ?? before?.classifier) this.#classifiers.set(name, part?.classifier);
      if (part === undefined) continue;
      this.#parts.set(name, part);
      for (const item of itemsOf(part)) {
        this.#wanted.set(placeKey(item), item);
        this.mark(item);
      }
    }
    if (filterChanged) this.#mergeFilters();
  }

  /** These parts take the place of all. */
  wantOnly(parts: ForwardingParts): void {
    for (const name of [...this.#parts.keys()]) if (!parts.has(name)) this.#remove(name);
    this.#mergeFilters();
    this.want(parts);
  }

  /** Something may have changed there. */
  mark(place: Place): void {
    this.#marked.set(placeKey(place), place);
  }

  markAll(): void {
    for (const item of itemsOf(this.#all())) this.mark(item);
    for (const item of itemsOf(this.#owned())) this.mark(item);
  }

  /** Every change that is still to be made. */
  changes(): Change[] {
    return diffForwarding(this.#all(), this.#owned());
  }

  /** Those at marked places; a place where there is none is not marked any more. */
  markedChanges(): Change[] {
    this.#markObstacles();
    const wanted = [...this.#marked.keys()].flatMap(key => this.#wanted.get(key) ?? []);
    const desired = byKind(wanted);
    const changes = diffForwarding(desired, ownedAt(this.#view, this.xfrm, this.#marked, desired.addresses));
    this.#marked.clear();
    for (const change of changes) this.mark(itemOf(change));
    return changes;
  }

  /** It will not be made, for now: its place is as it should be until something changes there. */
  unmark(change: Change): void {
    this.#marked.delete(placeKey(itemOf(change)));
  }

  /** The tunnels that have the ends which a tunnel at a marked place is to have; and so on, for these are marked too. */
  #markObstacles(): void {
    for (const key of this.#marked.keys()) {
      const item = this.#wanted.get(key);
      const found = item && 'remote' in item ? this.#view.tunnelBetween(item) : undefined;
      if (found?.name.startsWith(TUNNEL_PREFIX) && !this.#marked.has(placeKey(found))) this.mark(found);
    }
  }

  #remove(name: string): ForwardingState | undefined {
    const part = this.#parts.get(name);
    if (part === undefined) return undefined;
    this.#parts.delete(name);
    this.#copiesOf.delete(name);
    if (part.classifier !== undefined) this.#classifiers.set(name, undefined);
    for (const item of itemsOf(part)) {
      this.#wanted.delete(placeKey(item));
      this.mark(item);
    }
    return part;
  }

  #mergeFilters(): void {
    this.#filter = mergeFilters([...this.#parts.values()].flatMap(part => part.filter ?? []));
  }

  #all(): ForwardingItems {
    return byKind([...this.#wanted.values()]);
  }

  #owned() {
    return ownedState(this.#view, this.xfrm, this.#all().addresses);
  }
}

function itemsOf(items: ForwardingItems): ForwardingItem[] {
  const { tunnels, addresses, routes, rules, neighbors = [], states = [], policies = [] } = items;
  return [...tunnels, ...addresses, ...routes, ...rules, ...neighbors, ...states, ...policies];
}

function byKind(items: readonly ForwardingItem[]): ForwardingItems {
  return {
    tunnels: items.filter(item => 'remote' in item),
    addresses: items.filter((item): item is LocalAddress => 'address' in item),
    routes: items.filter(item => 'destination' in item),
    rules: items.filter(item => 'priority' in item),
    neighbors: items.filter(item => 'neighbor' in item),
    states: items.filter(item => 'header' in item),
    policies: items.filter(item => 'headers' in item),
  };
}
