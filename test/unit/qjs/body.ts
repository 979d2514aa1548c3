/** What runs inside QuickJS: schedules of both roles, the main failovers, and round trips of the wire format. */

import { formatAddress, parseAddress } from '../../../src/wire/address.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { randomSource, twoUplinks } from '../../simulation/network.ts';
import { runSchedule } from '../../simulation/schedule.ts';

declare const print: (text: string) => void;

let failures = 0;

function check(what: string, holds: boolean): void {
  if (!holds) failures += 1;
  print(`${holds ? 'ok' : 'FAILED'} ${what}`);
}

function started() {
  const network = twoUplinks(1);
  network.run(3000);
  return network;
}

const carrier = started();
const lost = carrier.echo(2000, 10, [{ at: 503, run: () => carrier.setCarrier('lte', false) }]);
check(`carrier loss: ${lost * 10} ms`, lost * 10 <= 60 && carrier.router!.active?.uplink.name === 'wifi');

const silent = started();
const missed = silent.echo(2000, 10, [{ at: 500, run: () => silent.setSilent('lte', true) }]);
check(`silent loss: ${missed * 10} ms`, missed * 10 < 400);
check(
  'return without loss',
  silent.echo(2000, 10, [{ at: 0, run: () => silent.setSilent('lte', false) }]) === 0,
);

const moved = started();
check('move without loss', moved.echo(1000, 10, [{ at: 500, run: () => moved.prefer('wifi') }]) === 0);
check('restart without loss', moved.echo(1000, 10, [{ at: 500, run: () => moved.startAnchor() }]) === 0);

for (const seed of [2, 3, 4, 5]) check(`schedule ${seed}`, runSchedule(seed).faults.length === 0);

const random = randomSource(7);
const source = parseAddress('2001:db8:a::2')!;
const destination = parseAddress('2001:db8:ffff::1')!;
for (const { packet } of started().sent.filter(({ packet }) => packet[6] !== 41)) {
  const parsed = parseMobilityPacket(packet);
  const again = parsed.ok ? emitMobilityPacket(parsed.value) : new Uint8Array();
  check('round trip', again.length === packet.length && again.every((octet, i) => octet === packet[i]));
}
let refused = 0;
for (let i = 0; i < 500; i++) {
  const noise = Uint8Array.from({ length: Math.floor(random() * 120) }, () => random() * 256);
  if (!parseMobilityPacket(noise).ok) refused += 1;
}
check(`noise: ${refused} of 500 refused`, refused === 500);
check(
  'addresses',
  formatAddress(source) === '2001:db8:a::2' && formatAddress(destination) === '2001:db8:ffff::1',
);

print(failures === 0 ? 'all ok' : `${failures} failed`);
