/**
 * A router with three uplinks and two home agents, which it finds by discovery. The first home agent is killed, comes back,
 * is chosen again by an operator, is cut off while it runs, and loses its way to the Internet. What a routing daemon would do on the home agents' hosts
 * is done by {@link followRoutes}.
 */
import { emitIcmpv6Packet } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import { address, inject } from '../inside/attacker.ts';
import { now, sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { LinkPlan, Network, NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

const SECOND = '2001:db8:3::2';
const HOME_PREFIX = '2001:db8:100::/64';
const UPLINK = { rate: '20mbit', limit: 200 };
const VESSEL = {
  name: 'vessel',
  homeAddress: MAIN.homeAddress,
  prefixes: [MAIN.mobileNetworkPrefix],
};
/** Bits a second. */
const RATE = 100_000;
/** Milliseconds between echoes. */
const INTERVAL = 40;

/** At the core: between the first home agent's link and the host that both watch. */
const NO_WAY_TO_PEER = `table ip6 cut {
  chain forward {
    type filter hook forward priority 0
    iifname "home" oifname "peer" drop
    iifname "peer" oifname "home" drop
  }
}`;

interface Status {
  readonly mobileRouter: {
    readonly homeAgent: string | null;
    readonly homePrefixes: readonly { readonly prefix: string; readonly valid: number | null }[] | null;
    readonly uplinks: readonly { readonly name: string; readonly state: string }[];
  };
}
interface AnchorStatus {
  readonly homeAgent: { readonly nodes: readonly { readonly bindings: readonly unknown[] }[] };
}

function topology(): NetworkPlan {
  const main = mainTopology({ lte: UPLINK, wifi: UPLINK, capture: 160 });
  const link = (near: string, net: string, far: string, metric: number): LinkPlan => ({
    near: { host: near, addresses: [`2001:db8:${net}::2/64`], gateway: `2001:db8:${net}::1`, metric },
    far: { host: far, addresses: [`2001:db8:${net}::1/64`] },
    capture: false,
  });
  const { core } = main.hosts;
  return {
    hosts: {
      ...main.hosts,
      core: { ...core!, routes: [...core!.routes!, '2001:db8:c::/64 via 2001:db8:cc::2'] },
      'sat-gw': { forwarding: true },
      second: { forwarding: true },
    },
    links: {
      ...main.links,
      sat: { ...link('router', 'c', 'sat-gw', 1026), ...UPLINK, delay: 120 },
      'sat-core': link('sat-gw', 'cc', 'core', 1024),
      second: link('second', '3', 'core', 1024),
    },
  };
}

/** Packets for the mobile network go to the host that has got a way to it last, while its kedge runs. */
async function followRoutes(network: Network, anchors: readonly Kedge[], stop: () => boolean): Promise<void> {
  const via = [MAIN.anchor, SECOND];
  const has = [false, false];
  while (!stop()) {
    for (const [index, anchor] of anchors.entries()) {
      const routes = await network.run(anchor.host, ['ip', '-6', 'route', 'show', MAIN.mobileNetworkPrefix]);
      const serves = routes.includes('kdg-');
      if (serves && !has[index]) {
        await network.ip('core', `route replace ${MAIN.homeNetwork} via ${via[index]}`);
      }
      has[index] = serves;
    }
    await sleep(250);
  }
}

scenario(watching(['lte', 'wifi'], topology()), async network => {
  const lines = (preference: number, other: string) => [
    `list home_prefix '${HOME_PREFIX}'`,
    `option preference '${preference}'`,
    `list peer_home_agent '${other}'`,
    `list watch '${MAIN.peer}'`,
  ];
  const first = new Kedge(
    network,
    'anchor',
    anchorText({ address: MAIN.anchor, peers: [VESSEL], lines: lines(10, SECOND) }),
  );
  const second = new Kedge(
    network,
    'second',
    anchorText({ address: SECOND, peers: [VESSEL], lines: lines(0, `${MAIN.anchor} 10`) }),
  );
  const router = new Kedge(
    network,
    'router',
    routerText({
      ...VESSEL,
      homeAgents: [],
      uplinks: ['lte', 'wifi', 'sat'],
      lines: [`option discover '1'`, `option home_prefix '${HOME_PREFIX}'`],
    }),
  );
  await startServers(network, 'peer');
  first.start();
  second.start();
  await sleep(500);
  router.start();
  let over = false;
  const following = followRoutes(network, [first, second], () => over);
  await settled(router, 'lte', 20_000);

  // multiplecoa-00, figure 3.
  const { mobileRouter: begun } = await router.status<Status>();
  record('three', {
    bindings: await first.command('bindings'),
    states: begun.uplinks.map(({ name, state }) => `${name} ${state}`),
  });
  const echo = new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL });
  await echo.first();
  const transfer = new Transfer(network, 'lan', MAIN.peer, { rate: RATE });

  /** Until all uplinks are alive at this home agent. */
  const served = async (homeAgent: string): Promise<void> => {
    await router.until<Status>(({ mobileRouter }) => mobileRouter.homeAgent === homeAgent, 30_000);
    await settled(router, 'lte', 30_000);
    await sleep(500);
  };
  const bindings = async (anchor: Kedge): Promise<number> =>
    (await anchor.status<AnchorStatus>()).homeAgent.nodes[0]!.bindings.length;
  const left = async (anchor: Kedge): Promise<void> => {
    const begin = now();
    const bound = (): Promise<number> => bindings(anchor).catch(() => Number.NaN);
    while ((await bound()) !== 0 && now() < begin + 40_000) await sleep(2000);
    record('left', { host: anchor.host, bindings: await bound(), after: now() - begin });
  };
  /** @param span what it takes at least, milliseconds: asking for the status all the time costs more than all the rest */
  const change = (
    what: string,
    act: () => Promise<unknown>,
    homeAgent: string,
    span: number,
  ): Promise<void> =>
    event(what, async () => {
      await act();
      await sleep(span);
      await served(homeAgent);
    });

  await change('killed', () => first.kill(), SECOND, 7000);
  record('status', { text: await router.command('status') });
  first.start();
  await left(first);
  await change('chosen', () => router.command('home-agent', '--first'), MAIN.anchor, 1000);
  await left(second);
  await change('cut off', () => network.link('home').silence(), SECOND, 7000);
  // Who has left it while it could not hear so remembers that in the next life.
  await event('router restarts', async () => {
    await router.kill('script');
    router.start();
    await served(SECOND);
  });
  await network.link('home').restore();
  await left(first);

  // The home agent lives and is reached by the router, but does not reach the correspondents.
  await change('chosen again', () => router.command('home-agent', '--first'), MAIN.anchor, 1000);
  await left(second);
  await change('behind it', () => network.run('core', ['nft', '-f', '-'], NO_WAY_TO_PEER), SECOND, 12_000);
  record('cut-off', { text: await first.command('status') });
  await network.run('core', ['nft', 'delete', 'table', 'ip6', 'cut']);
  await left(first);

  // An advertisement that nobody has asked for makes the router ask, and the home agent answers.
  const unsolicited = emitIcmpv6Packet({
    source: address(SECOND),
    destination: address(MAIN.lteCareOf),
    routingHome: address(MAIN.homeAddress),
    message: {
      kind: 'mobile-prefix-advertisement',
      identifier: 1,
      managed: false,
      otherConfiguration: false,
      options: [],
    },
  });
  await inject(network, 'second', [unsolicited]);
  await sleep(1000);
  const { mobileRouter } = await router.status<Status>();
  record('home-prefixes', { prefixes: mobileRouter.homePrefixes });

  over = true;
  await following;
  record('transfer', { report: await transfer.stop() });
  record('echo', { report: await echo.stop() });
  await compare([router, first, second]);
});
