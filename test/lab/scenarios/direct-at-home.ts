/**
 * A router at home that keeps direct ways over its uplinks abroad: to `peer` and, as the policy wants it, over another
 * uplink to `second`; `plain` knows nothing of it.
 */
import { sleep } from '../inside/clock.ts';
import { buildDock, dockAnchorConfig, dockRouterConfig, dockTopology } from '../inside/dock-topology.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';
import { DIRECT, type DirectStatus } from './direct.ts';

const { peer, homeAddress } = MAIN;
const { second, plain } = DIRECT;
/** Of bindings made abroad, seconds. */
const LIFETIME = 20;
const CORRESPONDENT = "config correspondent 'here'\n\n";
const FLOW = `config flow 'second'\n\tlist dest '${second}'\n\tlist uplink 'wifi'\n\n`;

function topology(): NetworkPlan {
  const { hosts, links } = dockTopology();
  const wired = (host: string, net: string) => ({
    near: { host, addresses: [`2001:db8:${net}::2/64`], gateway: `2001:db8:${net}::1` },
    far: { host: 'core', addresses: [`2001:db8:${net}::1/64`] },
  });
  return watching(['lte', 'wifi', 'dock1', 'dock2'], {
    hosts: { ...hosts, second: {}, plain: {} },
    links: { ...links, second: wired('second', '3'), plain: wired('plain', '4') },
  });
}

scenario(topology(), async network => {
  await buildDock(network);
  for (const host of ['peer', 'second', 'plain']) await startServers(network, host);
  const lines = [
    "option at_home 'direct'",
    `option lifetime '${LIFETIME}'`,
    `list correspondent '${peer}'`,
    `list correspondent '${second}'`,
  ];
  const anchor = new Kedge(network, 'anchor', dockAnchorConfig());
  const router = new Kedge(network, 'router', dockRouterConfig(...lines) + FLOW);
  const correspondents = ['peer', 'second'].map(host => new Kedge(network, host, CORRESPONDENT));
  const all = [anchor, ...correspondents, router];
  for (const daemon of all) daemon.start();
  const plug = (link: string, up: boolean) => network.link(link).carrier('near', up);
  const bound = (paths: number): Promise<void> =>
    router.until<DirectStatus>(
      ({ mobileRouter: { routeOptimization } }) =>
        routeOptimization.correspondents.length === 2 &&
        routeOptimization.correspondents.every(({ bindings }) => bindings.length === paths),
      30_000,
    );
  await bound(2);
  const echoes = Object.entries({ peer, second, plain }).map(
    ([name, to]) =>
      [name, new Echo(network, 'router', to, { source: homeAddress, interval: 50 }, `echo-${name}`)] as const,
  );
  for (const [, echo] of echoes) await echo.first();

  /** A second of traffic, and who is bound at its end; times are those of captures. */
  async function look(what: string): Promise<void> {
    const from = Date.now();
    await event(what, () => sleep(1000), 1000);
    record('look', {
      what,
      from,
      to: Date.now(),
      atHomeAgent: await anchor.command('bindings'),
      nodes: await Promise.all(
        correspondents.map(async each => (await each.status<DirectStatus>()).correspondent.nodes),
      ),
    });
  }

  await sleep(500);
  await look('away');
  await event('comes home', () => plug('dock1', true), 3500);
  await look('figure 4');
  await event('stays', () => sleep(0), (LIFETIME + 2) * 1000);
  await look('refreshed');
  await event('second interface', () => plug('dock2', true), 1500);
  await event('one foreign link', () => plug('wifi', false), 3000);
  await look('figure 6');
  await compare(all);

  await plug('wifi', true);
  await event(
    'leaves',
    async () => {
      for (const link of ['dock1', 'dock2']) await plug(link, false);
    },
    5000,
  );
  await bound(2);
  await sleep(1000);
  await look('away again');
  for (const [name, echo] of echoes) record(`echo ${name}`, { report: await echo.stop() });
  await compare(all);
});
