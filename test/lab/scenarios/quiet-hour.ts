/** An hour of random loss on both uplinks, without any failure. */
import { sleep } from '../inside/clock.ts';
import { mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Stage } from '../inside/stage.ts';

const { minutes } = parameters<{ minutes: number }>();
const LOSS = { loss: 2 };

scenario(mainTopology({ capture: false }), async network => {
  const stage = await Stage.set(network, {}, { interval: 1000 });
  for (const uplink of ['lte', 'wifi']) await network.link(uplink).impair('both', LOSS);
  await sleep(minutes * 60_000);
  for (const uplink of ['lte', 'wifi']) await network.link(uplink).restore();
  record('status', { status: await stage.router.status() });
  await stage.finish();
});
