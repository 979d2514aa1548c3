/** A router at home, in every way of draft-ietf-monami6-multiplecoa-00 §3.3 and RFC 5648 §5.5-5.6, on real kernels. */
import { expect, test } from 'vitest';
import { equalAddress, formatAddress, isUnspecified, parseAddress } from '../../src/wire/address.ts';
import { parseIcmpv6Packet } from '../../src/wire/icmpv6/icmpv6-packet.ts';
import { sourceOf } from '../../src/wire/ipv6.ts';
import type { Frame } from './pcap.ts';
import type { LabRecord, TransferReport } from './record.ts';
import { capture, destinationOf, losses, outages, playProduct } from './runner/product.ts';
import { type ScenarioResult, theRecord } from './runner/scenario.ts';

const HOME_ADDRESS = parseAddress('2001:db8:100::10')!;
/** Hardware addresses of the router's ends and of the home agent's. */
const DOCK1 = '02:00:00:00:07:01';
const DOCK2 = '02:00:00:00:08:01';
const ANCHOR = '02:00:00:00:ff:01';
const ANCHOR_OCTETS = [2, 0, 0, 0, 0xff, 1];
const NEIGHBOR = parseAddress('2001:db8:100::20')!;
const CARE_OF = ['2001:db8:a::2', '2001:db8:b::2'] as const;
const LAN = parseAddress('2001:db8:101::100')!;
const ANNEX = '2001:db8:e::2';
const TCP = 6;
const UDP = 17;
const TUNNELED = 41;
const MOBILITY = 135;
/** What comes before Binding Updates and Binding Acknowledgements abroad. */
const DESTINATION_OPTIONS = 60;
const ROUTING = 43;

interface Look extends LabRecord {
  readonly time: number;
  readonly active: string;
  readonly states: readonly string[];
  readonly bindings: string;
  readonly devices: string;
  readonly addresses: string;
  readonly groups: string;
  readonly neighbor: string;
  readonly proxies: string;
  /** The router's neighbours on `dock1`. */
  readonly gateway: string;
}

function look(result: ScenarioResult, what: string): Look {
  return result.records.find(r => r.record === 'look' && r.what === what) as unknown as Look;
}

/** The devices of the router that have the home address. */
const holders = ({ addresses }: Look): string[] =>
  addresses
    .split('\n')
    .filter(line => / 2001:db8:100::10\/128/.test(line))
    .map(line => line.split(/[@ ]/)[0]!);

/** The devices of the router that are members of the All Routers group. */
const routersOn = ({ groups }: Look): string[] =>
  groups
    .split(/^(?=\d+:)/m)
    .filter(device => /inet6 ff02::2\s/.test(device))
    .map(device => device.split(/\s+/)[1]!);

/** Milliseconds that echoes of both streams were lost for, by event; all else must be without loss. */
function outagesOf(result: ScenarioResult, what: string): number[] {
  return ['echo', 'echo neighbor'].flatMap(name => {
    const { events, otherwise } = losses(result, name);
    expect(otherwise).toBe(0);
    return outages(events, what);
  });
}

const EVENTS = [
  'comes home',
  'one foreign link',
  'two foreign links',
  'prefers home',
  'prefers lte',
  'second interface',
  'first interface goes',
  'leaves',
  'annex',
  'prefers annex',
  'prefers wifi',
  'prefers none',
];

function assertLossless(result: ScenarioResult, except: readonly string[] = []): void {
  for (const what of EVENTS.filter(name => !except.includes(name))) {
    expect(new Set(outagesOf(result, what)), what).toEqual(new Set(outagesOf(result, what).map(() => 0)));
  }
}

const between = (frames: readonly Frame[], from: Look, to: Look): Frame[] =>
  frames.filter(({ time }) => time > from.time && time < to.time);

const fromDock = ({ ethernet }: Frame): boolean => ethernet[10] === 7 && ethernet[11] === 1;

/** What the router says of the home address by neighbour discovery, or as the sender of such a message. */
function neighborMessages(frames: readonly Frame[]) {
  return frames.filter(fromDock).flatMap(({ packet, ethernet, time }) => {
    const parsed = packet[6] === 58 ? parseIcmpv6Packet(packet) : undefined;
    if (!parsed?.ok) return [];
    const { message, source } = parsed.value;
    const isOne = message.kind === 'neighbor-solicitation' || message.kind === 'neighbor-advertisement';
    return isOne ? [{ message, source, time, to: [...ethernet.subarray(0, 6)] }] : [];
  });
}

