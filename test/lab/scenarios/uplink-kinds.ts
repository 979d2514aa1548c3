/**
 * Uplinks that are no plain Ethernet: a point-to-point device without next hop (as PPPoE's and a modem's are), a VLAN on the
 * same access link, and a bridge. They come up one by one after kedge, the last one first.
 */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, settled } from '../inside/stage.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const VLAN = '2001:db8:a:8::';
/** Both ends of the link to the access router of `lte`, by their number. */
const access = (own: number, peer: number): string[] => [
  'link add link lte name vlan7 type vlan id 7',
  `address add fd07::${own}/64 dev vlan7 nodad`,
  'link set vlan7 up',
  `link add ppp type ip6gre local fd07::${own} remote fd07::${peer} encaplimit none`,
  'link add link lte name vlan8 type vlan id 8',
];
const PPP = [`address add ${MAIN.lteCareOf}/128 dev ppp nodad`, 'route add default dev ppp metric 1024'];

scenario(mainTopology({ capture: false }), async network => {
  await startServers(network, 'peer');
  const bare = (device: string) => [`route flush dev ${device}`, `address flush dev ${device} scope global`];
  await network.ip('router', ...bare('lte'), ...access(2, 1));
  await network.ip(
    'lte-gw',
    'address flush dev lte scope global',
    ...access(1, 2),
    'link set ppp up',
    `route add ${MAIN.lteCareOf}/128 dev ppp`,
    'link set vlan8 up',
    `address add ${VLAN}1/64 dev vlan8 nodad`,
  );
  await network.ip('core', `route add ${VLAN}/64 via 2001:db8:ca::2`);
  await network.ip('router', ...bare('wifi'), 'link add bridge type bridge', 'link set wifi master bridge');

  const anchor = new Kedge(network, 'anchor', anchorConfig());
  const router = new Kedge(network, 'router', routerConfig({ uplinks: ['ppp', 'vlan8', 'bridge'] }));
  anchor.start();
  router.start();
  const carriedBy = (uplink: string) =>
    router.until<RouterStatus>(({ mobileRouter }) => mobileRouter.active.uplink === uplink, 20_000);
  await sleep(1000);
  await network.ip(
    'router',
    'link set bridge up',
    `address add ${MAIN.wifiCareOf}/64 dev bridge nodad`,
    'route add default via 2001:db8:b::1 dev bridge metric 1026',
  );
  await carriedBy('bridge');
  const echo = new Echo(network, 'lan', MAIN.peer);
  await echo.first();
  await event('vlan comes', async () => {
    await network.ip(
      'router',
      'link set vlan8 up',
      `address add ${VLAN}2/64 dev vlan8 nodad`,
      `route add default via ${VLAN}1 dev vlan8 metric 1025`,
    );
    await carriedBy('vlan8');
  });
  const dial = () => network.ip('router', 'link set ppp up', ...PPP);
  await event('first dial', async () => {
    await dial();
    await settled(router, 'ppp');
  });
  record('bindings', { text: await anchor.command('bindings') });

  await event('ppp hangs up', () => network.ip('router', 'link set ppp down'));
  record('status', { text: await router.command('status') });
  await event('second dial', async () => {
    await dial();
    await settled(router, 'ppp');
  });
  // The VLAN hears of it at once; the point-to-point device has no carrier to lose.
  await event('cable of both', () => network.link('lte').carrier('near', false));
  await carriedBy('bridge');
  await event('mended', async () => {
    await network.link('lte').carrier('near', true);
    await settled(router, 'ppp', 20_000);
  });
  await event('prefer bridge', () => router.command('prefer', 'bridge'));
  await event('port of the bridge', () => network.link('wifi').carrier('near', false));
  await carriedBy('ppp');
  record('echo', { report: await echo.stop() });
  await compare([router, anchor]);
});
