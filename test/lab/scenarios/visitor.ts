/**
 * RFC 3963, appendix A, figures 2 and 3: a mobile node visits the network behind a fixed router in a mobile network, and
 * both the node and the mobile router move.
 *
 *   node --seat-- fixed --deck-- router --lte, wifi-- ... core --home-- anchor     (HA_MR)
 *      \                            \--lan-- lan (LFN)       \--second-- second   (HA_MN)
 *       \--cell--------------------------------------- core   \--peer-- peer     (CN_MN)
 *                                                               \--plain-- plain (CN_MR)
 */
import { sleep } from '../inside/clock.ts';
import { anchorText, type RouterPlan, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { LinkPlan, NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';
import type { DirectStatus } from './direct.ts';
import { VISITOR } from './visited.ts';

const { homeAddress, seat, homeAgent } = VISITOR;
const VESSEL: RouterPlan = {
  name: 'vessel',
  homeAddress: MAIN.homeAddress,
  homeAgents: [MAIN.anchor],
  prefixes: [MAIN.mobileNetworkPrefix, '2001:db8:102::/64', '2001:db8:103::/64'],
  uplinks: ['lte', 'wifi'],
};
const NODE: RouterPlan = {
  name: 'node',
  homeAddress,
  homeAgents: [homeAgent],
  uplinks: ['seat', 'cell'],
};
/** Milliseconds between echoes. */
const INTERVAL = 20;

function topology(): NetworkPlan {
  const { hosts, links } = mainTopology();
  const link = (near: string, net: string, far: string, metric = 1024): LinkPlan => ({
    near: { host: near, addresses: [`2001:db8:${net}::2/64`], gateway: `2001:db8:${net}::1`, metric },
    far: { host: far, addresses: [`2001:db8:${net}::1/64`] },
  });
  return watching(['lte', 'wifi', 'seat', 'cell', 'peer'], {
    hosts: {
      ...hosts,
      core: { ...hosts.core, routes: [...hosts.core!.routes!, `2001:db8:200::/40 via ${homeAgent}`] },
      router: { ...hosts.router, routes: ['2001:db8:102::/64 via 2001:db8:103::2'] },
      second: { forwarding: true },
      fixed: { forwarding: true },
      node: {},
      plain: {},
    },
    links: {
      ...links,
      second: link('second', '3', 'core'),
      plain: link('plain', '4', 'core'),
      deck: link('fixed', '103', 'router'),
      seat: link('node', '102', 'fixed'),
      cell: { ...link('node', 'd', 'core', 1025), delay: 40 },
    },
  });
}

scenario(topology(), async network => {
  await network.link('seat').carrier('near', false);
  for (const host of ['peer', 'lan']) await startServers(network, host);
  const anchor = new Kedge(network, 'anchor', anchorText({ address: MAIN.anchor, peers: [VESSEL] }));
  const second = new Kedge(network, 'second', anchorText({ address: homeAgent, peers: [NODE] }));
  const router = new Kedge(network, 'router', routerText(VESSEL));
  const node = new Kedge(
    network,
    'node',
    routerText({ ...NODE, lines: [`list correspondent '${MAIN.peer}'`] }),
  );
  const peer = new Kedge(network, 'peer', "config correspondent 'here'\n\n");
  const all = [anchor, second, peer, router, node];
  for (const daemon of all) daemon.start();
  await settled(router, 'lte');
  const bound = (careOf: string): Promise<void> =>
    node.until<DirectStatus>(
      ({ mobileRouter: { routeOptimization } }) =>
        routeOptimization.correspondents[0]?.bindings.map(({ careOfAddress }) => careOfAddress).join() ===
        careOf,
      30_000,
    );
  await bound(VISITOR.cell);
  const echoes = [
    ['node', new Echo(network, 'node', MAIN.peer, { source: homeAddress, interval: INTERVAL })],
    ['lan', new Echo(network, 'plain', MAIN.lanHost, { interval: INTERVAL })],
  ] as const;
  for (const [, echo] of echoes) await echo.first();

  /** A second of traffic, and the bindings at its end; times are those of captures. */
  async function look(what: string): Promise<void> {
    await sleep(1000);
    const from = Date.now();
    await event(what, () => sleep(0), 1000);
    const { correspondent } = await peer.status<DirectStatus>();
    record('look', {
      what,
      from,
      to: Date.now(),
      ofRouter: await anchor.command('bindings'),
      ofNode: await second.command('bindings'),
      nodes: correspondent.nodes,
    });
  }

  await look('figure 2');
  const carrier = (name: string, up: boolean) => () => network.link(name).carrier('near', up);
  await event('node sees the network', carrier('seat', true), 3000);
  await event('node leaves the cell', carrier('cell', false), 2000);
  await bound(seat);
  await look('figure 3');
  await event('router moves', carrier('lte', false), 2000);
  await look('router moved');
  await event('router returns', carrier('lte', true), 3000);
  await event('router moves silently', () => network.link('lte').silence(), 3000);
  await event('silence ends', () => network.link('lte').restore(), 4000);
  await event('node finds a cell', carrier('cell', true), 3000);
  await event('node moves', carrier('seat', false), 2000);
  await bound(VISITOR.cell);
  await look('node moved');
  for (const [name, echo] of echoes) record(`echo ${name}`, { report: await echo.stop() });
  await compare(all);
});
