/**
 * A router without a list of correspondents: traffic with one makes it one, too little traffic and traffic of other kinds make
 * none. Each of these has an address of its own on the same host.
 */
import { anyMobility, datagram, icmpv6, inject, tunnelled } from '../inside/attacker.ts';
import { now, sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, settled, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';
import { DIRECT, type DirectStatus } from './direct.ts';

const { homeAddress, anchor: home, peer, lanHost, lteCareOf } = MAIN;
const { quiet, hidden } = DIRECT;
const stranger = (number: number): string => `2001:db8:2::1${number}`;
/** Far more than it takes. */
const COUNT = 60;
const DISCARD = 9;

function topology(): NetworkPlan {
  const { hosts, links } = mainTopology();
  const { peer: wire } = links;
  const addresses = [...wire!.near.addresses!, `${quiet}/64`, `${hidden}/64`];
  return watching(['lte', 'peer'], {
    hosts,
    links: { ...links, peer: { ...wire!, near: { ...wire!.near, addresses } } },
  });
}

scenario(topology(), async network => {
  await startServers(network, 'peer');
  const plan = { name: 'vessel', homeAddress, prefixes: [MAIN.mobileNetworkPrefix] };
  const lines = [
    "option lifetime '40'",
    `option direct_after '${DIRECT.after}'`,
    `list direct_except '${hidden}/128'`,
  ];
  const roaming = { uplinks: ['lte', 'wifi'], probe: 'normal', lines } as const;
  const anchor = new Kedge(network, 'anchor', anchorText({ address: home, peers: [plan], probe: 'normal' }));
  const router = new Kedge(network, 'router', routerText({ ...plan, homeAgents: [home], ...roaming }));
  const correspondent = new Kedge(network, 'peer', "config correspondent 'here'\n");
  for (const daemon of [anchor, correspondent, router]) daemon.start();
  await settled(router, 'lte');

  const count = { count: COUNT };
  // Whatever is in them, these are for no correspondent registration.
  for (const type of [1, 2, 3, 4])
    await inject(network, 'peer', [anyMobility(stranger(0), homeAddress, type)], count);
  const error = [0, 0, 0, 0, ...datagram(homeAddress, stranger(1), DISCARD)];
  await inject(network, 'peer', [icmpv6(stranger(1), homeAddress, 1, error)], count);
  await inject(network, 'peer', [datagram(stranger(2), lanHost, DISCARD)], count);
  await inject(network, 'anchor', [datagram(home, homeAddress, DISCARD)], count);
  await network.run('lte-gw', ['ip', '-6', 'route', 'add', homeAddress, 'via', lteCareOf]);
  await inject(network, 'lte-gw', [datagram(stranger(3), homeAddress, DISCARD)], count);
  const nested = tunnelled(home, homeAddress, datagram(stranger(4), homeAddress, DISCARD));
  await inject(network, 'peer', [nested], count);

  const names = { busy: peer, quiet, hidden };
  const intervals: Readonly<Record<string, number>> = { quiet: 5000 };
  const began = now();
  const echoes = Object.entries(names).map(
    ([name, to]) =>
      [
        name,
        new Echo(
          network,
          'router',
          to,
          { source: homeAddress, interval: intervals[name] ?? 50 },
          `echo-${name}`,
        ),
      ] as const,
  );
  await router.until<DirectStatus>(
    ({ mobileRouter: { routeOptimization } }) => routeOptimization.correspondents[0]?.bindings.length === 2,
    30_000,
  );
  record('found', { after: now() - began });
  await sleep(15_000);
  const from = Date.now();
  await sleep(6000);
  record('look', { from, to: Date.now() });
  record('status', { router: await router.status() });
  record('counted', {
    text: await network.run('router', ['nft', 'list', 'table', 'inet', 'kedge_tunneled']),
  });
  await compare([router, anchor, correspondent]);

  for (const [name, echo] of echoes)
    record(name === 'busy' ? 'echo' : `echo-${name}`, { report: await echo.stop() });
  await sleep(DIRECT.forgotten);
  record('dropped', { router: await router.status(), peer: await correspondent.status() });
  await router.process!.stop();
  await sleep(500);
  record('left', { text: await network.run('router', ['nft', 'list', 'tables']) });
});
