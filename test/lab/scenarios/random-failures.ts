/** Failures by chance, from a seed, and at the end both ends agree. */
import { now, sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, settled } from '../inside/stage.ts';
import { followRoutes, SECOND_ANCHOR, THREE, threeUplinks } from '../inside/three-uplinks.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';
import { Weather } from '../inside/weather.ts';

interface Parameters {
  readonly seed: number;
  readonly minutes: number;
  /** Home agents: 1 or 2. */
  readonly agents: number;
}

const { seed, minutes, agents } = parameters<Parameters>();
/** Milliseconds between echoes. */
const INTERVAL = 200;
/** Bits a second of each transfer. */
const RATE = 16_000;
/** Milliseconds that a home agent is cut off. */
const CUT = [500, agents === 1 ? 15_000 : 60_000] as const;
const VESSEL = {
  name: 'vessel',
  homeAddress: MAIN.homeAddress,
  prefixes: [MAIN.mobileNetworkPrefix],
};

const AGENTS = [
  { host: 'anchor', link: 'home', address: MAIN.anchor },
  { host: 'second', link: 'second', address: SECOND_ANCHOR },
].slice(0, agents);

interface RouterBindings {
  readonly mobileRouter: {
    readonly homeAgent: string;
    readonly uplinks: readonly { readonly bid: number; readonly careOfAddress: string }[];
  };
}
interface AnchorBindings {
  readonly homeAgent: {
    readonly nodes: readonly [{ readonly bindings: readonly { bid: number; careOfAddress: string }[] }];
  };
}

/** Everything in a host that bears kedge's marks. */
async function belongings(network: Network, host: string): Promise<string[]> {
  const show = async (...command: string[]): Promise<string[]> =>
    (await network.run(host, command)).split('\n').filter(line => line.trim() !== '');
  const tunnels = await show('ip', '-o', 'link', 'show', 'type', 'ip6tnl');
  return [
    ...tunnels.filter(line => line.includes('kdg-')),
    // Without rules of that protocol `ip` shows all.
    ...(await show('ip', '-6', 'rule', 'show')).filter(line => line.includes('proto 135')),
    ...(await show('ip', '-6', 'route', 'show', 'table', 'all', 'protocol', '135')),
    ...(await show('ip', '-6', '-o', 'address', 'show', 'dev', 'lo', 'scope', 'global')),
    ...(await show('nft', 'list', 'tables')).filter(line => line.includes('kedge')),
  ];
}

async function tunnelEnds(network: Network, host: string): Promise<string[]> {
  const text = await network.run(host, ['ip', '-o', 'link', 'show', 'type', 'ip6tnl']);
  return [...text.matchAll(/ kdg-[^:]+:.*link\/tunnel6 ([0-9a-f:]+) peer ([0-9a-f:]+)/g)].map(match =>
    host === 'router' ? match[1]! : match[2]!,
  );
}

scenario(threeUplinks(), async network => {
  record('seed', { seed, minutes });
  for (const host of ['peer', 'lan']) await startServers(network, host);
  const anchors = AGENTS.map(
    ({ host, address }) => new Kedge(network, host, anchorText({ address, peers: [VESSEL] })),
  );
  const router = new Kedge(
    network,
    'router',
    routerText({ ...VESSEL, homeAgents: AGENTS.map(({ address }) => address), uplinks: THREE }),
  );
  for (const daemon of [...anchors, router]) daemon.start();
  let over = false;
  const following = followRoutes(network, AGENTS, () => over);
  await settled(router, 'lte');
  const echo = new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL });
  const up = new Transfer(network, 'lan', MAIN.peer, { rate: RATE }, 'transfer-up');
  const down = new Transfer(network, 'peer', MAIN.lanHost, { rate: RATE }, 'transfer-down');
  await echo.first();

  const served = AGENTS.map(({ link }, at) => ({ daemon: anchors[at]!, link }));
  await new Weather(network, { seed, router, anchors: served, cut: CUT }).rage(now() + minutes * 60_000);

  await settled(router, 'lte', 120_000);
  await sleep(2000);
  record('echo', { report: await echo.stop() });
  for (const [name, transfer] of [
    ['up', up],
    ['down', down],
  ] as const) {
    record('transfer', { name, report: await transfer.stop() });
  }
  over = true;
  await following;
  await compare([router, ...anchors]);
  const { mobileRouter } = await router.status<RouterBindings>();
  const inUse = AGENTS.findIndex(({ address }) => address === mobileRouter.homeAgent);
  const { homeAgent } = await anchors[inUse]!.status<AnchorBindings>();
  const careOf = (bindings: readonly { bid: number; careOfAddress: string }[]): string[] =>
    bindings.map(binding => `${binding.bid} ${binding.careOfAddress}`).sort();
  record('agreement', {
    router: careOf(mobileRouter.uplinks),
    anchor: careOf(homeAgent.nodes[0].bindings),
    tunnels: {
      router: (await tunnelEnds(network, 'router')).sort(),
      anchor: (await tunnelEnds(network, AGENTS[inUse]!.host)).sort(),
    },
  });
  for (const daemon of [router, ...anchors]) {
    await daemon.process?.stop(5000);
    record('left', { host: daemon.host, what: await belongings(network, daemon.host) });
  }
});
