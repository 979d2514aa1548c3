/**
 * The main network without kedge: what a link's carrier and silence do, that an ip6tnl made by hand carries traffic both
 * ways, and that the access routers filter.
 */
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Echo, startServers } from '../inside/traffic.ts';

/** The bidirectional tunnel of RFC 3963 §7, as a person would make it over one uplink. */
async function tunnelOver(network: Network, careOf: string): Promise<void> {
  await network.ip(
    'router',
    `link add home type ip6tnl mode any local ${careOf} remote ${MAIN.anchor} encaplimit none`,
    'link set home up',
    `rule add from ${MAIN.mobileNetworkPrefix} priority 100 lookup 100`,
    'route add default dev home table 100',
    `rule add to ${MAIN.mobileNetworkPrefix} priority 90 lookup main`,
  );
  await network.ip(
    'anchor',
    `link add mr type ip6tnl mode any local ${MAIN.anchor} remote ${careOf} encaplimit none`,
    'link set mr up',
    `route add ${MAIN.mobileNetworkPrefix} dev mr`,
  );
}

async function carriers(network: Network): Promise<Record<string, boolean>> {
  const up = async (host: string): Promise<boolean> =>
    !(await network.run(host, ['ip', 'link', 'show', 'lte'])).includes('NO-CARRIER');
  return { router: await up('router'), gateway: await up('lte-gw') };
}

scenario(mainTopology(), async network => {
  await startServers(network, 'peer');
  await tunnelOver(network, MAIN.lteCareOf);
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();
  await sleep(1000);
  record('running', { report: await echo.report() });

  const link = network.link('lte');
  await link.carrier('near', false);
  record('carrier-lost', await carriers(network));
  await sleep(495);
  await link.carrier('near', true);
  await sleep(1500);
  record('after-carrier-loss', { ...(await carriers(network)), report: await echo.report() });

  await link.silence('toNear');
  record('silent', await carriers(network));
  await sleep(300);
  await link.restore();
  await sleep(1500);
  record('after-silence', { report: await echo.report() });

  await link.impair('both', { loss: 10 });
  await sleep(10_000);
  await link.restore();
  record('lossy', { report: await echo.stop() });

  // A packet with the LAN's address on the bare uplink must not get through.
  await network.ip(
    'router',
    'rule add from all priority 50 lookup 50',
    `route add ${MAIN.peer} via 2001:db8:a::1 table 50`,
  );
  const bare = await new Echo(network, 'lan', MAIN.peer, { count: 10 }, 'echo-bare').result();
  record('bare', { report: bare, filtered: await network.run('lte-gw', ['nft', 'list', 'ruleset']) });
});
