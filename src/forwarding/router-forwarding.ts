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
 *
 * Several mobile routers on one host have tables of their own, and share the rest: rules differ by their addresses.
 */
import type { Lane } from '../engine/steering.ts';
import type { MobileRouterView, RouterHome, RouterPath } from '../engine/view.ts';
import { hostPrefix, isUnspecified, type Prefix, parsePrefix, prefixContains } from '../wire/address.ts';
import { type CopyItems, copyDevice, lanesThroughCopies, planCopies } from './copies.ts';
import { uniqueByKey } from './identity.ts';
import { DEFAULT_MARKS, laneMark, type Marks } from './marks.ts';
import { RouterTunnels } from './router-tunnels.ts';
import { routerScope } from './scope.ts';
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
  TABLES,
} from './state.ts';
import { copyRoom, ROUTER_GROUP, segmentSize, tunnelRoom, USUAL_TUNNEL_MTU } from './tunnel.ts';

const MAIN_TABLE = 254;
const EVERYTHING: Prefix = parsePrefix('::/0')!;

const PRIORITY = {
  toMobileNetwork: RULE_PRIORITY.first,
  fromCareOfAddress: RULE_PRIORITY.first + 10,
  lane: RULE_PRIORITY.first + 15,
  fromMobileNetwork: RULE_PRIORITY.first + 20,
} as const;

/** The table of the mobile network. */
const networkTable = ({ slot }: Pick<MobileRouterView, 'slot'>): number => TABLE_BASE + slot * TABLES;
/** The table of the uplink with that BID (1..65535). */
const uplinkTable = (view: Pick<MobileRouterView, 'slot'>, bid: number): number => networkTable(view) + bid;

/** The table of the lane with that number (1..4095), behind those of the uplinks. */
const laneTable = (view: Pick<MobileRouterView, 'slot'>, lane: number): number =>
  networkTable(view) + LANE_TABLES + lane;
const LANE_TABLES = 70_000;

/**
 * @param tunnels of all routers
 * @param direct packets of the home address may go the direct way
 */
export function routerForwarding(
  view: MobileRouterView,
  marks: Marks = DEFAULT_MARKS,
  tunnels: RouterTunnels = new RouterTunnels([view]),
  direct = false,
): ForwardingState {
  const { homeAddress, prefixes, paths } = view;
  const own = [hostPrefix(homeAddress), ...prefixes];
  const onDevices = paths.filter(path => path.device !== '');
  const table = networkTable(view);
  const device = view.active === undefined ? undefined : tunnels.nameFor(view, view.active);
  const home = view.home && homeForwarding(view, view.home);
  const lanes = lanesForwarding(view, own, marks, tunnels);
  const copies = copiesOf(view, marks, tunnels);
  return {
    tunnels: [...tunnels.of(view), ...(copies === undefined ? [] : [copies.tunnel])],
    addresses: [
      { address: homeAddress, ...(direct ? { home: true } : view.deprecated ? { deprecated: true } : {}) },
      ...(home?.addresses ?? []),
    ],
    routes: uniqueByKey([
      ...(device === undefined ? [] : [unicast(table, EVERYTHING, { device })]),
      ...(home?.routes ?? []),
      unreachable(table, EVERYTHING),
      // A part of the prefix without a LAN must not go back where it came from.
      ...prefixes.map(prefix => unreachable(MAIN_TABLE, prefix)),
      ...onDevices.flatMap(path => uplinkRoutes(view, path)),
      ...lanes.routes,
      ...(copies?.routes ?? []),
    ]),
    rules: uniqueByKey([
      ...prefixes.map((to): Rule => ({ priority: PRIORITY.toMobileNetwork, to, table: MAIN_TABLE })),
      ...(home?.rules ?? []),
      ...onDevices.map(
        (path): Rule => ({
          priority: PRIORITY.fromCareOfAddress,
          from: hostPrefix(path.careOfAddress),
          table: uplinkTable(view, path.bid),
        }),
      ),
      ...lanes.rules,
      ...own.map((from): Rule => ({ priority: PRIORITY.fromMobileNetwork, from, table })),
    ]),
    neighbors: home?.neighbors ?? [],
    filter: routerFilter(view, own),
    classifier: view.steering && {
      scope: routerScope(view.slot),
      direction: 'outward',
      prefixes: own,
      rules: view.steering.rules,
      returns: [],
      marks,
    },
    copies: copies?.copies,
  };
}

