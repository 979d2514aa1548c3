/**
 * Everything that kedge owns in the router's kernel, after others have spoilt it one thing after the other, and the
 * care-of address has changed. What counts as the same: rules, routes and tunnels, without the numbers of devices.
 */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const OWN = ['protocol', '135'];

async function ownState(network: Network, host: string): Promise<string[]> {
  const lines = async (...words: string[]): Promise<string[]> =>
    (await network.run(host, ['ip', '-6', ...words])).split('\n').map(line => line.trim());
  const tunnels = await lines('-o', '-d', 'tunnel', 'show');
  return [
    ...(await lines('rule', 'show', ...OWN)),
    ...(await lines('route', 'show', 'table', 'all', ...OWN)),
    ...(await lines('address', 'show', 'dev', 'lo', 'scope', 'global')).filter(line =>
      line.startsWith('inet6'),
    ),
    ...tunnels.filter(line => line.startsWith('kdg-')),
  ]
    .filter(line => line !== '')
    .sort();
}

scenario(mainTopology(), async network => {
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const router = new Kedge(network, 'router', routerConfig());
  anchor.start();
  router.start();
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();
  await sleep(2000);
  record('before', { router: await ownState(network, 'router'), anchor: await ownState(network, 'anchor') });

  const vandalism: readonly (readonly string[])[] = [
    ['link', 'delete', 'kdg-wifi'],
    ['rule', 'delete', 'priority', '920', 'from', MAIN.homeAddress],
    ['route', 'flush', 'table', '7102'],
    ['link', 'set', 'kdg-wifi', 'mtu', '1300'],
    ['address', 'delete', `${MAIN.homeAddress}/128`, 'dev', 'lo'],
    ['route', 'add', '2001:db8:dead::/48', 'dev', 'lte', ...OWN],
  ];
  for (const words of vandalism) {
    await network.run('router', ['ip', '-6', ...words]);
    await sleep(2000);
  }
  record('after', { router: await ownState(network, 'router'), report: await echo.report() });

  await network.run('router', ['ip', '-6', 'address', 'add', '2001:db8:b::3/64', 'dev', 'wifi', 'nodad']);
  await sleep(2000);
  record('renumbered', {
    router: await ownState(network, 'router'),
    anchor: await ownState(network, 'anchor'),
  });

  await network.run('router', ['ip', '-6', 'route', 'add', '2001:db8:2::/64', 'dev', 'kdg-lte']);
  await network.run('router', ['ip', '-6', 'address', 'add', '2001:db8:bad::1/128', 'dev', 'lo']);
  const forged = ['ping', '-c', '3', '-i', '0.2', '-W', '1', '-I', '2001:db8:bad::1', MAIN.peer];
  await network.run('router', ['sh', '-c', `${forged.join(' ')} || true`]);
  record('forged', {
    filter: await network.run('anchor', ['nft', 'list', 'chain', 'inet', 'kedge', 'from_tunnel']),
  });

  record('diff', { text: await router.command('diff') });
  record('echo', { report: await echo.stop() });
});
