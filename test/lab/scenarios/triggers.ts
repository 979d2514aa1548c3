/**
 * Three uplinks, each of which carries a flow of its own at first, and one after the other all that makes a mobile router
 * redirect flows. Meanwhile the packets of each flow are counted, outward and inward, on the link of each access network.
 */
import { sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { LABTOOL } from '../inside/process.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled } from '../inside/stage.ts';
import { careOfAddress, followRoutes, SECOND_ANCHOR, THREE, threeUplinks } from '../inside/three-uplinks.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const SIGHUP = 1;
/** Milliseconds between the echoes of a flow, and of a look at what each path carries. */
const INTERVAL = 25;
const LOOK = 1000;
const VESSEL = { name: 'vessel', homeAddress: MAIN.homeAddress, prefixes: [MAIN.mobileNetworkPrefix] };
/** Ports of the correspondent; `rest` is what no section names, `fresh` begins later. */
const FLOWS = { rest: 7, calls: 7001, mail: 7002, backup: 7003, fresh: 7004 } as const;
type Flow = keyof typeof FLOWS;
const STREAMS: readonly Flow[] = ['rest', 'calls', 'mail', 'backup'];

/** At the core. Octet 46 of a packet in a tunnel is the inner next header, ports are at 80 and 82. */
const COUNTERS = THREE.flatMap(uplink =>
  Object.entries(FLOWS).flatMap(([flow, port]) => [
    { name: `${uplink}_${flow}_up`, device: `iifname "${uplink}-core"`, port: `@nh,656,16 ${port}` },
    { name: `${uplink}_${flow}_down`, device: `oifname "${uplink}-core"`, port: `@nh,640,16 ${port}` },
  ]),
);
const COUNTING = `table ip6 counting {
  ${COUNTERS.map(({ name }) => `counter ${name} {}`).join('\n')}
  chain forward {
    type filter hook forward priority 0
    ${COUNTERS.map(
      ({ name, device, port }) => `${device} ip6 nexthdr 41 @nh,368,8 17 ${port} counter name ${name}`,
    ).join('\n')}
  }
}`;

/** Packets of each flow since the last call, by uplink and direction. */
async function count(network: Network): Promise<Record<string, number>> {
  const text = await network.run('core', ['nft', 'reset', 'counters', 'table', 'ip6', 'counting']);
  const found = [...text.matchAll(/counter (\w+) \{\s+packets ([1-9]\d*)/g)];
  return Object.fromEntries(found.map(([, name, packets]) => [name!, Number(packets)]));
}

interface Changes {
  /** Uplinks of the calls, in the order of preference. */
  readonly calls?: readonly string[];
  /** More options of lte. */
  readonly lte?: readonly string[];
}

const flow = (name: string, uplinks: readonly string[], ...options: readonly string[]): string =>
  [
    `config flow '${name}'`,
    `list dest_port '${FLOWS[name as Flow]}'`,
    ...uplinks.map(uplink => `list uplink '${uplink}'`),
    ...options,
    '',
  ].join('\n');

function configuration({ calls = ['wifi'], lte = [] }: Changes = {}): string {
  const options = { lte, wifi: ["option max_rtt '200'"], sat: [] };
  let text = routerText({
    ...VESSEL,
    homeAgents: [MAIN.anchor, SECOND_ANCHOR],
    uplinks: THREE,
    lines: ["option failover_after '3'"],
  });
  for (const uplink of THREE)
    text = text.replace(
      `\toption device '${uplink}'\n`,
      `$&${options[uplink].map(line => `\t${line}\n`).join('')}`,
    );
  return [
    text,
    flow('calls', calls, "option quality '1'"),
    flow('mail', ['wifi']),
    flow('backup', ['sat'], "option only '1'"),
    flow('fresh', ['sat']),
  ].join('\n');
}

/** At the core: between a home agent's link and the correspondent, which both watch. */
const cutOff = (link: string) => `table ip6 cut {
  chain forward {
    type filter hook forward priority 0
    iifname "${link}" oifname "peer" drop
    iifname "peer" oifname "${link}" drop
  }
}`;

scenario(threeUplinks(), async network => {
  await startServers(network, 'peer');
  for (const port of Object.values(FLOWS).filter(each => each !== 7)) {
    const server = network.start('peer', `server-${port}`, [LABTOOL, 'echo-server', `${port}`]);
    await server.nextEvent('listening');
  }
  await network.run('core', ['nft', '-f', '-'], COUNTING);
  const anchors = [
    { host: 'anchor', address: MAIN.anchor },
    { host: 'second', address: SECOND_ANCHOR },
  ];
  const daemons = anchors.map(
    ({ host, address }) =>
      new Kedge(
        network,
        host,
        anchorText({ address, peers: [VESSEL], lines: [`list watch '${MAIN.peer}'`] }),
      ),
  );
  for (const daemon of daemons) daemon.start();
  const router = new Kedge(network, 'router', configuration());
  router.start();
  let over = false;
  const following = followRoutes(network, anchors, () => over);
  await settled(router, 'lte');
  const stream = (name: Flow) =>
    new Echo(network, 'lan', MAIN.peer, { port: FLOWS[name], interval: INTERVAL, settle: 1500 }, name);
  const echoes = STREAMS.map(stream);
  await Promise.all(echoes.map(echo => echo.first()));

  /** What every path carries while nothing happens, and what the router says about it. */
  const look = async (what: string): Promise<void> => {
    await sleep(300);
    await count(network);
    await sleep(LOOK);
    const counts = await count(network);
    record('look', { what, counts, said: JSON.parse(await router.command('flows', '--json')) });
  };
  const step = async (what: string, act: () => Promise<unknown>, span = 700): Promise<void> => {
    await event(what, act, span);
    await look(what);
  };
  const reload = (changes: Changes) => async () => {
    router.writeConfig(configuration(changes));
    router.process!.kill(SIGHUP);
  };
  const wifi = network.link('wifi');

  await look('start');
  await step('poorer', () => wifi.impair('both', { delay: 65 }), 2500);
  await step('poor', () => wifi.impair('both', { delay: 150 }), 3000);
  await step('good', () => wifi.restore(), 7000);
  await step('wish', () => router.command('prefer', 'wifi'));
  await step('no wish', () => router.command('prefer', '--none'));
  await step('dear', reload({ lte: ["option metered '1'"] }));
  await step('cheap', reload({}));
  await step('policy', reload({ calls: ['sat'] }));
  await step('former policy', reload({}));
  const fresh = stream('fresh');
  await step('new flow', () => fresh.first());
  record('fresh', { report: await fresh.stop() });
  await step('down', () => wifi.carrier('near', false));
  await step('up', () => wifi.carrier('near', true));
  await step('no address', () =>
    network.ip('router', `address delete ${careOfAddress('wifi', 0)}/64 dev wifi`),
  );
  await step('new address', () =>
    network.ip('router', `address add ${careOfAddress('wifi', 1)}/64 dev wifi nodad`),
  );
  await step('silent', () => wifi.silence());
  await step('answers', () => wifi.restore());
  await step('home agent', () => network.link('home').silence(), 6000);
  await network.link('home').restore();
  await step('behind it', () => network.run('core', ['nft', '-f', '-'], cutOff('second')), 11_000);
  for (const [at, echo] of echoes.entries()) record(STREAMS[at]!, { report: await echo.stop() });
  over = true;
  await following;
  await compare([router, daemons[0]!]);
});
