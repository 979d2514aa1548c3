/**
 * Forwarding of a home agent: one tunnel for each binding, and in table main the home address and the mobile
 * network prefixes of each node by the tunnel of its active binding (RFC 3963 §6.5, second way). Each node is a part of
 * its own, and a change makes only those parts anew that it concerns.
 */
import type { AnchorNode, HomeAgentView } from '../engine/view.ts';
import {
  type Address,
  addressKey,
  equalAddress,
  equalPrefix,
  formatAddress,
  hostPrefix,
  type Prefix,
} from '../wire/address.ts';
import { homeNeighbors, hopsOnHomeLink, isHomeBinding, isOfLink } from './home-forwarding.ts';
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
  readonly #anycastAddresses: readonly Address[];
  readonly #nodes: AnchorNode[];
  readonly #groups: readonly number[];
  readonly #ranks: ReadonlyMap<string, Rank>;
  /**
   * Who has registered a care-of address, ascending. The kernel wants the pair of ends unique, so such an address has one
   * tunnel; of two nodes the first has it, for the filter has to tell whose packets come out of it.
   */
  readonly #claims = new Map<string, Rank[]>();

  constructor({ address, anycastAddresses, nodes }: HomeAgentView) {
    this.#address = address;
    this.#anycastAddresses = anycastAddresses;
    this.#nodes = [...nodes];
    this.#groups = anchorGroups(nodes.map(node => node.homeAddress));
    this.#ranks = new Map(nodes.map((node, rank) => [addressKey(node.homeAddress), rank]));
    for (const rank of nodes.keys()) this.#claim(rank);
  }

  /** All parts: what hardly ever changes, and the nodes. */
  parts(): Map<string, ForwardingState> {
    return new Map([this.#common(), ...this.#nodes.map((_, rank) => this.#part(rank))]);
  }

  /** The parts that change when this node, one of those before, is as it says. */
  change(node: AnchorNode): Map<string, ForwardingState> {
    const rank = this.#ranks.get(addressKey(node.homeAddress));
    if (rank === undefined) return new Map();
    const concerned = new Set([rank, ...this.#release(rank)]);
    const before = innerSources(this.#nodes[rank]!);
    this.#nodes[rank] = node;
    for (const other of this.#claim(rank)) concerned.add(other);
    const parts = new Map([...concerned].map(each => this.#part(each)));
    if (!equalLists(before, innerSources(node))) parts.set(...this.#common());
    return parts;
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
    const hops = hopsOnHomeLink(node, active);
    if (tunnel !== undefined) {
      const hop = { device: tunnel.name };
      for (const destination of [hostPrefix(node.homeAddress), ...node.prefixes])
        hops.push({ destination, hop });
    }
    const routes = hops.map(
      ({ destination, hop }): Route => ({
        table: MAIN_TABLE,
        destination,
        metric: ROUTE_METRIC,
        kind: 'unicast',
        ...hop,
      }),
    );
    for (const destination of isOfLink(node) ? node.authorisedPrefixes : authorised(node)) {
      routes.push({ table: MAIN_TABLE, destination, metric: LAST_METRIC, kind: 'unreachable' });
    }
    const name = `node ${formatAddress(node.homeAddress)}`;
    const neighbors = homeNeighbors(node);
    const items = { tunnels, addresses: [], routes: uniqueByKey(routes), rules: [], neighbors };
    return [name, { ...items, filter: undefined }];
  }

  #tunnels(rank: Rank): Tunnel[] {
    const node = this.#nodes[rank]!;
    const own = foreign(node).filter(
      binding => this.#claims.get(addressKey(binding.careOfAddress))![0] === rank,
    );
    const tunnels = own.map(({ bid, careOfAddress }) => ({
      name: tunnelName(`${node.name}.${bid}`),
      local: this.#address,
      remote: careOfAddress,
      link: 0,
      mtu: USUAL_TUNNEL_MTU,
      group: this.#groups[rank]!,
    }));
    return uniqueByKey(tunnels);
  }

  #common(): [string, ForwardingState] {
    const addresses = this.#anycastAddresses.map(address => ({ address }));
    return ['common', { tunnels: [], addresses, routes: [], rules: [], filter: this.#filter() }];
  }

  #filter(): Filter {
    return {
      mss: segmentSize(USUAL_TUNNEL_MTU),
      sources: this.#nodes.flatMap((node, rank) =>
        innerSources(node).map(prefix => ({ group: this.#groups[rank]!, prefix })),
      ),
      destinations: [],
      entrants: undefined,
      ownAddresses: [],
      tunnelPeers: [],
      hideParameterProblems: true,
    };
  }
}

/** The bindings that need a tunnel. */
const foreign = (node: AnchorNode) => node.bindings.filter(binding => !isHomeBinding(node, binding));

/**
 * Inner sources that may come out of a node's tunnels (RFC 3963 §9): home address and registered prefixes. Without a binding
 * there is no tunnel; all that it may register stand there then, as they hardly ever differ and the filter need not change.
 */
const innerSources = (node: AnchorNode): Prefix[] => [
  hostPrefix(node.homeAddress),
  ...(node.bindings.length === 0 ? node.authorisedPrefixes : node.prefixes),
];

const equalLists = (a: readonly Prefix[], b: readonly Prefix[]): boolean =>
  a.length === b.length && a.every((prefix, at) => equalPrefix(prefix, b[at]!));

const authorised = (node: AnchorNode) => [hostPrefix(node.homeAddress), ...node.authorisedPrefixes];

const careOfKeys = (node: AnchorNode): string[] => [
  ...new Set(foreign(node).map(({ careOfAddress }) => addressKey(careOfAddress))),
];