/** What is in the tunnels of a link, from the inner IPv6 header on. */
const inTunnels = (frames: readonly Frame[]): Uint8Array[] =>
  frames.filter(({ packet }) => packet[6] === TUNNELED).map(({ packet }) => packet.subarray(40));

/** The bindings at the home agent: BID and care-of address of each. */
const boundAt = ({ bindings }: Look): string[] =>
  [...bindings.matchAll(/ (\d+) +([0-9a-f:]+) /g)].map(([, bid, careOf]) => `${bid} ${careOf}`).sort();

/** multiplecoa-00, figure 7: a link of the home agent that is not the home link is a foreign link like others. */
function assertAnnex(result: ScenarioResult): void {
  const annex = look(result, 'annex');
  expect(annex.active).toBe('annex');
  expect(boundAt(annex)).toEqual([`1 ${CARE_OF[0]}`, `2 ${CARE_OF[1]}`, `5 ${ANNEX}`]);
  expect(annex.proxies).toContain('2001:db8:100::10');
  expect(annex.neighbor).toContain(ANCHOR);
  const wifi = look(result, 'wifi');
  expect(wifi.active).toBe('wifi');
  const lte = look(result, 'lte');
  expect(lte.active).toBe('lte');
  const whileActive = [
    ['annex', { time: annex.time - 900 }, annex],
    ['wifi', annex, wifi],
    ['lte', wifi, lte],
  ] as const;
  for (const [link, from, to] of whileActive) {
    const frames = capture(result, link).filter(({ time }) => time > from.time && time < to.time);
    const inner = inTunnels(frames).filter(packet => packet[6] === UDP);
    // A hundred echoes of either stream in a second, there and back.
    expect(inner.length, link).toBeGreaterThan(300);
    expect(frames.filter(({ packet }) => packet[6] === UDP)).toEqual([]);
  }
  const outer = capture(result, 'annex').filter(({ packet }) => packet[6] === TUNNELED);
  const ends = outer.map(({ packet }) => [sourceOf(packet), destinationOf(packet)].map(formatAddress).sort());
  expect(new Set(ends.map(String))).toEqual(new Set(['2001:db8:100::1,2001:db8:e::2']));
}

