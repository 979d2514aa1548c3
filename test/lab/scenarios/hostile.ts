/**
 * Strangers on the Internet (`peer`) and on the access link (`lte-gw`) send what a router and its anchor must not take,
 * one case after the other; last, a flood.
 */

import { equalAddress } from '../../../src/wire/address.ts';
import { checksum } from '../../../src/wire/checksum.ts';
import { emitIpv6, NextHeader, sourceOf } from '../../../src/wire/ipv6.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import {
  address,
  bindingUpdate,
  captured,
  datagram,
  inject,
  message,
  right,
  tunnelled,
  wrong,
} from '../inside/attacker.ts';
import { sleep } from '../inside/clock.ts';
import type { Kedge } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { CHECKOUT } from '../inside/process.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';
import { readCapture } from '../pcap.ts';

const FLOOD = 10_000;
/** Octets of IPv6 header and of the Destination Options header with the Home Address option before the Mobility Header. */
const UPDATE_HEADER = 40 + 24;
const TCP = 6;

const acknowledgement: MobilityMessage = {
  kind: 'binding-acknowledgement',
  status: 0,
  keyManagement: false,
  mobileRouter: true,
  sequence: 1,
  lifetime: 0,
  options: [],
};

const heartbeat = (response: boolean): MobilityMessage => ({
  kind: 'heartbeat',
  response,
  unsolicited: false,
  sequence: 7,
  options: [
    { kind: 'binding-identifier', bid: 1, status: 0, home: false, priority: 0, careOfAddress: undefined },
  ],
});

