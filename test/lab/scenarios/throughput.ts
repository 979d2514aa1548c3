/** A steady stream over one uplink, then over the other one; the daemons say what their paths carry. */
import { sleep } from '../inside/clock.ts';
import { mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage } from '../inside/stage.ts';

/** Milliseconds: two counts and some. */
const SPAN = 11_000;

scenario(mainTopology({ capture: false }), async network => {
  const stage = await Stage.set(network, {}, { size: 952 });
  for (const uplink of ['lte', 'wifi'] as const) {
    if (uplink === 'wifi') await stage.prefer(uplink);
    await sleep(SPAN);
    record('status', {
      uplink,
      router: await stage.router.status(),
      anchor: await stage.anchor.status(),
    });
  }
  await stage.finish();
});
