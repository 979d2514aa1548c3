import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeText } from '../../../src/forwarding/change-text.ts';
import { diffForwarding } from '../../../src/forwarding/diff.ts';
import { equalRoute, neighborKey, routeKey } from '../../../src/forwarding/identity.ts';
import type { OwnedState } from '../../../src/forwarding/owned.ts';
import { routerForwarding } from '../../../src/forwarding/router-forwarding.ts';
import type { ForwardingState, Neighbor, Route, Tunnel } from '../../../src/forwarding/state.ts';
import { address, LTE, prefix, routerView, WIFI } from './examples.ts';
import { makeChange, owned } from './model.ts';

const NOTHING: OwnedState = {
  tunnels: [],
  addresses: [],
  routes: [],
  rules: [],
  neighbors: [],
  states: [],
  policies: [],
};

const anyTunnel = (name: string): fc.Arbitrary<Tunnel> =>
  fc
    .record({
      local: fc.integer({ min: 1, max: 3 }),
      mtu: fc.constantFrom(1280, 1460),
      link: fc.constantFrom(0, 11),
    })
    .map(({ local, mtu, link }) => ({
      name,
      local: address(`2001:db8::${local}`),
      remote: address('2001:db8:ff::1'),
      link,
      mtu,
      group: 1,
    }));
const ends = (tunnel: Tunnel) => `${tunnel.local} ${tunnel.link}`;

const anyNeighbors: fc.Arbitrary<Neighbor[]> = fc.uniqueArray(
  fc.record({
    device: fc.constantFrom('u0', 'u1'),
    neighbor: fc.constantFrom(address('2001:db8:1::7'), address('2001:db8:1::8')),
    linkLayerAddress: fc.option(fc.constantFrom(Uint8Array.of(2), Uint8Array.of(4)), { nil: undefined }),
    router: fc.boolean(),
  }),
  { selector: neighbor => `${neighbor.device} ${neighborKey(neighbor)}` },
);

/** States of three tunnels at most, with routes through tunnels that exist. */
const anyState: fc.Arbitrary<ForwardingState> = fc
  .uniqueArray(fc.oneof(...['kdg-a', 'kdg-b', 'kdg-c'].map(anyTunnel)), { selector: tunnel => tunnel.name })
  .map(tunnels =>
    tunnels.filter((tunnel, at) => tunnels.findIndex(other => ends(other) === ends(tunnel)) === at),
  )
  .chain(tunnels => {
    const devices = [...tunnels.map(tunnel => tunnel.name), 'u0', 'u1'];
    const anyRoute: fc.Arbitrary<Route> = fc
      .record({
        table: fc.constantFrom(254, 7100, 7101),
        destination: fc.constantFrom(prefix('::/0'), prefix('2001:db8:100::/48')),
        metric: fc.constantFrom(128, 0xffffffff),
        device: fc.option(fc.constantFrom(...devices), { nil: undefined }),
        gateway: fc.option(fc.constantFrom(address('fe80::1'), address('fe80::2')), { nil: undefined }),
      })
      .map(({ device, gateway, ...place }) =>
        device === undefined
          ? { ...place, kind: 'unreachable' as const }
          : { ...place, kind: 'unicast' as const, device, ...(gateway === undefined ? {} : { gateway }) },
      );
    return fc.record({
      tunnels: fc.constant(tunnels),
      addresses: fc.subarray([
        { address: address('2001:db8:100::1') },
        { address: address('2001:db8:100::2') },
      ]),
      routes: fc.uniqueArray(anyRoute, { selector: routeKey, maxLength: 8 }),
      rules: fc.subarray([
        { priority: 900, to: prefix('2001:db8:100::/48'), table: 254 },
        { priority: 910, from: prefix('2001:db8::1/128'), table: 7101 },
        { priority: 910, from: prefix('2001:db8::2/128'), table: 7102 },
      ]),
      neighbors: anyNeighbors,
      filter: fc.constant(undefined),
    });
  });

