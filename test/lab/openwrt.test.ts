/** kedge with ubus and netifd: see programs/openwrt.ts for what is in their place. */
import { expect, test } from 'vitest';
import { losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

test('uplinks by logical interface in any order, another device, ifdown, restarts of ubusd and kedge, the mobile network as an interface', async context => {
  const result = await playProduct(context, 'openwrt', {
    time: 'virtual',
    timeout: 400_000,
    programs: ['openwrt'],
  });
  const told = (name: string): Record<string, unknown> => ({ ...theRecord(result, name) });

  expect(told('before')).toMatchObject({ states: ['lte no-device', 'wifi no-device'] });
  expect(told('renewed')).toMatchObject({ path: 'network.interface.mobile' });
  expect(told('attach')).toMatchObject({
    wrong: { error: 'no such mobile_router; there are: vessel' },
    right: {},
  });
  const rule = (device: string) => ({
    ...{ type: 'rule', family: 'ipv6', proto: ['135', '41'], src: '*', src_ip: ['2001:db8:1::2'] },
    ...{ device, direction: 'in', target: 'ACCEPT' },
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
  expect(told('end')).toMatchObject({
    given: { action: 0, 'link-up': false, interface: 'mobile' },
    device: null,
  });

  const { events, otherwise } = losses(result);
  const lost = Object.fromEntries(events.map(event => [event.what, event.lost]));
  // What flew over the path that was taken away, 20 ms there and 20 ms back, an echo every 10 ms.
  expect(lost['ifdown wan'], JSON.stringify(lost)).toBeLessThanOrEqual(6);
  expect(lost).toMatchObject({ 'ifup wan': 0, ubusd: 0, crash: 0 });
  expect(otherwise).toBe(0);
});
