/** A TCP transfer through a whole story of failures, restarts and a gap; the LAN host's address never changes. */
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';
import { Transfer } from '../inside/traffic.ts';

/** Bits a second: less than the uplinks carry, so that the transfer lasts as long as the story. */
const RATE = 1_000_000;
const UPLINK = { rate: '20mbit', limit: 200 };

scenario(
  watching(['lan', 'lte', 'wifi'], mainTopology({ lte: UPLINK, wifi: UPLINK, capture: 128 })),
  async network => {
    const stage = await Stage.set(network);
    const { router, anchor } = stage;
    const transfer = new Transfer(network, 'lan', MAIN.peer, { rate: RATE });
    await sleep(1000);
    await network.link('lte').carrier('near', false);
    await sleep(1000);
    await network.link('lte').carrier('near', true);
    await stage.settled('lte');
    await network.link('lte').silence();
    await sleep(1500);
    await router.kill();
    await sleep(300);
    router.start();
    await network.link('lte').restore();
    await stage.settled('lte');
    await router.command('prefer', 'wifi');
    await sleep(500);
    await anchor.kill();
    await sleep(300);
    anchor.start();
    await sleep(500);
    for (const uplink of ['lte', 'wifi']) await network.link(uplink).carrier('near', false);
    await sleep(3000);
    await network.link('wifi').carrier('near', true);
    await sleep(1000);
    await network.link('lte').carrier('near', true);
    await router.command('prefer', '--none');
    await stage.settled('lte', 3000);
    record('transfer', { report: await transfer.stop() });
    await stage.finish();
  },
);
