/**
 * Fifty flows of all kinds over three uplinks and two home agents, with failures, degradations, renumbering and changes of the
 * policy by chance, from a seed. All packets are counted on their way.
 */
import { now, sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import { countCrossings, countEnds, readCrossings, readEnds, readLinks } from '../inside/packet-counts.ts';
import { LABTOOL } from '../inside/process.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, settled } from '../inside/stage.ts';
import { followRoutes, SECOND_ANCHOR, THREE, threeUplinks } from '../inside/three-uplinks.ts';
import { Echo, type EchoOptions, startServers, Transfer } from '../inside/traffic.ts';
import { Weather } from '../inside/weather.ts';

const { seed, minutes, interval } = parameters<{ seed: number; minutes: number; interval: number }>();
const SIGINT = 2;
const SIGHUP = 1;
/** Bits a second of each transfer. */
const RATE = 8000;
/** Milliseconds that a home agent is cut off. */
const CUT = [500, 30_000] as const;
const FIRST_CUT = 12_000;
const VESSEL = { name: 'vessel', homeAddress: MAIN.homeAddress, prefixes: [MAIN.mobileNetworkPrefix] };
const AGENTS = [
  { host: 'anchor', link: 'home', address: MAIN.anchor },
  { host: 'second', link: 'second', address: SECOND_ANCHOR },
];
/** Milliseconds until a farewell that was not heard is said again, at most; and between two looks. */
const FAREWELL = 40_000;
const LOOK = 2000;

interface AnchorStatus {
  readonly homeAgent: { readonly nodes: readonly [{ readonly bindings: readonly unknown[] }] };
}

/** Addresses of the host behind the router that transfers are bound to. */
const SOURCES = ['2001:db8:101::101', '2001:db8:101::102', '2001:db8:101::103'];

/** Echoes; each flow of them has a source port of its own. */
const ECHOES: readonly (EchoOptions & { readonly name: string })[] = [
  { name: 'prefer', port: 7001, flows: 4 },
  { name: 'only', port: 7002, flows: 3 },
  { name: 'avoid', port: 7003, flows: 3 },
  { name: 'balance', port: 7004, flows: 18 },
  { name: 'packets', port: 7005, flows: 2 },
  { name: 'replicate', port: 7006, flows: 3 },
  { name: 'drop', port: 7007, flows: 2 },
  { name: 'urgent', port: 7008, flows: 2, class: 46 << 2 },
  { name: 'rest', port: 7, flows: 5 },
];

const flow = (name: string, ...lines: readonly string[]): string =>
  `config flow '${name}'\n${lines.map(line => `\t${line}\n`).join('')}\n`;
const lists = (...uplinks: readonly string[]): string[] => uplinks.map(uplink => `list uplink '${uplink}'`);

/** At the router: packets of flows that must not take the tunnel which they do take. */
const FORBIDDEN = `table inet forbidden {
  counter taken {}
  chain postrouting {
    type filter hook postrouting priority 320
    oifname { "kdg-lte", "kdg-wifi" } udp dport 7002 counter name taken
    oifname "kdg-lte" udp dport 7003 counter name taken
  }
}`;

/** A policy: what each flow prefers depends on the order of the uplinks. */
function policy([a, b, c]: readonly string[]): string {
  return [
    flow('prefer', "list dest_port '7001'", ...lists(a!, b!), "option quality '1'"),
    flow('only', "list dest_port '7002'", ...lists('sat'), "option only '1'"),
    flow('avoid', "list dest_port '7003'", "list avoid 'lte'"),
    flow(
      'balance',
      "list dest_port '7004'",
      "option action 'balance'",
      ...lists(`${a} 50`, `${b} 30`, `${c} 20`),
    ),
    flow(
      'packets',
      "list dest_port '7005'",
      "option action 'balance'",
      "option per 'packet'",
      ...lists(b!, c!),
    ),
    flow('replicate', "list dest_port '7006'", "option action 'replicate'", ...lists(...THREE)),
    flow('drop', "list dest_port '7007'", "option action 'drop'"),
    flow('urgent', "list dscp 'ef'", ...lists(b!)),
    flow('pings', "list proto 'icmpv6'", ...lists(c!, a!)),
    flow('upload', `list src '${SOURCES[0]}'`, ...lists(c!)),
    flow('download', `list src '${SOURCES[1]}'`, "option action 'balance'", ...lists(a!, c!)),
  ].join('');
}

scenario(threeUplinks(), async network => {
  record('seed', { seed, minutes });
  await network.ip('lan', ...SOURCES.map(address => `address add ${address}/64 dev lan nodad`));
  for (const host of ['peer', 'lan']) await startServers(network, host);
  for (const { port } of ECHOES.filter(each => each.port !== 7)) {
    const server = network.start('peer', `server-${port}`, [LABTOOL, 'echo-server', `${port}`]);
    await server.nextEvent('listening');
  }
  const config = (order: readonly string[]): string =>
    routerText({ ...VESSEL, homeAgents: AGENTS.map(({ address }) => address), uplinks: THREE }) +
    policy(order);
  const anchors = AGENTS.map(({ host, link, address }) => ({
    daemon: new Kedge(network, host, anchorText({ address, peers: [VESSEL] })),
    link,
  }));
  const daemons = anchors.map(({ daemon }) => daemon);
  const router = new Kedge(network, 'router', config(THREE));
  for (const daemon of [...daemons, router]) daemon.start();
  let over = false;
  const following = followRoutes(network, AGENTS, () => over);
  await settled(router, 'lte');
  await sleep(1000);

  await countCrossings(network, 'router', 'lan', true);
  for (const { host, link } of AGENTS) await countCrossings(network, host, link, false);
  for (const host of ['lan', 'peer']) await countEnds(network, host);
  await network.run('router', ['nft', '-f', '-'], FORBIDDEN);
  const echoes = ECHOES.map(({ name, ...options }) => ({
    name,
    echo: new Echo(network, 'lan', MAIN.peer, { interval, ...options }, name),
  }));
  const pings = ['ping-up', 'ping-down'].map(name => {
    const [host, peer] =
      name === 'ping-up' ? (['lan', MAIN.peer] as const) : (['peer', MAIN.lanHost] as const);
    return network.start(host, name, ['ping', '-q', '-i', `${interval / 1000}`, peer]);
  });
  const transfers = SOURCES.flatMap((address, at) => [
    {
      name: `up-${at}`,
      transfer: new Transfer(network, 'lan', MAIN.peer, { rate: RATE, source: address }, `up-${at}`),
    },
    { name: `down-${at}`, transfer: new Transfer(network, 'peer', address, { rate: RATE }, `down-${at}`) },
  ]);

  await Promise.all(echoes.filter(({ name }) => name !== 'drop').map(({ echo }) => echo.first()));
  await sleep(1000);
  // Both home agents have their turn, whatever the seed.
  const from = now();
  await network.link('home').silence();
  await sleep(FIRST_CUT);
  await network.link('home').restore();
  record('fault', { what: 'cut home', from, to: now() });
  await new Weather(network, {
    seed,
    router,
    anchors,
    cut: CUT,
    degrades: true,
    reload: random => {
      const first = random.pick(THREE);
      const others = THREE.filter(uplink => uplink !== first);
      router.writeConfig(config([first, ...(random.next() < 0.5 ? others : others.reverse())]));
      router.process?.kill(SIGHUP);
    },
  }).rage(now() + minutes * 60_000);

  await settled(router, 'lte', 120_000);
  // The home agent that the router has left hears of it, and forgets its tunnels.
  const serving = async (): Promise<number> => {
    const all = await Promise.all(daemons.map(daemon => daemon.status<AnchorStatus>()));
    return all.filter(({ homeAgent }) => homeAgent.nodes[0].bindings.length > 0).length;
  };
  for (let waited = 0; waited < FAREWELL && (await serving()) > 1; waited += LOOK) await sleep(LOOK);
  await sleep(3000);
  const reports = await Promise.all(echoes.map(({ echo }) => echo.stop()));
  for (const [at, report] of reports.entries()) record('echoes', { name: ECHOES[at]!.name, report });
  for (const { name, transfer } of transfers) record('transfer', { name, report: await transfer.stop() });
  for (const ping of pings) {
    ping.kill(SIGINT);
    await ping.exited;
    record('ping', { name: ping.name, text: ping.log() });
  }
  await sleep(1000);
  for (const host of ['lan', 'peer']) record('end', { host, ...(await readEnds(network, host)) });
  for (const host of ['router', 'anchor', 'second'])
    record('crossing', { host, ...(await readCrossings(network, host)) });
  const forbidden = await network.run('router', ['nft', 'list', 'counters', 'table', 'inet', 'forbidden']);
  record('forbidden', { packets: Number(/packets (\d+)/.exec(forbidden)![1]) });
  record('links', await readLinks(network, [...THREE, 'home', 'second']));
  record('flows', JSON.parse(await router.command('flows', '--json')));
  over = true;
  await following;
  await compare([router, ...daemons]);
});
