/** Both ends speak draft-ietf-monami6-multiplecoa-00: registration, uplinks that come and go, a reload with another BID. */

import { routerConfig } from '../inside/kedge.ts';
import { mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Stage, UPLINKS, watching } from '../inside/stage.ts';

const SIGHUP = 1;

const { number, registration } = parameters<{ number: number; registration: string }>();
const options = { dialect: number, router: [`option registration '${registration}'`] };

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 0 })), async network => {
  const stage = await Stage.set(network, options);
  const bindings = async (): Promise<void> => {
    record('bindings', { text: await stage.anchor.command('bindings') });
  };
  await bindings();
  for (const uplink of UPLINKS) {
    await stage.prefer(uplink);
    await stage.event(`carrier ${uplink}`, () => network.link(uplink).carrier('near', false));
    await bindings();
    await stage.event(`return ${uplink}`, () => network.link(uplink).carrier('near', true));
    await stage.settled(uplink);
  }
  await stage.prefer('lte');
  const uplinks = routerConfig(options).replace(
    "option device 'lte'",
    "option device 'lte'\n\toption bid '9'",
  );
  stage.router.writeConfig(uplinks);
  await stage.event('another BID', async () => stage.router.process!.kill(SIGHUP), 2000);
  await stage.settled('lte');
  await bindings();
  await stage.finish();
});
