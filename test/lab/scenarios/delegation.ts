/** A router without a prefix of its own: it gets one from its anchor, keeps it, and gets another one. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

/** The prefix that the anchor gives to the router later on. */
const OTHER = '2001:db8:102::/64';
const LIFETIME = 240;
const ECHO_INTERVAL = 50;
/** A quarter of the lifetime, and a second. */
const RENEWAL = 61_000;

interface Status {
  readonly mobileRouter: {
    readonly prefixes: readonly string[];
    readonly delegation: { readonly state: string; readonly complaint: string | null };
  };
}

const peer = ["option delegation '1'"];
const anchorOf = (prefix: string): string =>
  anchorConfig({ peer, probe: 'normal', anchor: [`option delegation_lifetime '${LIFETIME}'`] }).replace(
    MAIN.mobileNetworkPrefix,
    prefix,
  );

scenario(watching(['lte', 'wifi', 'home'], mainTopology({ capture: 400 })), async network => {
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorOf(MAIN.mobileNetworkPrefix));
  const withoutPrefix = routerConfig({ probe: 'normal' }).replace(
    /\tlist prefix .*/,
    "\toption delegation '1'",
  );
  const router = new Kedge(network, 'router', withoutPrefix);
  const bound = (prefix: string) =>
    router.until<Status>(
      ({ mobileRouter: { prefixes, delegation } }) => delegation.state === 'bound' && prefixes[0] === prefix,
    );
  const restart = async (daemon: Kedge): Promise<void> => {
    await daemon.kill();
    await sleep(500);
    daemon.start();
  };

  router.start();
  await sleep(2000);
  record('alone', { text: await router.command('status') });
  anchor.start();
  await bound(MAIN.mobileNetworkPrefix);
  await settled(router, 'lte');
  const echo = new Echo(network, 'lan', MAIN.peer, { interval: ECHO_INTERVAL });
  await echo.first();
  record('bound', { text: await router.command('status') });

  await event('carrier loss', () => network.link('lte').carrier('near', false), 1000);
  await event('carrier return', () => network.link('lte').carrier('near', true), 3000);
  await event('restart of the router', () => restart(router), 3000);
  await event('restart of the anchor', () => restart(anchor), 3000);
  await event('renewal', () => sleep(RENEWAL), RENEWAL);
  record('renewed', { text: await router.command('status') });
  record('echo', { report: await echo.stop() });

  // The anchor gives another one. The router hears of it with its next registration or renewal, whichever comes first.
  anchor.writeConfig(anchorOf(OTHER));
  await anchor.command('reload');
  await sleep(RENEWAL);
  await bound(OTHER);
  for (const [host, address] of [
    ['router', '2001:db8:102::1/64'],
    ['lan', '2001:db8:102::100/64'],
  ] as const) {
    await network.ip(host, `address add ${address} dev lan nodad`);
  }
  await network.ip('lan', 'route replace default via 2001:db8:102::1 src 2001:db8:102::100');
  await settled(router, 'lte');
  const second = new Echo(network, 'lan', MAIN.peer, { interval: ECHO_INTERVAL }, 'echo-second');
  await second.first();
  await sleep(1000);
  record('second', { report: await second.stop(), text: await router.command('status') });
  await compare([router, anchor]);
});