function changed(packet: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array {
  const copy = packet.slice();
  change(copy);
  return copy;
}

/** Without its last octets; the IPv6 header knows. */
function truncated(packet: Uint8Array, by: number): Uint8Array {
  const { anchor, peer } = MAIN;
  return emitIpv6(address(peer), address(anchor), packet[6]!, packet.slice(40, packet.length - by));
}

/** A Binding Update of 8 octets, where 12 are the least. */
function short(): Uint8Array {
  const header = new Uint8Array([NextHeader.none, 0, 5, 0, 0, 0, 0, 1]);
  const [source, destination] = [address(MAIN.peer), address(MAIN.anchor)];
  new DataView(header.buffer).setUint16(4, checksum(source, destination, NextHeader.mobility, header));
  return emitIpv6(source, destination, NextHeader.mobility, header);
}

/** A Mobility Header of the greatest length that the field can tell, in two fragments. */
function oversized(): Uint8Array[] {
  const whole = message(MAIN.peer, MAIN.anchor, { kind: 'opaque', type: 98, data: new Uint8Array(2048 - 6) });
  const payload = whole.slice(40);
  const half = 1024;
  return [0, half].map(offset => {
    const fragment = new Uint8Array(8 + half);
    fragment[0] = NextHeader.mobility;
    fragment[2] = offset >> 8;
    fragment[3] = (offset & 0xf8) | (offset === 0 ? 1 : 0);
    fragment[7] = 0x42;
    fragment.set(payload.subarray(offset, offset + half), 8);
    return emitIpv6(address(MAIN.peer), address(MAIN.anchor), 44, fragment);
  });
}

interface Counted {
  readonly counters: Record<string, number>;
}

async function counters(daemon: Kedge): Promise<Record<string, number>> {
  const { mobileRouter, homeAgent } = await daemon.status<{
    mobileRouter: Counted | null;
    homeAgent: Counted | null;
  }>();
  return (mobileRouter ?? homeAgent)!.counters;
}

scenario(watching(['lte', 'peer', 'wifi'], mainTopology()), async network => {
  const stage = await Stage.set(network);
  const { router, anchor } = stage;
  // Out of what the registration itself has counted.
  await sleep(1000);

  /** What the counters of a daemon gained by these packets. */
  async function attack(
    name: string,
    victim: Kedge,
    host: 'peer' | 'lte-gw',
    packets: readonly Uint8Array[],
    options: { interval?: number; count?: number } = {},
  ): Promise<void> {
    const before = await counters(victim);
    await inject(network, host, packets, options);
    await sleep(800);
    const after = await counters(victim);
    const gained = Object.entries(after)
      .map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    record('attack', { name, counters: Object.fromEntries(gained) });
  }
  const bindings = async (): Promise<string> =>
    (await anchor.command('bindings')).replaceAll(/\d+\/600 s/g, '');

  const before = await bindings();
  // While its timestamp is still good.
  const genuine = readCapture(captured('lte')).find(
    ({ packet }) => packet[6] === NextHeader.destinationOptions,
  );
  await attack('replayed', anchor, 'lte-gw', [genuine!.packet]);
  const update = bindingUpdate({ signer: right });
  await attack('truncated', anchor, 'peer', [truncated(update, 8)]);
  await attack('short', anchor, 'peer', [short()]);
  await attack('oversized', anchor, 'peer', oversized());
  await attack('checksum', anchor, 'peer', [
    changed(bindingUpdate({ signer: wrong }), copy => {
      copy[UPDATE_HEADER + 4]! ^= 1;
    }),
  ]);
  await attack('wrong-key', anchor, 'peer', [bindingUpdate({ signer: wrong })]);
  await attack('unsigned', anchor, 'peer', [bindingUpdate()]);
  await attack('clock', anchor, 'peer', [bindingUpdate({ signer: right, ahead: -60 })]);
  await attack('unknown-home', anchor, 'peer', [
    bindingUpdate({ signer: wrong, homeAddress: '2001:db8:100::99' }),
  ]);
  await attack('foreign-prefix', anchor, 'peer', [
    bindingUpdate({ signer: right, prefix: '2001:db8:102::/64' }),
  ]);
  await attack('unknown-type', anchor, 'peer', [
    message(MAIN.peer, MAIN.anchor, { kind: 'opaque', type: 99, data: new Uint8Array(10) }),
  ]);
  await attack('payload-proto', anchor, 'peer', [
    changed(bindingUpdate({ signer: right }), copy => {
      copy[UPDATE_HEADER] = TCP;
      const view = new DataView(copy.buffer, UPDATE_HEADER);
      // RFC 1624: the checksum of the changed message is right.
      const sum = view.getUint16(4) + ((NextHeader.none - TCP) << 8);
      view.setUint16(4, (sum & 0xffff) + (sum >> 16));
    }),
  ]);
  await attack('heartbeat-to-anchor', anchor, 'lte-gw', [
    tunnelled(
      MAIN.lteCareOf,
      MAIN.anchor,
      message(MAIN.homeAddress, MAIN.anchor, heartbeat(false), { signer: wrong }),
    ),
  ]);

  const { homeAddress, lteCareOf } = MAIN;
  await attack('forged-acknowledgement', router, 'lte-gw', [
    message(MAIN.anchor, lteCareOf, acknowledgement, { routingHome: homeAddress, signer: wrong }),
  ]);
  await attack('foreign-acknowledgement', router, 'peer', [
    message(MAIN.peer, lteCareOf, acknowledgement, { routingHome: homeAddress, signer: wrong }),
  ]);
  await attack('heartbeat-to-router', router, 'lte-gw', [
    tunnelled(MAIN.anchor, lteCareOf, message(MAIN.anchor, homeAddress, heartbeat(true), { signer: wrong })),
  ]);

  // RFC 3963 §9: the tunnel is for the mobile network alone, in both directions and from both ends.
  await inject(network, 'lte-gw', [
    tunnelled(lteCareOf, MAIN.anchor, datagram('2001:db8:bad::1', MAIN.peer)),
    tunnelled(MAIN.anchor, lteCareOf, datagram(MAIN.peer, '2001:db8:bad::2')),
  ]);
  await inject(network, 'peer', [
    tunnelled(MAIN.peer, MAIN.anchor, datagram(MAIN.lanHost, '2001:db8:bad::3')),
  ]);
  await sleep(500);
  for (const host of ['router', 'anchor']) {
    const text = await network.run(host, ['nft', 'list', 'chain', 'inet', 'kedge', 'from_tunnel']);
    record('dropped', { host, packets: Number(/counter packets (\d+)/.exec(text)?.[1]) });
  }

  await sleep(3000);
  record('flood');
  const junk = bindingUpdate({ signer: wrong });
  await attack('flood', anchor, 'peer', [junk], { interval: 0.5, count: FLOOD });
  record('bindings', { before, after: await bindings() });
  await stage.event('carrier lte', () => network.link('lte').carrier('near', false), 1000);
  await stage.event('return lte', () => network.link('lte').carrier('near', true));
  await stage.settled('lte');

  // A machine without a battery for its clock: a cold boot in 1970, and later the right time.
  const clock = '/run/clock-shift';
  const setClock = (seconds: number) => network.run('router', ['sh', '-c', `echo ${seconds} > ${clock}`]);
  const latest = () =>
    readCapture(captured('lte')).findLast(
      ({ packet }) =>
        packet[6] === NextHeader.destinationOptions &&
        equalAddress(sourceOf(packet), address(MAIN.lteCareOf)),
    )!.packet;
  await stage.event(
    'boot in 1970',
    async () => {
      await router.kill();
      await network.run('router', ['rm', '-rf', router.runDirectory]);
      await setClock(-Math.floor(Date.now() / 1000));
      router.start(['env', `LD_PRELOAD=${CHECKOUT}/build/clock-shift.so`, `CLOCK_SHIFT=${clock}`]);
      await stage.settled('lte', 1000);
    },
    5000,
  );
  await attack('replayed in 1970', anchor, 'lte-gw', [latest()]);
  await stage.event(
    'the right time',
    async () => {
      await setClock(0);
      await network.link('lte').carrier('near', false);
      await sleep(500);
      await network.link('lte').carrier('near', true);
      await stage.settled('lte', 1000);
    },
    5000,
  );
  await attack('replayed later', anchor, 'lte-gw', [latest()]);
  record('clocks', { counters: await counters(anchor), bindings: await bindings(), before });
  await stage.finish();
});
