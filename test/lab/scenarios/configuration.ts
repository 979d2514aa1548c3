/** The configuration is wrong, changes, and goes away. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { mainTopology } from '../inside/main-topology.ts';
import { owned } from '../inside/owned.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';

const SIGHUP = 1;
const SIGTERM = 15;

const BROKEN = `
config mobile_router 'vessel'
	option home_address '2001:db8:100::zz'
	option home_agent '2001:db8:1::2'
	option prope 'fast'
	option spi '256'
	option key '0x0001'

config uplink 'lte'
	option priority '0'
`;

const CORRESPONDENT = `
config correspondent 'here'
	list mobile_node '2001:db8:100::77/128'
`;

/** With the identifiers stated, so that they do not move when an uplink is left out. */
const full = ['lte', 'wifi'].reduce(
  (text, uplink, index) =>
    text.replace(`device '${uplink}'`, `device '${uplink}'\n\toption bid '${index + 1}'`),
  routerConfig(),
);

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 96 })), async network => {
  const wrong = new Kedge(network, 'peer', BROKEN);
  const status = await wrong.start().exited;
  record('wrong', { status, log: wrong.log() });

  /** Whether the kernel tells the daemon in a configuration of its own what becomes of neighbours. */
  const hearsNeighbors = async (): Promise<boolean> => {
    await sleep(500);
    const table = await network.run('peer', ['cat', '/proc/net/netlink']);
    return /^\S+ +0 +\d+ +00000004 /m.test(table);
  };
  const changing = new Kedge(network, 'peer', CORRESPONDENT);
  const process = changing.start();
  const heard = [await hearsNeighbors()];
  for (const config of [routerConfig({ uplinks: ['absent'] }), CORRESPONDENT]) {
    changing.writeConfig(config);
    process.kill(SIGHUP);
    heard.push(await hearsNeighbors());
  }
  process.kill(SIGTERM);
  await process.exited;
  record('neighbors', { heard });

  const stage = await Stage.set(network);
  const { router, anchor } = stage;
  const reload = (what: string, config: string, span?: number): Promise<void> =>
    stage.event(
      what,
      async () => {
        router.writeConfig(config);
        router.process!.kill(SIGHUP);
      },
      span,
    );
  const bindings = async (when: string): Promise<void> => {
    record('bindings', { when, text: await anchor.command('bindings') });
  };

  await reload('reload broken', BROKEN);
  await stage.settled('lte');
  await reload('reload unchanged', full);
  await stage.settled('lte');
  const lowered = full.replace("option device 'lte'", "option device 'lte'\n\toption priority '90'");
  await reload('reload priority', lowered, 1500);
  await stage.settled('wifi');
  await reload('reload unchanged', routerConfig(), 1500);
  await stage.settled('lte');
  const without = (uplink: string): string =>
    full.replace(new RegExp(`config uplink '${uplink}'\n(\t.*\n)+`), '');
  await reload('reload without wifi', without('wifi'), 2000);
  await bindings('without wifi');
  await stage.settled('lte');
  await reload('reload unchanged', routerConfig(), 2000);
  await stage.settled('lte');
  await reload('reload without lte', without('lte'), 2000);
  await bindings('without lte');
  await stage.settled('wifi');
  await reload('reload unchanged', routerConfig(), 2000);
  await stage.settled('lte');
  await bindings('both');

  await stage.event('flush', () => network.run('router', ['nft', 'flush', 'ruleset']));
  await reload('reload after flush', full);
  record('flushed', { owned: await owned(network, 'router') });
  await stage.compare();

  await stage.event(
    'stop router',
    async () => {
      // Without kedge there is nothing to keep the LAN's packets from the bare uplinks.
      await network.link('lan').carrier('near', false);
      router.process!.kill(SIGTERM);
      await sleep(1000);
      await bindings('stopped');
      record('stopped', { status: await router.process!.exited, owned: await owned(network, 'router') });
      router.start();
      await sleep(1000);
      await network.link('lan').carrier('near', true);
    },
    3000,
  );
  await stage.settled('lte');
  await stage.event(
    'stop anchor',
    async () => {
      anchor.process!.kill(SIGTERM);
      await anchor.process!.exited;
      record('stopped', { status: 0, owned: await owned(network, 'anchor') });
      anchor.writeConfig(anchorConfig());
      anchor.start();
    },
    3000,
  );
  await stage.settled('lte', 3000);
  await stage.finish();
});
