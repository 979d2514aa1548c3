import { describe, expect, it } from 'vitest';
import type { Steering, SteeringRule } from '../../../src/engine/steering.ts';
import type { DirectPeer } from '../../../src/engine/view.ts';
import { careOfMark } from '../../../src/forwarding/care-of-mark.ts';
import { classifierText } from '../../../src/forwarding/classifier-text.ts';
import { DirectForwarding, type DirectView } from '../../../src/forwarding/direct-forwarding.ts';
import { nftablesText } from '../../../src/forwarding/nftables.ts';
import type { ForwardingState } from '../../../src/forwarding/state.ts';
import { stateRequests } from '../../../src/forwarding/xfrm-request.ts';
import { policyText, stateText } from '../../../src/forwarding/xfrm-text.ts';
import { XfrmType } from '../../../src/netlink/xfrm.ts';
import { ofThisMachine } from '../netlink/captured.ts';
import { address } from './examples.ts';

const HOME = '2001:db8:100::10';
const PEER = '2001:db8:2::2';
const LTE = '2001:db8:a::2';
const WIFI = '2001:db8:b::2';
const OTHER_HOME = '2001:db8:100::20';
const OTHER_LTE = '2001:db8:c::2';

const view = (rest: Partial<DirectView>): DirectView => ({
  homeAddresses: [],
  correspondents: [],
  corresponds: false,
  nodes: [],
  ...rest,
});
const mobile = (rest: Partial<DirectView> = {}) => view({ homeAddresses: [address(HOME)], ...rest });
const correspondentOf = (own: string, peer: string, careOfAddress: string) => ({
  homeAddress: address(own),
  correspondent: address(peer),
  careOfAddress: address(careOfAddress),
});
const nodeOf = (own: string, home: string, active: string, ...others: string[]) => ({
  ownAddress: address(own),
  homeAddress: address(home),
  careOfAddresses: [active, ...others].map(address),
  active: address(active),
});

const text = ({ states = [], policies = [] }: ForwardingState): string[] => [
  ...states.map(state => stateText('state-add', state)),
  ...policies.map(policy => policyText('policy-add', policy)),
];
const textOf = (given: DirectView, name: string): string[] =>
  text(new DirectForwarding().parts(given).get(name)!);

const NO_HEADERS = `ip xfrm policy add src ${HOME} dst ${PEER} proto 255 dir out priority 2147483392`;
/** Of no lane. */
const UNMARKED = ' mark 0 mask 0xff000000';
const template = (header: string) => ` tmpl proto ${header} reqid 7100 mode ro level use`;
const DISCOVERY = [133, 134, 135, 136, 137].map(
  type => `ip xfrm policy add src :: dst :: proto 58 type ${type} dir out priority 2147483392`,
);
const HASH = { lte: careOfMark(address(LTE)), wifi: careOfMark(address(WIFI)) };

it('the mark of a care-of address is what the kernel computes with its jhash', () => {
  // By the code of linux/jhash.h, compiled for x86 and for MIPS.
  expect([LTE, WIFI, 'fe80::1'].map(each => careOfMark(address(each)))).toEqual(
    ofThisMachine([0x6b646838, 0x6b642b2a, 0x6b642df6], [0x6b64655a, 0x6b64c775, 0x6b648229]),
  );
});

describe('a mobile node', () => {
  it('takes routing headers from anybody, but none before its own signalling', () => {
    expect(textOf(mobile(), 'direct')).toEqual([
      'ip xfrm state add src :: dst :: proto route2 reqid 7100 mode ro coa :: flag wildrecv',
      ...DISCOVERY,
      `ip xfrm policy add src :: dst ${HOME} dir in priority 2147483395${template('route2')}`,
      `ip xfrm policy add src :: dst ${HOME} proto 135 dir in priority 2147483394`,
    ]);
    expect(new DirectForwarding().parts(mobile()).get('direct')!.filter).toBeUndefined();
  });

  it('[RFC 6275 §11.3.1] sends from the care-of address with the home address in the option, to that correspondent only', () => {
    const given = mobile({ correspondents: [correspondentOf(HOME, PEER, LTE)] });
    expect([...new DirectForwarding().parts(given).keys()]).toEqual(['direct', `direct ${PEER}`]);
    expect(textOf(given, `direct ${PEER}`)).toEqual([
      `ip xfrm state add src ${HOME} dst ${PEER} proto hao reqid 7100 mode ro coa ${LTE}${UNMARKED}`,
      `ip xfrm state add src ${PEER} dst ${HOME} proto route2 reqid 7100 mode ro coa ::`,
      `ip xfrm policy add src ${HOME} dst ${PEER} dir out priority 2147483393${template('hao')}`,
      NO_HEADERS,
    ]);
  });
});

