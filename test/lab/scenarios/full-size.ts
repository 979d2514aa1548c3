/** Full-size TCP segments and UDP datagrams through the tunnel, over uplinks of a given MTU. */
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';
import { Echo, Transfer } from '../inside/traffic.ts';

const { mtu, datagrams } = parameters<{ mtu: number; datagrams: number }>();
const UPLINK = { rate: '20mbit', limit: 200 };
/** Octets of UDP payload in a packet of 1500. */
const FULL = 1452;

scenario(
  watching(['lan', 'lte', 'peer', 'home'], mainTopology({ lte: UPLINK, wifi: UPLINK, capture: 160 })),
  async network => {
    if (mtu !== 1500) {
      for (const uplink of ['lte', 'wifi']) {
        for (const host of ['router', `${uplink}-gw`]) {
          await network.ip(host, `link set ${uplink} mtu ${mtu}`);
        }
      }
    }
    const stage = await Stage.set(network);
    record('transfer', {
      report: await new Transfer(network, 'lan', MAIN.peer, { bytes: 1_000_000 }, 'transfer-up').result(),
    });
    record('tunnel', { text: await network.run('router', ['ip', 'link', 'show', 'dev', 'kdg-lte']) });
    if (datagrams > 0) {
      const echo = new Echo(network, 'lan', MAIN.peer, { size: FULL, count: datagrams }, 'echo-full');
      record('full', { report: await echo.result() });
    }
    await sleep(1000);
    await stage.finish();
  },
);
