/** Flows that go on while uplinks fail, the policy changes and the daemons start anew. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { LABTOOL } from '../inside/process.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

interface Parameters {
  readonly before: string;
  readonly after: string;
}

/** Milliseconds after an event until flows are where they belong, and that they are watched then. */
const SPAN = 1500;
const WATCHED = 1000;

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 128 })), async network => {
  const { before, after } = parameters<Parameters>();
  await startServers(network, 'peer');
  await network.start('peer', 'calls', [LABTOOL, 'echo-server', '7001']).nextEvent('listening');
  const anchor = new Kedge(network, 'anchor', anchorConfig({ peer: ["option symmetric '1'"] }));
  const router = new Kedge(network, 'router', routerConfig({ sections: before }));
  anchor.start();
  router.start();
  await settled(router, 'lte');
  await sleep(1000);
  const rest = new Echo(network, 'lan', MAIN.peer, { flows: 20, from: 21_000, interval: 2 }, 'rest');
  const calls = new Echo(network, 'lan', MAIN.peer, { from: 22_000, port: 7001 }, 'calls');
  const watch = async (what: string) => {
    const from = Date.now();
    await sleep(WATCHED);
    record('watched', { what, from, to: Date.now() });
  };
  const happens = async (what: string, act: () => Promise<unknown>) => {
    await event(what, act, SPAN);
    await watch(what);
  };
  await event('start', async () => undefined, SPAN);
  await watch('start');
  record('flows', JSON.parse(await router.command('flows', '--json')));
  record('why', JSON.parse(await router.command('why', '--json', MAIN.lanHost, MAIN.peer, 'udp', '7001')));
  record('text', {
    flows: await router.command('flows'),
    why: await router.command('why', MAIN.lanHost, MAIN.peer, 'udp', '7001'),
  });

  const lte = network.link('lte');
  await happens('lte down', () => lte.carrier('near', false));
  await happens('lte up', () => lte.carrier('near', true));
  router.writeConfig(routerConfig({ sections: after }));
  await happens('policy', async () => router.process!.kill(1));
  await happens('restart router', async () => {
    await router.kill();
    router.start();
  });
  await happens('restart anchor', async () => {
    await anchor.kill();
    anchor.start();
  });
  const wifi = network.link('wifi');
  await happens('wifi silent', () => wifi.silence('toNear'));
  await happens('wifi back', () => wifi.restore());
  record('echo', { report: await rest.stop() });
  record('calls', { report: await calls.stop() });
  await sleep(2000);
  await compare([router, anchor]);
});