describe('a correspondent', () => {
  const given = view({ corresponds: true, nodes: [nodeOf(PEER, HOME, LTE, WIFI)] });

  it('[RFC 6275 §9.3.1] [RFC 5648 §6.5] takes the option from each care-of address of a binding, told apart by mark', () => {
    expect(textOf(given, `direct ${HOME}`)).toEqual([
      `ip xfrm state add src ${PEER} dst ${HOME} proto route2 reqid 7100 mode ro coa ${LTE}${UNMARKED}`,
      `ip xfrm state add src ${HOME} dst ${PEER} proto hao reqid 7100 mode ro coa ${LTE} mark ${HASH.lte} mask 0xffffffff`,
      `ip xfrm state add src ${HOME} dst ${PEER} proto hao reqid 7100 mode ro coa ${WIFI} mark ${HASH.wifi} mask 0xffffffff`,
      `ip xfrm policy add src ${PEER} dst ${HOME} dir out priority 2147483393${template('route2')}`,
      `ip xfrm policy add src ${PEER} dst ${HOME} proto 255 dir out priority 2147483392`,
      `ip xfrm policy add src ${HOME} dst ${PEER} dir in priority 2147483393${template('hao')}`,
      `ip xfrm policy add src ${HOME} dst ${PEER} proto 135 dir in priority 2147483392`,
    ]);
  });

  it('lets all options in as far as the policies, and marks packets by their source', () => {
    expect(textOf(given, 'direct')).toEqual([
      'ip xfrm state add src :: dst :: proto hao reqid 7100 mode ro coa :: flag wildrecv',
      ...DISCOVERY,
    ]);
    const { filter } = new DirectForwarding().parts(given).get('direct')!;
    expect(nftablesText(filter)).toContain(
      'ip6 nexthdr { 43, 60 } meta mark set jhash ip6 saddr mod 65536 seed 1801806951 offset 1801715712',
    );
  });
});

it('[RFC 6275 §11.3.1] two mobile nodes: routing header and option in one packet, both ways', () => {
  const given = mobile({
    correspondents: [correspondentOf(HOME, OTHER_HOME, LTE)],
    corresponds: true,
    nodes: [nodeOf(HOME, OTHER_HOME, OTHER_LTE)],
  });
  const lines = textOf(given, `direct ${OTHER_HOME}`);
  const ends = `src ${HOME} dst ${OTHER_HOME}`;
  expect(lines).toContain(
    `ip xfrm state add ${ends} proto route2 reqid 7100 mode ro coa ${OTHER_LTE}${UNMARKED}`,
  );
  expect(lines).toContain(`ip xfrm state add ${ends} proto hao reqid 7100 mode ro coa ${LTE}${UNMARKED}`);
  expect(lines).toContain(
    `ip xfrm policy add ${ends} dir out priority 2147483393${template('route2')}${template('hao')}`,
  );
  expect(lines).toContain(
    `ip xfrm policy add src ${OTHER_HOME} dst ${HOME} dir in priority 2147483393${template('hao')}${template('route2')}`,
  );
});

it('a change names the parts of the peers it is about, those that have ended as undefined', () => {
  const forwarding = new DirectForwarding();
  const other = '2001:db8:3::3';
  const both = [correspondentOf(HOME, PEER, LTE), correspondentOf(HOME, other, LTE)];
  forwarding.parts(mobile({ correspondents: both }));
  const moved = mobile({ correspondents: [correspondentOf(HOME, PEER, WIFI), both[1]!] });
  const changed = forwarding.change(moved, [address(PEER)]);
  expect([...changed.keys()]).toEqual([`direct ${PEER}`]);
  expect(text(changed.get(`direct ${PEER}`)!)[0]).toMatch(new RegExp(`coa ${WIFI}${UNMARKED}$`));
  const left = forwarding.change(mobile(), [address(PEER), address(other)]);
  expect([...left]).toEqual([
    [`direct ${PEER}`, undefined],
    [`direct ${other}`, undefined],
  ]);
  expect(forwarding.change(mobile(), [address(PEER)]).size).toBe(0);
});

