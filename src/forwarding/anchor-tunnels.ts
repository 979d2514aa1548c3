/**
 * The tunnels of a home agent, one for each care-of address, and what may come out of them. The kernel wants the pair of ends
 * unique: nodes that have registered the same care-of address (the home addresses of one router) share a tunnel, which the
 * first of them in the configuration has. Each of these bindings was authenticated by itself, and each says that packets of
 * its node come from that address (RFC 6275 §10.4.5, RFC 3963 §9): so what may come out of a shared tunnel is what may come
 * from any of them. The group of such a tunnel is that of its combination of nodes.
 */
import type { AnchorBinding, AnchorNode } from '../engine/view.ts';
import { type Address, addressKey, hostPrefix, type Prefix } from '../wire/address.ts';
import { isHomeBinding } from './home-forwarding.ts';
import { uniqueByKey } from './identity.ts';
import type { Filter, Tunnel } from './state.ts';
import { anchorGroups, sharedGroup, tunnelName, USUAL_TUNNEL_MTU } from './tunnel.ts';

/** A node's place in the order of the configuration. */
export type Rank = number;

/** Combinations that are remembered when nobody needs them at present: the filter need not change when they come back. */
const MOST_REMEMBERED = 64;

export class AnchorTunnels {
  readonly #address: Address;
  readonly #nodes: AnchorNode[];
  readonly #groups: readonly number[];
  /** Who has registered a care-of address, ascending. */
  readonly #claims = new Map<string, readonly Rank[]>();
  /** By their group. */
  readonly #combinations = new Map<number, readonly Rank[]>();

  /** @param nodes by their rank */
  constructor(address: Address, nodes: readonly AnchorNode[]) {
    this.#address = address;
    this.#nodes = [...nodes];
    this.#groups = anchorGroups(nodes.map(node => node.homeAddress));
    for (const [rank, node] of nodes.entries()) this.#claim(rank, careOfKeys(node));
    for (const ranks of this.#claims.values()) this.#remember(ranks);
  }

  /** Returns whom the change of a node concerns, and whether there is a combination that was not before. */
  change(rank: Rank, node: AnchorNode): { readonly concerned: ReadonlySet<Rank>; readonly isNew: boolean } {
    const before = careOfKeys(this.#nodes[rank]!);
    const after = careOfKeys(node);
    this.#nodes[rank] = node;
    this.#release(rank, before);
    this.#claim(rank, after);
    const claims = [...new Set([...before, ...after])].map(key => this.#claims.get(key) ?? []);
    const isNew = claims.map(ranks => this.#remember(ranks)).includes(true);
    return { concerned: new Set([rank, ...claims.flat()]), isNew };
  }

  /** Those of the node that are not another one's. */
  of(rank: Rank): Tunnel[] {
    const node = this.#nodes[rank]!;
    const own = foreign(node).filter(binding => this.#claimsOf(binding)[0] === rank);
    return uniqueByKey(own.map(binding => this.#tunnel(node, binding)));
  }

  /** Name of the tunnel that a binding of the node takes, perhaps another node's; undefined: none. */
  nameFor(rank: Rank, binding: AnchorBinding | undefined): string | undefined {
    if (binding === undefined || isHomeBinding(this.#nodes[rank]!, binding)) return undefined;
    const [first] = this.#claimsOf(binding);
    const node = first === undefined ? undefined : this.#nodes[first];
    const key = addressKey(binding.careOfAddress);
    const owner = node && foreign(node).find(({ careOfAddress }) => addressKey(careOfAddress) === key);
    return owner && tunnelName(`${node.name}.${owner.bid}`);
  }

  /** Inner sources that may come out of the tunnels. */
  sources(): Filter['sources'] {
    const groups = [
      ...this.#nodes.map((_, rank): [number, readonly Rank[]] => [this.#groups[rank]!, [rank]]),
      ...this.#combinations,
    ];
    return groups.flatMap(([group, ranks]) =>
      ranks.flatMap(rank => innerSources(this.#nodes[rank]!).map(prefix => ({ group, prefix }))),
    );
  }

  /** Device group of what is the node's alone. */
  groupOf(rank: Rank): number {
    return this.#groups[rank]!;
  }

  #claimsOf({ careOfAddress }: AnchorBinding): readonly Rank[] {
    return this.#claims.get(addressKey(careOfAddress)) ?? [];
  }

  #tunnel(node: AnchorNode, binding: AnchorBinding): Tunnel {
    return {
      name: tunnelName(`${node.name}.${binding.bid}`),
      local: this.#address,
      remote: binding.careOfAddress,
      link: 0,
      mtu: USUAL_TUNNEL_MTU,
      group: this.#sharedGroup(this.#claimsOf(binding)),
    };
  }

  #sharedGroup(ranks: readonly Rank[]): number {
    return ranks.length === 1
      ? this.#groups[ranks[0]!]!
      : sharedGroup(ranks.map(rank => this.#nodes[rank]!.homeAddress));
  }

  #claim(rank: Rank, keys: readonly string[]): void {
    for (const key of keys) {
      this.#claims.set(
        key,
        [...(this.#claims.get(key) ?? []), rank].sort((a, b) => a - b),
      );
    }
  }

  #release(rank: Rank, keys: readonly string[]): void {
    for (const key of keys) {
      const others = this.#claims.get(key)!.filter(other => other !== rank);
      if (others.length > 0) this.#claims.set(key, others);
      else this.#claims.delete(key);
    }
  }

  /** Returns whether it is a combination that was not known. */
  #remember(ranks: readonly Rank[]): boolean {
    if (ranks.length < 2) return false;
    const group = this.#sharedGroup(ranks);
    if (this.#combinations.has(group)) return false;
    if (this.#combinations.size >= MOST_REMEMBERED) {
      const needed = new Set([...this.#claims.values()].map(claims => this.#sharedGroup(claims)));
      for (const old of this.#combinations.keys()) if (!needed.has(old)) this.#combinations.delete(old);
    }
    this.#combinations.set(group, ranks);
    return true;
  }
}

/** The bindings that need a tunnel. */
const foreign = (node: AnchorNode) => node.bindings.filter(binding => !isHomeBinding(node, binding));

/**
 * Inner sources of a node's packets (RFC 3963 §9): home address and registered prefixes. Without a binding there is no tunnel;
 * all that it may register stand there then, as they hardly ever differ and the filter need not change.
 */
export const innerSources = (node: AnchorNode): Prefix[] => [
  hostPrefix(node.homeAddress),
  ...(node.bindings.length === 0 ? node.authorisedPrefixes : node.prefixes),
];

const careOfKeys = (node: AnchorNode): string[] => [
  ...new Set(foreign(node).map(({ careOfAddress }) => addressKey(careOfAddress))),
];
