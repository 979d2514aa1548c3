/** Two streams side by side through all that can happen to one uplink at a time: one is replicated, the other is not. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { LABTOOL } from '../inside/process.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, settled, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const CRITICAL_PORT = 7001;
const SECTIONS = `config flow 'calls'
	list dest_port '${CRITICAL_PORT}'
	option action 'replicate'
	list uplink 'lte'
	list uplink 'wifi'
`;

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 160 })), async network => {
  await startServers(network, 'peer');
  const server = network.start('peer', 'echo-server-calls', [LABTOOL, 'echo-server', `${CRITICAL_PORT}`]);
  await server.nextEvent('listening');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const router = new Kedge(network, 'router', routerConfig({ sections: SECTIONS }));
  anchor.start();
  router.start();
  await settled(router, 'lte');
  await sleep(1000);
  const critical = new Echo(network, 'lan', MAIN.peer, { port: CRITICAL_PORT }, 'critical');
  const ordinary = new Echo(network, 'lan', MAIN.peer, {}, 'ordinary');
  await critical.first();
  const lte = network.link('lte');
  const wifi = network.link('wifi');
  const events: [string, () => Promise<void>][] = [
    ['calm', async () => {}],
    ['silent lte', () => lte.silence()],
    ['lte is back', () => lte.restore()],
    ['silent wifi', () => wifi.silence()],
    ['wifi is back', () => wifi.restore()],
    ['carrier lte', () => lte.carrier('near', false)],
    ['lte is there', () => lte.carrier('near', true)],
    ['carrier wifi', () => wifi.carrier('near', false)],
    ['wifi is there', () => wifi.carrier('near', true)],
    ['lossy lte', () => lte.impair('both', { loss: 20 })],
    ['lte is well', () => lte.restore()],
  ];
  const lost = { critical: 0, ordinary: 0, duplicates: 0 };
  for (const [name, happen] of events) {
    await happen();
    await sleep(5000);
    const [a, b] = await Promise.all([critical.report(), ordinary.report()]);
    record('event', {
      name,
      critical: a.lost - lost.critical,
      ordinary: b.lost - lost.ordinary,
      duplicates: a.duplicates - lost.duplicates,
    });
    Object.assign(lost, { critical: a.lost, ordinary: b.lost, duplicates: a.duplicates });
  }
  const reports = { critical: await critical.stop(), ordinary: await ordinary.stop() };
  record('end', reports);
  for (const host of ['router', 'anchor'])
    record('rules', { host, text: await network.run(host, ['nft', 'list', 'table', 'ip6', 'kedge']) });
  await compare([router, anchor]);
});
