/** Both uplinks take their addresses and default routes from router advertisements. */
import { waitFor } from '../inside/clock.ts';
import { advertiseUplinks, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';

scenario(mainTopology({ addressing: 'ra' }), async network => {
  advertiseUplinks(network);
  const routes = (): Promise<string> => network.run('router', ['ip', '-6', 'route', 'show', 'default']);
  await waitFor(async () => (await routes()).split('proto ra').length === 3, 5000);
  record('router', {
    routes: await routes(),
    addresses: await network.run('router', ['ip', '-6', '-o', 'addr']),
  });
});
