/** SIGKILL to each of the four processes, with all uplinks alive and with one of them dead, and a restart. */
import { sleep } from '../inside/clock.ts';
import type { Kedge } from '../inside/kedge.ts';
import { mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';

/** As procd waits before it starts a service again, roughly. Milliseconds. */
const RESPAWN = 1000;

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 96 })), async network => {
  const stage = await Stage.set(network);
  const { router, anchor } = stage;

  /** Names, indexes and ends of all tunnels: another one, or one made anew, would show. */
  const tunnels = async (host: string): Promise<string[]> => {
    const text = await network.run(host, ['ip', '-o', 'link', 'show', 'type', 'ip6tnl']);
    return [...text.matchAll(/^(\d+: kdg-[^:]+):.* peer ([0-9a-f:]+)/gm)].map(
      match => `${match[1]} ${match[2]}`,
    );
  };
  const kill = async (name: string, daemon: Kedge, what: 'helper' | 'script'): Promise<void> => {
    await stage.event(
      `kill ${name}`,
      async () => {
        await daemon.kill(what);
        await sleep(RESPAWN);
        daemon.start();
      },
      RESPAWN + 2500,
    );
    await stage.compare();
  };
  const round = async (state: string): Promise<void> => {
    record('tunnels', { router: await tunnels('router'), anchor: await tunnels('anchor') });
    for (const daemon of [router, anchor]) {
      for (const what of ['helper', 'script'] as const) {
        await kill(`${daemon.host} ${what} ${state}`, daemon, what);
        record('tunnels', { router: await tunnels('router'), anchor: await tunnels('anchor') });
      }
    }
  };

  await round('with both uplinks');
  await stage.event('silence lte', () => network.link('lte').silence());
  await round('with lte dead');
  await stage.event('return lte', () => network.link('lte').restore());
  await stage.settled('lte');
  record('bindings', { router: await router.command('bindings'), anchor: await anchor.command('bindings') });
  await stage.finish();
});
