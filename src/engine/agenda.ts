/** What is to be done when: a binary heap, so that the next of 100,000 deadlines is found at once. */
interface Item<K> {
  readonly at: number;
  readonly key: K;
}

/** Each key has at most one deadline; setting it again moves it. */
export class Agenda<K> {
  readonly #heap: Item<K>[] = [];
  readonly #current = new Map<K, Item<K>>();

  /** @param at monotonic milliseconds; Infinity removes the key */
  set(key: K, at: number): void {
    if (this.#current.get(key)?.at === at) return;
    if (at === Number.POSITIVE_INFINITY) {
      this.delete(key);
      return;
    }
    this.#current.delete(key);
    if (this.#heap.length > 2 * this.#current.size + 64) this.#rebuild();
    const item = { at, key };
    this.#current.set(key, item);
    this.#heap.push(item);
    this.#rise(this.#heap.length - 1);
  }

  delete(key: K): void {
    this.#current.delete(key);
  }

  has(key: K): boolean {
    return this.#current.has(key);
  }

  next(): number {
    this.#skipStale();
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Removes and returns a key whose time has come. */
  take(now: number): K | undefined {
    this.#skipStale();
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#pop();
    this.#current.delete(first.key);
    return first.key;
  }

  /** Moved and deleted deadlines stay in the heap until they come up, or until they are the majority. */
  #skipStale(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#current.get(first.key) === first) return;
      this.#pop();
    }
  }

  #rebuild(): void {
    const live = [...this.#current.values()].sort((a, b) => a.at - b.at);
    this.#heap.length = 0;
    for (const item of live) this.#heap.push(item);
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    const heap = this.#heap;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.at <= heap[index]!.at) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #sink(start: number): void {
    const heap = this.#heap;
    let index = start;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && heap[child]!.at < heap[least]!.at) least = child;
      }
      if (least === index) return;
      this.#swap(least, index);
      index = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
