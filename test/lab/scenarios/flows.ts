/** Flows of all kinds, each for a while, with all that may match them; then one by one what may happen to them. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { LABTOOL } from '../inside/process.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, settled, watching } from '../inside/stage.ts';
import { Echo, type EchoOptions, startServers } from '../inside/traffic.ts';

interface Parameters {
  /** Sections of the router, and lines of the peer section. */
  readonly sections: string;
  readonly peer?: readonly string[];
  readonly flows: readonly (EchoOptions & { readonly name: string })[];
}

/** Other software marks packets for port 7010. */
const MARKING = `table inet other {
  chain prerouting {
    type filter hook prerouting priority mangle
    udp dport 7010 meta mark set 0x42
  }
}`;

scenario(watching(['lte', 'wifi'], mainTopology({ capture: 128 })), async network => {
  const { sections, peer = [], flows } = parameters<Parameters>();
  await startServers(network, 'peer');
  for (const port of new Set(flows.map(flow => flow.port ?? 7))) {
    if (port === 7) continue;
    const server = network.start('peer', `echo-server-${port}`, [LABTOOL, 'echo-server', `${port}`]);
    await server.nextEvent('listening');
  }
  await network.run('router', ['nft', '-f', '-'], MARKING);
  const anchor = new Kedge(network, 'anchor', anchorConfig({ peer }));
  const router = new Kedge(network, 'router', routerConfig({ sections }));
  anchor.start();
  router.start();
  await settled(router, 'lte');
  await sleep(1000);
  for (const { name, ...options } of flows) {
    const echo = new Echo(network, 'lan', MAIN.peer, { interval: 10, settle: 300, ...options }, name);
    record('flow', { name, report: await echo.result() });
  }
  // What the captures still hold.
  await sleep(2000);
  record('rules', { text: await network.run('router', ['nft', 'list', 'table', 'inet', 'kedge']) });
  await compare([router, anchor]);
});
