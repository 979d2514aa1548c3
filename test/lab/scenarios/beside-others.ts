/**
 * A router where others route by mark and source too, as mwan3, pbr and netifd's `ip6table` do: their rules, their tables, and
 * what marks packets for them. Whatever they want of what is kedge's, kedge's rules come before.
 */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { ECHO_PORT, Echo, startServers } from '../inside/traffic.ts';

const TABLES = [
  // mwan3: tables 1 and 2, pbr: 256 and 257, netifd: what `option ip6table` says.
  ...[1, 256, 10].map(table => `route add default via 2001:db8:a::1 dev lte table ${table}`),
  ...[2, 257, 11].map(table => `route add default via 2001:db8:b::1 dev wifi table ${table}`),
];

/** As `ip -6 rule` shows them on a router with each of these. */
const RULES = [
  // mwan3 2.12: incoming device, mark, and mark without a table.
  'rule add priority 1001 iif lte lookup 1',
  'rule add priority 1002 iif wifi lookup 2',
  'rule add priority 2001 fwmark 0x100/0x3f00 lookup 1',
  'rule add priority 2002 fwmark 0x200/0x3f00 lookup 2',
  'rule add priority 2061 fwmark 0x3d00/0x3f00 blackhole',
  'rule add priority 2062 fwmark 0x3e00/0x3f00 unreachable',
  'rule add priority 3001 fwmark 0x100/0x3f00 unreachable',
  'rule add priority 3002 fwmark 0x200/0x3f00 unreachable',
  // netifd with ip6table: addresses, prefixes, and what comes from the device's network.
  `rule add priority 10000 from ${MAIN.lteCareOf} lookup 10`,
  `rule add priority 10000 from ${MAIN.wifiCareOf} lookup 11`,
  'rule add priority 20000 from 2001:db8:a::2/64 lookup 10',
  'rule add priority 20000 from 2001:db8:b::2/64 lookup 11',
  'rule add priority 90000 iif lo lookup 10',
  // pbr 1.2.
  'rule add priority 29998 fwmark 0x10000/0xff0000 lookup 256',
  'rule add priority 29997 fwmark 0x20000/0xff0000 lookup 257',
];

/** mwan3 sends what the LAN begins over wifi, and what the router sends itself over lte; pbr marks with its own bits. */
const MARKS = `
table inet others {
  chain prerouting {
    type filter hook prerouting priority mangle
    iifname "lan" meta mark set mark & 0xff00c0ff | 0x00010200
  }
  chain output {
    type route hook output priority mangle
    meta mark set mark & 0xff00c0ff | 0x00020100
  }
}
`;

/** As fw4 writes it with `option flow_offloading '1'`: the devices of all zones; and what still takes the slow path. */
const OFFLOADING = `
table inet fw4 {
  counter slow { }
  flowtable ft {
    hook ingress priority 0
    devices = { lan, lte, wifi }
    counter
  }
  chain forward {
    type filter hook forward priority filter
    meta l4proto { tcp, udp } flow offload @ft
    iifname "lan" udp dport ${ECHO_PORT} counter name slow
  }
}
`;

const rulesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter(line => line.includes('proto 135') || line.includes('proto kedge'))
    .map(line => line.split(':')[0]!);

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 96 })), async network => {
  const { priority } = parameters<{ priority: number }>();
  await startServers(network, 'peer');
  await network.ip('router', ...TABLES, ...RULES);
  await network.run('router', ['nft', '-f', '-'], MARKS + OFFLOADING);
  const others = async () => (await network.run('router', ['ip', '-6', 'rule', 'show'])).split('\n');
  const before = await others();

  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const router = new Kedge(network, 'router', routerConfig());
  const withPriority = (first: number) =>
    routerConfig().replace(
      "config globals 'globals'\n",
      line => `${line}\toption rule_priority '${first}'\n`,
    );
  anchor.start();
  router.start();
  await settled(router, 'lte');
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();
  /** Packets of the echo in a second that took the slow path, and those that left through each tunnel. */
  const count = async (): Promise<number[]> => {
    const counter = await network.run('router', ['nft', 'list', 'counter', 'inet', 'fw4', 'slow']);
    const through = async (device: string): Promise<number> => {
      const text = await network.run('router', ['ip', '-s', '-j', 'link', 'show', 'dev', device]);
      return JSON.parse(text)[0].stats64.tx.packets;
    };
    return [Number(/packets (\d+)/.exec(counter)![1]), await through('kdg-lte'), await through('kdg-wifi')];
  };
  const offloaded = async (what: string): Promise<void> => {
    const before = await count();
    await sleep(1000);
    const after = await count();
    const [slow, lte, wifi] = after.map((each, index) => each - before[index]!);
    record('offloaded', { what, slow, lte, wifi });
  };
  await offloaded('lte');
  await event('carrier lte', () => network.link('lte').carrier('near', false));
  await event('return lte', async () => {
    await network.link('lte').restore();
    await settled(router, 'lte');
  });
  record('priorities', { first: rulesOf(await network.run('router', ['ip', '-6', 'rule', 'show'])) });

  router.writeConfig(withPriority(priority));
  await event('reload', () => router.command('reload'));
  await settled(router, 'lte');
  record('moved', { first: rulesOf(await network.run('router', ['ip', '-6', 'rule', 'show'])) });
  await compare([router, anchor]);

  const flow = (lines: string) =>
    `${withPriority(priority)}config flow 'echo'\n\tlist dest_port '${ECHO_PORT}'\n${lines}`;
  const policies = {
    wifi: "\tlist uplink 'wifi'\n",
    copies: "\toption action 'replicate'\n\tlist uplink 'lte'\n\tlist uplink 'wifi'\n",
  };
  for (const [what, lines] of Object.entries(policies)) {
    router.writeConfig(flow(lines));
    await event(`policy ${what}`, () => router.command('reload'), 3000);
    await offloaded(what);
  }
  record('echo', { report: await echo.stop() });
  await router.process!.stop();
  const after = await others();
  record('left', {
    missing: before.filter(line => !after.includes(line)),
    more: after.filter(line => !before.includes(line)),
  });
});
