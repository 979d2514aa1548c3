/** The package on a root file system laid out as OpenWrt's: installed, configured, reloaded, upgraded, stopped, removed. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { OpenWrtRoot } from '../inside/openwrt-root.ts';
import { owned } from '../inside/owned.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { event, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

/** Process ids in the order of their start: of the helper, and of its script. */
const PIDS = `ps w | awk '$2 == "kedge" { print $1 }'`;
const PARTS = '/usr/lib/kedge/parts';
const HELPER = `${PIDS} | head -n 1`;

const RPCD = `
config login
	option username 'watcher'
	option password '$1$ab$dslkcXxVH.x8LwW1W/oAB/'
	list read 'luci-app-kedge-status'

config login
	option username 'owner'
	option password '$1$ab$dslkcXxVH.x8LwW1W/oAB/'
	list read '*'
	list write '*'
`;

/** What rpcd lets sessions of LuCI call, by users that may see the status, and that may do all. */
async function grantedByRpcd(router: OpenWrtRoot): Promise<Record<string, string[]>> {
  router.write('/etc/config/rpcd', RPCD);
  await router.shell('opkg install /tmp/luci-app-kedge_*.ipk; rpcd </dev/null >/tmp/stderr 2>&1 & sleep 1');
  const call = async (method: string, message: object) =>
    JSON.parse(await router.shell(`ubus call session ${method} '${JSON.stringify(message)}'`));
  const methods = [...(await router.shell('ubus -v list kedge')).matchAll(/^\t"(\w+)"/gm)].map(
    ([, name]) => name!,
  );
  const granted: Record<string, string[]> = {};
  for (const username of ['watcher', 'owner']) {
    const { ubus_rpc_session } = await call('login', { username, password: 'secret' });
    granted[username] = [];
    for (const name of methods) {
      const asked = { ubus_rpc_session, scope: 'ubus', object: 'kedge', function: name };
      if ((await call('access', asked)).access) granted[username].push(name);
    }
  }
  await router.shell('killall rpcd; opkg remove luci-app-kedge');
  return granted;
}

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 96 })), async network => {
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  anchor.start();
  const router = await OpenWrtRoot.make('router', parameters<{ root?: string }>().root);
  await router.shell('syslogd -O /tmp/log/messages');

  await router.shell('opkg install /tmp/kedge_*.ipk');
  record('installed', {
    user: await router.shell('id kedge'),
    enabled: await router.status('/etc/init.d/kedge enabled'),
    processes: await router.shell(PIDS),
    kept: await router.shell('cat /usr/lib/opkg/info/kedge.conffiles /lib/upgrade/keep.d/kedge'),
  });

  // What few need is in packages of its own, and what is missing says so.
  const role = (name: string): string => {
    const daemon = `kedged --user kedge --run-dir /tmp/${name} -- --run-dir /tmp/${name} --config /tmp/${name}.uci daemon 2>&1`;
    return `${daemon} & sleep 2; [ ! -S /tmp/${name}/control ] || echo ${name} runs; kill %1 2>/dev/null; wait`;
  };
  const attempts = `${role('anchor')}; ${role('correspondent')}; ${role('delegation')}; ${role('flows')}; ${role('renumbering')}; kedge decode 60 2>&1; kedge history 2>&1; kedge metrics 2>&1`;
  router.write('/tmp/anchor.uci', anchorConfig());
  router.write(
    '/tmp/flows.uci',
    `${routerConfig()}\nconfig flow 'all'\n\toption action 'prefer'\n\tlist uplink 'lte'\n`,
  );
  router.write('/tmp/renumbering.uci', routerConfig({ router: ["option renumbering 'adopt'"] }));
  router.write('/tmp/delegation.uci', routerConfig().replace(/\tlist prefix .*/, "\toption delegation '1'"));
  router.write('/tmp/correspondent.uci', "config correspondent 'server'\n");
  const missing = await router.shell(`${attempts} || true`);
  const optional = [
    'kedge-policy',
    'kedge-monitoring',
    'kedge-anchor',
    'kedge-route-optimization',
    'kedge-renumbering',
    'kedge-prefix-delegation',
    'kedge-decode',
  ];
  for (const name of optional) await router.shell(`opkg install /tmp/${name}_*.ipk`);
  const there = await router.shell(`${attempts} || true`);
  // What is there and cannot be loaded, as a part of another version, is told for what it is.
  await router.shell(`cp -a ${PARTS} /tmp/parts; cd ${PARTS}
    for part in flows-[!t]* uplink-history-* history-text-*; do echo "import { absent } from 'std';" > $part; done`);
  const damaged = await router.shell(
    `${role('flows')}; ${role('renumbering')}; kedge history 2>&1; cp -a /tmp/parts/* ${PARTS}; rm -r /tmp/parts`,
  );
  await router.shell('rm -r /tmp/anchor /tmp/correspondent /tmp/delegation /tmp/flows /tmp/renumbering');
  record('optional', { missing, there, damaged });

  const plain = routerConfig();
  const config = plain.replace(/option key '.*'/, "option key_file '/etc/kedge/vessel.key'");
  router.write('/etc/kedge/vessel.key', /option key '(.*)'/.exec(plain)![1]!);
  const configure = (text: string): Promise<void> => router.configure('kedge', text);
  await configure(config);
  await router.settled('lte');
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();
  const processes = await router.shell(
    `for pid in $(${PIDS}); do grep -E '^(Uid|CapEff|NoNewPrivs)' /proc/$pid/status; done`,
  );
  // What is writable to the user beyond its run directory, devices and the directory for all.
  const writable = await router.shell(
    `find / -xdev ! -type l \\( -user kedge -o -group kedge -perm -020 -o -perm -002 \\) ! -path '/proc/*'; find /tmp -user kedge`,
  );
  record('running', {
    processes,
    writable,
    triggers: await router.reloadTriggers('kedge'),
    check: await router.shell('kedge check'),
  });

  if (router.isReal) record('sessions', { granted: await grantedByRpcd(router) });

  const secret = router.read('/etc/kedge/vessel.key');
  await router.shell(`logger -t kedge 'it talks of ${secret}'; kedge diag`);
  record('diag', {
    secret,
    spi: /option spi '(.*)'/.exec(config)![1]!,
    text: await router.shell(
      'cd /tmp; tar -xzf kedge-diag.tar.gz; head -n 200 kedge-diag/*; rm -r kedge-diag',
    ),
    metrics: await router.shell('kedge metrics'),
  });

  await router.shell('touch /tmp/marker');
  await event('a minute', () => sleep(60_000));
  const written = await router.shell(
    `find / -xdev -newer /tmp/marker ! -type d; find /etc /usr /lib /root -newer /tmp/marker`,
  );
  await event('carrier lte', () => network.link('lte').carrier('near', false));
  await event('return lte', () => network.link('lte').carrier('near', true), 3000);
  record('field', { written, log: router.read('/tmp/log/messages') });

  const lowered = config.replace("option device 'lte'", "option device 'lte'\n\toption priority '90'");
  await event('reload', () => configure(lowered), 2000);
  await router.settled('wifi');
  await event('reload back', () => configure(config), 2000);
  await router.settled('lte');

  const before = await router.shell(HELPER);
  const upgrade = ['kedge', ...optional].map(name => `opkg install /tmp/${name}_*.ipk`).join(' && ');
  await event('upgrade', () => router.shell(upgrade), 3000);
  await router.settled('lte');
  record('upgraded', {
    before,
    after: await router.shell(HELPER),
    config: router.read('/etc/config/kedge') === config,
  });
  // The key in the configuration itself.
  await event('reload inline', () => configure(plain), 2000);
  record('inline', {
    text: await router.shell(
      'kedge diag >/dev/null; cd /tmp; tar -xzf kedge-diag.tar.gz; head -n 200 kedge-diag/*; rm -r kedge-diag',
    ),
  });
  await event('reload file', () => configure(config), 2000);
  await event('crash', () => router.shell(`kill -9 $(${HELPER})`), 8000);
  await router.settled('lte');
  record('echo', { report: await echo.stop() });

  // Without kedge there is nothing to keep the LAN's packets from the bare uplinks.
  await network.link('lan').carrier('near', false);
  await router.shell('/etc/init.d/kedge stop');
  await sleep(1000);
  record('stopped', {
    bindings: await anchor.command('bindings'),
    owned: await owned(network, 'router'),
    processes: await router.shell(PIDS),
  });

  await router.shell('/etc/init.d/kedge start');
  await router.settled('lte');
  const files = await router.shell('cat /usr/lib/opkg/info/kedge*.list');
  await router.shell(
    `for name in ${optional.toReversed().join(' ')} kedge; do opkg remove $name || exit 1; done`,
  );
  await sleep(1000);
  record('removed', {
    bindings: await anchor.command('bindings'),
    owned: await owned(network, 'router'),
    processes: await router.shell(PIDS),
    files: await router.shell(
      `for file in ${files.split('\n').join(' ')}; do [ ! -e $file ] || echo $file; done`,
    ),
    traces: await router.shell(
      'grep -l kedge /etc/passwd /etc/group /etc/shadow; ls -d /var/run/kedge /usr/lib/kedge /etc/rc.d/*kedge 2>/dev/null; true',
    ),
  });
});
