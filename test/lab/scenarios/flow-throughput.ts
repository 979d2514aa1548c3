/** Many TCP flows over two uplinks, divided by their rates: what the links carry. */
import { now, sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, settled } from '../inside/stage.ts';
import { startServers, Transfer } from '../inside/traffic.ts';

interface Parameters {
  readonly sections: string;
  readonly flows: number;
  readonly seconds: number;
}

const UPLINKS = ['lte', 'wifi'] as const;
const access = (rate: string) => ({ delay: 20, rate, limit: 300 });

scenario(mainTopology({ capture: false, lte: access('50mbit'), wifi: access('30mbit') }), async network => {
  const { sections, flows, seconds } = parameters<Parameters>();
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorConfig({ peer: ["option symmetric '1'"] }));
  const router = new Kedge(network, 'router', routerConfig({ sections, probe: 'normal' }));
  anchor.start();
  router.start();
  await settled(router, 'lte');
  /** Octets that have passed an uplink's rate. */
  const passed = async (uplink: (typeof UPLINKS)[number]) => {
    const text = await network.run(`${uplink}-gw`, ['ip', '-s', '-j', 'link', 'show', 'dev', uplink]);
    return JSON.parse(text)[0].stats64.rx.bytes as number;
  };
  const transfers = Array.from(
    { length: flows },
    (_, at) => new Transfer(network, 'lan', MAIN.peer, {}, `transfer-${at}`),
  );
  await sleep(3000);
  const from = now();
  const before = { lte: await passed('lte'), wifi: await passed('wifi') };
  await sleep(seconds * 1000);
  const after = { lte: await passed('lte'), wifi: await passed('wifi') };
  const span = now() - from;
  const rate = (uplink: (typeof UPLINKS)[number]) => ((after[uplink] - before[uplink]) * 8) / span / 1000;
  record('carried', { lte: rate('lte'), wifi: rate('wifi') });
  for (const transfer of transfers) transfer.process.kill(9);
  await compare([router, anchor]);
});
