import { describe, expect, it } from 'vitest';
import type { AnchorNode } from '../../../src/engine/view.ts';
import { AnchorForwarding } from '../../../src/forwarding/anchor-forwarding.ts';
import { routerForwarding } from '../../../src/forwarding/router-forwarding.ts';
import type { Filter } from '../../../src/forwarding/state.ts';
import { anchorGroups, tunnelName } from '../../../src/forwarding/tunnel.ts';
import { formatAddress, formatPrefix } from '../../../src/wire/address.ts';
import {
  address,
  anchorForwarding,
  anchorNode,
  anchorView,
  HOME_ADDRESS,
  HOME_AGENT,
  LTE,
  prefix,
  routerView,
  whole,
} from './examples.ts';
import { routeOf } from './routing.ts';

const INTERNET = address('2001:db8:cc::2');
const LAN_HOST = address('2001:db8:100:1::2');
const TRAIN = anchorNode({
  name: 'train',
  homeAddress: address('2001:db8:200::1'),
  prefixes: [],
  authorisedPrefixes: [prefix('2001:db8:201::/48')],
  bindings: [{ bid: 1, careOfAddress: address('2001:db8:3::2') }],
});

const sourcesOf = (filter: Filter, of: number): string[] =>
  filter.sources.filter(({ group }) => group === of).map(({ prefix }) => formatPrefix(prefix));

describe('[RFC 3963 §6.4] the tunnels of a home agent', () => {
  it('go to the care-of address of each binding', () => {
    const { tunnels } = anchorForwarding(anchorView(anchorNode({}), TRAIN));
    expect(tunnels.map(tunnel => tunnel.name)).toEqual(['kdg-boat.1', 'kdg-boat.2', 'kdg-train.1']);
    expect(tunnels[0]).toMatchObject({ local: HOME_AGENT, remote: LTE.careOfAddress, link: 0 });
  });

  it('are one for two bindings of a node with the same care-of address', () => {
    const bindings = [1, 2].map(bid => ({ bid, careOfAddress: LTE.careOfAddress }));
    const state = anchorForwarding(anchorView(anchorNode({ bindings, active: 2 })));
    expect(state.tunnels).toHaveLength(1);
    expect(routeOf(state, INTERNET, LAN_HOST)?.device).toBe('kdg-boat.1');
  });

  it('[RFC 6275 §10.4.5] are shared by nodes with the same care-of address, and so is what may come out of them', () => {
    const view = anchorView(anchorNode({}), { ...TRAIN, bindings: anchorNode({}).bindings });
    const state = anchorForwarding(view);
    expect(state.tunnels.map(tunnel => tunnel.name)).toEqual(['kdg-boat.1', 'kdg-boat.2']);
    expect(routeOf(state, INTERNET, TRAIN.homeAddress)?.device).toBe('kdg-boat.1');
    expect(routeOf(state, INTERNET, LAN_HOST)?.device).toBe('kdg-boat.1');
    const [{ group } = { group: 0 }] = state.tunnels;
    expect(sourcesOf(state.filter!, group)).toEqual([
      '2001:db8:100::1/128',
      '2001:db8:100::/48',
      '2001:db8:200::1/128',
    ]);
    // Alone, each has its own sources only.
    for (const node of view.nodes) {
      const alone = anchorForwarding(anchorView(node)).tunnels[0]!.group;
      expect(alone).not.toBe(group);
      expect(sourcesOf(state.filter!, alone)).toHaveLength(node.name === 'boat' ? 2 : 1);
    }
  });

  it('change hands when the first of two nodes leaves, and the filter is ready when both are there again', () => {
    const bindings = [{ bid: 1, careOfAddress: LTE.careOfAddress }];
    const boat = anchorNode({ bindings, active: 1 });
    const train = { ...TRAIN, bindings, active: 1 };
    const forwarding = new AnchorForwarding(anchorView(boat, { ...train, bindings: [], active: undefined }));
    const change = (node: AnchorNode) => {
      const parts = forwarding.change(node);
      const tunnels = [...parts.values()].flatMap(part => part.tunnels.map(({ name }) => name));
      return { tunnels, parts: parts.size, filter: parts.has('common') };
    };
    expect(change(train)).toMatchObject({ tunnels: ['kdg-boat.1'], filter: true });
    expect(change({ ...boat, bindings: [], active: undefined })).toEqual({
      tunnels: ['kdg-train.1'],
      parts: 2,
      filter: false,
    });
    expect(change(boat)).toEqual({ tunnels: ['kdg-boat.1'], parts: 2, filter: false });
  });
});

describe('[RFC 3963 §6.5] a packet for the mobile network', () => {
  it('goes by the tunnel of the active binding', () => {
    const state = anchorForwarding(anchorView(anchorNode({ active: 2 })));
    expect(routeOf(state, INTERNET, LAN_HOST)?.device).toBe('kdg-boat.2');
    expect(routeOf(state, INTERNET, HOME_ADDRESS)?.device).toBe('kdg-boat.2');
  });

  it('is refused while there is no binding, or the prefix is not registered', () => {
    const gone = anchorForwarding(anchorView(anchorNode({ bindings: [], active: undefined })));
    expect(gone.tunnels).toEqual([]);
    expect(routeOf(gone, INTERNET, LAN_HOST)?.kind).toBe('unreachable');
    const state = anchorForwarding(anchorView(TRAIN));
    expect(routeOf(state, INTERNET, address('2001:db8:201::1'))?.kind).toBe('unreachable');
    expect(routeOf(state, INTERNET, TRAIN.homeAddress)?.device).toBe('kdg-train.1');
  });
});

