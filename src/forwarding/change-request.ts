/** A change as the rtnetlink requests that make it, and what a refusal of them means. */
import { AddressType, emitLinkAddress } from '../netlink/address.ts';
import { type ErrorName, errorName, type NetlinkError } from '../netlink/error.ts';
import { emitLink, LinkType } from '../netlink/link.ts';
import { Flag, type Request } from '../netlink/message.ts';
import { emitNeighbor, NeighborType } from '../netlink/neighbor.ts';
import { emitRoute, RouteKind, RouteType } from '../netlink/route.ts';
import { emitRule, RuleType } from '../netlink/rule.ts';
import { type Prefix, parsePrefix } from '../wire/address.ts';
import { changeText } from './change-text.ts';
import type { Change, XfrmChange } from './diff.ts';
import { LOOPBACK, tunnelSettings } from './owned.ts';
import { type Neighbor, ROUTE_PROTOCOL, type Route, type Rule, type Tunnel } from './state.ts';

const NEW = Flag.create | Flag.exclusive;
const REPLACING = Flag.create | Flag.replace;
const ANY: Prefix = parsePrefix('::/0')!;

/** Index of a device, undefined while there is none of that name. */
export type DeviceIndex = (name: string) => number | undefined;

/** The requests that make the change; undefined when they name a device that does not exist (yet). */
export function changeRequests(
  change: Exclude<Change, XfrmChange>,
  indexOf: DeviceIndex,
): Request[] | undefined {
  switch (change.kind) {
    case 'tunnel-add':
      return addTunnel(change.tunnel);
    case 'tunnel-change':
      return [
        {
          type: LinkType.new,
          flags: 0,
          body: emitLink({
            index: change.index,
            mtu: change.tunnel.mtu,
            group: change.tunnel.group,
            up: true,
            ...tunnelSettings(change.tunnel),
          }),
        },
      ];
    case 'tunnel-delete':
      return [{ type: LinkType.delete, flags: 0, body: emitLink({ index: change.tunnel.index }) }];
    case 'address-add':
    case 'address-replace':
    case 'address-delete': {
      const { address, device = LOOPBACK, ...kind } = change.address;
      const link = indexOf(device);
      if (link === undefined) return undefined;
      const body = emitLinkAddress({ link, address, length: 128, protocol: ROUTE_PROTOCOL }, kind);
      if (change.kind === 'address-delete') return [{ type: AddressType.delete, flags: 0, body }];
      return [{ type: AddressType.new, flags: change.kind === 'address-add' ? NEW : REPLACING, body }];
    }
    case 'route-add':
    case 'route-replace':
    case 'route-delete':
      return routeRequest(change.kind, change.route, indexOf);
    case 'rule-add':
      return [{ type: RuleType.new, flags: NEW, body: ruleBody(change.rule) }];
    case 'rule-delete':
      return [{ type: RuleType.delete, flags: 0, body: ruleBody(change.rule) }];
    case 'neighbor-add':
    case 'neighbor-replace':
    case 'neighbor-delete':
      return neighborRequest(change.kind, change.neighbor, indexOf);
  }
}

/** Three steps: the kernel minds the address generation mode only of a link that exists, and only before it is up. */
function addTunnel(tunnel: Tunnel): Request[] {
  const { name, mtu, group } = tunnel;
  const set = (settings: { linkLocal?: boolean; up?: boolean }): Request => ({
    type: LinkType.new,
    flags: 0,
    body: emitLink({ index: 0, name, ...settings }),
  });
  return [
    {
      type: LinkType.new,
      flags: NEW,
      body: emitLink({ index: 0, name, mtu, group, ...tunnelSettings(tunnel) }),
    },
    set({ linkLocal: false }),
    set({ up: true }),
  ];
}

const ROUTE_REQUEST = {
  'route-add': { type: RouteType.new, flags: NEW },
  'route-replace': { type: RouteType.new, flags: REPLACING },
  'route-delete': { type: RouteType.delete, flags: 0 },
} as const;

