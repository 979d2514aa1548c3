/** A router and a correspondent whose packets need no home agent: on both uplinks, after failures, kills and forgeries. */

import { captured, forgedHomeAddress, inject } from '../inside/attacker.ts';
import { now, sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, type Uplink, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';
import { readCapture } from '../pcap.ts';

interface DirectStatus {
  readonly mobileRouter: {
    readonly routeOptimization: {
      readonly correspondents: readonly { readonly state: string; readonly bindings: readonly unknown[] }[];
    };
  };
}

const RESPAWN = 1000;
const CORRESPONDENT = `config correspondent 'peer'\n\toption max_bindings '10'\n`;

/** Nothing passes any more between an uplink and the correspondent; the home agent is reached over it as before. */
async function closeWay(network: Network, uplink: Uplink): Promise<void> {
  const { peer, lteCareOf, wifiCareOf } = MAIN;
  const careOf = uplink === 'lte' ? lteCareOf : wifiCareOf;
  await network.run(
    'core',
    ['nft', '-f', '-'],
    `table ip6 closed_${uplink} { chain forward { type filter hook forward priority 0;
      ip6 saddr ${careOf} ip6 daddr ${peer} drop; ip6 saddr ${peer} ip6 daddr ${careOf} drop; }; }`,
  );
}

/** By the first header of packets: tunnel, routing header, destination options. */
const HEADERS = { tunnel: 41, routing: 43, option: 60 } as const;

function counted(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const link of ['lte', 'wifi']) {
    for (const [name, header] of Object.entries(HEADERS)) {
      const frames = readCapture(captured(link)).filter(({ packet }) => packet[6] === header);
      counts[`${link} ${name}`] = frames.length;
    }
  }
  return counts;
}

/** Which way packets take for two seconds. */
async function way(what: string): Promise<void> {
  const before = counted();
  await event(what, () => sleep(0), 2000);
  const after = counted();
  record('way', {
    what,
    ...Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name]!])),
  });
}

scenario(watching(['lte', 'wifi', 'peer'], mainTopology({ capture: 160 })), async network => {
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const peer = new Kedge(network, 'peer', CORRESPONDENT);
  const router = new Kedge(
    network,
    'router',
    routerConfig({ router: [`list correspondent '${MAIN.peer}'`] }),
  );
  for (const daemon of [anchor, peer, router]) daemon.start();
  await settled(router, 'lte');
  const echo = new Echo(network, 'router', MAIN.peer, { source: MAIN.homeAddress });
  await echo.first();

  const bound = (paths: number): Promise<void> =>
    router.until<DirectStatus>(
      ({ mobileRouter }) =>
        mobileRouter.routeOptimization.correspondents[0]?.bindings.length === paths &&
        mobileRouter.routeOptimization.correspondents[0].state === 'registered',
      60_000,
    );
  const kill = (name: string, daemon: Kedge): Promise<void> =>
    event(
      `kill ${name}`,
      async () => {
        await daemon.kill();
        await sleep(RESPAWN);
        daemon.start();
      },
      RESPAWN + 1000,
    );

  await bound(2);
  await sleep(500);
  await way('direct lte');
  await event('prefer wifi', () => router.command('prefer', 'wifi'), 2000);
  await way('direct wifi');
  await event('prefer lte', () => router.command('prefer', 'lte' satisfies Uplink), 2000);
  await event('carrier lte', () => network.link('lte').carrier('near', false), 2000);
  await event('return lte', () => network.link('lte').carrier('near', true), 2000);
  await bound(2);
  await event('silence lte', () => network.link('lte').silence('both'), 3000);
  await event('return lte again', () => network.link('lte').restore(), 3000);
  await bound(2);
  await compare([router, anchor, peer]);

  // Beyond the access, while the home agent is reached over both uplinks as before.
  await event('beyond lte', () => closeWay(network, 'lte'), 6000);
  await way('direct wifi instead');
  record('without lte', { router: await router.status(), peer: await peer.status() });
  await event('beyond wifi', () => closeWay(network, 'wifi'), 8000);
  await way('tunnel');
  const opened = now();
  await event('open', () => network.run('core', ['nft', 'flush', 'ruleset']), 0);
  await bound(2);
  record('event', { what: 'reopened', from: opened, to: now() });
  await sleep(500);
  await way('direct lte again');
  await compare([router, anchor, peer]);

  // Nobody but the router may say that it has the home address, and from its care-of addresses only.
  await event('forged', () => inject(network, 'anchor', [forgedHomeAddress(MAIN.anchor, MAIN.peer)]), 1000);
  record('counters', { peer: await peer.status() });

  await kill('router', router);
  await bound(2);
  await way('direct after the router');
  await kill('peer', peer);
  await bound(2);
  await sleep(1000);
  await way('direct after the peer');

  record('echo', { report: await echo.stop() });
  record('status', { router: await router.command('status'), peer: await peer.command('status') });
  await compare([router, anchor, peer]);
  await peer.process!.stop();
  await sleep(500);
  for (const host of ['peer', 'router']) {
    record('left', {
      host,
      states: await network.run(host, ['ip', 'xfrm', 'state']),
      policies: await network.run(host, ['ip', 'xfrm', 'policy']),
    });
  }
});
