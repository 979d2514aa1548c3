/**
 * Forwarding of a home agent: one tunnel for each binding, and in table main the home address and the mobile
 * network prefixes of each node by the tunnel of its active binding (RFC 3963 §6.5, second way).
 */
import type { AnchorNode, HomeAgentView } from '../engine/view.ts';
import { addressKey, hostPrefix, type Prefix } from '../wire/address.ts';
import { uniqueByKey } from './identity.ts';
import { type ForwardingState, LAST_METRIC, ROUTE_METRIC, type Route, type Tunnel } from './state.ts';
import { anchorGroups, segmentSize, tunnelName, USUAL_TUNNEL_MTU } from './tunnel.ts';

const MAIN_TABLE = 254;

export function anchorForwarding(view: HomeAgentView): ForwardingState {
  const groups = anchorGroups(view.nodes.map(node => node.homeAddress));
  const tunnels = new CareOfAddressTunnels(view);
  const routes: Route[] = [];
  const sources: { group: number; prefix: Prefix }[] = [];
  for (const [index, node] of view.nodes.entries()) {
    const group = groups[index]!;
    const authorised = [hostPrefix(node.homeAddress), ...node.authorisedPrefixes];
    const device = tunnels.add(node, group);
    if (device !== undefined) {
      for (const destination of [hostPrefix(node.homeAddress), ...node.prefixes]) {
        routes.push({ table: MAIN_TABLE, destination, metric: ROUTE_METRIC, kind: 'unicast', device });
      }
    }
    for (const prefix of authorised) {
      routes.push({ table: MAIN_TABLE, destination: prefix, metric: LAST_METRIC, kind: 'unreachable' });
      sources.push({ group, prefix });
    }
  }
  return {
    tunnels: tunnels.all,
    addresses: [],
    routes: uniqueByKey(routes),
    rules: [],
    filter: {
      mss: segmentSize(USUAL_TUNNEL_MTU),
      sources,
      destinations: [],
      ownAddresses: [],
      tunnelPeers: [],
      hideParameterProblems: true,
    },
  };
}

/**
 * The kernel wants the pair of ends unique, so a care-of address has one tunnel. Two bindings of a node may share
 * it; of two nodes, the first has it, for the filter has to tell whose packets come out of it.
 */
class CareOfAddressTunnels {
  readonly all: Tunnel[] = [];
  readonly #local: HomeAgentView['address'];
  readonly #byRemote = new Map<string, Tunnel>();

  constructor(view: HomeAgentView) {
    this.#local = view.address;
  }

  /** Adds the tunnels of a node's bindings; gives the name of the one that carries its traffic. */
  add(node: AnchorNode, group: number): string | undefined {
    let active: string | undefined;
    for (const { bid, careOfAddress } of node.bindings) {
      const key = addressKey(careOfAddress);
      let tunnel = this.#byRemote.get(key);
      if (tunnel === undefined) {
        tunnel = {
          name: tunnelName(`${node.name}.${bid}`),
          local: this.#local,
          remote: careOfAddress,
          link: 0,
          mtu: USUAL_TUNNEL_MTU,
          group,
        };
        this.#byRemote.set(key, tunnel);
        this.all.push(tunnel);
      }
      if (bid === node.active && tunnel.group === group) active = tunnel.name;
    }
    return active;
  }
}
