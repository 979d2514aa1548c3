/** Links, to be found by index, by name and, if they are tunnels, by their ends. */
import { addressKey } from '../wire/address.ts';
import type { Ip6TunnelParameters } from './ip6-tunnel.ts';
import type { Link } from './link.ts';

export type TunnelEnds = Pick<Ip6TunnelParameters, 'local' | 'remote' | 'link'>;

/** The kernel refuses a second tunnel with the same ends. */
export const endsKey = ({ local, remote, link }: TunnelEnds): string =>
  `${addressKey(local)} ${addressKey(remote)} ${link}`;

export class LinkTable implements Iterable<Link> {
  readonly #byIndex = new Map<number, Link>();
  readonly #byName = new Map<string, Link>();
  readonly #byEnds = new Map<string, Link>();

  [Symbol.iterator](): Iterator<Link> {
    return this.#byIndex.values();
  }

  get(index: number): Link | undefined {
    return this.#byIndex.get(index);
  }

  named(name: string): Link | undefined {
    return this.#byName.get(name);
  }

  between(ends: TunnelEnds): Link | undefined {
    return this.#byEnds.get(endsKey(ends));
  }

  /** Takes the place of the one with the same index. */
  set(link: Link): void {
    this.delete(link.index);
    this.#byIndex.set(link.index, link);
    this.#byName.set(link.name, link);
    if (link.tunnel !== undefined) this.#byEnds.set(endsKey(link.tunnel), link);
  }

  delete(index: number): boolean {
    const link = this.#byIndex.get(index);
    if (link === undefined) return false;
    this.#byIndex.delete(index);
    if (this.#byName.get(link.name) === link) this.#byName.delete(link.name);
    const ends = link.tunnel && endsKey(link.tunnel);
    if (ends !== undefined && this.#byEnds.get(ends) === link) this.#byEnds.delete(ends);
    return true;
  }
}
