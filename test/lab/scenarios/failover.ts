/** Uplinks that lose their carrier, go silently dead and come back; and planned moves. Events at every phase of an echo. */
import { sleep } from '../inside/clock.ts';
import { mainTopology } from '../inside/main-topology.ts';
import type { Direction } from '../inside/network.ts';
import { parameters, scenario } from '../inside/scenario.ts';
import { Stage, UPLINKS, watching } from '../inside/stage.ts';

interface Parameters {
  readonly carrier?: number;
  readonly silence?: readonly Direction[];
}

/** Milliseconds: not a divisor of anything, so that events fall into all phases of echoes and probes. */
const SHIFT = 37;

const { carrier = 0, silence = [] } = parameters<Parameters>();

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 96 })), async network => {
  const stage = await Stage.set(network);
  let events = 0;
  for (const uplink of UPLINKS) {
    await stage.prefer(uplink);
    for (let i = 0; i < carrier; i++) {
      await sleep(SHIFT * ++events);
      await stage.event(`carrier ${uplink}`, () => network.link(uplink).carrier('near', false), 400);
      await stage.event(`return ${uplink}`, () => network.link(uplink).carrier('near', true));
      await stage.settled(uplink);
    }
    for (const direction of silence) {
      await sleep(SHIFT * ++events);
      await stage.event(`silence ${uplink} ${direction}`, () => network.link(uplink).silence(direction));
      await stage.event(`return ${uplink}`, () => network.link(uplink).restore());
      await stage.settled(uplink);
    }
  }
  await stage.prefer('--none');
  await stage.finish();
});
