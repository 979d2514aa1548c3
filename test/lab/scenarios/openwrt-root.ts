/**
 * As `openwrt.ts`, with the real ubusd and netifd of an OpenWrt's root file system, and our protocol handler in its place.
 * kedge is an ordinary user here, who may do on ubus what our ACL says.
 */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, settled } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const PLACE = '/run/openwrt';
const SOCKET = `${PLACE}/ubus.sock`;

const NETWORK = `
config interface 'loopback'
	option device 'lo'
	option proto 'static'
	option ipaddr '127.0.0.1'
	option netmask '255.0.0.0'

config interface 'wan'
	option device 'lte'
	option proto 'static'
	option ip6addr '${MAIN.lteCareOf}/64'
	option ip6gw '2001:db8:a::1'
	option metric '10'

config interface 'wwan'
	option device 'wifi'
	option proto 'static'
	option ip6addr '${MAIN.wifiCareOf}/64'
	option ip6gw '2001:db8:b::1'
	option metric '20'

config interface 'mobile'
	option proto 'kedge'
	option router 'vessel'

config interface 'lan'
	option device 'lan'
	option proto 'static'
	option ip6assign '64'
	list ip6class 'mobile'
`;

/**
 * The programs of the root as commands of this system, netifd's directory with our handler, its configuration. BusyBox's ash
 * runs the scripts, as on OpenWrt.
 */
const PREPARE = `
set -e
mkdir -p ${PLACE}/bin ${PLACE}/config ${PLACE}/netifd/proto ${PLACE}/acl.d
chmod 755 ${PLACE} ${PLACE}/acl.d
cp "$ACL" ${PLACE}/acl.d/kedge.json
chmod 644 ${PLACE}/acl.d/kedge.json
(cat /etc/passwd; echo 'kedge:x:4711:4711:kedge:/var/run/kedge:/bin/false') >${PLACE}/passwd
(cat /etc/group; echo 'kedge:x:4711:') >${PLACE}/group
mount --bind ${PLACE}/passwd /etc/passwd
mount --bind ${PLACE}/group /etc/group
libraries="$ROOT/lib:$ROOT/usr/lib"
loader="env LD_LIBRARY_PATH=$libraries"
musl="$ROOT/lib/ld-musl-x86_64.so.1"
[ ! -e "$musl" ] || loader="$musl --library-path $libraries"
for program in sbin/ubusd sbin/netifd bin/ubus usr/bin/jshn; do
	words=
	[ $program != bin/ubus ] || words='-s ${SOCKET}'
	printf '#!/bin/sh\nexec %s %s %s "$@"\n' "$loader" "$ROOT/$program" "$words" >${PLACE}/bin/\${program##*/}
done
chmod 755 ${PLACE}/bin/*
cp "$ROOT/lib/netifd/utils.sh" ${PLACE}/netifd/
sed "s|/usr/share/libubox/|$ROOT/usr/share/libubox/|" "$ROOT/lib/netifd/netifd-proto.sh" >${PLACE}/netifd/netifd-proto.sh
sed "1s|.*|#!$(command -v busybox) ash|" "$HANDLER" >${PLACE}/netifd/proto/kedge.sh
chmod 755 ${PLACE}/netifd/proto/kedge.sh
cat >${PLACE}/config/network
printf '#!/bin/sh\\n' >${PLACE}/hotplug
chmod 755 ${PLACE}/hotplug
`;

const PATH = `${PLACE}/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

class Root {
  constructor(readonly network: Network) {}

  startUbus() {
    return this.network.start('router', 'ubusd', [
      `${PLACE}/bin/ubusd`,
      '-s',
      SOCKET,
      '-A',
      `${PLACE}/acl.d`,
    ]);
  }

  startNetifd() {
    const words = ['-s', SOCKET, '-c', `${PLACE}/config`, '-p', `${PLACE}/netifd`, '-S'];
    const files = ['-h', `${PLACE}/hotplug`, '-r', `${PLACE}/resolv.conf`];
    return this.network.start('router', 'netifd', [`${PLACE}/bin/netifd`, ...words, ...files], {
      PATH,
      NETIFD_MAIN_DIR: `${PLACE}/netifd`,
    });
  }

  ubus(...words: string[]): Promise<string> {
    return this.network.run('router', [`${PLACE}/bin/ubus`, ...words]);
  }

  /** What netifd says of an interface. */
  async interface(name: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.ubus('call', `network.interface.${name}`, 'status'));
  }

  async until(name: string, up: boolean): Promise<void> {
    for (let waited = 0; waited < 20_000; waited += 100) {
      const found = await this.interface(name).catch(() => undefined);
      if (found?.up === up) return;
      await sleep(100);
    }
    throw new Error(`${name}: ${JSON.stringify(await this.interface(name))}`);
  }
}

const facts = (found: Record<string, unknown>) => {
  const { up, pending, l3_device, proto, data } = found;
  const addresses = found['ipv6-address'];
  const prefixes = found['ipv6-prefix'];
  return { up, pending, l3_device, proto, data, addresses, prefixes };
};

scenario(mainTopology({ capture: 96 }), async network => {
  const { root, handler, acl } = parameters<{ root: string; handler: string; acl: string }>();
  await startServers(network, 'peer');
  const variables = [`ROOT=${root}`, `HANDLER=${handler}`, `ACL=${acl}`];
  await network.run('router', ['env', ...variables, 'sh', '-c', PREPARE], NETWORK);
  const openwrt = new Root(network);
  let ubusd = openwrt.startUbus();
  await sleep(200);
  const netifd = openwrt.startNetifd();
  await sleep(2000);
  record('without kedge', facts(await openwrt.interface('mobile')));

  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const config = routerConfig()
    .replace("option device 'lte'", "option interface 'wan'")
    .replace("option device 'wifi'", "option interface 'wwan'");
  const router = new Kedge(network, 'router', config, ['--ubus', SOCKET, '--user', 'kedge']);
  anchor.start();
  router.start();
  await settled(router, 'lte', 30_000);
  await openwrt.until('mobile', true);
  record('with kedge', facts(await openwrt.interface('mobile')));
  record('lan', {
    status: (await openwrt.interface('lan'))['ipv6-prefix-assignment'],
    addresses: await network.run('router', ['ip', '-6', 'addr', 'show', 'dev', 'lan']),
  });
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();

  await event('ifdown wan', () => openwrt.ubus('call', 'network.interface.wan', 'down'));
  await router.until<RouterStatus>(({ mobileRouter }) => mobileRouter.active.uplink === 'wifi');
  await event('ifup wan', async () => {
    await openwrt.ubus('call', 'network.interface.wan', 'up');
    await settled(router, 'lte', 30_000);
  });
  await event(
    'ubusd',
    async () => {
      ubusd.kill(9);
      await ubusd.exited;
      ubusd = openwrt.startUbus();
    },
    5000,
  );
  record('methods', { text: await openwrt.ubus('-v', 'list', 'kedge') });
  record('after ubusd', facts(await openwrt.interface('mobile')));
  await event(
    'crash',
    async () => {
      await router.kill();
      router.start();
      await settled(router, 'lte', 30_000);
    },
    2000,
  );
  record('after crash', facts(await openwrt.interface('mobile')));
  await compare([router, anchor]);
  record('echo', { report: await echo.stop() });
  await router.process!.stop();
  await openwrt.until('mobile', false);
  record('stopped', facts(await openwrt.interface('mobile')));
  netifd.kill(9);
});
