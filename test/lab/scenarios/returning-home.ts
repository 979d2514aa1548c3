/** A router comes home with one interface and then with another, and leaves again, with traffic all the way. */
import { sleep } from '../inside/clock.ts';
import {
  advertiseHome,
  buildDock,
  DOCK,
  dockAnchorConfig,
  dockRouterConfig,
  dockTopology,
} from '../inside/dock-topology.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

/** @param advertised the router knows what it knows of the home link by Router Advertisements */
const {
  at,
  binding,
  advertised = false,
} = parameters<{ at: string; binding: string; advertised?: boolean }>();
/** Bits a second. */
const RATE = 200_000;
const BULK = `config flow 'bulk'\n\tlist dest_port '5001'\n\tlist uplink 'dock1'\n`;

scenario(watching(['lte', 'wifi', 'dock1', 'annex'], dockTopology(advertised)), async network => {
  await buildDock(network);
  if (advertised) advertiseHome(network);
  await startServers(network, 'peer');
  await startServers(network, 'neighbor');
  const anchor = new Kedge(network, 'anchor', dockAnchorConfig(`option home_binding '${binding}'`));
  const router = new Kedge(network, 'router', dockRouterConfig(`option at_home '${at}'`) + BULK);
  const alive = (...names: string[]) =>
    router.until<RouterStatus>(({ mobileRouter: { uplinks } }) =>
      names.every(name => uplinks.find(uplink => uplink.name === name)?.path?.state === 'alive'),
    );
  const plug = (link: string, up: boolean) => network.link(link).carrier('near', up);
  const show = (host: string, ...words: string[]) => network.run(host, ['ip', '-6', ...words]);
  /** What everybody believes now; `time` is that of captures. */
  async function look(what: string): Promise<void> {
    const { mobileRouter } = await router.status<RouterStatus>();
    record('look', {
      what,
      time: Date.now(),
      active: mobileRouter.active.uplink,
      states: mobileRouter.uplinks.map(({ state }) => state),
      bindings: await anchor.command('bindings'),
      devices: await network.run('router', ['ip', '-br', 'link']),
      addresses: await show('router', '-br', 'address'),
      groups: await show('router', 'maddr'),
      neighbor: await show('neighbor', 'neigh', 'show', MAIN.homeAddress),
      proxies: await show('anchor', 'neigh', 'show', 'proxy'),
      gateway: await show('router', 'neigh', 'show', 'dev', 'dock1'),
    });
  }

  anchor.start();
  router.start();
  await alive('lte', 'wifi');
  const echoes = [
    ['echo', new Echo(network, 'lan', MAIN.peer)],
    ['echo neighbor', new Echo(network, 'router', DOCK.neighbor, { source: MAIN.homeAddress })],
  ] as const;
  for (const [, echo] of echoes) await echo.first();
  await sleep(500);
  await look('away');

  await event('comes home', () => plug('dock1', true), 3500);
  await look('home');
  const transfer =
    at === 'both'
      ? new Transfer(network, 'lan', MAIN.peer, { rate: RATE })
      : new Transfer(network, 'router', MAIN.peer, { source: MAIN.homeAddress, rate: RATE });
  if (at === 'both') {
    await event('one foreign link', () => plug('wifi', false), 1500);
    await look('divided');
    await event('two foreign links', () => plug('wifi', true), 1000);
    await event('prefers home', () => router.command('prefer', 'dock1'), 1000);
    await look('home preferred');
    await event('prefers lte', () => router.command('prefer', 'lte'), 1000);
    await router.command('prefer', '--none');
  }
  await event('second interface', () => plug('dock2', true), 1000);
  await event('first interface goes', () => plug('dock1', false), 2500);
  await look('home by the other');
  await event('leaves', () => plug('dock2', false), 3000);
  await alive('lte', 'wifi');
  await look('away again');

  // Figure 7 of the draft: a link of the home agent that is not the home link.
  await event('annex', () => plug('annex', true), 1000);
  await alive('lte', 'wifi', 'annex');
  await event('prefers annex', () => router.command('prefer', 'annex'), 1000);
  await look('annex');
  await event('prefers wifi', () => router.command('prefer', 'wifi'), 1000);
  await look('wifi');
  await event('prefers none', () => router.command('prefer', '--none'), 1000);

  await look('lte');
  record('transfer', { report: await transfer.stop() });
  for (const [name, echo] of echoes) record(name, { report: await echo.stop() });
  await compare([router, anchor]);
  for (const daemon of [router, anchor]) await daemon.process!.stop();
});
