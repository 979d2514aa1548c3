/** What the daemon tells of flows. */
import { expect, test } from 'vitest';
import { explain, reportFlows } from '../../../src/daemon/flows.ts';
import type { Roles } from '../../../src/daemon/roles.ts';
import type { Steering, SteeringRule } from '../../../src/engine/steering.ts';
import type { DirectPeer } from '../../../src/engine/view.ts';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';

const address = (text: string) => parseAddress(text)!;
const steering: Steering = {
  lanes: [
    { number: 1, bids: [1, 2], only: false, active: 2 },
    { number: 2, bids: [1], only: true, active: undefined },
    { number: 3, bids: [1], only: false, active: undefined },
  ],
  rules: [
    {
      id: 4,
      name: 'calls',
      selectors: [{ protocol: { start: 17 }, outsidePort: { start: 5060 } }],
      action: {
        kind: 'lanes',
        shares: [1, 2, 3].map(lane => ({ lane, weight: lane })),
        per: 'flow',
      },
    },
  ],
  returns: [],
};
const node = {
  homeAddress: address('2001:db8:1::1'),
  prefixes: [parsePrefix('2001:db8:1:1::/64')!],
  steering,
};
const ROUTER = {
  mobileRouters: [
    {
      config: {
        ...node,
        name: 'van',
        uplinks: [
          { name: 'lte', bid: 1 },
          { name: 'wifi', bid: 2 },
        ],
      },
      steering,
      active: { entry: { uplink: { name: 'wifi' } } },
      entries: [
        { uplink: { name: 'lte' }, state: 'registered', prober: {}, budget: { usedUp: true } },
        { uplink: { name: 'wifi' }, state: 'registered', prober: { quality: { grade: 'impaired' } } },
        { uplink: { name: 'sat' }, state: 'no-carrier', prober: {} },
      ],
    },
  ],
} as unknown as Roles;
const ANCHOR = {
  mobileRouters: [],
  homeAgent: { view: () => ({ nodes: [{ ...node, name: 'van', active: 7 }] }) },
} as unknown as Roles;

const answer = (name: string) => async (text: string) => ({
  status: text === `list counter inet kedge ${name}\n` ? 0 : 1,
  text: `table inet kedge {\n\tcounter ${name} {\n\t\tpackets 12 bytes 3456\n\t}\n}\n`,
});

test('each rule with the paths that carry its shares, and its counter', async () => {
  const [flow, ...others] = await reportFlows(ROUTER, undefined, answer('r0_4'));
  expect(others).toEqual([]);
  expect(flow).toEqual({
    role: 'mobile_router',
    node: 'van',
    id: 4,
    rule: 'calls',
    matches: ['meta l4proto 17 th dport 5060'],
    action: 'balance',
    shares: [
      { paths: ['lte', 'wifi'], only: false, weight: 1, carrier: 'wifi' },
      { paths: ['lte'], only: true, weight: 2, carrier: null },
      { paths: ['lte'], only: false, weight: 3, carrier: 'wifi' },
    ],
    packets: 12,
    octets: 3456,
  });
});

test('the same at the anchor, where nobody knows names; counters that cannot be read are null', async () => {
  const [flow] = await reportFlows(ANCHOR, 'van', async () => ({ status: 1, text: '' }));
  expect(flow).toMatchObject({
    role: 'home_agent',
    matches: ['meta l4proto 17 th sport 5060'],
    packets: null,
  });
  expect(flow!.shares[0]).toMatchObject({ paths: ['BID 1', 'BID 2'], carrier: 'BID 2' });
  expect(flow!.shares[2]).toMatchObject({ carrier: 'BID 7' });
  expect(await reportFlows(ANCHOR, 'bus', answer('n0_4'))).toEqual([]);
});

test('why: the rule that decides, or what all else takes', () => {
  const [inside, outside] = [address('2001:db8:1:1::5'), address('2001:db8:9::1')];
  expect(explain(ROUTER, inside, outside, { protocol: 17, port: 5060 })).toMatchObject({
    rule: { rule: 'calls' },
    possible: [],
  });
  expect(explain(ROUTER, inside, outside, { protocol: 6 })).toMatchObject({
    rule: null,
    active: 'wifi',
    usedUp: ['lte'],
    unfit: { wifi: 'impaired', sat: 'no-carrier' },
  });
  expect(explain(ROUTER, inside, outside, {})).toMatchObject({ rule: null, possible: [{ rule: 'calls' }] });
  expect(explain(ROUTER, outside, inside, {})).toBeUndefined();
  expect(explain(ANCHOR, outside, inside, { protocol: 17 })).toMatchObject({
    role: 'home_agent',
    possible: [{ rule: 'calls' }],
  });
});

test('a correspondent: rules and their counters by home address, and why a packet takes its path, by care-of addresses', async () => {
  const [own, home, lte, wifi] = ['2001:db8:2::2', '2001:db8:1::1', '2001:db8:a::2', '2001:db8:b::2'].map(
    address,
  );
  const one: SteeringRule = {
    ...steering.rules[0]!,
    action: { kind: 'lanes', shares: [{ lane: 1, weight: 1 }], per: 'flow' },
  };
  const peer: DirectPeer = {
    ownAddress: own!,
    homeAddress: home!,
    careOfAddresses: [lte!, wifi!],
    active: lte!,
    steering: { ...steering, rules: [one] },
    lanes: [{ number: 1, careOfAddress: wifi }],
  };
  const bindings = new Map([lte, wifi].map((careOfAddress, at) => [at + 1, { careOfAddress }]));
  const roles = {
    mobileRouters: [],
    correspondent: { view: () => ({ peers: [peer] }), cache: { find: () => ({ bindings }) } },
  } as unknown as Roles;
  const found = await reportFlows(roles, undefined, answer('d20010db8000100000000000000000001_4'));
  expect(found).toMatchObject([
    {
      role: 'correspondent',
      node: '2001:db8:1::1',
      rule: 'calls',
      matches: ['ip6 saddr 2001:db8:2::2 meta l4proto 17 th sport 5060'],
      shares: [{ paths: ['2001:db8:a::2', '2001:db8:b::2'], carrier: '2001:db8:b::2' }],
      packets: 12,
    },
  ]);
  const why = (protocol?: number) => explain(roles, own!, home!, { protocol, port: undefined });
  expect(why(6)).toMatchObject({ role: 'correspondent', rule: null, direct: '2001:db8:a::2' });
  expect(why(17)?.possible.map(({ rule }) => rule)).toEqual(['calls']);
  expect(explain(roles, address('2001:db8:2::9'), home!, { protocol: 6 })).toBeUndefined();
});

test('a mobile router: the care-of address that packets of its home address leave from directly', () => {
  const [peer, lte] = ['2001:db8:2::2', '2001:db8:a::2'].map(address);
  const [router] = ROUTER.mobileRouters;
  const ways = [
    { correspondent: peer, careOfAddress: lte, lanes: [{ number: 1, careOfAddress: undefined }] },
  ];
  const roles = {
    mobileRouters: [{ ...router, routeOptimization: { direct: () => ways } }],
  } as unknown as Roles;
  const why = (source: string, protocol: number) =>
    explain(roles, address(source), peer!, { protocol })?.direct;
  expect(why('2001:db8:1::1', 6)).toBe('2001:db8:a::2');
  expect(why('2001:db8:1:1::5', 6)).toBeNull();
  // What is divided has several.
  expect(explain(roles, address('2001:db8:1::1'), peer!, { protocol: 17, port: 5060 })?.direct).toBeNull();
});
