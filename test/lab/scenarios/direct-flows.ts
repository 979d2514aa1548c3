/** Flows between a router and its correspondent that go directly by different uplinks: chosen by port, moved, divided by weight. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { LABTOOL } from '../inside/process.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, type Uplink, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

interface FlowStatus {
  readonly mobileRouter: {
    readonly routeOptimization: {
      readonly correspondents: readonly {
        readonly bindings: readonly unknown[];
        readonly flowBindings: readonly { readonly state: string; readonly bids: readonly number[] }[];
      }[];
    };
  };
}

const SIGHUP = 1;
const PORT = 7001;
const BIDS = { lte: 1, wifi: 2 } as const;
const SPEAKS = "option dialect 'mmi'";
const DIALECT = "config dialect 'mmi'\n\toption load_balancing '201'\n\n";
const CORRESPONDENT = `config correspondent 'peer'\n\t${SPEAKS}\n\n${DIALECT}`;

const calls = (uplink: Uplink): string =>
  `config flow 'calls'\n\tlist proto 'udp'\n\tlist dest_port '${PORT}'\n\tlist uplink '${uplink}'\n\n`;
const REST =
  "config flow 'rest'\n\toption action 'balance'\n\tlist uplink 'lte 70'\n\tlist uplink 'wifi 30'\n\n";

/** A second in which nothing happens, for the captures. */
async function calm(what: string): Promise<void> {
  const from = Date.now();
  await sleep(1000);
  record('calm', { what, from, to: Date.now() });
}

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 160 })), async network => {
  await startServers(network, 'peer');
  const server = network.start('peer', 'calls-server', [LABTOOL, 'echo-server', `${PORT}`]);
  await server.nextEvent('listening');
  const config = (sections: string): string =>
    routerConfig({ router: [`list correspondent '${MAIN.peer}'`, SPEAKS], sections: sections + DIALECT });
  const anchor = new Kedge(network, 'anchor', anchorConfig({ peer: [SPEAKS] }) + DIALECT);
  const peer = new Kedge(network, 'peer', CORRESPONDENT);
  const router = new Kedge(network, 'router', config(calls('wifi')));
  for (const daemon of [anchor, peer, router]) daemon.start();
  await settled(router, 'lte');
  const source = MAIN.homeAddress;
  const rest = new Echo(network, 'router', MAIN.peer, { source }, 'rest');
  const echo = new Echo(network, 'router', MAIN.peer, { source, port: PORT }, 'calls');
  await Promise.all([rest.first(), echo.first()]);
  const bound = (uplink: Uplink): Promise<void> =>
    router.until<FlowStatus>(({ mobileRouter }) => {
      const [found] = mobileRouter.routeOptimization.correspondents;
      const [flow] = found?.flowBindings ?? [];
      return (
        flow?.state === 'accepted' && flow.bids.join() === `${BIDS[uplink]}` && found!.bindings.length > 0
      );
    }, 60_000);
  const reload = (sections: string) => async () => {
    router.writeConfig(config(sections));
    router.process!.kill(SIGHUP);
  };
  const told = async (what: string): Promise<void> => {
    const [ours, theirs] = await Promise.all([router, peer].map(each => each.command('flows', '--json')));
    const [status, node] = [await router.status<FlowStatus>(), await peer.status()];
    record('told', { what, router: JSON.parse(ours!), peer: JSON.parse(theirs!), status, node });
  };

  await bound('wifi');
  await sleep(500);
  await calm('by port');
  await told('by port');
  await event('moved', reload(calls('lte')), 2000);
  await bound('lte');
  await calm('moved');
  await event('moved back', reload(calls('wifi')), 2000);
  await bound('wifi');
  await calm('moved back');
  await event('carrier wifi', () => network.link('wifi').carrier('near', false), 2000);
  await calm('without wifi');
  await event('return wifi', () => network.link('wifi').carrier('near', true), 3000);
  await bound('wifi');
  await calm('again');
  await compare([router, anchor, peer]);

  await event('divided', reload(calls('wifi') + REST), 3000);
  const from = Date.now();
  record('many', {
    from,
    report: await new Echo(
      network,
      'router',
      MAIN.peer,
      { source, flows: 200, from: 20_000, count: 1000, interval: 2, settle: 500 },
      'many',
    ).result(),
  });
  await told('divided');
  const transfer = new Transfer(network, 'router', MAIN.peer, { source, bytes: 200_000, rate: 2_000_000 });
  record('transfer', { report: await transfer.result() });
  record('calls', { report: await echo.stop() });
  record('rest', { report: await rest.stop() });
  const ends = [source, MAIN.peer] as const;
  const [ours, theirs] = await Promise.all([
    router.command('why', ...ends, 'udp', `${PORT}`),
    peer.command('why', ...ends.toReversed(), 'udp', '20000'),
  ]);
  record('why', { router: ours!, peer: theirs! });
  await compare([router, anchor, peer]);
});
