/** Packets that somebody else made: built with the product's own codec, and broken where the attack wants it. */
import * as std from 'std';
import { SecurityAssociation } from '../../../src/engine/authentication.ts';
import { timestampFromWall } from '../../../src/engine/timestamp.ts';
import { type Address, parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { checksum } from '../../../src/wire/checksum.ts';
import { encapsulate } from '../../../src/wire/encapsulation.ts';
import { emitIpv6, NextHeader } from '../../../src/wire/ipv6.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import { emitMobilityPacket, type MobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { KEY, SPI } from './configuration.ts';
import { MAIN } from './main-topology.ts';
import type { Network } from './network.ts';
import { LABTOOL, RESULTS } from './process.ts';

const TCP = 6;

export const address = (text: string): Address => parseAddress(text)!;

const octets = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g)!, pair => Number.parseInt(pair, 16));

/** The key that router and anchor share, and one that they do not. */
export const right = new SecurityAssociation({
  kind: 'rfc4285',
  spi: SPI,
  key: octets(KEY.slice(2)),
  replay: 'timestamp',
});
export const wrong = new SecurityAssociation({
  kind: 'rfc4285',
  spi: SPI,
  key: new Uint8Array(16).fill(0xee),
  replay: 'timestamp',
});

export interface UpdateFields {
  readonly source?: string;
  readonly homeAddress?: string;
  readonly prefix?: string;
  /** Seconds that the sender's clock is ahead. */
  readonly ahead?: number;
  /** Undefined: without authentication option. */
  readonly signer?: SecurityAssociation | undefined;
}

/** A Binding Update as a mobile router would send it, with a BID. */
export function bindingUpdate(fields: UpdateFields = {}): Uint8Array {
  const { source = MAIN.peer, homeAddress = MAIN.homeAddress, prefix = MAIN.mobileNetworkPrefix } = fields;
  const packet: MobilityPacket = {
    source: address(source),
    destination: address(MAIN.anchor),
    homeAddress: address(homeAddress),
    message: {
      kind: 'binding-update',
      sequence: 4711,
      acknowledge: true,
      homeRegistration: true,
      linkLocalCompatibility: false,
      keyManagement: false,
      mobileRouter: true,
      lifetime: 400,
      options: [
        {
          kind: 'binding-identifier',
          bid: 9,
          status: 0,
          home: false,
          priority: 1,
          careOfAddress: address(source),
        },
        { kind: 'mobile-network-prefix', prefix: parsePrefix(prefix)! },
        { kind: 'message-id', ...timestampFromWall(Date.now() + (fields.ahead ?? 0) * 1000) },
      ],
    },
  };
  return fields.signer?.sign(packet, packet.source, packet.homeAddress!) ?? emitMobilityPacket(packet);
}

/** A message between these addresses, signed for the care-of address of the lte uplink unless `signer` is missing. */
export function message(
  source: string,
  destination: string,
  what: MobilityMessage,
  options: { routingHome?: string; signer?: SecurityAssociation } = {},
): Uint8Array {
  const { routingHome, signer } = options;
  const packet: MobilityPacket = {
    source: address(source),
    destination: address(destination),
    message: what,
    ...(routingHome !== undefined && { routingHome: address(routingHome) }),
  };
  return (
    signer?.sign(packet, address(MAIN.lteCareOf), address(MAIN.homeAddress)) ?? emitMobilityPacket(packet)
  );
}

/** Data of the messages of RFC 6275 by MH Type, all zeros but for the padding at the end of 5 and 6. */
const MOBILITY_DATA: readonly (readonly number[])[] = [2, 10, 10, 18, 18, 6, 6, 18].map((length, type) => [
  ...new Array<number>(length).fill(0),
  ...(type === 5 || type === 6 ? [1, 2, 0, 0] : []),
]);

/** A packet of that protocol; the checksum of `payload`, at the given offset, is filled in. */
function packet(
  source: string,
  destination: string,
  protocol: number,
  payload: readonly number[],
  checksumAt: number,
): Uint8Array {
  const [from, to, octets] = [address(source), address(destination), Uint8Array.from(payload)];
  new DataView(octets.buffer).setUint16(checksumAt, checksum(from, to, protocol, octets));
  return emitIpv6(from, to, protocol, octets);
}

