/**
 * From home to a foreign link, to another one and home again, with traffic all the way: a mobile router with the network of
 * `lan` and a mobile node, which are two home addresses of one host at one home agent.
 */
import { sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { buildDock, DOCK, dockTopology } from '../inside/dock-topology.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

/** Milliseconds between echoes, and bits a second. */
const INTERVAL = 20;
const RATE = 100_000;
/** Milliseconds. */
const IN_FLIGHT = 200;
const homeAgents = [DOCK.anchor];
const VESSEL = {
  name: 'vessel',
  homeAddress: MAIN.homeAddress,
  homeAgents,
  prefixes: [MAIN.mobileNetworkPrefix],
  uplinks: ['lte', 'wifi', 'dock1'],
};
const NODE = { name: 'node', homeAddress: '2001:db8:100::11', homeAgents, uplinks: [] };

type Reports = RouterStatus & { readonly otherMobileRouters: readonly RouterStatus['mobileRouter'][] };

scenario(watching(['lte', 'dock1'], dockTopology()), async network => {
  const plug = (link: string, up: boolean) => network.link(link).carrier('near', up);
  await buildDock(network);
  for (const link of ['lte', 'wifi']) await plug(link, false);
  await plug('dock1', true);
  for (const host of ['peer', 'neighbor']) await startServers(network, host);
  const anchor = new Kedge(
    network,
    'anchor',
    anchorText({
      address: DOCK.anchor,
      peers: [VESSEL, NODE],
      lines: [`option home_link '${DOCK.link}'`, `list home_prefix '${DOCK.prefix}'`],
    }),
  );
  const router = new Kedge(network, 'router', routerText(VESSEL) + routerText(NODE));
  const arrived = (uplink: string): Promise<void> =>
    router.until<Reports>(({ mobileRouter, otherMobileRouters: [node] }) =>
      [mobileRouter, node!].every(({ active }) => active.uplink === uplink),
    );
  anchor.start();
  router.start();
  await arrived('dock1');

  const own = { interval: INTERVAL, source: NODE.homeAddress };
  const echoes = [
    ['router', new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL })],
    ['node', new Echo(network, 'router', MAIN.peer, own)],
    ['neighbor', new Echo(network, 'router', DOCK.neighbor, own, 'echo-neighbor')],
  ] as const;
  for (const [, echo] of echoes) await echo.first();
  const transfers = [
    ['router', new Transfer(network, 'lan', MAIN.peer, { rate: RATE })],
    ['node', new Transfer(network, 'router', MAIN.peer, { rate: RATE, source: NODE.homeAddress })],
  ] as const;
  const bindings = async (what: string): Promise<void> =>
    record('bindings', { what, time: Date.now(), text: await anchor.command('bindings') });
  /** The next link is there before the one in use goes; home it is the one in use before. */
  const move = (what: string, from: string, to: string): Promise<void> =>
    event(
      what,
      async () => {
        await plug(to, true);
        if (to === 'dock1') {
          await arrived(to);
          await sleep(IN_FLIGHT);
        }
        await plug(from, false);
        await arrived(to);
        await bindings(what);
      },
      3500,
    );
  await bindings('at home');
  await move('leaves', 'dock1', 'lte');
  await move('moves', 'lte', 'wifi');
  await move('returns', 'wifi', 'dock1');
  for (const [name, echo] of echoes) record(`echo ${name}`, { report: await echo.stop() });
  for (const [name, transfer] of transfers) record(`transfer ${name}`, { report: await transfer.stop() });
  await compare([router, anchor]);
});