it('another care-of address makes sockets look for their route again, by a policy that is written anew', () => {
  const { states } = new DirectForwarding()
    .parts(mobile({ correspondents: [correspondentOf(HOME, PEER, WIFI)] }))
    .get(`direct ${PEER}`)!;
  const [sent, received] = states!;
  expect(stateRequests('state-replace', sent!).map(({ type }) => type)).toEqual([
    XfrmType.updateState,
    XfrmType.updatePolicy,
  ]);
  expect(stateRequests('state-replace', received!).map(({ type }) => type)).toEqual([XfrmType.updateState]);
});

describe('lanes', () => {
  const lane = (number: number, careOfAddress: string | undefined) => ({
    number,
    careOfAddress: careOfAddress === undefined ? undefined : address(careOfAddress),
  });
  const SECOND = ' mark 33554432 mask 0xff000000';

  it('[RFC 6089 §5.3.6] what a correspondent sends has a routing header with the care-of address of its lane', () => {
    const node = { ...nodeOf(PEER, HOME, LTE, WIFI), lanes: [lane(2, WIFI)] };
    const lines = textOf(view({ corresponds: true, nodes: [node] }), `direct ${HOME}`);
    const ends = `src ${PEER} dst ${HOME}`;
    expect(lines.slice(0, 2)).toEqual([
      `ip xfrm state add ${ends} proto route2 reqid 7100 mode ro coa ${LTE}${UNMARKED}`,
      `ip xfrm state add ${ends} proto route2 reqid 7100 mode ro coa ${WIFI}${SECOND}`,
    ]);
    expect(lines).toContain(
      `ip xfrm policy add ${ends} dir out${SECOND} priority 2147483392${template('route2')}`,
    );
  });

  it('what a mobile node sends leaves from the care-of address of its lane, or by its tunnel where that one is not bound', () => {
    const correspondent = { ...correspondentOf(HOME, PEER, LTE), lanes: [lane(2, WIFI), lane(3, undefined)] };
    const lines = textOf(mobile({ correspondents: [correspondent] }), `direct ${PEER}`);
    const ends = `src ${HOME} dst ${PEER}`;
    expect(lines).toContain(`ip xfrm state add ${ends} proto hao reqid 7100 mode ro coa ${WIFI}${SECOND}`);
    expect(lines).toContain(
      `ip xfrm policy add ${ends} dir out${SECOND} priority 2147483392${template('hao')}`,
    );
    expect(lines).toContain(
      `ip xfrm policy add ${ends} dir out mark 50331648 mask 0xff000000 priority 2147483392`,
    );
  });

  it('between two mobile nodes the lanes of this one lead to the one care-of address of the other', () => {
    const lines = textOf(
      mobile({
        correspondents: [{ ...correspondentOf(HOME, OTHER_HOME, LTE), lanes: [lane(2, WIFI)] }],
        corresponds: true,
        nodes: [nodeOf(HOME, OTHER_HOME, OTHER_LTE)],
      }),
      `direct ${OTHER_HOME}`,
    );
    const ends = `src ${HOME} dst ${OTHER_HOME}`;
    expect(lines).toContain(
      `ip xfrm state add ${ends} proto route2 reqid 7100 mode ro coa ${OTHER_LTE}${SECOND}`,
    );
    expect(lines).toContain(`ip xfrm state add ${ends} proto hao reqid 7100 mode ro coa ${WIFI}${SECOND}`);
    expect(lines).toContain(
      `ip xfrm policy add ${ends} dir out${SECOND} priority 2147483392${template('route2')}${template('hao')}`,
    );
  });
});

