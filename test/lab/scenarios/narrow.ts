/** Packets of several sizes through tunnels over uplinks of MTU 1280, or over ways that are as narrow further on. */
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Stage, type Uplink, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

const { beyond } = parameters<{ beyond: boolean }>();
const UPLINK = { rate: '20mbit', limit: 200 };
const UDP_HEADERS = 48;

scenario(
  watching(['lan', 'lte', 'peer'], mainTopology({ lte: UPLINK, wifi: UPLINK, capture: 160 })),
  async network => {
    const narrow = async (uplink: Uplink): Promise<void> => {
      const link = beyond ? `${uplink}-core` : uplink;
      for (const host of [beyond ? 'core' : 'router', `${uplink}-gw`])
        await network.ip(host, `link set ${link} mtu 1280`);
    };
    await narrow('lte');
    await startServers(network, 'lan');
    const stage = await Stage.set(network);
    // Three rounds of questions.
    await sleep(7000);
    for (const [name, from, to] of [
      ['up', 'lan', MAIN.peer],
      ['down', 'peer', MAIN.lanHost],
    ] as const) {
      const transfer = new Transfer(network, from, to, { bytes: 300_000 }, `transfer-${name}`);
      record('transfer', { name, report: await transfer.result() });
    }
    for (const size of [1240, 1248, 1280]) {
      const echo = new Echo(
        network,
        'lan',
        MAIN.peer,
        { size: size - UDP_HEADERS, count: 20 },
        `echo-${size}`,
      );
      record('size', { size, report: await echo.result() });
    }
    // A session that began on the wide path goes on over the narrow one.
    await stage.prefer('wifi', 500);
    const session = new Transfer(network, 'lan', MAIN.peer, { rate: 2_000_000 }, 'transfer-session');
    await sleep(500);
    await stage.prefer('lte', 1000);
    record('transfer', { name: 'session', report: await session.stop() });
    await stage.finish();
  },
);
