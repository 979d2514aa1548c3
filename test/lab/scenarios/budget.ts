/** The uplink in use has a small monthly budget: used up, after a crash, after an orderly end, closed, and renewed. */
import { sleep } from '../inside/clock.ts';
import { routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage } from '../inside/stage.ts';

const SIGHUP = 1;
/** Milliseconds until the budget is used up, and that is known. */
const USED_UP = 30_000;
const config = (...lines: string[]) =>
  routerConfig().replace("\toption device 'lte'\n", `$&${lines.map(line => `\toption ${line}\n`).join('')}`);

interface BudgetStatus {
  readonly mobileRouter: {
    readonly active: { readonly uplink: string; readonly reason: string };
    readonly uplinks: readonly {
      readonly state: string;
      readonly budget: { readonly used: number } | null;
    }[];
  };
}

scenario(mainTopology({ capture: false }), async network => {
  const stage = await Stage.set(network, {}, { interval: 20 });
  const { router } = stage;
  const reload = async (...lines: string[]): Promise<void> => {
    router.writeConfig(config(...lines));
    router.process!.kill(SIGHUP);
    await sleep(500);
  };
  const tell = async (what: string): Promise<void> => {
    const text = await network.run('router', ['cat', '/proc/net/dev']);
    const counters = /lte:\s*(\d+)(?:\s+\d+){7}\s+(\d+)/.exec(text)!;
    const { active, uplinks } = (await router.status<BudgetStatus>()).mobileRouter;
    record('seen', {
      what,
      active: active.uplink,
      reason: active.reason,
      state: uplinks[0]!.state,
      used: uplinks[0]!.budget?.used,
      carried: Number(counters[1]) + Number(counters[2]),
      bindings: (await stage.anchor.command('bindings')).trim().split('\n').length - 1,
    });
  };

  await reload("budget '200k'");
  await tell('fresh');
  // Asking for the status all the time costs more than all the rest.
  await stage.event('budget used up', () => sleep(USED_UP), USED_UP);
  await tell('used up');
  record('why', { text: await router.command('why', '2001:db8:101::2', MAIN.peer) });
  await stage.event(
    'killed',
    async () => {
      await router.kill();
      router.start();
    },
    2000,
  );
  await tell('restarted');
  await stage.event('closed', () => reload("budget '200k'", "over_budget 'off'"), 2000);
  await tell('closed');
  await stage.event('larger', () => reload("budget '1G'"), 3000);
  await tell('larger');

  await stage.event(
    'stopped',
    async () => {
      await router.process!.stop();
      await network.run('router', ['rm', '-r', router.runDirectory]);
      router.writeConfig(config("budget '200k'"));
      router.start();
      await stage.carriedBy('wifi');
    },
    4000,
  );
  await tell('without its journal');
  record('file', { text: await network.run('router', ['cat', `${router.stateDirectory}/budgets`]) });
  await stage.finish();
});