describe('the filter', () => {
  it('[RFC 3963 §9] gives each node its home address and registered prefixes as sources', () => {
    const node = anchorNode({
      prefixes: [prefix('2001:db8:100:1::/64')],
      authorisedPrefixes: [prefix('2001:db8:100::/48')],
    });
    const { filter } = anchorForwarding(anchorView(node));
    expect(filter!.sources.map(source => source.prefix)).toEqual([
      prefix('2001:db8:100::1/128'),
      prefix('2001:db8:100:1::/64'),
    ]);
  });

  it('[RFC 3963 §9] changes with the registered prefixes of a node, and with nothing else', () => {
    const forwarding = new AnchorForwarding(anchorView(anchorNode({}), TRAIN));
    const changed = (rest: Partial<AnchorNode>): boolean => forwarding.change(anchorNode(rest)).has('common');
    expect(changed({ active: 2 })).toBe(false);
    expect(changed({ prefixes: [prefix('2001:db8:100:1::/64')] })).toBe(true);
    expect(changed({ prefixes: [prefix('2001:db8:100:1::/64')], active: 2 })).toBe(false);
    expect(changed({})).toBe(true);
    expect(changed({ bindings: [], active: undefined, prefixes: [] })).toBe(false);
  });

  it('[RFC 3963 §9] gives a node without binding all that it may register', () => {
    const { filter } = anchorForwarding(anchorView({ ...TRAIN, bindings: [] }, anchorNode({})));
    const group = filter!.sources[0]!.group;
    expect(filter!.sources.filter(source => source.group === group).map(source => source.prefix)).toEqual([
      prefix('2001:db8:200::1/128'),
      prefix('2001:db8:201::/48'),
    ]);
    expect(new Set(filter!.sources.map(source => source.group)).size).toBe(2);
  });

  it('does not change when bindings come and go', () => {
    const filters = [
      anchorNode({}),
      anchorNode({ bindings: [], active: undefined }),
      anchorNode({ active: 2 }),
    ].map(node => anchorForwarding(anchorView(node)).filter);
    expect(filters[1]).toEqual(filters[0]);
    expect(filters[2]).toEqual(filters[0]);
  });
});

describe('names and groups', () => {
  it('fit, are stable, and differ', () => {
    const names = new Set<string>();
    for (let peer = 0; peer < 300; peer++) {
      for (const bid of [1, 2, 65535]) {
        const name = tunnelName(`a_vehicle_${peer}.${bid}`);
        expect(name).toBe(tunnelName(`a_vehicle_${peer}.${bid}`));
        expect(name.length).toBeLessThanOrEqual(15);
        names.add(name);
      }
    }
    expect(names.size).toBe(900);
    expect(tunnelName('boat12.1')).toBe('kdg-boat12.1');
    expect(tunnelName('a_long_uplink')).toMatch(/^kdg-~[0-9a-z]{10}$/);
  });

  it('of equal hashes the later one moves on', () => {
    const [first, second] = anchorGroups([HOME_ADDRESS, HOME_ADDRESS]);
    expect(second).toBe(first! + 1);
  });
});

it('a host may be mobile router and home agent at once', () => {
  const parts = new AnchorForwarding(anchorView(TRAIN)).parts();
  const state = whole(new Map([['router', routerForwarding(routerView([LTE], 'lte'))], ...parts]));
  expect(state.tunnels.map(tunnel => tunnel.name)).toEqual(['kdg-lte', 'kdg-train.1']);
  expect(state.filter).toMatchObject({
    mss: 1400,
    ownAddresses: [HOME_ADDRESS],
    hideParameterProblems: true,
  });
  const groups = new Set([...state.filter!.sources, ...state.filter!.destinations].map(item => item.group));
  expect(groups.size).toBe(2);
});

describe('[RFC 6089 §4.3] a node with rules', () => {
  const node = anchorNode({
    active: 1,
    steering: {
      lanes: [
        { number: 1, bids: [2, 1], only: false, active: 2 },
        { number: 2, bids: [2], only: true, active: undefined },
      ],
      rules: [],
      returns: [{ bid: 2, lane: 1 }],
    },
  });
  const LANE = 7100 + 80_000;

  it('has its ways in the table of each lane, by the path that carries it, and nobody else has', () => {
    const { routes, rules } = anchorForwarding(anchorView(node, TRAIN));
    const inTable = (table: number) =>
      routes.filter(route => route.table === table).map(({ kind, device }) => [kind, device]);
    expect(inTable(LANE + 1)).toEqual([
      ['unicast', 'kdg-boat.2'],
      ['unicast', 'kdg-boat.2'],
    ]);
    expect(new Set(inTable(LANE + 2).map(([kind]) => kind))).toEqual(new Set(['unreachable']));
    expect(rules).toEqual(
      [1, 2].map(lane => ({
        priority: 930,
        mark: { value: lane * 2 ** 24, mask: 0xff000000 },
        table: LANE + lane,
      })),
    );
  });

  it('brings its rules with it, and the places of its paths stay', () => {
    const forwarding = new AnchorForwarding(anchorView(anchorNode({}), TRAIN));
    expect(forwarding.parts().has('lanes')).toBe(false);
    const parts = forwarding.change(node);
    expect([...parts.keys()]).toEqual([`node ${formatAddress(HOME_ADDRESS)}`, 'lanes']);
    const classifier = [...parts.values()][0]!.classifier!;
    expect(classifier).toMatchObject({ scope: 'n0', direction: 'inward' });
    expect(classifier.returns).toEqual([{ device: 'kdg-boat.2', lane: 1, place: 1 }]);
    const alone = { ...node, bindings: node.bindings.filter(({ bid }) => bid === 2) };
    const [after] = [...forwarding.change(alone).values()];
    expect(after!.classifier!.returns).toEqual(classifier.returns);
  });
});
