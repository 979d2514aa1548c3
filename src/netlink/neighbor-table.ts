/** Neighbours, to be found by their place and by their link. */
import { addressKey } from '../wire/address.ts';
import type { KernelNeighbor } from './neighbor.ts';

/** On each link there may be one, and beside it one that the kernel is the proxy of. */
export type NeighborPlace = Pick<KernelNeighbor, 'neighbor' | 'linkLayerAddress'>;

export const neighborKey = ({ neighbor, linkLayerAddress }: NeighborPlace): string =>
  `${linkLayerAddress === undefined ? 'proxy' : 'static'} ${addressKey(neighbor)}`;

export class NeighborTable implements Iterable<KernelNeighbor> {
  readonly #places = new Map<string, KernelNeighbor[]>();
  readonly #byLink = new Map<number, Set<KernelNeighbor>>();

  *[Symbol.iterator](): Iterator<KernelNeighbor> {
    for (const neighbors of this.#places.values()) yield* neighbors;
  }

  /** Those of all links. */
  at(place: NeighborPlace): readonly KernelNeighbor[] {
    return this.#places.get(neighborKey(place)) ?? [];
  }

  /** Those of one link. */
  on(link: number): readonly KernelNeighbor[] {
    return [...(this.#byLink.get(link) ?? [])];
  }

  /** Takes the place of the one on the same link. */
  set(found: KernelNeighbor): void {
    this.delete(found);
    this.#places.set(neighborKey(found), [...this.at(found), found]);
    const others = this.#byLink.get(found.link);
    if (others === undefined) this.#byLink.set(found.link, new Set([found]));
    else others.add(found);
  }

  delete(place: NeighborPlace & Pick<KernelNeighbor, 'link'>): boolean {
    const found = this.at(place).find(other => other.link === place.link);
    if (found === undefined) return false;
    const others = this.at(place).filter(other => other !== found);
    if (others.length > 0) this.#places.set(neighborKey(place), others);
    else this.#places.delete(neighborKey(place));
    this.#byLink.get(found.link)?.delete(found);
    return true;
  }
}
