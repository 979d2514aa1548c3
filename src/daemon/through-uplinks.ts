/**
 * Uplinks that are other mobile routers of this host: the care-of address is the home address of such a one, and packets
 * go the way that its own go, at home as abroad (draft-ietf-monami6-mipv6-analysis-01 §6.3.1).
 *
 * No home address may be bound to another one that is bound to it, directly or by further ones (RFC 6275 §6.1.7): the one
 * that would close the circle waits until the other binding has ended.
 */
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import type { EngineEvent, UplinkStatus } from '../engine/types.ts';
import type { MobileRouterView } from '../engine/view.ts';
import { tunnelMtu } from '../forwarding/tunnel.ts';
import { equalStatuses } from '../netlink/uplink-status.ts';
import type { UplinkConfig } from '../uci/types.ts';
import { UNSPECIFIED } from '../wire/address.ts';
import { isOf } from './router-name.ts';

const ETHERNET_MTU = 1500;

export class ThroughUplinks {
  readonly #routers: readonly MobileRouter[];
  readonly #told = new Map<MobileRouter, readonly UplinkStatus[]>();
  /** Uplinks that wait because they would close a circle. */
  readonly #waiting = new Set<UplinkConfig>();
  #kernel: readonly UplinkStatus[] = [];

  constructor(routers: readonly MobileRouter[]) {
    this.#routers = routers;
  }

  /** What a router is to hear when the kernel shows the uplinks like this. */
  tell(router: MobileRouter, kernel: readonly UplinkStatus[]): readonly UplinkStatus[] {
    this.#kernel = kernel;
    const statuses = this.#statuses(router);
    this.#told.set(router, statuses);
    return statuses;
  }

  /** A router that the others have changed something for; call until there is none. */
  news(): { readonly router: MobileRouter; readonly uplinks: readonly UplinkStatus[] } | undefined {
    for (const [router, told] of this.#told) {
      const uplinks = this.#statuses(router);
      if (equalStatuses(told, uplinks)) continue;
      this.#told.set(router, uplinks);
      return { router, uplinks };
    }
    return undefined;
  }

  /** What an operator should hear about circles, once. */
  events(): EngineEvent[] {
    return this.#routers.flatMap(router =>
      router.config.uplinks.flatMap((uplink): EngineEvent[] => {
        const { name, through } = uplink;
        const target = this.#named(through);
        const waits = target !== undefined && this.#leadsTo(target, router);
        if (waits === this.#waiting.has(uplink)) return [];
        if (!waits) this.#waiting.delete(uplink);
        else this.#waiting.add(uplink);
        const { name: own } = router.config;
        const text = waits
          ? `${name} waits: ${own} cannot go through ${through}, which goes through ${own} (RFC 6275 §6.1.7)`
          : `${name} waits no longer: ${through} does not go through ${own} any more`;
        const data = { uplink: name, router: own, through: through!, waits };
        return [{ level: 'notice', name: 'circular-reference', text, data }];
      }),
    );
  }

  #statuses(router: MobileRouter): readonly UplinkStatus[] {
    return this.#kernel.map(status => {
      const uplink = router.config.uplinks.find(({ name }) => name === status.name);
      const target = this.#named(uplink?.through);
      return target === undefined ? status : this.#through(status.name, router, target);
    });
  }

  #through(name: string, router: MobileRouter, target: MobileRouter): UplinkStatus {
    const view = target.view();
    return {
      name,
      ifindex: 0,
      carrier: view.active !== undefined && !this.#leadsTo(target, router),
      careOfAddress: view.homeAddress,
      gateway: UNSPECIFIED,
      mtu: mtuOf(view),
    };
  }

  /** The home agent of `from` holds, or may hold, a binding of it to the home address of `to`, or of one that leads there. */
  #leadsTo(from: MobileRouter, to: MobileRouter, seen: readonly MobileRouter[] = []): boolean {
    return from.bound.some(({ uplink: { through }, maybeBound, pending }) => {
      const next = maybeBound || pending !== undefined ? this.#named(through) : undefined;
      if (next === undefined || seen.includes(next)) return false;
      return next === to || this.#leadsTo(next, to, [...seen, next]);
    });
  }

  #named(name: string | undefined): MobileRouter | undefined {
    return name === undefined ? undefined : this.#routers.find(router => isOf(name, router));
  }
}

/** What the home address of a router can send in one piece, whatever path carries it. */
function mtuOf({ active, home, paths }: MobileRouterView): number {
  if (home !== undefined && home.uplink === active) return home.path.mtu;
  return Math.min(ETHERNET_MTU, ...paths.map(({ mtu }) => tunnelMtu(mtu)));
}
