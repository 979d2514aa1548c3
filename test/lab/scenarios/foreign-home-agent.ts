/**
 * A home agent that knows no Heartbeats. Those of other makes cannot be had here: this one is kedge's own, and the core loses
 * every Heartbeat between the two, so that all that answers is its kernel.
 */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

/** Octets 6, 46 and 82 of the packet: IPv6 in IPv6, Mobility Header, type 13. */
const LOSES_HEARTBEATS = `table ip6 foreign {
  chain forward {
    type filter hook forward priority 0
    ip6 nexthdr 41 @nh,368,8 135 @nh,656,8 13 counter drop
  }
}`;

function topology(): NetworkPlan {
  const plan = watching(['lte', 'wifi'], mainTopology({ capture: 96 }));
  return { ...plan, hosts: { ...plan.hosts, core: { ...plan.hosts.core!, nftables: LOSES_HEARTBEATS } } };
}

const { registration } = parameters<{ registration: string }>();

scenario(topology(), async network => {
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const router = new Kedge(
    network,
    'router',
    routerConfig({ router: [`option registration '${registration}'`] }),
  );
  anchor.start();
  router.start();
  const carriedBy = (uplink: string) =>
    router.until<RouterStatus>(({ mobileRouter: { active, uplinks } }) => {
      const path = uplinks.find(({ name }) => name === uplink)?.path;
      return active.uplink === uplink && path?.state === 'alive';
    });
  await carriedBy('lte');
  const echo = new Echo(network, 'lan', MAIN.peer, {});
  await echo.first();
  await event('kill router', async () => {
    await router.kill();
    router.start();
    await carriedBy('lte');
  });
  await event('silence lte', () => network.link('lte').silence());
  await carriedBy('wifi');
  await event('return lte', () => network.link('lte').restore(), 3000);
  await carriedBy('lte');
  await sleep(1000); // a tunnel outlives its use a little
  await compare([router, anchor]);
  record('echo', { report: await echo.stop() });
});
