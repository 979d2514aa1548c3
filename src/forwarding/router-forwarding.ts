/**
 * Forwarding of a mobile router (RFC 3963 §5, RFC 5648).
 *
 * Rules, first match wins:
 * - to a mobile network prefix: table main, where the LANs are;
 * - from a care-of address: the table of its uplink, and never another uplink, whatever happens to that one;
 * - from the home address or a mobile network prefix with the mark of a lane: the table of the lane, as long as a path of
 *   the lane can be used;
 * - from the home address or a mobile network prefix: the active tunnel, and never a bare uplink.
 *
 * The outer packets of a tunnel bear the care-of address, so they meet the second rule; a loop is not possible
 * because a care-of address is never one of the third rule's unless the second has caught it.
 */
import type { MobileRouterView, RouterHome, RouterPath } from '../engine/view.ts';
import { hostPrefix, isUnspecified, type Prefix, parsePrefix, prefixContains } from '../wire/address.ts';
import { uniqueByKey } from './identity.ts';
import { DEFAULT_MARKS, laneMark, type Marks } from './marks.ts';
import {
  type Filter,
  type ForwardingState,
  LAST_METRIC,
  type Neighbor,
  ROUTE_METRIC,
  type Route,
  RULE_PRIORITY,
  type Rule,
  TABLE_BASE,
  type Tunnel,
} from './state.ts';
import { ROUTER_GROUP, segmentSize, tunnelMtu, tunnelName, USUAL_TUNNEL_MTU } from './tunnel.ts';

const MAIN_TABLE = 254;
const EVERYTHING: Prefix = parsePrefix('::/0')!;

const PRIORITY = {
  toMobileNetwork: RULE_PRIORITY.first,
  fromCareOfAddress: RULE_PRIORITY.first + 10,
  lane: RULE_PRIORITY.first + 15,
  fromMobileNetwork: RULE_PRIORITY.first + 20,
} as const;

/** The table of the uplink with that BID (1..65535). */
const uplinkTable = (bid: number): number => TABLE_BASE + bid;

/** The table of the lane with that number (1..4095), behind those of the uplinks. */
const laneTable = (lane: number): number => TABLE_BASE + LANE_TABLES + lane;
const LANE_TABLES = 70_000;

export function routerForwarding(view: MobileRouterView, marks: Marks = DEFAULT_MARKS): ForwardingState {
  const { homeAddress, prefixes, paths } = view;
  const own = [hostPrefix(homeAddress), ...prefixes];
  const tunnels = routerTunnels(view);
  const active = paths.find(path => path.registered && path.uplink === view.active);
  const device = active && tunnels.find(tunnel => tunnel.name === tunnelName(active.uplink))?.name;
  const home = view.home && homeForwarding(view, view.home);
  const lanes = lanesForwarding(view, own, marks);
  return {
    tunnels,
    addresses: [{ address: homeAddress }, ...(home?.addresses ?? [])],
    routes: uniqueByKey([
      ...(device === undefined ? [] : [unicast(TABLE_BASE, EVERYTHING, { device })]),
      ...(home?.routes ?? []),
      unreachable(TABLE_BASE, EVERYTHING),
      // A part of the prefix without a LAN must not go back where it came from.
      ...prefixes.map(prefix => unreachable(MAIN_TABLE, prefix)),
      ...paths.flatMap(uplinkRoutes),
      ...lanes.routes,
    ]),
    rules: uniqueByKey([
      ...prefixes.map((to): Rule => ({ priority: PRIORITY.toMobileNetwork, to, table: MAIN_TABLE })),
      ...(home?.rules ?? []),
      ...paths.map(
        (path): Rule => ({
          priority: PRIORITY.fromCareOfAddress,
          from: hostPrefix(path.careOfAddress),
          table: uplinkTable(path.bid),
        }),
      ),
      ...lanes.rules,
      ...own.map((from): Rule => ({ priority: PRIORITY.fromMobileNetwork, from, table: TABLE_BASE })),
    ]),
    neighbors: home?.neighbors ?? [],
    filter: routerFilter(view, own),
    classifier: view.steering && {
      scope: 'r0',
      direction: 'outward',
      prefixes: own,
      rules: view.steering.rules,
      returns: [],
      marks,
    },
  };
}