describe('the classifier of a correspondent', () => {
  const steering = (...rules: SteeringRule[]): Steering => ({
    lanes: [{ number: 2, bids: [2, 1], only: false, active: 2 }],
    rules,
  });
  const shares = (...weights: number[]): SteeringRule['action'] => ({
    kind: 'lanes',
    shares: weights.map((weight, index) => ({ lane: index + 1, weight })),
    per: 'flow',
  });
  const web = { protocol: { start: 6 }, outsidePort: { start: 443 } };
  const classifierOf = (forwarding: DirectForwarding, ...nodes: DirectPeer[]) =>
    forwarding.parts(view({ corresponds: true, nodes })).get(`direct ${HOME}`)!.classifier;
  const textOfRules = (...rules: SteeringRule[]) => {
    const node = { ...nodeOf(PEER, HOME, LTE, WIFI), steering: steering(...rules) };
    const { chains, counters, elements } = classifierText(classifierOf(new DirectForwarding(), node)!, 1);
    return { chains: Object.fromEntries(chains), counters, elements: [...elements] };
  };
  const SCOPE = 'd20010db8010000000000000000000010';

  it('[RFC 6089 §5.3.6] puts packets between the two addresses into the lane of the first rule that matches, and counts them', () => {
    const rules: SteeringRule[] = [{ id: 4, name: 'fid-4', selectors: [web], action: shares(1) }];
    expect(textOfRules(...rules)).toEqual({
      chains: {
        [SCOPE]: [`ip6 saddr ${PEER} meta l4proto 6 th sport 443 goto ${SCOPE}_4`],
        [`${SCOPE}_4`]: [`counter name ${SCOPE}_4 meta mark set meta mark & 0x00ffffff | 0x01000000`],
      },
      counters: [`${SCOPE}_4`],
      elements: [['direct', [`${PEER} . ${HOME} : jump ${SCOPE}`]]],
    });
  });

  it('[mmi-02 §7.2] divides flows by a hash of their ends, in the proportion of the weights', () => {
    const { chains } = textOfRules({ id: 9, name: 'load-balancing', selectors: [], action: shares(7, 3) });
    const cases = `vmap { 0-699 : goto ${SCOPE}_9_0, 700-999 : goto ${SCOPE}_9_1 }`;
    expect(chains[`${SCOPE}_9`]).toEqual([
      `counter name ${SCOPE}_9`,
      `meta l4proto { 6, 17, 33, 132, 136 } jhash ip6 saddr . ip6 daddr . th sport . th dport mod 1000 seed 1 ${cases}`,
      `jhash ip6 saddr . ip6 daddr mod 1000 seed 1 ${cases}`,
    ]);
    expect(chains[`${SCOPE}_9_1`]).toEqual(['meta mark set meta mark & 0x00ffffff | 0x02000000']);
  });

  it('remembers nothing of connections: a correspondent need not track any', () => {
    const { chains } = textOfRules({ id: 9, name: 'load-balancing', selectors: [], action: shares(7, 3) });
    expect(JSON.stringify(chains)).not.toMatch(/\bct\b/);
  });

  it('has rules for each of its addresses that the node has bindings with, and none for what is of another one', () => {
    const other = '2001:db8:2::3';
    const named = { ...web, outside: { start: address(other) } };
    const rules: SteeringRule[] = [{ id: 4, name: 'fid-4', selectors: [web, named], action: shares(1) }];
    const nodes = [PEER, other].map(own => ({ ...nodeOf(own, HOME, LTE), steering: steering(...rules) }));
    const found = classifierOf(new DirectForwarding(), ...nodes)!;
    expect(found.rules.map(({ id, selectors }) => [id, selectors.length])).toEqual([
      [4, 1],
      [4 + 0x10001, 2],
    ]);
    expect(found.ownAddresses).toEqual([PEER, other].map(address));
  });

  it('keeps its rules, as the same array, while they are the same', () => {
    const forwarding = new DirectForwarding();
    const rules: SteeringRule[] = [{ id: 4, name: 'fid-4', selectors: [web], action: shares(1) }];
    const node = { ...nodeOf(PEER, HOME, LTE, WIFI), steering: steering(...rules) };
    const before = classifierOf(forwarding, node);
    const moved = { ...node, steering: { ...node.steering } };
    expect(classifierOf(forwarding, moved)?.rules).toBe(before?.rules);
    const changed = { ...node, steering: steering(...rules, { ...rules[0]!, id: 5 }) };
    expect(classifierOf(forwarding, changed)?.rules).not.toBe(before?.rules);
    expect(classifierOf(forwarding, nodeOf(PEER, HOME, LTE))).toBeUndefined();
  });
});