test('[multiplecoa-00 §3.3] [multiplecoa-00 §5.5] [RFC 6275 §11.5.5] [RFC 3963 §5.7, §5.8] [RFC 5648 §5.5.1] [RFC 6275 §11.3.1] returning home with one interface: sessions survive, no binding is left (figures 4, 6 and 7)', async context => {
  const result = await playProduct(context, 'returning-home', {
    time: 'virtual',
    params: { at: 'return', binding: 'proxy' },
  });
  assertLossless(result, ['leaves']);
  // The home agent makes sure for a second that nobody else has the home address (RFC 6275 §10.3.1).
  for (const outage of outagesOf(result, 'leaves')) expect(outage).toBeLessThanOrEqual(1200);

  const home = look(result, 'home');
  expect(home).toMatchObject({
    active: 'dock1',
    states: ['reserve', 'reserve', 'at-home', 'no-carrier', 'no-carrier'],
  });
  expect(home.bindings).toContain('no bindings');
  expect(home.devices).not.toContain('kdg-');
  expect(holders(home)).toEqual(['lo', 'dock1']);
  expect(home.neighbor).toContain(DOCK1);
  expect(home.proxies.trim()).toBe('');
  const other = look(result, 'home by the other');
  expect(holders(other)).toEqual(['lo', 'dock2']);
  expect(other.neighbor).toContain(DOCK2);
  expect(other.bindings).toContain('no bindings');
  expect(other.proxies.trim()).toBe('');
  for (const link of ['lte', 'wifi']) {
    const frames = between(capture(result, link), home, other);
    expect(frames.filter(({ packet }) => packet[6] === TUNNELED)).toEqual([]);
  }
  // What comes from a correspondent that knows no binding comes by the home link, as it is.
  const arrived = between(capture(result, 'dock1'), home, other).filter(frame => !fromDock(frame));
  const toLan = arrived.filter(({ packet }) => equalAddress(destinationOf(packet), LAN));
  expect(toLan.filter(({ packet }) => packet[6] === UDP).length).toBeGreaterThan(50);
  expect(arrived.filter(({ packet }) => packet[6] === TUNNELED)).toEqual([]);
  const away = look(result, 'away again');
  expect(holders(away)).toEqual(['lo']);
  expect(away.neighbor).toContain(ANCHOR);
  expect(theRecord<{ report: TransferReport }>(result, 'transfer').report.ok).toBe(true);
  assertAnnex(result);

  // A new binding: while the home agent tests the home address, nothing is said again.
  for (const link of ['lte', 'wifi']) {
    const abroad = between(capture(result, link), other, away);
    const { time: answered } = abroad.find(({ packet }) => packet[6] === ROUTING)!;
    const updates = abroad.filter(({ packet, time }) => packet[6] === DESTINATION_OPTIONS && time < answered);
    expect(updates, link).toHaveLength(1);
    expect(answered - updates[0]!.time).toBeGreaterThan(1000);
  }

  // Member of the All Routers group at home, not abroad; forwarding goes on.
  const uplinks = ['lte', 'wifi', 'dock1', 'dock2', 'annex'];
  const routers = [home, other, look(result, 'away'), away].map(seen =>
    routersOn(seen).filter(name => uplinks.includes(name)),
  );
  expect(routers).toEqual([['dock1'], ['dock2'], [], []]);

  // On the wire.
  const frames = capture(result, 'dock1');
  const said = frames.filter(fromDock);
  const update = said.find(({ packet }) => packet[6] === MOBILITY)!;
  expect(formatAddress(sourceOf(update.packet))).toBe('2001:db8:100::10');
  expect([...update.ethernet.subarray(0, 6)]).toEqual(ANCHOR_OCTETS);
  const messages = neighborMessages(frames);
  const before = messages.filter(({ time }) => time < update.time);
  expect(before.map(({ message, source }) => [message.kind, isUnspecified(source)])).toEqual([
    ['neighbor-solicitation', true],
  ]);
  const after = messages.filter(({ time }) => time >= update.time);
  const isOfHome = ({ message }: (typeof messages)[number]): boolean =>
    'target' in message && equalAddress(message.target, HOME_ADDRESS);
  const [answer, ...advertisements] = after.filter(
    one => isOfHome(one) && one.message.kind === 'neighbor-advertisement',
  );
  expect(answer).toMatchObject({ message: { solicited: true }, to: ANCHOR_OCTETS });
  const unsolicited = advertisements.filter(
    ({ message }) => message.kind === 'neighbor-advertisement' && !message.solicited,
  );
  expect(unsolicited).toHaveLength(3);
  // No duplicate address detection for an address that the home agent defends.
  expect(after.filter(({ source }) => isUnspecified(source))).toEqual([]);
});

test('[multiplecoa-00 §3.3] [multiplecoa-00 §5.5] [RFC 5648 §5.5.2] staying away: the interface on the home link is not used (figure 5)', async context => {
  const result = await playProduct(context, 'returning-home', {
    time: 'virtual',
    params: { at: 'stay-away', binding: 'proxy' },
  });
  assertLossless(result);
  const home = look(result, 'home');
  expect(home).toMatchObject({
    active: 'lte',
    states: ['registered', 'registered', 'home-unused', 'no-carrier', 'no-carrier'],
  });
  expect(holders(home)).toEqual(['lo']);
  expect(home.neighbor).toContain(ANCHOR);
  expect(home.proxies).toContain('2001:db8:100::10');
  expect(boundAt(home)).toEqual([`1 ${CARE_OF[0]}`, `2 ${CARE_OF[1]}`]);
  const intercepted = inTunnels(between(capture(result, 'lte'), home, look(result, 'home by the other')));
  const toHome = intercepted.filter(packet => equalAddress(destinationOf(packet), HOME_ADDRESS));
  expect(toHome.filter(packet => equalAddress(sourceOf(packet), NEIGHBOR)).length).toBeGreaterThan(300);
  const said = capture(result, 'dock1').filter(fromDock);
  expect(said.filter(({ packet }) => equalAddress(sourceOf(packet), HOME_ADDRESS))).toEqual([]);
  expect(neighborMessages(said)).toEqual([]);
  const received = capture(result, 'dock1').filter(({ ethernet }) => ethernet[10] !== 7 && ethernet[0] === 2);
  expect(received.filter(({ packet }) => equalAddress(destinationOf(packet), HOME_ADDRESS))).toEqual([]);
});

