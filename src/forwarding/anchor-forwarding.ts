/**
 * Forwarding of a home agent: one tunnel for each care-of address, and in table main the home address and the mobile
 * network prefixes of each node by the tunnel of its active binding (RFC 3963 §6.5, second way). Each node is a part of
 * its own, and a change makes only those parts anew that it concerns.
 */
import type { AnchorBinding, AnchorNode, HomeAgentView } from '../engine/view.ts';
import {
  type Address,
  addressKey,
  equalPrefix,
  formatAddress,
  hostPrefix,
  type Prefix,
} from '../wire/address.ts';
import { AnchorTunnels, innerSources, type Rank } from './anchor-tunnels.ts';
import { type CopyItems, lanesThroughCopies, planCopies } from './copies.ts';
import { homeNeighbors, hopsOnHomeLink, isOfLink } from './home-forwarding.ts';
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
} from './state.ts';
import { copyMtu, segmentSize, USUAL_TUNNEL_MTU } from './tunnel.ts';

const MAIN_TABLE = 254;
/** The table of the lane with that number (1..4095), behind those of a mobile router of the same host. */
const laneTable = (lane: number): number => TABLE_BASE + LANE_TABLES + lane;
const LANE_TABLES = 80_000;
const LANE_PRIORITY = RULE_PRIORITY.first + 30;

export class AnchorForwarding {
  readonly #address: Address;
  readonly #anycastAddresses: readonly Address[];
  readonly #nodes: AnchorNode[];
  readonly #ranks: ReadonlyMap<string, Rank>;
  readonly #tunnels: AnchorTunnels;
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
    this.#ranks = new Map(nodes.map((node, rank) => [addressKey(node.homeAddress), rank]));
    this.#tunnels = new AnchorTunnels(address, this.#nodes);
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
    const before = innerSources(this.#nodes[rank]!);
    const wasCopying = isCopying(this.#nodes[rank]!);
    this.#nodes[rank] = node;
    const { concerned, isNew } = this.#tunnels.change(rank, node);
    const lanes = this.#lanes.size;
    const parts = new Map([...concerned].map(each => this.#part(each)));
    for (const [name, part] of this.#lanePart(lanes)) parts.set(name, part);
    const isOther = isNew || wasCopying !== isCopying(node) || !equalLists(before, innerSources(node));
    if (isOther) parts.set(...this.#common());
    return parts;
  }

  #part(rank: Rank): [string, ForwardingState] {
    const node = this.#nodes[rank]!;
    const active = node.bindings.find(({ bid }) => bid === node.active);
    const routes = this.#routesBy(rank, active, MAIN_TABLE);
    const copies = this.#copies(rank);
    const copied = copies && lanesThroughCopies(node.steering);
    for (const destination of isOfLink(node) ? node.authorisedPrefixes : authorised(node)) {
      routes.push({ table: MAIN_TABLE, destination, metric: LAST_METRIC, kind: 'unreachable' });
    }
    for (const { number, active: bid, only } of node.steering?.lanes ?? []) {
      this.#lanes.add(number);
      const table = laneTable(number);
      const binding = node.bindings.find(other => other.bid === bid);
      const hop = copied?.has(number) ? copies!.tunnel.name : undefined;
      routes.push(...this.#routesBy(rank, binding, table, hop));
      for (const destination of only ? authorised(node) : []) {
        routes.push({ table, destination, metric: LAST_METRIC, kind: 'unreachable' });
      }
    }
    routes.push(...(copies?.routes ?? []));
    const name = `node ${formatAddress(node.homeAddress)}`;
    const neighbors = homeNeighbors(node);
    const items = {
      tunnels: [...this.#tunnels.of(rank), ...(copies === undefined ? [] : [copies.tunnel])],
      addresses: [],
      routes: uniqueByKey(routes),
      rules: [],
      neighbors,
    };
    const classifier = this.#classifier(rank);
    return [name, { ...items, filter: undefined, classifier, copies: copies?.copies }];
  }

  #copies(rank: Rank): CopyItems | undefined {
    const node = this.#nodes[rank]!;
    const { name: label, homeAddress: remote, steering, copyKey: key } = node;
    if (key === undefined) return undefined;
    const group = this.#tunnels.groupOf(rank);
    const deviceOf = (bid: number | undefined) =>
      this.#tunnels.nameFor(
        rank,
        node.bindings.find(other => other.bid === bid),
      );
    const plan = { label, local: this.#address, remote, key, group, owner: group, mtu: USUAL_TUNNEL_MTU };
    return planCopies({ ...plan, steering, marks: this.#marks, deviceOf });
  }

  /** The node's home address and prefixes by one of its bindings, if it has a way, or by another device. */
  #routesBy(rank: Rank, binding: AnchorBinding | undefined, table: number, other?: string): Route[] {
    const node = this.#nodes[rank]!;
    const hops = other === undefined ? hopsOnHomeLink(node, binding) : [];
    const device = other ?? this.#tunnels.nameFor(rank, binding);
    if (device !== undefined) {
      const hop = { device };
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

  #classifier(rank: Rank): Classifier | undefined {
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
        const binding = node.bindings.find(other => other.bid === bid);
        const device = this.#tunnels.nameFor(rank, binding);
        return device === undefined ? [] : [{ device, lane, place: places.get(bid)! }];
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

  #common(): [string, ForwardingState] {
    const addresses = this.#anycastAddresses.map(address => ({ address }));
    return ['common', { tunnels: [], addresses, routes: [], rules: [], filter: this.#filter() }];
  }

  #filter(): Filter {
    return {
      mss: segmentSize(this.#nodes.some(isCopying) ? copyMtu(USUAL_TUNNEL_MTU) : USUAL_TUNNEL_MTU),
      sources: this.#tunnels.sources(),
      destinations: [],
      entrants: undefined,
      ownAddresses: [],
      tunnelPeers: [],
      hideParameterProblems: true,
    };
  }
}

const isCopying = ({ copyKey }: AnchorNode): boolean => copyKey !== undefined;

const equalLists = (a: readonly Prefix[], b: readonly Prefix[]): boolean =>
  a.length === b.length && a.every((prefix, at) => equalPrefix(prefix, b[at]!));

const authorised = (node: AnchorNode) => [hostPrefix(node.homeAddress), ...node.authorisedPrefixes];