/** A table for each lane, with a route while one of its paths can be used; without one the rules go on. */
function lanesForwarding(
  view: MobileRouterView,
  own: readonly Prefix[],
  marks: Marks,
): Pick<ForwardingState, 'routes' | 'rules'> {
  const lanes = view.steering?.lanes ?? [];
  const { home } = view;
  const hopOfLane = (active: number | undefined): Pick<Route, 'device' | 'gateway'> | undefined => {
    if (home !== undefined && view.active === home.uplink && home.path.bid === active)
      return hopOf(home.path);
    const path = view.paths.find(({ bid, registered }) => registered && bid === active);
    return path && { device: tunnelName(path.uplink) };
  };
  return {
    routes: lanes.flatMap(({ number, active, only }) => {
      const hop = hopOfLane(active);
      const table = laneTable(number);
      return [
        ...(hop === undefined ? [] : [unicast(table, EVERYTHING, hop)]),
        ...(only ? [unreachable(table, EVERYTHING)] : []),
      ];
    }),
    rules: lanes.flatMap(({ number }) =>
      own.map(
        (from): Rule => ({
          priority: PRIORITY.lane,
          from,
          mark: { value: laneMark(marks, number), mask: marks.packet },
          table: laneTable(number),
        }),
      ),
    ),
  };
}

/**
 * On the home link packets go as they are. What is said to the home agent goes there before anything else does: it is what
 * makes the home link the way (RFC 6275 §11.5.5).
 */
function homeForwarding(
  { homeAddress, homeAgent, active }: MobileRouterView,
  { address, path, prefix, uplink, agentLinkLayerAddress }: RouterHome,
): Pick<ForwardingState, 'addresses' | 'routes' | 'rules'> & { readonly neighbors: readonly Neighbor[] } {
  const { device } = path;
  const table = uplinkTable(path.bid);
  const link = (into: number): Route => unicast(into, prefix, { device });
  const carries = active === uplink;
  return {
    addresses: address === 'absent' ? [] : [{ address: homeAddress, device, tested: address === 'tested' }],
    routes: [
      link(table),
      ...uplinkRoutes(path),
      ...(carries ? [link(TABLE_BASE), unicast(TABLE_BASE, EVERYTHING, hopOf(path))] : []),
    ],
    rules:
      homeAgent === undefined
        ? []
        : [
            {
              priority: PRIORITY.fromCareOfAddress,
              from: hostPrefix(homeAddress),
              to: hostPrefix(homeAgent),
              table,
            },
          ],
    neighbors:
      agentLinkLayerAddress === undefined || homeAgent === undefined || !prefixContains(prefix, homeAgent)
        ? []
        : [{ device, neighbor: homeAgent, linkLayerAddress: agentLinkLayerAddress, router: true }],
  };
}

/** One tunnel for each registered care-of address (RFC 3963 §5.5); the kernel wants the pair of ends unique. */
function routerTunnels(view: MobileRouterView): Tunnel[] {
  const { homeAgent } = view;
  if (homeAgent === undefined) return [];
  const tunnels = view.paths
    .filter(path => path.registered)
    .map(path => ({
      name: tunnelName(path.uplink),
      local: path.careOfAddress,
      remote: homeAgent,
      link: path.ifindex,
      mtu: tunnelMtu(path.mtu),
      group: ROUTER_GROUP,
    }));
  return uniqueByKey(tunnels);
}

function uplinkRoutes(path: RouterPath): Route[] {
  const table = uplinkTable(path.bid);
  return [unicast(table, EVERYTHING, hopOf(path)), unreachable(table, EVERYTHING)];
}

function hopOf({ device, gateway }: RouterPath): Pick<Route, 'device' | 'gateway'> {
  return gateway === undefined || isUnspecified(gateway) ? { device } : { device, gateway };
}

function unicast(table: number, destination: Prefix, hop: Pick<Route, 'device' | 'gateway'>): Route {
  return { table, destination, metric: ROUTE_METRIC, kind: 'unicast', ...hop };
}

function unreachable(table: number, destination: Prefix): Route {
  return { table, destination, metric: LAST_METRIC, kind: 'unreachable' };
}

function routerFilter(view: MobileRouterView, own: readonly Prefix[]): Filter {
  const smallest = Math.min(USUAL_TUNNEL_MTU, ...view.paths.map(path => tunnelMtu(path.mtu)));
  return {
    mss: segmentSize(smallest),
    sources: [],
    destinations: own.map(prefix => ({ group: ROUTER_GROUP, prefix })),
    entrants: { group: ROUTER_GROUP, prefixes: view.prefixes },
    ownAddresses: [view.homeAddress],
    tunnelPeers: view.homeAgents,
    hideParameterProblems: true,
  };
}