function routeRequest(
  kind: keyof typeof ROUTE_REQUEST,
  route: Route,
  indexOf: DeviceIndex,
): Request[] | undefined {
  const { table, destination, metric, device, gateway } = route;
  const link = device === undefined ? 0 : indexOf(device);
  if (link === undefined) return undefined;
  const body = emitRoute({
    table,
    destination,
    metric,
    kind: route.kind === 'unicast' ? RouteKind.unicast : RouteKind.unreachable,
    protocol: ROUTE_PROTOCOL,
    nextHop: { link, gateway },
  });
  return [{ ...ROUTE_REQUEST[kind], body }];
}

function ruleBody({ priority, from, to, mark, table }: Rule): Uint8Array {
  return emitRule({ priority, from: from ?? ANY, to: to ?? ANY, mark, table, protocol: ROUTE_PROTOCOL });
}

/** What the kernel has learnt of the neighbour by itself makes way. */
const NEIGHBOR_REQUEST = {
  'neighbor-add': { type: NeighborType.new, flags: REPLACING },
  'neighbor-replace': { type: NeighborType.new, flags: REPLACING },
  'neighbor-delete': { type: NeighborType.delete, flags: 0 },
} as const;

function neighborRequest(
  kind: keyof typeof NEIGHBOR_REQUEST,
  { device, ...neighbor }: Neighbor,
  indexOf: DeviceIndex,
): Request[] | undefined {
  const link = indexOf(device);
  if (link === undefined) return undefined;
  return [{ ...NEIGHBOR_REQUEST[kind], body: emitNeighbor({ ...neighbor, link, protocol: ROUTE_PROTOCOL }) }];
}

/** Refusals to take away what is not there. */
const ALREADY_GONE: readonly (ErrorName | undefined)[] = ['ENODEV', 'EADDRNOTAVAIL', 'ESRCH', 'ENOENT'];

/** True when the kernel refuses because there is nothing to delete, or the address is there: what was wanted is so. */
export function isAlreadySo({ kind }: Change, error: NetlinkError): boolean {
  const name = errorName(error);
  return kind.endsWith('-delete') ? ALREADY_GONE.includes(name) : kind === 'address-add' && name === 'EEXIST';
}

/** One sentence for a person: what failed, why, and what to do about it where that is known. */
export function refusalText(change: Change, error: NetlinkError): string {
  const name = errorName(error);
  const words = error.text === undefined ? '' : ` (${error.text})`;
  const why = reason(change, name) ?? `error ${name ?? error.errno}`;
  return `${changeText(change)[0]}: ${why}${words}`;
}

function reason(change: Change, name: ErrorName | undefined): string | undefined {
  if (name === 'EPERM') return 'not permitted: it takes CAP_NET_ADMIN';
  const [object] = change.kind.split('-');
  switch (`${object} ${name}`) {
    case 'tunnel EOPNOTSUPP':
      return 'tunnel' in change && change.tunnel.key !== undefined
        ? 'the kernel has no ip6_gre, which copies need: install kmod-gre6'
        : 'the kernel has no ip6_tunnel: install kmod-ip6-tunnel';
    case 'tunnel EEXIST':
      return "a device of that name, or a tunnel with these ends that is not kedge's, is in the way";
    case 'tunnel ENODEV':
      return 'the uplink of the tunnel does not exist';
    case 'route EEXIST':
      return "a route that is not kedge's has the same destination and metric";
    case 'route ENETDOWN':
      return 'the device is down';
    case 'route ENODEV':
      return 'the device does not exist';
    case 'route EHOSTUNREACH':
    case 'route ENETUNREACH':
      return 'the gateway cannot be reached by that device';
    case 'rule EOPNOTSUPP':
    case 'rule EAFNOSUPPORT':
      return 'the kernel has no IPv6 policy routing (CONFIG_IPV6_MULTIPLE_TABLES)';
    case 'state EEXIST':
      return "another program's XFRM state is in its place";
    case 'address EADDRNOTAVAIL':
    case 'address EOPNOTSUPP':
      return 'IPv6 is off on that device';
    default:
      return undefined;
  }
}