/** What makes copies for the home agent, if it wants them. */
function copiesOf(view: MobileRouterView, marks: Marks, tunnels: RouterTunnels): CopyItems | undefined {
  const { homeAddress: local, homeAgent: remote, steering, copyKey: key } = view;
  if (remote === undefined || key === undefined) return undefined;
  const mtu = smallestRoom(view);
  const deviceOf = (bid: number | undefined) => {
    const path = view.paths.find(other => other.bid === bid);
    return path && tunnels.nameFor(view, path.uplink);
  };
  const owner = ROUTER_GROUP + view.slot;
  const plan = { label: routerScope(view.slot), owner, local, remote, key, group: ROUTER_GROUP };
  return planCopies({ ...plan, mtu, steering, marks, deviceOf });
}

const smallestRoom = ({ paths }: MobileRouterView): number =>
  Math.min(USUAL_TUNNEL_MTU, ...paths.map(path => tunnelRoom(path.mtu)));

/** A table for each lane, with a route while one of its paths can be used; without one the rules go on. */
function lanesForwarding(
  view: MobileRouterView,
  own: readonly Prefix[],
  marks: Marks,
  tunnels: RouterTunnels,
): Pick<ForwardingState, 'routes' | 'rules'> {
  const lanes = view.steering?.lanes ?? [];
  const { home } = view;
  const copied = view.copyKey === undefined ? undefined : lanesThroughCopies(view.steering);
  const hopOfLane = ({ number, active }: Lane): Pick<Route, 'device' | 'gateway'> | undefined => {
    if (copied?.has(number)) return { device: copyDevice(routerScope(view.slot)) };
    if (home !== undefined && home.path.bid === active) return hopOf(home.path);
    const path = view.paths.find(({ bid }) => bid === active);
    const device = path && tunnels.nameFor(view, path.uplink);
    return device === undefined ? undefined : { device };
  };
  return {
    routes: lanes.flatMap(lane => {
      const { number, only } = lane;
      const hop = hopOfLane(lane);
      const table = laneTable(view, number);
      return [
        ...(hop === undefined ? [] : [unicast(table, EVERYTHING, hop)]),
        ...(home !== undefined && home.path.bid === lane.active
          ? [unicast(table, home.prefix, { device: home.path.device })]
          : []),
        ...(only ? [unreachable(table, EVERYTHING)] : []),
      ];
    }),
    rules: lanes.flatMap(({ number }) =>
      own.map(
        (from): Rule => ({
          priority: PRIORITY.lane,
          from,
          mark: { value: laneMark(marks, number), mask: marks.packet },
          table: laneTable(view, number),
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
  view: MobileRouterView,
  { address, path, prefix, uplink, agentLinkLayerAddress }: RouterHome,
): Pick<ForwardingState, 'addresses' | 'routes' | 'rules'> & { readonly neighbors: readonly Neighbor[] } {
  const { homeAddress, homeAgent, active } = view;
  const { device } = path;
  const table = uplinkTable(view, path.bid);
  const link = (into: number): Route => unicast(into, prefix, { device });
  const carries = active === uplink;
  return {
    addresses: address === 'absent' ? [] : [{ address: homeAddress, device, tested: address === 'tested' }],
    routes: [
      link(table),
      ...uplinkRoutes(view, path),
      ...(carries ? [link(networkTable(view)), unicast(networkTable(view), EVERYTHING, hopOf(path))] : []),
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

function uplinkRoutes(view: MobileRouterView, path: RouterPath): Route[] {
  const table = uplinkTable(view, path.bid);
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
  const room = smallestRoom(view);
  return {
    mss: segmentSize(view.copyKey === undefined ? room : copyRoom(room)),
    sources: [],
    destinations: own.map(prefix => ({ group: ROUTER_GROUP, prefix })),
    entrants: { group: ROUTER_GROUP, prefixes: view.prefixes },
    ownAddresses: [view.homeAddress],
    tunnelPeers: view.homeAgents,
    hideParameterProblems: true,
  };
}
