import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routerForwarding } from '../../../src/forwarding/router-forwarding.ts';
import type { Route } from '../../../src/forwarding/state.ts';
import {
  address,
  HOME_ADDRESS,
  HOME_AGENT,
  LTE,
  MOBILE_NETWORK,
  prefix,
  routerView,
  WIFI,
} from './examples.ts';
import { routeOf } from './routing.ts';

const LAN_HOST = address('2001:db8:100:1::2');
const INTERNET = address('2001:db8:cc::2');
const BARE: Route[] = [
  { table: 254, destination: prefix('::/0'), metric: 1024, kind: 'unicast', device: 'u0' },
  { table: 254, destination: prefix('2001:db8:100:1::/64'), metric: 256, kind: 'unicast', device: 'lan' },
];
const both = routerForwarding(routerView([LTE, WIFI], 'lte'));

describe('[RFC 3963 §5.5] the tunnels of a mobile router', () => {
  it('go from each registered care-of address to the home agent, out of their uplink', () => {
    expect(both.tunnels).toMatchObject([
      { name: 'kdg-lte', local: LTE.careOfAddress, remote: HOME_AGENT, link: 11, mtu: 1460 },
      { name: 'kdg-wifi', local: WIFI.careOfAddress, remote: HOME_AGENT, link: 12, mtu: 1460 },
    ]);
    const waiting = routerForwarding(routerView([LTE, { ...WIFI, registered: false }], 'lte'));
    expect(waiting.tunnels.map(tunnel => tunnel.name)).toEqual(['kdg-lte']);
  });

  it('[multiplecoa-00 §5.1] of two care-of addresses on one device are two, each with its own rule and table', () => {
    const second = { ...LTE, uplink: 'second', bid: 7, careOfAddress: address('2001:db8:7::2') };
    for (const active of ['lte', 'second']) {
      const state = routerForwarding(routerView([LTE, second], active));
      expect(state.tunnels).toMatchObject([
        { name: 'kdg-lte', local: LTE.careOfAddress, link: 11 },
        { name: 'kdg-second', local: second.careOfAddress, link: 11 },
      ]);
      for (const { careOfAddress } of [LTE, second]) {
        expect(routeOf(state, careOfAddress, HOME_AGENT, BARE)).toMatchObject({
          device: 'u0',
          gateway: LTE.gateway,
        });
      }
      expect(routeOf(state, LAN_HOST, INTERNET, BARE)?.device).toBe(`kdg-${active}`);
    }
    expect(
      new Set(routerForwarding(routerView([LTE, second], 'lte')).routes.map(({ table }) => table)).size,
    ).toBe(4);
  });

  it('[RFC 2473 §7.1] carry at least 1280 octets', () => {
    const [tunnel] = routerForwarding(routerView([{ ...LTE, mtu: 1300 }], 'lte')).tunnels;
    expect(tunnel!.mtu).toBe(1280);
  });

  it('are one where two uplinks have the same address on the same device', () => {
    const twice = routerForwarding(routerView([LTE, { ...LTE, uplink: 'copy', bid: 9 }], 'copy'));
    expect(twice.tunnels.map(tunnel => tunnel.name)).toEqual(['kdg-lte']);
    expect(routeOf(twice, LAN_HOST, INTERNET)?.device).toBe('kdg-lte');
  });
});

describe('a packet', () => {
  it('of the mobile network leaves by the active tunnel', () => {
    expect(routeOf(both, LAN_HOST, INTERNET, BARE)?.device).toBe('kdg-lte');
    expect(routeOf(both, HOME_ADDRESS, INTERNET, BARE)?.device).toBe('kdg-lte');
    const wifi = routerForwarding(routerView([LTE, WIFI], 'wifi'));
    expect(routeOf(wifi, LAN_HOST, INTERNET, BARE)?.device).toBe('kdg-wifi');
  });

  it('with a care-of address leaves by its uplink', () => {
    expect(routeOf(both, LTE.careOfAddress, HOME_AGENT, BARE)).toMatchObject({
      device: 'u0',
      gateway: LTE.gateway,
    });
    expect(routeOf(both, WIFI.careOfAddress, HOME_AGENT, BARE)?.device).toBe('u1');
  });

  it('leaves by a point-to-point uplink without a next hop', () => {
    const modem = { ...LTE, gateway: address('::') };
    const state = routerForwarding(routerView([modem], 'lte'));
    const route = routeOf(state, modem.careOfAddress, HOME_AGENT, BARE)!;
    expect([route.device, route.gateway]).toEqual(['u0', undefined]);
  });

  it('to the mobile network stays in it, whatever its source', () => {
    for (const source of [LAN_HOST, HOME_ADDRESS, LTE.careOfAddress, INTERNET]) {
      expect(routeOf(both, source, LAN_HOST, BARE)?.device).toBe('lan');
    }
  });

  it('to a part of the mobile network without a LAN is refused, not sent back', () => {
    expect(routeOf(both, INTERNET, address('2001:db8:100:9::1'), BARE)?.kind).toBe('unreachable');
  });

  it('of anybody else is none of our business', () => {
    expect(routeOf(both, address('fd00::5'), INTERNET, BARE)?.device).toBe('u0');
  });
});

