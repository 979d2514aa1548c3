/**
 * Forwarding without the detour over a home agent: XFRM states and policies of the kernel's Mobile IPv6 (RFC 6275 §9.3,
 * §11.3). One part for what is the same for all peers, and one for each peer.
 *
 * A mobile node takes routing headers from anybody, as the packets do no more than those that come through the tunnel; that
 * stays as it is when the daemon is restarted. A correspondent takes a Home Address option from the care-of addresses of a
 * binding only. It lets the others in as far as the policies, for none of them allows it there: what they reject, the
 * kernel reports, and the sender hears of it (RFC 6275 §9.3.3).
 */
import type { SteeringRule } from '../engine/steering.ts';
import type { DirectCorrespondent, DirectLane, DirectPeer } from '../engine/view.ts';
import { MobilityExtension } from '../netlink/xfrm-key.ts';
import { type Address, equalAddress, formatAddress, UNSPECIFIED } from '../wire/address.ts';
import { careOfMark } from './care-of-mark.ts';
import { directClassifier, directRules } from './direct-classifier.ts';
import { DEFAULT_MARKS, laneMark, type Marks } from './marks.ts';
import type { Filter, ForwardingState, XfrmPolicy, XfrmState } from './state.ts';
import { bypass } from './xfrm-request.ts';

const { homeAddress: HOME_ADDRESS, routing: ROUTING } = MobilityExtension;
const MOBILITY_HEADER = 135;
const ICMPV6 = 58;
/** Router and neighbour discovery go as they are (RFC 6275 §9.3.2, §11.3.1). */
const NEIGHBOR_DISCOVERY = [133, 134, 135, 136, 137] as const;

export interface DirectView {
  /** Of the mobile nodes on this host that take direct ways. */
  readonly homeAddresses: readonly Address[];
  readonly correspondents: readonly DirectCorrespondent[];
  /** Whether this host is a correspondent. */
  readonly corresponds: boolean;
  readonly nodes: readonly DirectPeer[];
}

export class DirectForwarding {
  readonly #marks: Marks;
  /** Of the parts of peers. */
  #names = new Set<string>();
  /** Of classifiers, by part: the same array as long as what they are made of is the same. */
  readonly #rules = new Map<
    string,
    { readonly of: string[]; readonly from: unknown[]; rules: SteeringRule[] }
  >();

  constructor(marks: Marks = DEFAULT_MARKS) {
    this.#marks = marks;
  }

  /** All parts, by name. */
  parts(view: DirectView): Map<string, ForwardingState> {
    const parts = this.#parts(view);
    this.#names = new Set(parts.keys());
    return parts;
  }

  /** What changes, after {@link parts}, when these peers are as the view says. */
  change(view: DirectView, peers: readonly Address[]): Map<string, ForwardingState | undefined> {
    const isConcerned = (address: Address): boolean => peers.some(peer => equalAddress(peer, address));
    const parts = this.#parts({
      ...view,
      correspondents: view.correspondents.filter(each => isConcerned(each.correspondent)),
      nodes: view.nodes.filter(each => isConcerned(each.homeAddress)),
    });
    const changed = new Map<string, ForwardingState | undefined>();
    for (const peer of peers) {
      const name = partName(peer);
      const part = parts.get(name);
      if (part !== undefined || this.#names.has(name)) changed.set(name, part);
      if (part === undefined) this.#names.delete(name);
      else this.#names.add(name);
    }
    return changed;
  }

  #parts(view: DirectView): Map<string, ForwardingState> {
    const parts = new Map<string, ForwardingState>();
    const { homeAddresses, corresponds } = view;
    if (homeAddresses.length > 0 || corresponds) parts.set('direct', common(homeAddresses, corresponds));
    for (const [name, pairs] of pairsByPart(view)) {
      const forwarding = pairs.map(pair => forwardingOf(pair, homeAddresses, this.#marks));
      const states = forwarding.flatMap(each => each.states);
      const policies = forwarding.flatMap(each => each.policies);
      const nodes = pairs.flatMap(({ node }) => node ?? []);
      const classifier = directClassifier(nodes, this.#rulesOf(name, nodes), this.#marks);
      parts.set(name, { ...part(states, policies), classifier });
    }
    return parts;
  }

  #rulesOf(name: string, nodes: readonly DirectPeer[]): readonly SteeringRule[] {
    const from = nodes.map(({ steering }) => steering?.rules);
    const of = nodes.map(({ ownAddress }) => formatAddress(ownAddress));
    const known = this.#rules.get(name);
    if (known?.of.join() === of.join() && known.from.every((each, at) => each === from[at]))
      return known.rules;
    const rules = nodes.flatMap(directRules);
    if (rules.length === 0) this.#rules.delete(name);
    else this.#rules.set(name, { of, from, rules });
    return rules;
  }
}

const partName = (peer: Address): string => `direct ${formatAddress(peer)}`;

/** One of our own addresses and a peer; what either side is to the other. */
interface Pair {
  readonly own: Address;
  readonly peer: Address;
  correspondent?: DirectCorrespondent;
  node?: DirectPeer;
}

