/**
 * Forwarding of a home agent: one tunnel for each binding, and in table main the home address and the mobile
 * network prefixes of each node by the tunnel of its active binding (RFC 3963 §6.5, second way). Each node is a part of
 * its own, and a change makes only those parts anew that it concerns.
 */
import type { AnchorNode, HomeAgentView } from '../engine/view.ts';
import { addressKey, equalAddress, formatAddress, hostPrefix } from '../wire/address.ts';
import { uniqueByKey } from './identity.ts';
import {
  type Filter,
  type ForwardingState,
  LAST_METRIC,
  ROUTE_METRIC,
  type Route,
  type Tunnel,
} from './state.ts';
import { anchorGroups, segmentSize, tunnelName, USUAL_TUNNEL_MTU } from './tunnel.ts';

const MAIN_TABLE = 254;

/** A node's place in the order of the configuration. */
type Rank = number;

export class AnchorForwarding {
  readonly #address: HomeAgentView['address'];
  readonly #nodes: AnchorNode[];
  readonly #groups: readonly number[];
  readonly #ranks: ReadonlyMap<string, Rank>;
  /**
   * Who has registered a care-of address, ascending. The kernel wants the pair of ends unique, so such an address has one
   * tunnel; of two nodes the first has it, for the filter has to tell whose packets come out of it.
   */
  readonly #claims = new Map<string, Rank[]>();

  constructor({ address, nodes }: HomeAgentView) {
    this.#address = address;
    this.#nodes = [...nodes];
    this.#groups = anchorGroups(nodes.map(node => node.homeAddress));
    this.#ranks = new Map(nodes.map((node, rank) => [addressKey(node.homeAddress), rank]));
    for (const rank of nodes.keys()) this.#claim(rank);
  }

  /** All parts: the filter, which stays the same whatever is registered, and the nodes. */
  parts(): Map<string, ForwardingState> {
    const filter = { tunnels: [], addresses: [], routes: [], rules: [], filter: this.#filter() };
    return new Map([['filter', filter], ...this.#nodes.map((_, rank) => this.#part(rank))]);
  }

  /** The parts that change when this node, one of those before, is as it says. */
  change(node: AnchorNode): Map<string, ForwardingState> {
    const rank = this.#ranks.get(addressKey(node.homeAddress));
    if (rank === undefined) return new Map();
    const concerned = new Set([rank, ...this.#release(rank)]);
    this.#nodes[rank] = node;
    for (const other of this.#claim(rank)) concerned.add(other);
    return new Map([...concerned].map(each => this.#part(each)));
  }

  /** Returns who comes first now where this node is not the only one. */
  #claim(rank: Rank): Rank[] {
    const keys = careOfKeys(this.#nodes[rank]!);
    for (const key of keys) {
      const others = this.#claims.get(key) ?? [];
      this.#claims.set(
        key,
        [...others, rank].sort((a, b) => a - b),
      );
    }
    return keys.flatMap(key => this.#claims.get(key)!.find(other => other !== rank) ?? []);
  }

  /** Returns who comes first after this node has gone. */
  #release(rank: Rank): Rank[] {
    return careOfKeys(this.#nodes[rank]!).flatMap(key => {
      const others = this.#claims.get(key)!.filter(other => other !== rank);
      if (others.length > 0) this.#claims.set(key, others);
      else this.#claims.delete(key);
      return others.slice(0, 1);
    });
  }

  #part(rank: Rank): [string, ForwardingState] {
    const node = this.#nodes[rank]!;
    const tunnels = this.#tunnels(rank);
    const active = node.bindings.find(({ bid }) => bid === node.active);
    const tunnel = active && tunnels.find(({ remote }) => equalAddress(remote, active.careOfAddress));
    const routes: Route[] = [];
    if (tunnel !== undefined) {
      for (const destination of [hostPrefix(node.homeAddress), ...node.prefixes]) {
        const device = tunnel.name;
        routes.push({ table: MAIN_TABLE, destination, metric: ROUTE_METRIC, kind: 'unicast', device });
      }
    }
    for (const destination of authorised(node)) {
      routes.push({ table: MAIN_TABLE, destination, metric: LAST_METRIC, kind: 'unreachable' });
    }
    const name = `node ${formatAddress(node.homeAddress)}`;
    return [name, { tunnels, addresses: [], routes: uniqueByKey(routes), rules: [], filter: undefined }];
  }

  #tunnels(rank: Rank): Tunnel[] {
    const { name, bindings } = this.#nodes[rank]!;
    const own = bindings.filter(binding => this.#claims.get(addressKey(binding.careOfAddress))![0] === rank);
    const tunnels = own.map(({ bid, careOfAddress }) => ({
      name: tunnelName(`${name}.${bid}`),
      local: this.#address,
      remote: careOfAddress,
      link: 0,
      mtu: USUAL_TUNNEL_MTU,
      group: this.#groups[rank]!,
    }));
    return uniqueByKey(tunnels);
  }

  #filter(): Filter {
    return {
      mss: segmentSize(USUAL_TUNNEL_MTU),
      sources: this.#nodes.flatMap((node, rank) =>
        authorised(node).map(prefix => ({ group: this.#groups[rank]!, prefix })),
      ),
      destinations: [],
      ownAddresses: [],
      tunnelPeers: [],
      hideParameterProblems: true,
    };
  }
}

const authorised = (node: AnchorNode) => [hostPrefix(node.homeAddress), ...node.authorisedPrefixes];

const careOfKeys = (node: AnchorNode): string[] => [
  ...new Set(node.bindings.map(({ careOfAddress }) => addressKey(careOfAddress))),
];
