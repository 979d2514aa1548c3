/** What others send and nobody answers, carries on or acts upon. */
import { writeHomeAddressHeader } from '../../../src/wire/home-address-option.ts';
import { emitIpv6, NextHeader } from '../../../src/wire/ipv6.ts';
import { address, anyMobility, datagram, icmpv6, inject, tunnelled } from '../inside/attacker.ts';
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';

const { homeAddress, lteCareOf, anchor, peer, lanHost } = MAIN;
/** Another prefix of this node, which it does not register. */
const SPARE = '2001:db8:102::';
const FOREIGN = '2001:db8:bad::9';
/** Where the datagrams go: by it they are found in the captures. */
const PORT = { stranger: 4001, foreign: 4002, unregistered: 4003, registered: 4004 };
const DHCP_SERVER = 547;
const TCP = 6;
const HOME_ADDRESS_HEADER = 24;
const MULTICAST_LISTENER = { report: 131, reportV2: 143 };
const ROUTER_SOLICITATION = 133;
const NEIGHBOR_SOLICITATION = 135;

const octets = (text: string): number[] => [...address(text)];
/** Of the home address. */
const SOLICITED_NODE = 'ff02::1:ff00:10';

/** A TCP SYN with a Home Address option. */
function synFromHomeAddress(): Uint8Array {
  const payload = new Uint8Array(HOME_ADDRESS_HEADER + 20);
  writeHomeAddressHeader(payload, 0, TCP, address(homeAddress));
  payload.set([0x20, 0, 0, 22, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff], HOME_ADDRESS_HEADER);
  return emitIpv6(address(peer), address(anchor), NextHeader.destinationOptions, payload);
}

scenario(watching(['lan', 'lte', 'wifi', 'peer', 'home'], mainTopology({ capture: 200 })), async network => {
  const stage = await Stage.set(network, { peer: [`list prefix '${SPARE}/64'`] });
  const state = async (): Promise<string> =>
    [
      await network.run('anchor', ['ip', '-6', 'route', 'show', 'table', 'all']),
      (await stage.anchor.command('bindings')).replaceAll(/\d+\/600 s/g, ''),
    ].join('\n');
  const before = await state();
  const inTunnel = (packet: Uint8Array): Uint8Array => tunnelled(lteCareOf, anchor, packet);

  // Membership of a group and a question for an address, through the tunnel.
  const group = octets('ff1e::1');
  await inject(network, 'lte-gw', [
    inTunnel(icmpv6(homeAddress, 'ff1e::1', MULTICAST_LISTENER.report, [0, 0, 0, 0, ...group])),
    inTunnel(
      icmpv6(homeAddress, 'ff02::16', MULTICAST_LISTENER.reportV2, [0, 0, 0, 1, 4, 0, 0, 0, ...group]),
    ),
    inTunnel(datagram(homeAddress, 'ff02::1:2', DHCP_SERVER, [1, 0, 0, 7, 0, 8, 0, 2, 0, 0])),
  ]);

  // On the foreign link: who has the home address, may I have it, and who is a router.
  const solicit = (source: string): Uint8Array =>
    icmpv6(source, SOLICITED_NODE, NEIGHBOR_SOLICITATION, [0, 0, 0, 0, ...octets(homeAddress)]);
  const gateway = 'fe80::ff:fe00:202';
  await inject(
    network,
    'lte-gw',
    [
      solicit(gateway),
      solicit('2001:db8:a::1'),
      solicit('::'),
      icmpv6(gateway, 'ff02::2', ROUTER_SOLICITATION, [0, 0, 0, 0]),
    ],
    { device: 'lte' },
  );

  // Who is no home agent has no tunnel, and who is no correspondent knows nothing of its headers.
  await inject(network, 'peer', [
    tunnelled(peer, lteCareOf, datagram(peer, lanHost, PORT.stranger)),
    anyMobility(peer, anchor, 1),
    anyMobility(peer, lteCareOf, 1),
    synFromHomeAddress(),
  ]);

  // Sources that are not of the mobile network, at either end of the tunnel; the routes of the first are forced.
  await network.ip('router', `rule add priority 950 from ${FOREIGN} table 7100`);
  await inject(network, 'lan', [
    datagram(FOREIGN, peer, PORT.foreign),
    datagram(homeAddress, peer, PORT.foreign),
    datagram(lanHost, peer, PORT.registered),
  ]);
  await network.ip('router', `rule delete priority 950 from ${FOREIGN} table 7100`);
  await inject(network, 'lte-gw', [inTunnel(datagram(`${SPARE}5`, peer, PORT.unregistered))]);
  await sleep(500);
  record('state', { before, after: await state() });
  await stage.finish();
});
