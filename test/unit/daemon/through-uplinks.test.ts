/** Mobile routers whose care-of address is the home address of another one. */
import { describe, expect, it } from 'vitest';
import type { Output, UplinkStatus } from '../../../src/engine/types.ts';
import { formatAddress } from '../../../src/wire/address.ts';
import { parseMobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { host, LTE } from './roles-host.ts';

const VAN = '2001:db8:1::1';
const BUS = '2001:db8:2::1';
const VAN_AGENT = '2001:db8:f::1';
const BUS_AGENT = '2001:db8:f::2';
const SATELLITE: UplinkStatus = { ...LTE, name: 'sat', ifindex: 4, careOfAddress: LTE.careOfAddress };
/** What the kernel shows of an uplink without a device. */
const absent = (name: string): UplinkStatus => ({
  name,
  ifindex: 0,
  carrier: false,
  careOfAddress: undefined,
  gateway: undefined,
  mtu: 1500,
});

const routers = (through: string) => `
config mobile_router 'van'
	option home_address '${VAN}'
	option home_agent '${VAN_AGENT}'
	list prefix '2001:db8:1::/48'
	option auth 'none'
config mobile_router 'bus'
	option home_address '${BUS}'
	option home_agent '${BUS_AGENT}'
	list prefix '2001:db8:2::/48'
	option auth 'none'
config uplink 'lte'
	option device 'wwan0'
	list mobile_router 'bus'
config uplink 'sat'
	option device 'sat0'
	list mobile_router 'van'
${through}`;

const VIA_BUS = "config uplink 'via_bus'\n\toption through 'bus'\n";
const VIA_VAN = "config uplink 'via_van'\n\toption through 'van'\n";
const KERNEL = [LTE, { ...SATELLITE, carrier: false }, absent('via_bus'), absent('via_van')];

const updates = (outputs: readonly Output[]) =>
  outputs.flatMap(output => {
    if (output.kind !== 'send') return [];
    const parsed = parseMobilityPacket(output.packet);
    if (!parsed.ok || parsed.value.message.kind !== 'binding-update') return [];
    const { source, destination, homeAddress, message } = parsed.value;
    const [from, to, home] = [source, destination, homeAddress!].map(formatAddress);
    return [{ from, to, home, lifetime: message.lifetime, device: output.device }];
  });

const eventTexts = (outputs: readonly Output[], name: string) =>
  outputs.flatMap(output =>
    output.kind === 'event' && output.event.name === name ? [output.event.text] : [],
  );

describe('[analysis-01 §6.3.1] [mmi-02 §4.2] the home address of one mobile router as care-of address of another one', () => {
  it('is registered as soon as that one is reached itself, and leaves by no device of its own', async () => {
    const { announce, answer } = await host(routers(VIA_BUS));
    const first = announce(...KERNEL);
    expect(updates(first).map(({ home }) => home)).toEqual([BUS]);
    expect(updates(answer(first))).toEqual([
      { from: BUS, to: VAN_AGENT, home: VAN, lifetime: 600, device: undefined },
    ]);
  });

  it('gives a tunnel within the tunnels, without rules and routes of its own', async () => {
    const { announce, answer, roles } = await host(routers(VIA_BUS));
    answer(answer(announce(...KERNEL)));
    const [van, bus] = [...roles.forwarding().values()];
    expect(van!.tunnels).toMatchObject([{ name: 'kdg-via_bus', link: 0, mtu: 1420 }]);
    expect(formatAddress(van!.tunnels[0]!.local)).toBe(BUS);
    expect(van!.rules.map(({ priority }) => priority)).toEqual([900, 920, 920]);
    expect(van!.routes.map(({ device, table }) => `${table} ${device}`)).toEqual([
      '7100 kdg-via_bus',
      '7100 undefined',
      '254 undefined',
    ]);
    expect(bus!.tunnels.map(({ name }) => name)).toEqual(['kdg-lte.2']);
    const { uplinks } = roles.reports(2000).mobileRouter!;
    expect(uplinks[1]).toMatchObject({ state: 'registered', careOfAddress: BUS, tunnel: 'kdg-via_bus' });
  });

  it('is of no use while that one is not reached', async () => {
    const { announce, answer, roles } = await host(routers(VIA_BUS));
    answer(answer(announce(...KERNEL)));
    announce({ ...LTE, carrier: false }, ...KERNEL.slice(1));
    expect(roles.reports(2000).mobileRouter!.active.uplink).toBeNull();
    expect(roles.reports(2000).mobileRouter!.uplinks[1]!.state).toBe('no-carrier');
  });

  it('[RFC 6275 §6.1.7] never in a circle: the one that is bound second waits, and says so', async () => {
    const { announce, answer, roles } = await host(routers(VIA_BUS + VIA_VAN));
    const outputs = answer(announce(...KERNEL));
    expect(updates(outputs).map(({ from, home }) => `${home} ${from}`)).toEqual([`${VAN} ${BUS}`]);
    expect(eventTexts(outputs, 'circular-reference')).toEqual([
      'via_van waits: bus cannot go through van, which goes through bus (RFC 6275 §6.1.7)',
    ]);
    answer(outputs);
    const states = () =>
      roles.reports(2000).otherMobileRouters[0]!.uplinks.map(({ name, state }) => `${name} ${state}`);
    expect(states()).toEqual(['lte registered', 'via_van no-carrier']);
    // Both uplinks change their parts: the binding of the first one ends before the second one's begins.
    const swapped = [{ ...LTE, carrier: false }, SATELLITE, ...KERNEL.slice(2)];
    const said = announce(...swapped);
    expect(updates(said)).toMatchObject([
      { home: VAN, from: '2001:db8:a::2' },
      { home: VAN, lifetime: 0 },
    ]);
    const after = answer(said);
    const registrations = updates(after).filter(({ lifetime }) => lifetime > 0);
    expect(registrations).toMatchObject([{ home: BUS, from: VAN, device: undefined }]);
    expect(eventTexts(after, 'circular-reference')).toContain(
      'via_van waits no longer: van does not go through bus any more',
    );
    answer(after);
    expect(states()).toEqual(['lte no-carrier', 'via_van registered']);
  });
});
