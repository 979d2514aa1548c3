/**
 * Packets that go directly, and packets of strangers that look as if they did: a router, a second mobile node (`tender`), a
 * correspondent (`peer`) and a host that knows nothing of it (`plain`).
 */
import {
  connecting,
  datagram,
  icmpv6,
  inject,
  withHomeAddress,
  withRoutingHeader,
} from '../inside/attacker.ts';
import { sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';
import { DIRECT, type DirectStatus, markOf } from './direct.ts';

const { homeAddress, peer, lteCareOf, wifiCareOf } = MAIN;
const { tender, plain, stranger, group, lifetime } = DIRECT;
const CORRESPONDENT = "config correspondent 'here'\n\n";
/** All that goes to an address over an uplink. */
const flow = (name: string, to: string, uplink: string): string =>
  `config flow '${name}'\n\tlist dest '${to}'\n\tlist uplink '${uplink}'\n\n`;
const VESSEL = { name: 'vessel', homeAddress, prefixes: [MAIN.mobileNetworkPrefix] };
const TENDER = { name: 'tender', homeAddress: tender };
const ECHO = 7;
const TCP_RECEIVER = 5001;
/** Bits a second, and octets. */
const TRANSFER = { rate: 2_000_000, bytes: 200_000 };

function topology(): NetworkPlan {
  const { hosts, links } = mainTopology();
  const wired = (host: string, net: string) => ({
    near: { host, addresses: [`2001:db8:${net}::2/64`], gateway: `2001:db8:${net}::1` },
    far: { host: 'core', addresses: [`2001:db8:${net}::1/64`] },
  });
  const sat = { ...wired('router', 'c'), delay: 60 };
  return watching(['lte', 'wifi', 'sat', 'peer', 'sea', 'plain'], {
    hosts: { ...hosts, tender: {}, plain: {} },
    links: {
      ...links,
      sat: { ...sat, near: { ...sat.near, metric: 1026 } },
      sea: { ...wired('tender', 'd'), delay: 10 },
      plain: wired('plain', '4'),
    },
  });
}

interface Case {
  readonly what: string;
  readonly from: string;
  /** @param data tells it from the others */
  readonly packet: (data: readonly number[]) => Uint8Array;
}

const echo = (from: string, data: readonly number[], to: string = peer): Uint8Array =>
  datagram(from, to, ECHO, data);
const ping = (from: string, data: readonly number[]): Uint8Array =>
  icmpv6(from, peer, 128, [0, 1, 0, 1, ...data]);

/** What comes to the correspondent. */
const TO_PEER: readonly Case[] = [
  { what: 'no binding', from: 'anchor', packet: data => withHomeAddress(echo(stranger, data), MAIN.anchor) },
  {
    what: 'no binding, TCP',
    from: 'anchor',
    packet: () => withHomeAddress(connecting(stranger, peer, TCP_RECEIVER), MAIN.anchor),
  },
  {
    what: 'another source',
    from: 'anchor',
    packet: data => withHomeAddress(echo(homeAddress, data), MAIN.anchor),
  },
  {
    what: 'another source, TCP',
    from: 'anchor',
    packet: () => withHomeAddress(connecting(homeAddress, peer, TCP_RECEIVER), MAIN.anchor),
  },
  { what: 'bound', from: 'lte-gw', packet: data => withHomeAddress(echo(homeAddress, data), lteCareOf) },
  {
    what: 'bound, other care-of address',
    from: 'wifi-gw',
    packet: data => withHomeAddress(echo(homeAddress, data), wifiCareOf),
  },
  { what: 'ping', from: 'lte-gw', packet: data => withHomeAddress(ping(homeAddress, data), lteCareOf) },
  {
    what: 'ping, checksum of the care-of address',
    from: 'lte-gw',
    packet: data => {
      const wrong = ping(homeAddress, data);
      wrong.set(ping(lteCareOf, data).subarray(40), 40);
      return withHomeAddress(wrong, lteCareOf);
    },
  },
  { what: 'group as source', from: 'core', packet: data => withHomeAddress(echo(homeAddress, data), group) },
  {
    what: 'group as home address',
    from: 'core',
    packet: data => withHomeAddress(echo(group, data), MAIN.anchor),
  },
  { what: 'groups as both', from: 'core', packet: data => withHomeAddress(echo(group, data), group) },
  {
    what: 'routing header to the correspondent itself',
    from: 'anchor',
    packet: data => withRoutingHeader(echo(MAIN.anchor, data), peer),
  },
  {
    what: 'routing header with another home address',
    from: 'anchor',
    packet: data => withRoutingHeader(echo(MAIN.anchor, data, tender), peer),
  },
];

/** What comes to the router. */
const TO_ROUTER: readonly Case[] = (
  [
    ['routed', lteCareOf, homeAddress, {}],
    ['routed, other care-of address', wifiCareOf, homeAddress, {}],
    ['routed, length 4', lteCareOf, homeAddress, { length: 4 }],
    ['routed, two left', lteCareOf, homeAddress, { left: 2 }],
    ['routed, none left', lteCareOf, homeAddress, { left: 0 }],
    ['routed, a home address of somebody else', lteCareOf, tender, {}],
    ['routed, its own care-of address', lteCareOf, wifiCareOf, {}],
    ['routed, to an address that nobody has', '2001:db8:a::77', homeAddress, {}],
  ] as const
).map(([what, careOf, home, header]) => ({
  what,
  from: 'anchor',
  packet: data => withRoutingHeader(echo(MAIN.anchor, data, home), careOf, header),
}));

scenario(topology(), async network => {
  for (const host of ['peer', 'router', 'tender', 'plain']) await startServers(network, host);
  const roaming = { homeAgents: [MAIN.anchor], probe: 'normal' } as const;
  const lines = (...correspondents: string[]) => [
    `option lifetime '${lifetime}'`,
    ...correspondents.map(each => `list correspondent '${each}'`),
  ];
  const uplinks = ['lte', 'wifi', 'sat'];
  const flows = flow('tender', tender, 'sat') + flow('plain', plain, 'wifi');
  const vessel = routerText({ ...VESSEL, ...roaming, uplinks, lines: lines(peer, tender, plain) });
  const boat = routerText({ ...TENDER, ...roaming, uplinks: ['sea'], lines: lines(homeAddress) });
  const peers = [VESSEL, TENDER];
  const anchor = new Kedge(network, 'anchor', anchorText({ address: MAIN.anchor, peers, probe: 'normal' }));
  const router = new Kedge(network, 'router', vessel + CORRESPONDENT + flows);
  const other = new Kedge(network, 'tender', boat + CORRESPONDENT);
  const correspondent = new Kedge(network, 'peer', CORRESPONDENT);
  for (const daemon of [anchor, correspondent, other, router]) daemon.start();

  const bound = (daemon: Kedge, ...paths: number[]): Promise<void> =>
    daemon.until<DirectStatus>(
      ({ mobileRouter: { routeOptimization } }) =>
        routeOptimization.correspondents.every(({ bindings }, at) => bindings.length === paths[at]),
      30_000,
    );
  await bound(router, 3, 3, 0);
  await bound(other, 1);

  const toPeer = new Echo(network, 'router', peer, { source: homeAddress, interval: 50 }, 'echo-peer');
  const toTender = new Echo(network, 'router', tender, { source: homeAddress, interval: 50 }, 'echo-tender');
  const toPlain = new Echo(network, 'router', plain, { source: homeAddress, interval: 50 }, 'echo-plain');
  const echoes = [toPeer, toTender, toPlain];
  await Promise.all(echoes.map(each => each.first()));

  record('figure 3', {
    anchor: await anchor.status(),
    peer: await correspondent.status(),
    router: await router.status(),
  });
  record('before', { peer: await correspondent.status() });
  for (const [number, { what, from, packet }] of [...TO_PEER, ...TO_ROUTER].entries()) {
    const begins = Date.now();
    await inject(network, from, [packet(markOf(number))]);
    await sleep(150);
    record('case', { what, number, from: begins, to: Date.now() });
  }
  record('after', { peer: await correspondent.status() });

  // The correspondent answers who asks for its link-layer address; the home address asks it on its own link here.
  const solicitation = [0, 0, 0, 0, ...addressOf(peer), 1, 1, 2, 0, 0, 0, 0, 9];
  await inject(network, 'core', [icmpv6(homeAddress, peer, 135, solicitation)], { device: 'peer' });
  await sleep(200);

  const transfer = async (what: string, from: string, to: string, source: string): Promise<void> => {
    const { bytes, rate } = TRANSFER;
    const sent = new Transfer(
      network,
      from,
      to,
      { bytes, rate, source },
      `transfer-${what.replaceAll(' ', '-')}`,
    );
    record('transfer', { what, report: await sent.result() });
  };
  await transfer('to the correspondent', 'router', peer, homeAddress);
  await transfer('to the other mobile node', 'router', tender, homeAddress);
  const narrow = async (mtu: number): Promise<void> => {
    for (const host of ['lte-gw', 'core']) {
      await network.run(host, ['ip', 'link', 'set', 'lte-core', 'mtu', `${mtu}`]);
    }
  };
  await narrow(1280);
  await transfer('over 1280', 'router', peer, homeAddress);
  await transfer('from the correspondent over 1280', 'peer', homeAddress, peer);
  await narrow(1500);

  await compare([router, other, anchor, correspondent]);
  record('status', { router: await router.status(), tender: await other.status() });

  // The correspondent does not hear the router's signalling any more: the bindings come to their ends.
  const deaf =
    'table ip6 deaf { chain input { type filter hook input priority -300; meta l4proto 135 drop; }; }';
  const session = new Transfer(
    network,
    'router',
    peer,
    { rate: 20_000, source: homeAddress },
    'transfer-session',
  );
  record('deaf', { time: Date.now() });
  await network.run('peer', ['nft', '-f', '-'], deaf);
  await sleep((lifetime + 1) * 1000);
  const begins = Date.now();
  await sleep(1000);
  record('expired', { from: begins, to: Date.now(), peer: await correspondent.status() });
  record('transfer', { what: 'directly, then not', report: await session.stop() });
  for (const [at, each] of echoes.entries()) {
    record(['echo', 'echo-tender', 'echo-plain'][at]!, { report: await each.stop() });
  }

  // Once more from the beginning, over another care-of address.
  await network.run('peer', ['nft', 'delete', 'table', 'ip6', 'deaf']);
  await network.link('lte').carrier('near', false);
  router.process!.kill(1);
  await bound(router, 2, 2, 0);
  await sleep(1000);
  await compare([router, other, anchor, correspondent]);
});

function addressOf(text: string): number[] {
  return [...datagram(text, text).subarray(8, 24)];
}
