/** What the roles are told of the kernel. */
import { expect, it } from 'vitest';
import { KernelWatch } from '../../../src/daemon/kernel-watch.ts';
import type { Input } from '../../../src/engine/types.ts';
import { KernelView } from '../../../src/netlink/kernel-view.ts';
import { loadConfig } from '../../../src/uci/config.ts';
import { parseAddress } from '../../../src/wire/address.ts';

const GATEWAY = parseAddress('fe80::1')!;

const text = `
config mobile_router 'van'
	option home_address '2001:db8:1::1'
	option home_agent '2001:db8:f::1'
	option auth 'none'
config uplink 'lte'
	option device 'lte0'
config uplink 'wifi'
	option device 'wlan0'
`;

it('[RFC 6275 §11.5.1] the next hop of an uplink that fails is told of, others are not', () => {
  const { config } = loadConfig({ file: 'kedge', text }, () => undefined);
  const told: Input[] = [];
  const view = new KernelView(135);
  Object.defineProperty(view, 'linkNamed', {
    value: (name: string) => ({
      index: name === 'lte0' ? 7 : 8,
      name,
      flags: 0x11043,
      mtu: 1500,
      ipv6Mtu: 1500,
    }),
  });
  const watch = new KernelWatch(
    view,
    uplink => ({ ...uplink, gateway: GATEWAY }),
    input => told.push(input),
  );
  watch.noteFailed({ link: 7, neighbor: GATEWAY });
  watch.look(config!);
  told.length = 0;
  watch.noteFailed({ link: 9, neighbor: GATEWAY });
  watch.noteFailed({ link: 7, neighbor: parseAddress('fe80::2')! });
  expect(told).toEqual([]);
  watch.noteFailed({ link: 8, neighbor: GATEWAY });
  expect(told).toEqual([{ kind: 'gateway-failed', uplink: 'wifi' }]);
});
