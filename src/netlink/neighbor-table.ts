/** Neighbours, to be found by their place and by their link. */
import { addressKey } from '../wire/address.ts';
import type { KernelNeighbor } from './neighbor.ts';

/** On each link there may be one, and beside it one that the kernel is the proxy of. */
export type NeighborPlace = Pick<KernelNeighbor, 'neighbor' | 'linkLayerAddress'>;

export const neighborKey = ({ neighbor, linkLayerAddress }: NeighborPlace): string =>
  `${linkLayerAddress === undefined ? 'proxy' : 'static'} ${addressKey(neighbor)}`;

export class NeighborTable implements Iterable<KernelNeighbor> {
  readonly #places = new Map<string, KernelNeighbor[]>();

  *[Symbol.iterator](): Iterator<KernelNeighbor> {
    for (const neighbors of this.#places.values()) yield* neighbors;
  }

  /** Those of all links. */
  at(place: NeighborPlace): readonly KernelNeighbor[] {
    return this.#places.get(neighborKey(place)) ?? [];
  }

  /** Takes the place of the one on the same link. */
  set(found: KernelNeighbor): void {
    const others = this.at(found).filter(other => other.link !== found.link);
    this.#places.set(neighborKey(found), [...others, found]);
  }

  delete(found: NeighborPlace & Pick<KernelNeighbor, 'link'>): boolean {
    const before = this.at(found);
    const others = before.filter(other => other.link !== found.link);
    if (others.length > 0) this.#places.set(neighborKey(found), others);
    else this.#places.delete(neighborKey(found));
    return others.length < before.length;
  }
}
