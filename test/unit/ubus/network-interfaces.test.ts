import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/engine/types.ts';
import { parseInterfaces } from '../../../src/ubus/network-interfaces.ts';
import { parseAddress } from '../../../src/wire/address.ts';

// `ubus call network.interface dump` in the form of netifd 2026-07-16 (netifd_dump_status), without what nobody looks at.
const DUMP = {
  interface: [
    { interface: 'loopback', up: true, proto: 'static', l3_device: 'lo', device: 'lo', route: [] },
    {
      interface: 'wan6',
      up: true,
      proto: 'dhcpv6',
      l3_device: 'eth0.2',
      device: 'eth0.2',
      route: [
        { target: '2001:db8:a::', mask: 56, nexthop: 'fe80::1', source: '::/0' },
        { target: '::', mask: 0, nexthop: 'fe80::1', metric: 384, source: '2001:db8:a::/56' },
      ],
      inactive: { route: [] },
    },
    {
      interface: 'wwan_6',
      up: true,
      dynamic: true,
      proto: 'qmi',
      l3_device: 'wwan0',
      route: [],
      inactive: { route: [{ target: '::', mask: 0, nexthop: '::', source: '::/0' }] },
    },
    { interface: 'pppoe', up: true, proto: 'pppoe', l3_device: 'pppoe-wan', device: 'eth0', route: [] },
    { interface: 'dsl', up: false, pending: true, proto: 'pppoe', device: 'eth1', data: {} },
    { interface: 'mobile', up: false, pending: true, proto: 'kedge', data: {}, errors: [] },
  ],
};

test('device, state and default route, in force or not', () => {
  expect(parseInterfaces(DUMP)).toEqual([
    { name: 'loopback', protocol: 'static', up: true, device: 'lo', gateway: undefined },
    { name: 'wan6', protocol: 'dhcpv6', up: true, device: 'eth0.2', gateway: parseAddress('fe80::1') },
    { name: 'wwan_6', protocol: 'qmi', up: true, device: 'wwan0', gateway: parseAddress('::') },
    { name: 'pppoe', protocol: 'pppoe', up: true, device: 'pppoe-wan', gateway: undefined },
    { name: 'dsl', protocol: 'pppoe', up: false, device: undefined, gateway: undefined },
    { name: 'mobile', protocol: 'kedge', up: false, device: undefined, gateway: undefined },
  ]);
});

test('whatever somebody says, nothing is thrown', () => {
  const shaped = fc.record({
    interface: fc.array(
      fc.record({
        interface: fc.oneof(fc.string(), fc.jsonValue()),
        up: fc.jsonValue(),
        l3_device: fc.jsonValue(),
        route: fc.jsonValue(),
        inactive: fc.oneof(fc.jsonValue(), fc.record({ route: fc.array(fc.jsonValue()) })),
      }),
    ),
  });
  fc.assert(
    fc.property(fc.oneof(shaped, fc.dictionary(fc.string(), fc.jsonValue())), dump => {
      for (const { name, device } of parseInterfaces(dump as JsonObject)) {
        expect(typeof name).toBe('string');
        expect(['string', 'undefined']).toContain(typeof device);
      }
    }),
  );
});
