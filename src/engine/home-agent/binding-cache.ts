/**
 * The Binding Cache: the nodes by home address, the changes of their bindings, and when each needs attention. A mere
 * refresh leaves the forwarding state alone.
 */
import type { HomeAgentConfig } from '../../uci/types.ts';
import {
  type Address,
  addressKey,
  equalAddress,
  equalPrefix,
  formatAddress,
  type Prefix,
  prefixCovers,
} from '../../wire/address.ts';
import { Agenda } from '../agenda.ts';
import type { CreateHmac } from '../hmac.ts';
import type { Outbox } from '../outbox.ts';
import { PathProber, type PathState } from '../path-prober.ts';
import { PROBE_PROFILES, type ProbeProfile } from '../probe-profile.ts';
import type { JsonObject, Level } from '../types.ts';
import { steer } from './flow-bindings/flow-update.ts';
import {
  type Binding,
  bindingWithAddress,
  chooseBinding,
  type MobileNode,
  newMobileNode,
} from './mobile-node.ts';
import { nodeKey, restoreNode, saveNode } from './records.ts';
import { askAt } from './refresh-request.ts';
import type { BindingRequest } from './registration.ts';

export class BindingCache {
  readonly #nodes = new Map<string, MobileNode>();
  /** The nodes that one peer stands for, by the prefixes that they share, in order of preference. */
  readonly #siblings = new Map<readonly Prefix[], readonly MobileNode[]>();
  readonly #owner = new Map<Binding, MobileNode>();
  readonly #agenda = new Agenda<Binding>();
  readonly #profile: ProbeProfile;
  readonly #verifies: boolean;
  readonly #outbox: Outbox;

  /**
   * @param now monotonic, milliseconds
   * @param records what a previous life of the process has left, by key
   */
  constructor(
    config: HomeAgentConfig,
    now: number,
    records: ReadonlyMap<string, JsonObject>,
    outbox: Outbox,
    createHmac: CreateHmac,
  ) {
    this.#profile = PROBE_PROFILES[config.probe];
    this.#verifies = config.verify === true;
    this.#outbox = outbox;
    for (const peer of config.peers) {
      const node = newMobileNode(peer, createHmac);
      this.#nodes.set(addressKey(peer.homeAddress), node);
      if (peer.renumbering) this.#siblings.set(peer.prefixes, [...this.#siblingsOf(node), node]);
      const record = records.get(nodeKey(node));
      if (record !== undefined) this.#adopt(node, record, now);
    }
  }

  /** The node with this home address, bound or not. */
  find(homeAddress: Address): MobileNode | undefined {
    return this.#nodes.get(addressKey(homeAddress));
  }

  /**
   * The address is that of a node whose own care-of addresses lead to this one in the end: packets would go round in a
   * circle (RFC 6275 §6.1.7).
   */
  leadsBack(address: Address, node: MobileNode): boolean {
    const seen = new Set<MobileNode>();
    const isCircular = (careOfAddress: Address): boolean => {
      const next = this.find(careOfAddress);
      if (next === undefined || seen.has(next)) return false;
      if (next === node) return true;
      seen.add(next);
      return [...next.bindings.values()].some(binding => !binding.home && isCircular(binding.careOfAddress));
    };
    return isCircular(address);
  }

  nodes(): Iterable<MobileNode> {
    return this.#nodes.values();
  }

  bindings(): Iterable<Binding> {
    return this.#owner.keys();
  }

  /** Monotonic time (ms) at which {@link takeDue} gives something. */
  nextDue(): number {
    return this.#agenda.next();
  }

  /** A binding whose time to expire or to be probed has come; it must be scheduled again or removed. */
  takeDue(now: number): [MobileNode, Binding] | undefined {
    const binding = this.#agenda.take(now);
    const node = binding && this.#owner.get(binding);
    return binding === undefined || node === undefined ? undefined : [node, binding];
  }

  schedule(binding: Binding): void {
    const probe = binding.home ? Number.POSITIVE_INFINITY : binding.prober.nextWake();
    this.#agenda.set(binding, Math.min(binding.expiresAt, askAt(binding), probe));
  }

