/** Uplinks by logical interface, and the mobile network as an interface: netifd's words come and go, kedge follows. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { type Interface, OpenWrt } from '../inside/openwrt.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, settled } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const WAN: Interface = { interface: 'wan', up: true, proto: 'dhcpv6', l3_device: 'lte' };
const WWAN: Interface = { interface: 'wwan', up: true, proto: 'qmi', l3_device: 'wifi' };
const MOBILE: Interface = { interface: 'mobile', up: false, proto: 'kedge' };
const LOOPBACK: Interface = { interface: 'loopback', up: true, proto: 'static', l3_device: 'lo' };

const deviceLine = (network: Network) => network.run('router', ['ip', '-o', 'link', 'show', 'kdg-+']);

/** What uhttpd adds to the calls of LuCI. */
const AS_LUCI = { ubus_rpc_session: '00000000000000000000000000000000' };

async function mobileDevice(network: Network): Promise<string | null> {
  const line = await deviceLine(network).catch(() => null);
  return line === null ? null : (line.split(':')[0] ?? null);
}

interface UplinkStatus {
  readonly name: string;
  readonly state: string;
  readonly device: string;
}

async function states(router: Kedge): Promise<string[]> {
  const { mobileRouter } = await router.status<{ mobileRouter: { uplinks: UplinkStatus[] } }>();
  return mobileRouter.uplinks.map(({ name, state, device }) => `${name} ${state} ${device}`.trim());
}

scenario(mainTopology({ capture: 96 }), async network => {
  await startServers(network, 'peer');
  const openwrt = await OpenWrt.start(network, 'router');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const config = routerConfig()
    .replace("option device 'lte'", "option interface 'wan'")
    .replace("option device 'wifi'", "option interface 'wwan'");
  const router = new Kedge(network, 'router', config, ['--ubus', openwrt.socket]);
  anchor.start();
  router.start();
  await sleep(1000);
  const warnings = async () => (await router.status<{ warnings: string[] }>()).warnings;
  record('before', { states: await states(router), warnings: await warnings() });

  // In any order: first one uplink, then the other one, then our own interface.
  openwrt.tell([LOOPBACK, WWAN]);
  await router.until<RouterStatus>(({ mobileRouter }) => mobileRouter.active.uplink === 'wifi');
  record('half', { warnings: await warnings() });
  openwrt.tell([LOOPBACK, WWAN, WAN, MOBILE]);
  const { path } = await openwrt.called('renew');
  record('renewed', { path });
  await settled(router, 'lte');
  record('attach', {
    wrong: await openwrt.call('attach', { interface: 'mobile', router: 'van' }),
    right: await openwrt.call('attach', { interface: 'mobile', router: 'vessel' }),
  });
  record('told', { ...(await openwrt.called('notify_proto')) });
  record('device', { index: await mobileDevice(network) });

  const mobile: Interface = { ...MOBILE, up: true, l3_device: 'kdg-+' };
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();
  await event('ifdown wan', async () => openwrt.tell([LOOPBACK, WWAN, { ...WAN, up: false }, mobile]));
  record('down', { states: await states(router) });
  await openwrt.called('notify_proto');

  // It comes back over another device, whose default route is not in the kernel (option defaultroute 0).
  await network.run('router', ['ip', 'link', 'set', 'lte', 'down']);
  await network.run('router', ['ip', 'link', 'set', 'lte', 'name', 'wan0']);
  await network.run('router', ['ip', 'link', 'set', 'wan0', 'up']);
  await network.ip('router', `addr add ${MAIN.lteCareOf}/64 dev wan0 nodad`);
  const route = { target: '::', mask: 0, nexthop: '2001:db8:a::1' };
  await event('ifup wan', async () => {
    openwrt.tell([LOOPBACK, WWAN, { ...WAN, l3_device: 'wan0', inactive: { route: [route] } }, mobile]);
    await settled(router, 'lte');
  });
  record('up', { states: await states(router) });
  record('told again', { ...(await openwrt.called('notify_proto')) });

  await event('ubusd', async () => openwrt.restart(), 3000);
  record('after ubusd', {
    uplinks: (
      await openwrt.call<{ uplinks: { name: string; active: boolean }[] }>('uplinks', AS_LUCI)
    ).uplinks.map(({ name, active }) => ({ name, active })),
  });

  const index = await mobileDevice(network);
  await event(
    'crash',
    async () => {
      await router.kill();
      router.start();
      const again = await openwrt.called('renew');
      await openwrt.call('attach', { interface: 'mobile' });
      await openwrt.called('notify_proto');
      record('after crash', { path: again.path, same: (await mobileDevice(network)) === index });
      await settled(router, 'lte');
    },
    2000,
  );
  await compare([router, anchor]);
  record('echo', { report: await echo.stop() });

  // A prefix that the anchor does not authorise is taken from the LANs, and one that it does is given to them.
  const { mobileNetworkPrefix: usual } = MAIN;
  const prefixes: (readonly string[])[] = [];
  for (const prefix of ['2001:db8:1f0::/64', usual]) {
    router.writeConfig(config.replace(usual, prefix));
    await router.command('reload');
    do {
      const { given } = await openwrt.called<{ ip6prefix: readonly string[] }>('notify_proto');
      prefixes.push(given.ip6prefix);
    } while (prefixes.at(-1)?.[0] !== usual && prefixes.at(-1)?.length !== 0);
    if (prefix !== usual) record('refused', { text: await router.command('status'), log: router.log() });
  }
  record('prefixes', { prefixes });

  const ends = openwrt.called('notify_proto');
  await router.process!.stop();
  record('end', { ...(await ends), device: await mobileDevice(network) });
});