/** Home link and one foreign link at once, and the flows divided between them by policy, there and back. */
function assertDivided(result: ScenarioResult): void {
  const divided = look(result, 'divided');
  expect(divided.active).toBe('lte');
  expect(boundAt(divided)).toEqual([`1 ${CARE_OF[0]}`, '3 2001:db8:100::10']);
  const before = (link: string) =>
    capture(result, link).filter(({ time }) => time > divided.time - 900 && time < divided.time);
  const bulk = before('dock1').filter(({ packet }) => packet[6] === TCP);
  expect(bulk.filter(fromDock).length).toBeGreaterThan(3);
  expect(bulk.filter(frame => !fromDock(frame)).length).toBeGreaterThan(3);
  const inner = inTunnels(before('lte')).map(packet => packet[6]);
  expect(inner).not.toContain(TCP);
  expect(inner.filter(protocol => protocol === UDP).length).toBeGreaterThan(150);
}

/** RFC 5648 §5.6.4: with status 5 the default router's link-layer address is the one that it advertises. */
function assertNextHop(result: ScenarioResult, home: Look, preferred: Look): void {
  expect(home.gateway).toMatch(/^fe80::ff:fe00:ff01 lladdr 02:00:00:00:ff:01 router/m);
  const frames = capture(result, 'dock1').filter(({ time }) => time < preferred.time);
  const sent = frames.filter(frame => fromDock(frame) && frame.packet[6] === UDP);
  expect(sent.length).toBeGreaterThan(100);
  const others = sent.filter(({ packet }) => !equalAddress(destinationOf(packet), NEIGHBOR));
  expect(new Set(others.map(({ ethernet }) => `${[...ethernet.subarray(0, 6)]}`))).toEqual(
    new Set([`${ANCHOR_OCTETS}`]),
  );
  const asked = neighborMessages(frames).filter(
    ({ message, time }) =>
      message.kind === 'neighbor-solicitation' &&
      time < others[0]!.time &&
      formatAddress(message.target) === 'fe80::ff:fe00:ff01',
  );
  expect(asked).toEqual([]);
}

test.for([
  ['proxy', ['lo'], ANCHOR],
  ['direct', ['lo', 'dock1'], DOCK1],
] as const)(
  '[RFC 5648 §5.6] [analysis-01 §6.1.1] home and foreign at once, without loss (figure 3); the home agent does %s',
  async ([binding, expectedHolders, owner], context) => {
    const result = await playProduct(context, 'returning-home', {
      time: 'virtual',
      params: { at: 'both', binding, advertised: binding === 'proxy' },
    });
    // The node waits for the answer, over lte, before it answers for its address on another interface.
    const late = binding === 'direct' ? ['first interface goes', 'leaves'] : [];
    assertLossless(result, late);
    for (const what of late) {
      for (const outage of outagesOf(result, what)) expect(outage).toBeLessThanOrEqual(60);
    }
    const home = look(result, 'home');
    expect(home).toMatchObject({
      active: 'lte',
      states: ['registered', 'registered', 'at-home', 'no-carrier', 'no-carrier'],
    });
    expect(home.bindings).toMatch(/ 3 +2001:db8:100::10 /);
    expect(holders(home)).toEqual(expectedHolders);
    const preferred = look(result, 'home preferred');
    expect(preferred.active).toBe('dock1');
    expect(preferred.bindings).toMatch(/\* vessel +3 /);
    expect(preferred.neighbor).toContain(owner);
    expect(preferred.proxies.trim() === '').toBe(binding === 'direct');
    const away = look(result, 'away again');
    expect(away.bindings).not.toContain('2001:db8:100::10');
    expect(holders(away)).toEqual(['lo']);
    // With status 5 nothing on the home link ever hears of the home address by neighbour discovery (RFC 5648 §5.6.3-5.6.4).
    const ofHome = neighborMessages(capture(result, 'dock1')).filter(
      ({ message, source }) =>
        equalAddress(source, HOME_ADDRESS) ||
        ('target' in message && equalAddress(message.target, HOME_ADDRESS)),
    );
    expect(ofHome.length > 0).toBe(binding === 'direct');
    assertDivided(result);
    if (binding === 'proxy') assertNextHop(result, home, preferred);
  },
);