/** A message of RFC 6275 that means nothing. */
export function anyMobility(source: string, destination: string, type: number): Uint8Array {
  const data = MOBILITY_DATA[type]!;
  const header = [NextHeader.none, (data.length + 6) / 8 - 1, type, 0, 0, 0];
  return packet(source, destination, NextHeader.mobility, [...header, ...data], 4);
}

/** An ICMPv6 message of code 0 with that body after the checksum; Neighbor Discovery has its hop limit. */
export function icmpv6(
  source: string,
  destination: string,
  type: number,
  body: readonly number[],
): Uint8Array {
  const whole = packet(source, destination, NextHeader.icmpv6, [type, 0, 0, 0, ...body], 2);
  if (type >= 133 && type <= 137) whole[7] = 255;
  return whole;
}

/** A UDP datagram from the discard port. */
export function datagram(
  source: string,
  destination: string,
  port = 9,
  data: readonly number[] = [],
): Uint8Array {
  const length = 8 + data.length;
  const header = [0, 9, port >> 8, port & 0xff, length >> 8, length & 0xff, 0, 0];
  return packet(source, destination, NextHeader.udp, [...header, ...data], 6);
}

/** A packet in a tunnel between these addresses. */
export function tunnelled(source: string, destination: string, inner: Uint8Array): Uint8Array {
  return encapsulate(address(source), address(destination), inner);
}

/** A TCP segment that asks for a connection. */
export function connecting(source: string, destination: string, port: number): Uint8Array {
  const [header, flags, window] = [0x50, 0x02, 0xffff];
  const ports = [0x12, 0x34, port >> 8, port & 0xff];
  const fields = [...ports, 0, 0, 0, 1, 0, 0, 0, 0, header, flags, window >> 8, window & 0xff, 0, 0, 0, 0];
  return packet(source, destination, TCP, fields, 16);
}

/** The packet with its source in a Home Address option, another one in its place. */
export function withHomeAddress(inner: Uint8Array, source: string): Uint8Array {
  const options = [inner[6]!, 2, 1, 2, 0, 0, 0xc9, 16, ...inner.subarray(8, 24)];
  const bytes = Uint8Array.from([...options, ...inner.subarray(40)]);
  return emitIpv6(address(source), inner.slice(24, 40), NextHeader.destinationOptions, bytes);
}

/**
 * The packet with its destination in a type 2 routing header, another one in its place.
 * @param length of the header, in units of 8 octets without the first
 */
export function withRoutingHeader(
  inner: Uint8Array,
  destination: string,
  { length = 2, left = 1 }: { length?: number; left?: number } = {},
): Uint8Array {
  const header = [inner[6]!, length, 2, left, 0, 0, 0, 0, ...inner.subarray(24, 40)];
  const rest = new Array<number>(8 * length - 16).fill(0);
  const bytes = Uint8Array.from([...header, ...rest, ...inner.subarray(40)]);
  return emitIpv6(inner.slice(8, 24), address(destination), NextHeader.routing, bytes);
}

/** A datagram with a Home Address option: whoever sends it would like to be the router. */
export function forgedHomeAddress(source: string, destination: string): Uint8Array {
  return withHomeAddress(datagram(MAIN.homeAddress, destination), source);
}

/** Sends whole packets from a host, whatever addresses they bear. */
export async function inject(
  network: Network,
  host: string,
  packets: readonly Uint8Array[],
  options: { interval?: number; count?: number; device?: string } = {},
): Promise<void> {
  const lines = packets.map(packet => [...packet].map(octet => octet.toString(16).padStart(2, '0')).join(''));
  const operands = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  await network.run(host, [LABTOOL, 'send-raw', ...operands], `${lines.join('\n')}\n`);
}

/** What tcpdump has written so far of a link. */
export function captured(link: string): Uint8Array {
  const file = std.open(`${RESULTS}/${link}.pcap`, 'rb');
  if (!file) throw new Error(`no capture of ${link}`);
  const pieces: Uint8Array[] = [];
  const piece = new Uint8Array(65536);
  for (;;) {
    const length = file.read(piece.buffer, 0, piece.length);
    if (length <= 0) break;
    pieces.push(piece.slice(0, length));
  }
  file.close();
  const whole = new Uint8Array(pieces.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of pieces) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