describe('the difference of two states', () => {
  it('leads from the one to the other, and the kernel refuses no step', () => {
    fc.assert(
      fc.property(anyState, anyState, (from, to) => {
        let kernel = owned(from);
        for (const change of diffForwarding(to, kernel)) kernel = makeChange(kernel, change);
        expect(diffForwarding(to, kernel)).toEqual([]);
        expect(kernel.routes).toHaveLength(to.routes.length);
        expect(kernel.tunnels).toHaveLength(to.tunnels.length);
        expect(kernel.neighbors).toHaveLength(to.neighbors!.length);
      }),
      { numRuns: 500 },
    );
  });

  it('of a state and itself is nothing', () => {
    fc.assert(
      fc.property(anyState, state => {
        expect(diffForwarding(state, owned(state))).toEqual([]);
      }),
    );
  });

  it('leaves no moment without a route where both have one, unless its tunnel must make way', () => {
    fc.assert(
      fc.property(anyState, anyState, (from, to) => {
        let kernel = owned(from);
        const changes = diffForwarding(to, kernel);
        const cleared = changes.flatMap(change =>
          change.kind === 'tunnel-delete' ? change.tunnel.name : [],
        );
        const lasting = to.routes.filter(route =>
          from.routes.some(
            other => routeKey(other) === routeKey(route) && !cleared.includes(other.device ?? ''),
          ),
        );
        for (const change of changes) {
          kernel = makeChange(kernel, change);
          const keys = new Set(kernel.routes.map(routeKey));
          for (const route of lasting) expect(keys).toContain(routeKey(route));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a failover', () => {
  const lte = routerForwarding(routerView([LTE, WIFI], 'lte'));
  const wifi = routerForwarding(routerView([LTE, WIFI], 'wifi'));

  it('is one replaced route', () => {
    const changes = diffForwarding(wifi, owned(lte));
    expect(changes.flatMap(changeText)).toEqual([
      'ip -6 route replace default dev kdg-wifi table 7100 metric 128 proto 135',
    ]);
  });

  it('when the uplink goes altogether replaces first and deletes last', () => {
    const changes = diffForwarding(routerForwarding(routerView([WIFI], 'wifi')), owned(lte));
    expect(changes[0]!.kind).toBe('route-replace');
    expect(changes.at(-1)!.kind).toBe('tunnel-delete');
  });

  it('to nothing takes the route away and leaves the unreachable one', () => {
    const changes = diffForwarding(routerForwarding(routerView([LTE, WIFI], undefined)), owned(lte));
    expect(changes.flatMap(changeText)).toEqual([
      'ip -6 route delete default dev kdg-lte table 7100 metric 128 proto 135',
    ]);
  });
});

describe('the changes', () => {
  it('at the first start catch packets before they carry them', () => {
    const text = diffForwarding(routerForwarding(routerView([LTE], 'lte')), NOTHING).flatMap(changeText);
    expect(text).toEqual([
      'ip link add kdg-lte mtu 1460 group 7038055 type ip6tnl mode ip6ip6 local 2001:db8:1::2 remote 2001:db8:ff::1 dev if11 hoplimit 64 encaplimit none',
      'ip link set kdg-lte addrgenmode none',
      'ip link set kdg-lte up',
      'ip -6 address add 2001:db8:100::1/128 dev lo nodad proto 135',
      'ip -6 route add unreachable default table 7100 metric 4294967295 proto 135',
      'ip -6 route add unreachable 2001:db8:100::/48 table 254 metric 4294967295 proto 135',
      'ip -6 route add unreachable default table 7101 metric 4294967295 proto 135',
      'ip -6 route add default dev kdg-lte table 7100 metric 128 proto 135',
      'ip -6 route add default via fe80::1 dev u0 table 7101 metric 128 proto 135',
      'ip -6 rule add priority 900 from all to 2001:db8:100::/48 lookup 254 protocol 135',
      'ip -6 rule add priority 910 from 2001:db8:1::2/128 lookup 7101 protocol 135',
      'ip -6 rule add priority 920 from 2001:db8:100::1/128 lookup 7100 protocol 135',
      'ip -6 rule add priority 920 from 2001:db8:100::/48 lookup 7100 protocol 135',
    ]);
  });

  it('change a tunnel in place when the care-of address changes', () => {
    const moved = { ...LTE, careOfAddress: address('2001:db8:1::3') };
    const changes = diffForwarding(
      routerForwarding(routerView([moved], 'lte')),
      owned(routerForwarding(routerView([LTE], 'lte'))),
    );
    expect(changes.map(change => change.kind)).toEqual(['tunnel-change', 'rule-add', 'rule-delete']);
  });

  it('mend a tunnel that was set down, and take away what stands twice', () => {
    const state = routerForwarding(routerView([LTE], 'lte'));
    const kernel = owned(state);
    const route = kernel.routes.find(found => found.device === 'kdg-lte')!;
    const double = { ...route, device: 'u0' };
    const changes = diffForwarding(state, {
      ...kernel,
      tunnels: kernel.tunnels.map(tunnel => ({ ...tunnel, intact: false })),
      routes: [...kernel.routes, double],
    });
    expect(changes.map(change => change.kind)).toEqual(['tunnel-change', 'route-delete']);
    expect(changes.some(change => change.kind === 'route-delete' && equalRoute(change.route, double))).toBe(
      true,
    );
  });
});
