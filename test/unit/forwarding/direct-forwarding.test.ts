import { describe, expect, it } from 'vitest';
import { careOfMark } from '../../../src/forwarding/care-of-mark.ts';
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
      `ip xfrm state add src ${HOME} dst ${PEER} proto hao reqid 7100 mode ro coa ${LTE}`,
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
      `ip xfrm state add src ${PEER} dst ${HOME} proto route2 reqid 7100 mode ro coa ${LTE}`,
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
  expect(lines).toContain(`ip xfrm state add ${ends} proto route2 reqid 7100 mode ro coa ${OTHER_LTE}`);
  expect(lines).toContain(`ip xfrm state add ${ends} proto hao reqid 7100 mode ro coa ${LTE}`);
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
  expect(text(changed.get(`direct ${PEER}`)!)[0]).toMatch(new RegExp(`coa ${WIFI}$`));
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
