/** A router comes home with one interface and with two, and leaves again, with traffic all the way. */
import { sleep } from '../inside/clock.ts';
import {
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
import { Echo, startServers } from '../inside/traffic.ts';

const { at, binding } = parameters<{
  at: 'return' | 'stay-away' | 'both';
  binding: 'proxy' | 'direct' | 'none';
}>();
const WATCHED = ['lte', 'wifi', 'dock1', 'dock2', 'desk', 'annex'];

scenario(watching(WATCHED, dockTopology()), async network => {
  await buildDock(network);
  await startServers(network, 'peer');
  await startServers(network, 'neighbor');
  const anchor = new Kedge(network, 'anchor', dockAnchorConfig(`option home_binding '${binding}'`));
  const router = new Kedge(network, 'router', dockRouterConfig(`option at_home '${at}'`));
  const carriedBy = (uplink: string) =>
    router.until<RouterStatus>(({ mobileRouter }) => mobileRouter.active.uplink === uplink);
  const aliveOver = (...names: string[]) =>
    router.until<RouterStatus>(
      ({ mobileRouter: { uplinks } }) =>
        uplinks.filter(({ path }) => path?.state === 'alive').every(({ name }) => names.includes(name)) &&
        names.every(name => uplinks.find(uplink => uplink.name === name)?.path?.state === 'alive'),
    );
  const plug = (link: string, up: boolean) => network.link(link).carrier('near', up);
  const look = async (what: string) => {
    record('look', {
      what,
      bindings: await anchor.command('bindings'),
      status: await router.command('status'),
      devices: await network.run('router', ['ip', '-br', 'link']),
      addresses: await network.run('router', ['ip', '-6', '-br', 'address']),
      neighbor: await network.run('neighbor', ['ip', '-6', 'neigh', 'show', MAIN.homeAddress]),
      proxies: await network.run('anchor', ['ip', '-6', 'neigh', 'show', 'proxy']),
    });
  };

  anchor.start();
  router.start();
  await carriedBy('lte');
  await aliveOver('lte', 'wifi');
  const echoes = [
    ['echo', new Echo(network, 'lan', MAIN.peer)],
    ['echo neighbor', new Echo(network, 'router', DOCK.neighbor, { source: MAIN.homeAddress })],
  ] as const;
  for (const [, echo] of echoes) await echo.first();
  await sleep(500);
  await look('away');

  await event('comes home', () => plug('dock1', true), 4000);
  await look('home');
  if (at === 'both') {
    await event('prefers home', () => router.command('prefer', 'dock1'), 1500);
    await look('home preferred');
    await event('prefers lte', () => router.command('prefer', 'lte'), 1500);
    await router.command('prefer', '--none');
  }
  await event('second interface', () => plug('dock2', true), 2000);
  await look('home twice');
  await event('first interface goes', () => plug('dock1', false), 4000);
  await look('home by the other');
  await event('leaves', () => plug('dock2', false), 4000);
  await carriedBy('lte');
  await aliveOver('lte', 'wifi');
  await look('away again');
  await event('annex', () => plug('annex', true), 3000);
  await aliveOver('lte', 'wifi', 'annex');
  await event('prefers annex', () => router.command('prefer', 'annex'), 1500);
  await look('annex');
  await event('prefers none', () => router.command('prefer', '--none'), 1500);

  for (const [name, echo] of echoes) record(name, { report: await echo.stop() });
  await compare([router, anchor]);
  await router.process!.stop();
  await anchor.process!.stop();
});
