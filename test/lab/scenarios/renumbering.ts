/**
 * The home network gets another prefix, and loses the one that it had, while the router is away. The home link of the anchor
 * has a neighbour, for which the anchor is the router.
 */
import { now, sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

const LINK = 'dock';
const OLD = { prefix: '2001:db8:100::/64', home: MAIN.homeAddress, anchor: '2001:db8:100::1' };
const NEW = { prefix: '2001:db8:180::/64', home: '2001:db8:180::10', anchor: '2001:db8:180::1' };
/** Seconds that remain to the old prefix. The anchor tells of it at random between ten minutes and the first of them. */
const PREFERRED = 700;
const VALID = 1200;

interface Reports {
  readonly mobileRouter: {
    readonly homeAddress: string;
    readonly uplinks: readonly { readonly state: string }[];
  };
  readonly otherMobileRouters: readonly Reports['mobileRouter'][];
}

const isRegistered = (router: Reports['mobileRouter'] | undefined): boolean =>
  router?.uplinks.every(({ state }) => state === 'registered') === true;

const anchorText = (...prefixes: string[]): string =>
  anchorConfig({
    probe: 'saver',
    anchor: [`option home_link '${LINK}'`, ...prefixes.map(prefix => `list home_prefix '${prefix}'`)],
    peer: ["option renumbering '1'"],
  });

function topology(): NetworkPlan {
  const main = watching(['lte', 'wifi'], mainTopology());
  const dock = { near: { host: 'neighbour' }, far: { host: 'anchor' }, capture: false as const };
  return { hosts: { ...main.hosts, neighbour: {} }, links: { ...main.links, [LINK]: dock } };
}

scenario(topology(), async network => {
  await network.ip('anchor', `address add ${OLD.anchor}/64 dev ${LINK} nodad`);
  await startServers(network, 'peer');
  await startServers(network, 'router');
  const anchor = new Kedge(network, 'anchor', anchorText(OLD.prefix));
  const router = new Kedge(
    network,
    'router',
    routerConfig({ probe: 'saver', router: ["option renumbering 'adopt'"] }),
  );
  const look = async (name: string): Promise<void> =>
    record(name, {
      text: await router.command('status'),
      loopback: await network.run('router', ['ip', '-6', 'address', 'show', 'dev', 'lo']),
      routes: await network.run('anchor', ['ip', '-6', 'route', 'show', 'proto', '135', 'type', 'unicast']),
    });
  anchor.start();
  router.start();
  await settled(router, 'lte', 60_000);
  const lan = new Echo(network, 'lan', MAIN.peer, { interval: 5000 });
  const transfer = new Transfer(network, 'lan', MAIN.peer, { rate: 8000 });
  const old = new Echo(network, 'router', MAIN.peer, { source: OLD.home, interval: 5000 }, 'echo-old');
  await look('before');

  const begin = now();
  const until = (seconds: number) => sleep(begin + seconds * 1000 - now());
  await network.ip(
    'anchor',
    `address add ${NEW.anchor}/64 dev ${LINK} nodad`,
    `address change ${OLD.anchor}/64 dev ${LINK} preferred_lft ${PREFERRED} valid_lft ${VALID}`,
  );
  anchor.writeConfig(anchorText(OLD.prefix, NEW.prefix));
  await anchor.command('reload');
  await until(PREFERRED + 60);
  await router.until<Reports>(({ otherMobileRouters: [other] }) => isRegistered(other));
  await look('both');
  const after = new Echo(network, 'peer', NEW.home, { interval: 5000 }, 'echo-new');

  await until(VALID - 60);
  record('echo old', { report: await old.stop() });
  const fine = new Echo(network, 'lan', MAIN.peer, { interval: 50 }, 'echo-fine');
  await fine.first();
  await event('end', async () => until(VALID + 10));
  record('echo fine', { report: await fine.stop() });
  await look('after');
  record('echo lan', { report: await lan.stop() });
  record('echo new', { report: await after.stop() });
  record('transfer', { report: await transfer.stop() });
  await compare([router, anchor]);
  for (const daemon of [router, anchor]) await daemon.process?.stop(5000);
});
