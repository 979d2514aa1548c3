/**
 * Forwarding of a home agent: one tunnel for each binding, and in table main the home address and the mobile
 * network prefixes of each node by the tunnel of its active binding (RFC 3963 §6.5, second way). Each node is a part of
 * its own, and a change makes only those parts anew that it concerns.
 */
import type { AnchorBinding, AnchorNode, HomeAgentView } from '../engine/view.ts';
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
import { DEFAULT_MARKS, laneMark, type Marks } from './marks.ts';
import { nodeScope } from './scope.ts';
import {
  type Classifier,
  type Filter,
  type ForwardingState,
  LAST_METRIC,
  ROUTE_METRIC,
  type Route,
  RULE_PRIORITY,
  type Rule,
  TABLE_BASE,
  type Tunnel,
} from './state.ts';
import { anchorGroups, segmentSize, tunnelName, USUAL_TUNNEL_MTU } from './tunnel.ts';

const MAIN_TABLE = 254;
/** The table of the lane with that number (1..4095), behind those of a mobile router of the same host. */
const laneTable = (lane: number): number => TABLE_BASE + LANE_TABLES + lane;
const LANE_TABLES = 80_000;
const LANE_PRIORITY = RULE_PRIORITY.first + 30;

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
  readonly #marks: Marks;
  /** Numbers that lanes of nodes have or had: all nodes share a rule and a table for each. */
  readonly #lanes = new Set<number>();
  /** By which its nftables objects and connection marks know a path of a node. */
  readonly #places = new Map<Rank, ReadonlyMap<number, number>>();

  constructor({ address, anycastAddresses, nodes }: HomeAgentView, marks: Marks = DEFAULT_MARKS) {
    this.#marks = marks;
    this.#address = address;
    this.#anycastAddresses = anycastAddresses;
    this.#nodes = [...nodes];
    this.#groups = anchorGroups(nodes.map(node => node.homeAddress));
    this.#ranks = new Map(nodes.map((node, rank) => [addressKey(node.homeAddress), rank]));
    for (const rank of nodes.keys()) this.#claim(rank);
  }

  /** All parts: what hardly ever changes, and the nodes. */
  parts(): Map<string, ForwardingState> {
    const nodes = this.#nodes.map((_, rank) => this.#part(rank));
    return new Map([this.#common(), ...nodes, ...this.#lanePart(0)]);
  }

  /** The parts that change when this node, one of those before, is as it says. */
  change(node: AnchorNode): Map<string, ForwardingState> {
    const rank = this.#ranks.get(addressKey(node.homeAddress));
    if (rank === undefined) return new Map();
    const concerned = new Set([rank, ...this.#release(rank)]);
    const before = innerSources(this.#nodes[rank]!);
    this.#nodes[rank] = node;
    for (const other of this.#claim(rank)) concerned.add(other);
    const lanes = this.#lanes.size;
    const parts = new Map([...concerned].map(each => this.#part(each)));
    for (const [name, part] of this.#lanePart(lanes)) parts.set(name, part);
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
    const routes = this.#routesBy(node, active, tunnels, MAIN_TABLE);
    for (const destination of isOfLink(node) ? node.authorisedPrefixes : authorised(node)) {
      routes.push({ table: MAIN_TABLE, destination, metric: LAST_METRIC, kind: 'unreachable' });
    }
    for (const { number, active: bid, only } of node.steering?.lanes ?? []) {
      this.#lanes.add(number);
      const table = laneTable(number);
      const binding = node.bindings.find(other => other.bid === bid);
      routes.push(...this.#routesBy(node, binding, tunnels, table));
      for (const destination of only ? authorised(node) : []) {
        routes.push({ table, destination, metric: LAST_METRIC, kind: 'unreachable' });
      }
    }
    const name = `node ${formatAddress(node.homeAddress)}`;
    const neighbors = homeNeighbors(node);
    const items = { tunnels, addresses: [], routes: uniqueByKey(routes), rules: [], neighbors };
    return [name, { ...items, filter: undefined, classifier: this.#classifier(rank, tunnels) }];
  }

  /** The node's home address and prefixes by one of its bindings, if it has a way. */
  #routesBy(
    node: AnchorNode,
    binding: AnchorBinding | undefined,
    tunnels: readonly Tunnel[],
    table: number,
  ): Route[] {
    const hops = hopsOnHomeLink(node, binding);
    const tunnel = tunnelOf(tunnels, binding);
    if (tunnel !== undefined) {
      const hop = { device: tunnel.name };
      for (const destination of [hostPrefix(node.homeAddress), ...node.prefixes])
        hops.push({ destination, hop });
    }
    return hops.map(
      ({ destination, hop }): Route => ({
        table,
        destination,
        metric: ROUTE_METRIC,
        kind: 'unicast',
        ...hop,
      }),
    );
  }

  #classifier(rank: Rank, tunnels: readonly Tunnel[]): Classifier | undefined {
    const node = this.#nodes[rank]!;
    const { steering } = node;
    if (steering === undefined) return undefined;
    const places = this.#placesOf(rank);
    return {
      scope: nodeScope(rank),
      direction: 'inward',
      prefixes: [hostPrefix(node.homeAddress), ...node.prefixes],
      rules: steering.rules,
      returns: (steering.returns ?? []).flatMap(({ bid, lane }) => {
        const tunnel = tunnelOf(
          tunnels,
          node.bindings.find(other => other.bid === bid),
        );
        return tunnel === undefined ? [] : [{ device: tunnel.name, lane, place: places.get(bid)! }];
      }),
      marks: this.#marks,
    };
  }

  /** A path keeps its place while it is bound. */
  #placesOf(rank: Rank): ReadonlyMap<number, number> {
    const bids = this.#nodes[rank]!.bindings.map(({ bid }) => bid);
    const before = this.#places.get(rank) ?? new Map<number, number>();
    const places = new Map([...before].filter(([bid]) => bids.includes(bid)));
    const taken = new Set(places.values());
    for (const bid of bids) {
      if (places.has(bid)) continue;
      let place = 0;
      while (taken.has(place)) place++;
      taken.add(place);
      places.set(bid, place);
    }
    this.#places.set(rank, places);
    return places;
  }

  /** The rules that lead to the tables of lanes, if there are more than so many. */
  #lanePart(known: number): [string, ForwardingState][] {
    if (this.#lanes.size === known) return [];
    const rules = [...this.#lanes].map(
      (lane): Rule => ({
        priority: LANE_PRIORITY,
        mark: { value: laneMark(this.#marks, lane), mask: this.#marks.packet },
        table: laneTable(lane),
      }),
    );
    return [['lanes', { tunnels: [], addresses: [], routes: [], rules, filter: undefined }]];
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

const tunnelOf = (tunnels: readonly Tunnel[], binding: AnchorBinding | undefined): Tunnel | undefined =>
  binding && tunnels.find(({ remote }) => equalAddress(remote, binding.careOfAddress));

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
