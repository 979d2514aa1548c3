/** A while on the road, for the LuCI pages: what a router's daemon and its anchor answer to the calls that pages make. */
import { sleep } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { type Interface, OpenWrt } from '../inside/openwrt.ts';
import { LABTOOL } from '../inside/process.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { type RouterStatus, settled } from '../inside/stage.ts';
import { Echo } from '../inside/traffic.ts';

const FLOWS = `config flow 'calls'
	list dscp 'ef'
	list uplink 'wifi'
	list uplink 'lte'
	option quality '1'

config flow 'camera'
	list proto 'udp'
	list dest_port '8554'
	option action 'replicate'
	list uplink 'lte'
	list uplink 'wifi'

config flow 'updates'
	list dest_port '80'
	list uplink 'wifi'
	option only '1'

config flow 'shared'
	list dest_port '443'
	list dest_port '8080-8089'
	option action 'balance'
	list uplink 'lte 70'
	list uplink 'wifi 30'
`;
const MINUTE = 60_000;
const SPANS = [900, 7200, 86_400] as const;
const WAN: Interface = { interface: 'wan', up: true, proto: 'dhcpv6', l3_device: 'lte' };
const WWAN: Interface = { interface: 'wwan', up: true, proto: 'qmi', l3_device: 'wifi' };
const AS_LUCI = { ubus_rpc_session: '00000000000000000000000000000000' };

scenario(mainTopology({ capture: false }), async network => {
  /** 1: a quarter of an hour. */
  const { pace } = parameters<{ pace: number }>();
  const config = routerConfig({ probe: 'normal', router: ["option quality 'off'"], sections: FLOWS })
    .replace("option device 'lte'", "option interface 'wan'")
    .replace("option device 'wifi'", "option interface 'wwan'");
  const buses = [await OpenWrt.start(network, 'router'), await OpenWrt.start(network, 'anchor')];
  const [bus, anchorBus] = buses as [OpenWrt, OpenWrt];
  const anchor = new Kedge(network, 'anchor', anchorConfig({ probe: 'normal' }), [
    '--ubus',
    anchorBus.socket,
  ]);
  const router = new Kedge(network, 'router', config, ['--ubus', bus.socket]);
  anchor.start();
  router.start();
  bus.tell([WAN, WWAN]);
  await settled(router, 'lte', 20_000);

  const stream = async (name: string, port: number, options: object) => {
    const server = network.start('peer', `server-${name}`, [LABTOOL, 'echo-server', `${port}`]);
    await server.nextEvent('listening');
    new Echo(network, 'lan', MAIN.peer, { port, ...options }, name);
  };
  const carriedBy = (uplink: string) =>
    router.until<RouterStatus>(({ mobileRouter }) => mobileRouter.active.uplink === uplink, 20_000);
  /** Ways that are of different length from time to time, as they are on the road. */
  const drive = async (minutes: number, seed: number) => {
    for (let half = 0; half < Math.round(4 * minutes); half++) {
      const delay = (base: number, period: number) =>
        Math.round(base * (1 + 0.4 * Math.sin((seed + half) / period)));
      await network.link('lte').impair('both', { delay: delay(20, 1.7), loss: half % 8 === 5 ? 2 : 0 });
      await network.link('wifi').impair('both', { delay: delay(30, 2.9), loss: half % 11 === 7 ? 3 : 0 });
      await sleep(MINUTE / 4);
    }
  };

  await stream('calls', 5060, { interval: 2000, size: 160, class: 0xb8 });
  await stream('camera', 8554, { interval: 4000, size: 1000 });
  await stream('shared', 443, { interval: 2000, size: 900, flows: 10, from: 20_000 });
  await stream('rest', 9000, { interval: 1000, size: 1200 });
  await drive(5 * pace, 0);
  await network.link('lte').carrier('near', false);
  await carriedBy('wifi');
  await drive(1.5 * pace, 10);
  await network.link('lte').carrier('near', true);
  await carriedBy('lte');
  await drive(4 * pace, 20);
  await bus.call('prefer', { uplink: 'wifi', ...AS_LUCI });
  await drive(2 * pace, 30);
  await bus.call('prefer', { uplink: '', ...AS_LUCI });
  await drive(3 * pace, 40);

  /** All that a page may ask, and what `prefer` said. */
  const note = async (name: string, preferred = {}, from = bus) => {
    const ask = async (method: string, given = {}) => [
      `${method} ${JSON.stringify(given)}`,
      await from.call<object>(method, { ...given, ...AS_LUCI }),
    ];
    const asked = [await ask('status'), await ask('flows')];
    for (const span of SPANS) asked.push(await ask('history', { span }));
    record(name, { answers: Object.fromEntries(asked), preferred });
  };
  await note('driving');
  await note('anchor', {}, anchorBus);
  const preferred = await bus.call<object>('prefer', { uplink: 'wifi', ...AS_LUCI });
  await carriedBy('wifi');
  await note('preferred', preferred);
  await network.link('wifi').silence();
  await carriedBy('lte');
  await note('silent');
  record('configuration', { text: config });
});
