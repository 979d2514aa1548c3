/**
 * kedge with ubus and netifd. programs/openwrt.ts is in their place; where OPENWRT_ROOT names the root file system of an OpenWrt
 * for this machine's processor, it is also played with the real ones.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { losses, playProduct } from './runner/product.ts';
import { CHECKOUT, type ScenarioResult, theRecord } from './runner/scenario.ts';

const HOME = '2001:db8:100::10';
const PREFIX = '2001:db8:101::';
const rule = (device: string) => ({
  ...{ type: 'rule', family: 'ipv6', proto: ['135', '41'], src: '*', src_ip: ['2001:db8:1::2'] },
  ...{ device, direction: 'in', target: 'ACCEPT' },
});

/** Only `ifdown` costs anything: what flew over the path, 20 ms there and 20 ms back, an echo every 10 ms. */
function assertLosses(result: ScenarioResult): void {
  const { events, otherwise } = losses(result);
  const lost = Object.fromEntries(events.map(event => [event.what, event.lost]));
  expect(lost['ifdown wan'], JSON.stringify(lost)).toBeLessThanOrEqual(6);
  expect(lost).toMatchObject({ 'ifup wan': 0, ubusd: 0, crash: 0 });
  expect(otherwise).toBe(0);
}

test('uplinks by logical interface in any order, another device, ifdown, restarts of ubusd and kedge, the mobile network as an interface, [RFC 3963 §5.4.2] with a prefix that is refused', async context => {
  const result = await playProduct(context, 'openwrt', {
    time: 'virtual',
    timeout: 400_000,
    programs: ['openwrt'],
  });
  const told = (name: string): Record<string, unknown> => ({ ...theRecord(result, name) });

  const unknown = (uplink: string, name: string) => `uplink ${uplink}: netifd has no interface ${name}`;
  expect(told('before')).toMatchObject({
    states: ['lte no-device', 'wifi no-device'],
    warnings: [unknown('lte', 'wan'), unknown('wifi', 'wwan')],
  });
  expect(told('half')).toMatchObject({ warnings: [unknown('lte', 'wan')] });
  expect(told('renewed')).toMatchObject({ path: 'network.interface.mobile' });
  expect(told('attach')).toMatchObject({
    wrong: { error: 'no such mobile_router; there are: vessel' },
    right: {},
  });
  const given = (...devices: string[]) => ({
    action: 0,
    ifname: 'kdg-+',
    'link-up': true,
    'address-external': true,
    keep: false,
    ip6addr: [{ ipaddr: '2001:db8:100::10', mask: '128' }],
    ip6prefix: ['2001:db8:101::/64'],
    data: { firewall: devices.map(rule) },
    interface: 'mobile',
  });
  expect(told('told')).toMatchObject({ path: 'network.interface', given: given('lte', 'wifi') });
  expect(told('told again')).toMatchObject({ given: given('wan0', 'wifi') });
  expect(told('device').index).not.toBeNull();

  expect(told('down').states).toEqual(['lte no-device lte', 'wifi registered wifi']);
  expect(told('up').states).toEqual(['lte registered wan0', 'wifi registered wifi']);
  expect(told('after ubusd')).toMatchObject({
    uplinks: [
      { name: 'lte', active: true },
      { name: 'wifi', active: false },
    ],
  });
  expect(told('after crash')).toMatchObject({ path: 'network.interface.mobile', same: true });
  // [RFC 3963 §5.4.2]
  const refused = '2001:db8:1f0::/64';
  expect(told('prefixes').prefixes).toEqual([[refused], [], ['2001:db8:101::/64']]);
  expect(told('refused').text).toMatch(/2001:db8:1f0::\/64, explicit mode,\s+refused, advertised no longer/);
  expect(told('refused').log).toContain(`advertise ${refused} no longer`);
  expect(told('end')).toMatchObject({
    given: { action: 0, 'link-up': false, interface: 'mobile' },
    device: null,
  });

  assertLosses(result);
});

const ROOT = process.env.OPENWRT_ROOT;
const files = [
  'sbin/ubusd',
  'sbin/netifd',
  'bin/ubus',
  'usr/bin/jshn',
  'usr/share/libubox/jshn.sh',
  'lib/netifd',
];
if (ROOT !== undefined && files.every(file => existsSync(join(ROOT, file)))) {
  test("with OpenWrt's own ubusd and netifd, as the user whom our ACL admits: the same, and the prefix reaches the LAN by ip6assign", async context => {
    const handler = resolve(CHECKOUT, 'openwrt/kedge/files/lib/netifd/proto/kedge.sh');
    const acl = resolve(CHECKOUT, 'openwrt/kedge/files/usr/share/acl.d/kedge.json');
    const params = { root: ROOT, handler, acl };
    const result = await playProduct(context, 'openwrt-root', { time: 'virtual', timeout: 400_000, params });
    const told = (name: string): Record<string, unknown> => ({ ...theRecord(result, name) });

    // It waits for kedge, and again when kedge has stopped.
    for (const name of ['without kedge', 'stopped'])
      expect(told(name)).toMatchObject({ up: false, pending: true, proto: 'kedge', data: {} });
    for (const name of ['with kedge', 'after ubusd', 'after crash']) {
      expect(told(name)).toMatchObject({
        up: true,
        l3_device: 'kdg-+',
        addresses: [{ address: HOME, mask: 128 }],
        prefixes: [{ address: PREFIX, mask: 64, assigned: { lan: { address: PREFIX, mask: 64 } } }],
        data: { firewall: [rule('lte'), rule('wifi')] },
      });
    }
    expect(told('lan').addresses).toMatch(
      /inet6 2001:db8:101::1\/64 scope global noprefixroute \n +valid_lft forever preferred_lft forever/,
    );
    const { text } = told('methods');
    expect(text).toContain('"prefer":{"uplink":"String"');
    expect(text).toContain('"history":{"span":"Integer","router":"String"}');
    assertLosses(result);
  });
} else {
  console.log(
    `not run: kedge with ubusd and netifd in the lab (OPENWRT_ROOT names no root with ${files.join(', ')})`,
  );
}
