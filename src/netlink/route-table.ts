/** Routes, to be found by their place, by the link they leave by, and by what of them is a default route. */
import { type Address, addressKey, type Prefix } from '../wire/address.ts';
import type { KernelRoute } from './route.ts';

/** Where a replacing route takes over: the kernel may hold several routes there. */
export type RoutePlace = Pick<KernelRoute, 'table' | 'destination' | 'metric'>;

export const prefixKey = (prefix: Prefix | undefined): string =>
  prefix === undefined || prefix.length === 0 ? '' : `${addressKey(prefix.address)}/${prefix.length}`;

/** @param place without `source` it is a place for packets from anywhere */
export const placeKey = (place: RoutePlace & { readonly source?: Prefix }): string =>
  `${place.table} ${prefixKey(place.destination)} ${place.metric} ${prefixKey(place.source)}`;

export class RouteTable implements Iterable<KernelRoute> {
  readonly #places = new Map<string, KernelRoute[]>();
  readonly #byLink = new Map<number, Set<KernelRoute>>();
  readonly #defaults = new Set<KernelRoute>();

  *[Symbol.iterator](): Iterator<KernelRoute> {
    for (const routes of this.#places.values()) yield* routes;
  }

  /** Those with destination `::/0`, of all tables. */
  get defaults(): Iterable<KernelRoute> {
    return this.#defaults;
  }

  at(place: RoutePlace & { readonly source?: Prefix }): readonly KernelRoute[] {
    return this.#places.get(placeKey(place)) ?? [];
  }

  /** Those that have this link among their next hops. */
  through(link: number): readonly KernelRoute[] {
    return [...(this.#byLink.get(link) ?? [])];
  }

  /** Takes the place of an equal one. */
  add(route: KernelRoute): void {
    this.delete(route);
    const key = placeKey(route);
    const routes = this.#places.get(key);
    if (routes === undefined) this.#places.set(key, [route]);
    else routes.push(route);
    if (route.destination.length === 0) this.#defaults.add(route);
    for (const { link } of route.nextHops) {
      const others = this.#byLink.get(link);
      if (others === undefined) this.#byLink.set(link, new Set([route]));
      else others.add(route);
    }
  }

  /** Removes the route that equals this one; false when there is none. */
  delete(route: KernelRoute): boolean {
    const key = placeKey(route);
    const routes = this.#places.get(key) ?? [];
    const at = routes.findIndex(other => isSame(other, route));
    const found = routes[at];
    if (found === undefined) return false;
    routes.splice(at, 1);
    if (routes.length === 0) this.#places.delete(key);
    this.#defaults.delete(found);
    for (const { link } of found.nextHops) {
      const others = this.#byLink.get(link);
      others?.delete(found);
      if (others?.size === 0) this.#byLink.delete(link);
    }
    return true;
  }
}

/** Of two routes at one place. */
function isSame(a: KernelRoute, b: KernelRoute): boolean {
  return a.kind === b.kind && a.protocol === b.protocol && hopsKey(a) === hopsKey(b);
}

const hopsKey = (route: KernelRoute): string =>
  route.nextHops.map(hop => `${hop.link} ${gatewayKey(hop.gateway)}`).join();
const gatewayKey = (gateway: Address | undefined): string =>
  gateway === undefined ? '' : addressKey(gateway);
