/** A change as the `ip` commands that would make it: what `kedge diff` shows. */
import { formatAddress, formatPrefix, type Prefix } from '../wire/address.ts';
import type { Change } from './diff.ts';
import { LOOPBACK } from './owned.ts';
import { type Neighbor, ROUTE_PROTOCOL, type Route, type Rule, type Tunnel } from './state.ts';
import { policyText, stateText } from './xfrm-text.ts';

/** One line a command. Devices that only their index is known of are written `if7`, as `ip` understands it. */
export function changeText(change: Change): string[] {
  switch (change.kind) {
    case 'tunnel-add':
      return [
        `ip link add ${tunnelSettings(change.tunnel)}`,
        `ip link set ${change.tunnel.name} addrgenmode none`,
        `ip link set ${change.tunnel.name} up`,
      ];
    case 'tunnel-change': {
      const { name, mtu, group } = change.tunnel;
      return [
        `ip link change ${name} type ${tunnelEnds(change.tunnel)}`,
        `ip link set ${name} mtu ${mtu} group ${group} up`,
      ];
    }
    case 'tunnel-delete':
      return [`ip link delete ${change.tunnel.name}`];
    case 'address-add':
    case 'address-replace':
    case 'address-delete': {
      const { device = LOOPBACK, tested, home, deprecated } = change.address;
      const address = `${formatAddress(change.address.address)}/128 dev ${device}`;
      if (change.kind === 'address-delete') return [`ip -6 address delete ${address}`];
      const flags = `${home ? ' home' : ''}${home || deprecated ? ' preferred_lft 0' : ''}${tested ? '' : ' nodad'}`;
      return [
        `ip -6 address ${change.kind.slice('address-'.length)} ${address}${flags} proto ${ROUTE_PROTOCOL}`,
      ];
    }
    case 'route-add':
    case 'route-replace':
    case 'route-delete':
      return [`ip -6 route ${change.kind.slice('route-'.length)} ${routeText(change.route)}`];
    case 'rule-add':
    case 'rule-delete':
      return [`ip -6 rule ${change.kind.slice('rule-'.length)} ${ruleText(change.rule)}`];
    case 'neighbor-add':
    case 'neighbor-replace':
      return [`ip -6 neigh replace ${neighborText(change.neighbor)} proto ${ROUTE_PROTOCOL}`];
    case 'neighbor-delete':
      return [`ip -6 neigh delete ${neighborText(change.neighbor)}`];
    case 'state-add':
    case 'state-replace':
    case 'state-delete':
      return [stateText(change.kind, change.state)];
    case 'policy-add':
    case 'policy-replace':
    case 'policy-delete':
      return [policyText(change.kind, change.policy)];
  }
}

function tunnelSettings(tunnel: Tunnel): string {
  const { name, mtu, group } = tunnel;
  return `${name} mtu ${mtu} group ${group} type ${tunnelEnds(tunnel)}`;
}

function tunnelEnds({ local, remote, link, key }: Tunnel): string {
  const device = link === 0 ? '' : ` dev if${link}`;
  const ends = `local ${formatAddress(local)} remote ${formatAddress(remote)}${device} hoplimit 64 encaplimit none`;
  return key === undefined ? `ip6tnl mode ip6ip6 ${ends}` : `ip6gre key ${key} oseq ${ends}`;
}

const hexadecimal = (value: number): string => `0x${value.toString(16)}`;

const prefixText = (prefix: Prefix): string => (prefix.length === 0 ? 'default' : formatPrefix(prefix));

function routeText({ table, destination, metric, kind, device, gateway }: Route): string {
  const parts = [
    ...(kind === 'unreachable' ? ['unreachable'] : []),
    prefixText(destination),
    ...(gateway === undefined ? [] : ['via', formatAddress(gateway)]),
    ...(device === undefined ? [] : ['dev', device]),
    'table',
    table,
    'metric',
    metric,
    'proto',
    ROUTE_PROTOCOL,
  ];
  return parts.join(' ');
}

function neighborText({ device, neighbor, linkLayerAddress, router }: Neighbor): string {
  const address = formatAddress(neighbor);
  if (linkLayerAddress === undefined) return `proxy ${address} dev ${device}${router ? ' router' : ''}`;
  const octets = [...linkLayerAddress].map(octet => octet.toString(16).padStart(2, '0'));
  return `${address} dev ${device} lladdr ${octets.join(':')} nud permanent`;
}

function ruleText({ priority, from, to, mark, table }: Rule): string {
  const source = from === undefined ? 'all' : formatPrefix(from);
  const target = to === undefined ? '' : ` to ${formatPrefix(to)}`;
  const marked = mark === undefined ? '' : ` fwmark ${hexadecimal(mark.value)}/${hexadecimal(mark.mask)}`;
  return `priority ${priority} from ${source}${target}${marked} lookup ${table} protocol ${ROUTE_PROTOCOL}`;
}