function pairsByPart({ correspondents, nodes }: DirectView): Map<string, Pair[]> {
  const byPart = new Map<string, Pair[]>();
  const pairOf = (own: Address, peer: Address): Pair => {
    const name = partName(peer);
    const pairs = byPart.get(name) ?? [];
    byPart.set(name, pairs);
    const known = pairs.find(each => equalAddress(each.own, own));
    const pair: Pair = known ?? { own, peer };
    if (known === undefined) pairs.push(pair);
    return pair;
  };
  for (const each of correspondents) pairOf(each.homeAddress, each.correspondent).correspondent = each;
  for (const each of nodes) pairOf(each.ownAddress, each.homeAddress).node = each;
  return byPart;
}

function common(homeAddresses: readonly Address[], corresponds: boolean): ForwardingState {
  const all = { from: UNSPECIFIED, to: UNSPECIFIED };
  const any = { ...all, careOfAddress: UNSPECIFIED, mark: 0 };
  const states: XfrmState[] = [];
  const policies = NEIGHBOR_DISCOVERY.map((messageType): XfrmPolicy => {
    return { ...all, direction: 'out', protocol: ICMPV6, messageType, headers: [] };
  });
  if (homeAddresses.length > 0) states.push({ ...any, header: ROUTING });
  for (const homeAddress of homeAddresses) {
    const received = { direction: 'in', from: UNSPECIFIED, to: homeAddress } as const;
    policies.push({ ...received, protocol: 0, headers: [ROUTING] }, signalling(UNSPECIFIED, homeAddress));
  }
  if (corresponds) states.push({ ...any, header: HOME_ADDRESS });
  return { ...part(states, policies), filter: corresponds ? MARKS : undefined };
}

/** Raw sockets have it with all its headers already. */
const signalling = (from: Address, to: Address): XfrmPolicy => ({
  direction: 'in',
  from,
  to,
  protocol: MOBILITY_HEADER,
  headers: [],
});

/** What is sent is told apart by the lanes of the side that has any; what is in none has no mark of a lane. */
function forwardingOf(
  { own, peer, correspondent, node }: Pair,
  homeAddresses: readonly Address[],
  marks: Marks,
): { readonly states: XfrmState[]; readonly policies: XfrmPolicy[] } {
  const { packet: mask } = marks;
  const out = { from: own, to: peer };
  const back = { from: peer, to: own };
  const states: XfrmState[] = [];
  const lanes = [...(node?.lanes ?? []), ...(correspondent?.lanes ?? [])];
  const send = (mark: number, lane?: DirectLane): MobilityExtension[] => {
    const headers: MobilityExtension[] = [];
    const put = (header: MobilityExtension, careOfAddress: Address): void => {
      states.push({ ...out, header, careOfAddress, mark, mask });
      headers.push(header);
    };
    if (node !== undefined) put(ROUTING, careOfAddressIn(node.lanes, lane) ?? node.active);
    if (correspondent !== undefined) {
      put(HOME_ADDRESS, careOfAddressIn(correspondent.lanes, lane) ?? correspondent.careOfAddress);
    }
    return headers;
  };
  const policies: XfrmPolicy[] = [
    { ...out, direction: 'out', protocol: 0, headers: send(0) },
    ...lanes.map((lane): XfrmPolicy => {
      const mark = laneMark(marks, lane.number);
      const headers = lane.careOfAddress === undefined ? [] : send(mark, lane);
      return { ...out, direction: 'out', protocol: 0, mark: { value: mark, mask }, headers };
    }),
    bypass(out),
  ];
  for (const careOfAddress of node?.careOfAddresses ?? []) {
    states.push({ ...back, header: HOME_ADDRESS, careOfAddress, mark: careOfMark(careOfAddress) });
  }
  // It counts what comes from this one.
  if (correspondent !== undefined) {
    states.push({ ...back, header: ROUTING, careOfAddress: UNSPECIFIED, mark: 0 });
  }
  if (node !== undefined) {
    const isMobile = homeAddresses.some(homeAddress => equalAddress(own, homeAddress));
    const headers = [HOME_ADDRESS, ...(isMobile ? [ROUTING] : [])];
    policies.push({ ...back, direction: 'in', protocol: 0, headers }, signalling(peer, own));
  }
  return { states, policies };
}

const careOfAddressIn = (
  lanes: readonly DirectLane[] | undefined,
  lane: DirectLane | undefined,
): Address | undefined => (lane && lanes?.includes(lane) ? lane.careOfAddress : undefined);

const NOTHING = { tunnels: [], addresses: [], routes: [], rules: [] } as const;
const part = (states: readonly XfrmState[], policies: readonly XfrmPolicy[]): ForwardingState => ({
  ...NOTHING,
  states,
  policies,
  filter: undefined,
});

const MARKS: Filter = {
  mss: 0,
  sources: [],
  destinations: [],
  entrants: undefined,
  ownAddresses: [],
  tunnelPeers: [],
  careOfMarks: true,
  hideParameterProblems: false,
};
