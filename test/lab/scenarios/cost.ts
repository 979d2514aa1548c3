/** In real time: how fast the router starts, what failovers cost with all computing in them, and what it takes when idle. */
import { now, sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Stage, UPLINKS, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const { what, events = 6 } = parameters<{ what: 'start' | 'failover' | 'idle'; events?: number }>();
const IDLE = 15_000;

const plan = mainTopology({ capture: 96 });

if (what === 'start') {
  scenario(watching(['lte'], plan), async network => {
    await startServers(network, 'peer');
    const anchor = new Kedge(network, 'anchor', anchorConfig());
    anchor.start();
    await anchor.until(() => true);
    // Echoes are on their way before: the first one that kedge carries counts.
    const echo = new Echo(network, 'lan', MAIN.peer);
    await sleep(300);
    const router = new Kedge(network, 'router', routerConfig());
    const wall = Date.now();
    const at = now();
    router.start();
    const first = await echo.first();
    record('start', { wall, first_echo_ms: first.at - at });
    await sleep(500);
  });
} else {
  scenario(watching([], plan), async network => {
    const stage = await Stage.set(
      network,
      { probe: what === 'idle' ? 'normal' : 'fast' },
      { interval: what === 'idle' ? 1000 : 10 },
    );
    if (what === 'failover') {
      for (const uplink of UPLINKS) {
        await stage.prefer(uplink);
        for (let i = 0; i < events; i++) {
          await stage.event(`carrier ${uplink}`, () => network.link(uplink).carrier('near', false));
          await stage.event(`return ${uplink}`, () => network.link(uplink).carrier('near', true));
          await stage.settled(uplink, 37 * i);
        }
      }
    } else {
      await sleep(3000);
      const before = { at: now(), used: stage.router.processorTime() };
      await sleep(IDLE);
      record('idle', {
        cpu_percent: ((stage.router.processorTime() - before.used) / (now() - before.at)) * 100,
        resident_kib: stage.router.memory(),
      });
    }
    await stage.finish();
  });
}
