/** A flow that is bound to another uplink than the rest is moved by policy and by failures, with traffic both ways; and what belongs to it. */
import { sleep } from '../inside/clock.ts';
import { routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { LABTOOL } from '../inside/process.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, settled, type Uplink, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const SIGHUP = 1;
const PORT = 7001;
/** Of wifi, after a handover. */
const NEW_CARE_OF = '2001:db8:b::3';
const ALL_BY_WIFI = "config flow 'everything'\n\tlist uplink 'wifi'\n";

const calls = (uplink: Uplink): string =>
  `config flow 'calls'\n\tlist proto 'udp'\n\tlist dest_port '${PORT}'\n\tlist uplink '${uplink}'\n\n`;

interface FlowStatus {
  readonly mobileRouter?: {
    readonly flowBindings: readonly { readonly state: string; readonly bids: readonly number[] }[];
  };
  readonly homeAgent?: { readonly nodes: readonly { readonly flowBindings: readonly object[] }[] };
}

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 0 })), async network => {
  const server = network.start('peer', 'calls-server', [LABTOOL, 'echo-server', `${PORT}`]);
  await server.nextEvent('listening');
  const stage = await Stage.set(network, { sections: calls('wifi') });
  const { router, anchor } = stage;
  const bound = (bid: number) =>
    router.until<FlowStatus>(({ mobileRouter }) => {
      const [flow] = mobileRouter?.flowBindings ?? [];
      return flow?.state === 'accepted' && flow.bids.join() === `${bid}`;
    });
  /** Which uplink carries the flow for a second from now on, when all is calm. */
  const calm = async (carrier: Uplink): Promise<void> => {
    await bound(carrier === 'lte' ? 1 : 2);
    await sleep(300);
    const from = Date.now();
    await sleep(1000);
    const { mobileRouter } = await router.status<FlowStatus>();
    const { homeAgent } = await anchor.status<FlowStatus>();
    const node = homeAgent?.nodes[0]?.flowBindings;
    record('calm', { carrier, from, to: from + 1000, router: mobileRouter?.flowBindings, anchor: node });
  };
  const reload =
    (uplink: Uplink, more = '') =>
    async () => {
      router.writeConfig(routerConfig({ sections: calls(uplink) + more }));
      router.process!.kill(SIGHUP);
    };
  const watch = async (what: string, act: () => Promise<object>): Promise<void> => {
    const from = Date.now();
    const report = await act();
    record('watched', { what, from, to: Date.now(), report });
  };

  await bound(2);
  const echo = new Echo(network, 'lan', MAIN.peer, { port: PORT }, 'calls');
  await echo.first();
  await calm('wifi');
  await stage.event('policy: to lte', reload('lte'), 1500);
  await calm('lte');
  await stage.event('policy: to wifi', reload('wifi'), 1500);
  await calm('wifi');
  await stage.event('carrier', () => network.link('wifi').carrier('near', false));
  await calm('lte');
  await stage.event('return', () => network.link('wifi').carrier('near', true), 2000);
  await calm('wifi');
  await stage.event(
    'anchor killed',
    async () => {
      await anchor.kill();
      anchor.start();
    },
    2000,
  );
  await calm('wifi');
  await stage.event(
    'router killed',
    async () => {
      await router.kill();
      router.start();
    },
    2000,
  );
  await calm('wifi');
  await stage.event(
    'handover',
    () =>
      watch('handover', async () => {
        await network.ip('router', `address delete ${MAIN.wifiCareOf}/64 dev wifi`);
        await sleep(1000);
        await network.ip('router', `address add ${NEW_CARE_OF}/64 dev wifi nodad`);
        return {};
      }),
    2500,
  );
  await calm('wifi');

  await startServers(network, 'lan');
  await watch('own', () =>
    new Echo(network, 'anchor', MAIN.lanHost, { from: PORT, count: 20, settle: 300 }, 'own').result(),
  );
  await watch('fragments', () =>
    new Echo(network, 'lan', MAIN.peer, { port: PORT, size: 3000, count: 40, settle: 300 }, 'big').result(),
  );
  await stage.event('everything by wifi', reload('wifi', ALL_BY_WIFI), 1500);
  await stage.event('registers anew', () =>
    watch('signalling', async () => {
      await network.link('lte').carrier('near', false);
      await sleep(300);
      await network.link('lte').carrier('near', true);
      await settled(router, 'lte');
      await sleep(500);
      return {};
    }),
  );
  record('calls', { report: await echo.stop() });
  await stage.finish();
});