describe('never', () => {
  const anyPath = fc
    .record({
      bid: fc.constantFrom(1, 2, 300, 65535),
      gateway: fc.boolean(),
      registered: fc.boolean(),
      mtu: fc.integer({ min: 1280, max: 1500 }),
    })
    .map(({ bid, gateway, ...rest }) => ({
      ...LTE,
      ...rest,
      bid,
      uplink: `up${bid}`,
      device: `dev${bid}`,
      ifindex: 10 + bid,
      gateway: gateway ? LTE.gateway : undefined,
      careOfAddress: address(`2001:db8:${bid.toString(16)}::2`),
    }));
  const anyView = fc
    .record({
      paths: fc.uniqueArray(anyPath, { selector: path => path.bid, maxLength: 4 }),
      active: fc.constantFrom(undefined, 'up1', 'up2', 'up300', 'up65535', 'gone'),
    })
    .map(({ paths, active }) => routerView(paths, active));

  it('does a packet of the mobile network leave by a bare uplink', () => {
    fc.assert(
      fc.property(anyView, view => {
        const state = routerForwarding(view);
        const path = view.paths.find(found => found.uplink === view.active && found.registered);
        for (const source of [LAN_HOST, HOME_ADDRESS]) {
          const route = routeOf(state, source, INTERNET, BARE)!;
          if (path === undefined) expect(route.kind).toBe('unreachable');
          else expect(route.device).toBe(`kdg-${path.uplink}`);
        }
      }),
    );
  });

  it('does an outer packet leave by another uplink, nor by a tunnel', () => {
    fc.assert(
      fc.property(anyView, view => {
        const state = routerForwarding(view);
        for (const { careOfAddress, device } of view.paths) {
          expect(routeOf(state, careOfAddress, HOME_AGENT, BARE)?.device).toBe(device);
          const without = state.routes.filter(route => route.device !== device);
          const left = routeOf({ ...state, routes: without }, careOfAddress, HOME_AGENT, BARE);
          expect(left?.kind).toBe('unreachable');
        }
      }),
    );
  });

  it('do the tables of two uplinks meet, or a table change with the other uplinks', () => {
    const alone = routerForwarding(routerView([WIFI], 'wifi'));
    const tableOf = (state: typeof alone) =>
      state.rules.find(rule => rule.from?.address === WIFI.careOfAddress)?.table;
    expect(tableOf(alone)).toBe(tableOf(both));
    const far = routerForwarding(routerView([{ ...LTE, bid: 65535 }, WIFI], 'lte'));
    expect(new Set(far.rules.map(rule => rule.table)).size).toBe(4);
  });
});

describe('the filter', () => {
  it('stays the same on a failover, and when a binding ends', () => {
    expect(routerForwarding(routerView([LTE, WIFI], 'wifi')).filter).toEqual(both.filter);
    expect(routerForwarding(routerView([WIFI], 'wifi')).filter).toEqual(both.filter);
    expect(routerForwarding(routerView([], undefined)).filter).toEqual(both.filter);
  });

  it('makes TCP segments fit the smallest tunnel', () => {
    expect(both.filter?.mss).toBe(1400);
    expect(routerForwarding(routerView([LTE, { ...WIFI, mtu: 1430 }], 'lte')).filter?.mss).toBe(1330);
    // A tunnel has 1280 octets at least; what fills them does not pass whole.
    expect(routerForwarding(routerView([LTE, { ...WIFI, mtu: 1280 }], 'lte')).filter?.mss).toBe(1180);
  });

  it('lets only packets for the home address and the mobile network out of a tunnel', () => {
    expect(both.filter?.destinations.map(item => item.prefix)).toEqual([
      prefix('2001:db8:100::1/128'),
      MOBILE_NETWORK,
    ]);
    expect(both.filter?.sources).toEqual([]);
  });
});
