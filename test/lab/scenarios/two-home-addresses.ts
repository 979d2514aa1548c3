/**
 * One router with two home addresses, each with a mobile network behind it, at the same home agent or (`apart`) at two of
 * them. Both use both uplinks, with the same care-of addresses.
 */
import { sleep } from '../inside/clock.ts';
import { anchorText, type RouterPlan, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

const { apart } = parameters<{ apart: boolean }>();
const SECOND_ANCHOR = '2001:db8:3::2';
const UPLINK = { rate: '20mbit', limit: 200 };
/** Milliseconds between echoes. */
const INTERVAL = 20;
/** Bits a second. */
const RATE = 200_000;

const VAN: RouterPlan = {
  name: 'van',
  homeAddress: MAIN.homeAddress,
  homeAgents: apart ? [MAIN.anchor, SECOND_ANCHOR] : [MAIN.anchor],
  prefixes: [MAIN.mobileNetworkPrefix],
  uplinks: ['lte', 'wifi'],
};
const BUS: RouterPlan = {
  name: 'bus',
  homeAddress: '2001:db8:100::20',
  homeAgents: apart ? [SECOND_ANCHOR, MAIN.anchor] : [MAIN.anchor],
  prefixes: ['2001:db8:102::/64'],
  uplinks: [],
};
/** The home address of the bus as care-of address of the van. */
const THROUGH = "config uplink 'via_bus'\n\toption through 'bus'\n";
const GUEST = '2001:db8:102::100';

type Reports = RouterStatus & {
  readonly otherMobileRouters: readonly (RouterStatus['mobileRouter'] & { readonly homeAgent: string })[];
};

const routesTo = ({ prefixes, homeAddress }: RouterPlan, next: string): string[] =>
  [...prefixes!, `${homeAddress}/128`].map(prefix => `${prefix} via ${next}`);

function topology(): NetworkPlan {
  const main = mainTopology({ lte: UPLINK, wifi: UPLINK, capture: 160 });
  const { core } = main.hosts;
  const toSecond = routesTo(BUS, SECOND_ANCHOR);
  return {
    hosts: {
      ...main.hosts,
      guest: {},
      // A home agent finds by routing what is registered with the other one.
      anchor: { forwarding: true, routes: apart ? routesTo(BUS, '2001:db8:1::1') : [] },
      second: { forwarding: true, routes: routesTo(VAN, '2001:db8:3::1') },
      core: { ...core!, routes: [...core!.routes!, ...(apart ? toSecond : [])] },
    },
    links: {
      ...main.links,
      guest: {
        near: { host: 'guest', addresses: [`${GUEST}/64`], gateway: '2001:db8:102::1' },
        far: { host: 'router', addresses: ['2001:db8:102::1/64'] },
        capture: false,
      },
      second: {
        near: { host: 'second', addresses: [`${SECOND_ANCHOR}/64`], gateway: '2001:db8:3::1' },
        far: { host: 'core', addresses: ['2001:db8:3::1/64'] },
        capture: false,
      },
    },
  };
}

scenario(topology(), async network => {
  const anchorOf = (host: string, address: string): Kedge => {
    const peers = [VAN, BUS].filter(({ homeAgents }) => homeAgents.includes(address));
    return new Kedge(network, host, anchorText({ address, peers }));
  };
  const anchors = [anchorOf('anchor', MAIN.anchor), ...(apart ? [anchorOf('second', SECOND_ANCHOR)] : [])];
  const router = new Kedge(network, 'router', routerText(VAN) + routerText(BUS) + THROUGH);
  const settled = async (van: string, bus: string): Promise<void> => {
    await router.until<Reports>(({ mobileRouter, otherMobileRouters: [other] }) => {
      const isAlive = ({ path }: { path: { state: string } | null }) => path?.state === 'alive';
      const areAlive = mobileRouter.uplinks.every(isAlive) && other!.uplinks.every(isAlive);
      return areAlive && mobileRouter.active.uplink === van && other!.active.uplink === bus;
    }, 30_000);
    await sleep(300);
  };
  for (const host of ['peer', 'lan']) await startServers(network, host);
  for (const daemon of [...anchors, router]) daemon.start();
  await settled('lte', 'lte');
  const echoes = [
    ['van', new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL })],
    ['bus', new Echo(network, 'guest', MAIN.peer, { interval: INTERVAL })],
    ['inward', new Echo(network, 'guest', MAIN.lanHost, { interval: INTERVAL })],
  ] as const;
  for (const [, echo] of echoes) await echo.first();
  const transfer = new Transfer(network, 'guest', MAIN.peer, { rate: RATE });

  record('tunnels', {
    router: await tunnels('router'),
    anchor: await tunnels('anchor'),
    second: await tunnels('second'),
  });
  const carrier = (up: boolean) => () => network.link('lte').carrier('near', up);
  await event('carrier', carrier(false));
  await event('return', carrier(true), 1000);
  await settled('lte', 'lte');
  await event('silence', () => network.link('lte').silence(), 2000);
  await event('restored', () => network.link('lte').restore(), 1000);
  await settled('lte', 'lte');
  await event('prefer', () => router.command('prefer', 'wifi', '--router', 'bus'));
  await settled('lte', 'wifi');
  await event('through', () => router.command('prefer', 'via_bus', '--router', 'van'), 1000);
  await settled('via_bus', 'wifi');
  record('status', { text: await router.command('status') });
  await event('killed', async () => {
    await router.kill('script');
    await sleep(500);
    router.start();
    await settled('via_bus', 'wifi');
  });
  await event('no preference', () => router.command('prefer', '--none'));
  await settled('lte', 'lte');
  if (apart) {
    // The home agent of one home address is disconnected: the other one takes the address on, and so does routing.
    await event('home agent', async () => {
      await network.link('second').silence();
      await router.until<Reports>(
        ({ otherMobileRouters: [bus] }) =>
          bus!.homeAgent === MAIN.anchor && bus!.uplinks.some(({ state }) => state === 'registered'),
        20_000,
      );
      await network.ip('core', ...routesTo(BUS, MAIN.anchor).map(route => `route replace ${route}`));
      await settled('lte', 'lte');
    });
    await network.link('second').restore();
    await sleep(2000);
  }
  for (const [name, echo] of echoes) record(`echo ${name}`, { report: await echo.stop() });
  record('transfer', { report: await transfer.stop() });
  await compare([router, ...anchors]);
  for (const daemon of [router, ...anchors]) await daemon.process?.stop(5000);
  record('left', { tunnels: [...(await tunnels('router')), ...(await tunnels('anchor'))] });

  async function tunnels(host: string): Promise<string[]> {
    const text = await network.run(host, ['ip', '-o', 'link', 'show', 'type', 'ip6tnl']);
    return [...text.matchAll(/ (kdg-[^@:]+)/g)].map(match => match[1]!).sort();
  }
});
