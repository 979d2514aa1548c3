/** A while on the road, for the LuCI pages: what a router's daemon and its anchor answer to the calls that pages make. */
import { sleep } from '../inside/clock.ts';
import { anchorText, KEY, SPI } from '../inside/configuration.ts';
import { Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { type Interface, OpenWrt } from '../inside/openwrt.ts';
import { LABTOOL } from '../inside/process.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { type RouterStatus, settled } from '../inside/stage.ts';
import { Echo } from '../inside/traffic.ts';

/** A second mobile network on the same uplinks. */
const CARGO = { name: 'cargo', homeAddress: '2001:db8:100::20', prefixes: ['2001:db8:102::/64'] };
const FLOWS = `config flow 'calls'
	list mobile_router 'vessel'
	list dscp 'ef'
	list uplink 'wifi'
	list uplink 'lte'
	option quality '1'

config flow 'camera'
	list mobile_router 'vessel'
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
	list mobile_router 'vessel'
	list dest_port '443'
	list dest_port '8080-8089'
	option action 'balance'
	list uplink 'lte 70'
	list uplink 'wifi 30'
`;
const SECOND_NETWORK = `
config mobile_router '${CARGO.name}'
	option home_address '${CARGO.homeAddress}'
	list home_agent '${MAIN.anchor}'
	list prefix '${CARGO.prefixes[0]}'
	option probe 'normal'
	option quality 'off'
	option spi '${SPI}'
	option key '${KEY}'
`;
const ANCHOR = anchorText({
  address: MAIN.anchor,
  peers: [{ name: 'vessel', homeAddress: MAIN.homeAddress, prefixes: [MAIN.mobileNetworkPrefix] }, CARGO],
  probe: 'normal',
});
const MINUTE = 60_000;
const SPANS = [900, 7200, 86_400] as const;
const WAN: Interface = { interface: 'wan', up: true, proto: 'dhcpv6', l3_device: 'lte' };
const WWAN: Interface = { interface: 'wwan', up: true, proto: 'qmi', l3_device: 'wifi' };
const AS_LUCI = { ubus_rpc_session: '00000000000000000000000000000000' };

scenario(mainTopology({ capture: false }), async network => {
  /** 1: a quarter of an hour. */
  const { pace } = parameters<{ pace: number }>();
  const sections = FLOWS + SECOND_NETWORK;
  const config = routerConfig({ probe: 'normal', router: ["option quality 'off'"], sections })
    .replace("option device 'lte'", "option interface 'wan'")
    .replace("option device 'wifi'", "option interface 'wwan'");
  const buses = [await OpenWrt.start(network, 'router'), await OpenWrt.start(network, 'anchor')];
  const [bus, anchorBus] = buses as [OpenWrt, OpenWrt];
  const anchor = new Kedge(network, 'anchor', ANCHOR, ['--ubus', anchorBus.socket]);
  const router = new Kedge(network, 'router', config, ['--ubus', bus.socket]);
  anchor.start();
  router.start();
  bus.tell([WAN, WWAN]);
  await settled(router, 'lte', 20_000);
  await bus.call('prefer', { uplink: 'wifi', router: CARGO.name, ...AS_LUCI });

  const stream = (name: string, port: number, options: object) =>
    new Echo(network, 'lan', MAIN.peer, { port, ...options }, name);
  for (const port of [5060, 8554, 443, 9000]) {
    const server = network.start('peer', `server-${port}`, [LABTOOL, 'echo-server', `${port}`]);
    await server.nextEvent('listening');
  }
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

  stream('calls', 5060, { interval: 2000, size: 160, class: 0xb8 });
  stream('camera', 8554, { interval: 4000, size: 1000 });
  stream('shared', 443, { interval: 2000, size: 900, flows: 10, from: 20_000 });
  stream('rest', 9000, { interval: 1000, size: 1200 });
  await drive(5 * pace, 0);
  await network.link('lte').carrier('near', false);
  await carriedBy('wifi');
  await drive(1.5 * pace, 10);
  await network.link('lte').carrier('near', true);
  await carriedBy('lte');
  await drive(4 * pace, 20);
  await bus.call('prefer', { uplink: 'wifi', router: 'vessel', ...AS_LUCI });
  await drive(2 * pace, 30);
  await bus.call('prefer', { uplink: '', router: 'vessel', ...AS_LUCI });
  await drive(3 * pace, 40);

  /** All that a page may ask, and what `prefer` said. */
  const note = async (name: string, preferred = {}, from = bus) => {
    const ask = async (method: string, given = {}) => [
      `${method} ${JSON.stringify(given)}`,
      await from.call<object>(method, { ...given, ...AS_LUCI }),
    ];
    const asked = [await ask('status'), await ask('flows')];
    for (const span of SPANS) {
      for (const each of ['vessel', CARGO.name]) asked.push(await ask('history', { span, router: each }));
    }
    record(name, { answers: Object.fromEntries(asked), preferred });
  };
  await note('driving');
  await note('anchor', {}, anchorBus);
  const preferred = await bus.call<object>('prefer', { uplink: 'wifi', router: 'vessel', ...AS_LUCI });
  await carriedBy('wifi');
  await note('preferred', preferred);
  await network.link('wifi').silence();
  await carriedBy('lte');
  await note('silent');
  record('configuration', { text: config });

  /** Packets of each flow while a stream of 50 goes that `calls` and `camera` both fit. */
  const counted = async (): Promise<Record<string, number>> => {
    const count = async () => {
      const { flows }: { flows: { rule: string; node: string; packets: number }[] } = JSON.parse(
        await router.command('flows', '--json'),
      );
      return flows.filter(({ node }) => node === 'vessel');
    };
    const before = await count();
    await stream('both', 8554, { interval: 100, size: 400, class: 0xb8, count: 50 }).result();
    const after = await count();
    return Object.fromEntries(
      after.map(({ rule, packets }, index) => [rule, packets - before[index]!.packets]),
    );
  };
  const asConfigured = await counted();
  const [calls, camera] = FLOWS.split(/\n(?=config)/) as [string, string];
  const reordered = config.replace(`${calls}\n${camera}`, `${camera}\n${calls}`);
  router.writeConfig(reordered);
  await router.command('reload');
  await sleep(2000);
  record('order', { asConfigured, reordered, asReordered: await counted() });
});