  /** Adds the binding, or updates the one with the same BID. @param lifetime seconds */
  register(node: MobileNode, request: BindingRequest, lifetime: number, now: number): void {
    const { bid, careOfAddress, home, priority } = request;
    const twin = bindingWithAddress(node, careOfAddress, bid);
    if (twin !== undefined) this.remove(node, twin.bid, 'renumbered');
    const existing = node.bindings.get(bid);
    const expiresAt = now + lifetime * 1000;
    if (existing !== undefined && equalAddress(existing.careOfAddress, careOfAddress)) {
      Object.assign(existing, { priority, lifetime, expiresAt, asked: false, heartbeat: undefined });
      existing.prober.hurry(now);
      return;
    }
    if (existing !== undefined) this.#forget(node, existing);
    const prober = this.#newProber(now, 'unknown');
    const binding = {
      bid,
      careOfAddress,
      home,
      priority,
      lifetime,
      expiresAt,
      asked: false,
      prober,
      heartbeat: undefined,
    };
    node.bindings.set(bid, binding);
    this.#track(node, binding);
    this.#forward(node);
    const address = formatAddress(careOfAddress);
    this.tell('notice', 'binding-registered', node, `${address} registered for ${lifetime} s`, {
      bid,
      careOfAddress: address,
      lifetime,
    });
  }

  /** @param why one word for the log */
  remove(node: MobileNode, bid: number, why: string): void {
    const binding = node.bindings.get(bid);
    if (binding === undefined) return;
    this.#forget(node, binding);
    const careOfAddress = formatAddress(binding.careOfAddress);
    this.tell('notice', 'binding-removed', node, `${careOfAddress} ${why}`, { bid, careOfAddress, why });
  }

  /** Chooses the bindings that carry the node's traffic anew. */
  rechoose(node: MobileNode): void {
    if (steer(node)) this.#forward(node);
    if (!chooseBinding(node)) return;
    this.#forward(node);
    const { active } = node;
    const careOfAddress = active === undefined ? null : formatAddress(active.careOfAddress);
    const text = careOfAddress === null ? 'no binding is left' : `reached over ${careOfAddress}`;
    this.tell('notice', 'active-binding', node, text, { bid: active?.bid ?? null, careOfAddress });
  }

  /** What the latest accepted registration of the node was for. */
  serve(node: MobileNode, mobileRouter: boolean, prefixes: readonly Prefix[], copies: boolean): void {
    const isSame = equalPrefixes(node.prefixes, prefixes) && node.copies === copies;
    if (!isSame) this.#forward(node);
    node.copies = copies;
    node.mobileRouter = mobileRouter;
    node.prefixes = prefixes;
  }

  /** Prefixes to forward to the node: what a peer registers from several home addresses is the first one's that is bound. */
  prefixesOf(node: MobileNode): readonly Prefix[] {
    const siblings = this.#siblingsOf(node);
    const before = siblings.slice(0, siblings.indexOf(node)).filter(({ bindings }) => bindings.size > 0);
    if (before.length === 0) return node.prefixes;
    const taken = before.flatMap(({ prefixes }) => prefixes);
    return node.prefixes.filter(one => !taken.some(other => overlap(one, other)));
  }

  save(node: MobileNode): void {
    this.#outbox.record(nodeKey(node), saveNode(node));
  }

  /** An event about one node. */
  tell(level: Level, name: string, node: MobileNode, text: string, data: JsonObject): void {
    const peer = node.peer.name;
    this.#outbox.event(level, name, `${peer}: ${text}`, { peer, ...data });
  }

  #siblingsOf({ peer }: MobileNode): readonly MobileNode[] {
    return (peer.renumbering && this.#siblings.get(peer.prefixes)) || [];
  }

  /** The paths of the node changed, and perhaps those of the others that its peer stands for. */
  #forward(node: MobileNode): void {
    this.#outbox.forwarding(node.peer.homeAddress);
    for (const other of this.#siblingsOf(node)) {
      if (other !== node) this.#outbox.forwarding(other.peer.homeAddress);
    }
  }

  #adopt(node: MobileNode, record: JsonObject, now: number): void {
    restoreNode(node, record, now, state => this.#newProber(now, state));
    for (const binding of node.bindings.values()) this.#track(node, binding);
    chooseBinding(node);
    steer(node);
  }

  #track(node: MobileNode, binding: Binding): void {
    this.#owner.set(binding, node);
    this.schedule(binding);
  }

  #forget(node: MobileNode, binding: Binding): void {
    node.bindings.delete(binding.bid);
    if (binding.home) Object.assign(node, { present: false, linkLayerAddress: undefined });
    this.#forward(node);
    this.#owner.delete(binding);
    this.#agenda.delete(binding);
  }

  #newProber(now: number, state: PathState): PathProber {
    const prober = new PathProber(this.#profile, now, state);
    prober.mustAnswer = this.#verifies;
    return prober;
  }
}

const overlap = (a: Prefix, b: Prefix): boolean => prefixCovers(a, b) || prefixCovers(b, a);

function equalPrefixes(a: readonly Prefix[], b: readonly Prefix[]): boolean {
  return a.length === b.length && a.every((prefix, index) => equalPrefix(prefix, b[index]!));
}
