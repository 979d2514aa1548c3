/**
 * The tunnels of the mobile routers of this host: one for each registered care-of address (RFC 3963 §5.5). The kernel wants
 * the pair of ends unique: routers that have registered the same care-of address with the same home agent share a tunnel,
 * which is the first one's.
 */
import type { MobileRouterView, RouterPath } from '../engine/view.ts';
import { endsKey } from './identity.ts';
import type { Tunnel } from './state.ts';
import { ROUTER_GROUP, routerTunnelName, tunnelMtu } from './tunnel.ts';

export class RouterTunnels {
  readonly #owned = new Map<string, { readonly tunnel: Tunnel; readonly slot: number }>();

  constructor(views: readonly MobileRouterView[]) {
    for (const view of views) {
      for (const path of view.paths) {
        const key = keyOf(view, path);
        if (key === undefined || this.#owned.has(key)) continue;
        this.#owned.set(key, { tunnel: tunnelOf(view, path), slot: view.slot });
      }
    }
  }

  /** Those that are this router's own. */
  of({ slot }: MobileRouterView): Tunnel[] {
    return [...this.#owned.values()].filter(owned => owned.slot === slot).map(({ tunnel }) => tunnel);
  }

  /** Name of the tunnel that an uplink's path takes, perhaps another router's; undefined: it is not registered. */
  nameFor(view: MobileRouterView, uplink: string): string | undefined {
    const path = view.paths.find(candidate => candidate.uplink === uplink);
    const key = path && keyOf(view, path);
    return key === undefined ? undefined : this.#owned.get(key)?.tunnel.name;
  }
}

function keyOf({ homeAgent }: MobileRouterView, path: RouterPath): string | undefined {
  if (homeAgent === undefined || !path.registered) return undefined;
  return endsKey({ local: path.careOfAddress, remote: homeAgent, link: path.ifindex });
}

function tunnelOf({ slot, homeAgent }: MobileRouterView, path: RouterPath): Tunnel {
  return {
    name: routerTunnelName(slot, path.uplink),
    local: path.careOfAddress,
    remote: homeAgent!,
    link: path.ifindex,
    mtu: tunnelMtu(path.mtu),
    group: ROUTER_GROUP,
  };
}
