/**
 * An independent reader of what stands around and beside the Mobility Header: tshark dissects what wire/ emits. Needs
 * tshark.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emitDsmipv6 } from '../../../../../src/wire/dsmipv6.ts';
import { encapsulate } from '../../../../../src/wire/encapsulation.ts';
import { emitGre, GreProtocol } from '../../../../../src/wire/gre.ts';
import type { Icmpv6Message } from '../../../../../src/wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet, type Icmpv6Packet } from '../../../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../../../../src/wire/icmpv6/nd-option.ts';
import { emitIp } from '../../../../../src/wire/ip.ts';
import { emitPmipv6Control } from '../../../../../src/wire/pmipv6-udp.ts';
import { emitUdpPacket, type UdpPath } from '../../../../../src/wire/udp.ts';
import {
  grePacket,
  icmpv6ByKind,
  icmpv6PacketWith,
  ipPacket,
  ndOptionsByKind,
  udpPath,
} from '../../arbitraries-packets.ts';
import { u8, u16, unicastAddress } from '../../arbitrary-fields.ts';
import { emitMobilityPacket } from '../../complete-packet.ts';
import { hex } from '../../octets.ts';
import { seed } from '../../seed.ts';
import { complaints, dissect, type Field, flag, named, number } from './tshark.ts';

/*
 * What tshark 4.0.17 does not show, and what is done about it here:
 * - The R flag of RFC 3963 in ICMPv6 144 and 145 and in the Home Agent Information option: the octets that hold it are
 *   "reserved" there, and are compared.
 * - Options of a Mobile Prefix Solicitation: none are generated.
 * - The packet in an ICMPv6 error must be one of IPv6: such a one is generated.
 * - Link-layer addresses of 14 octets are those of IEEE 802.15.4 to it: ours have six.
 * - TLV headers (RFC 5845) are unknown to it: none are generated.
 */

/** Of a `checksum.status`. */
const GOOD = '1';
const RUNS = 150;

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns = RUNS): T[] =>
  fc.sample(arbitrary, { seed, numRuns });

/** Compares the named fields of each packet, in their order. Nothing must be malformed, and every checksum good. */
function compare<T>(
  values: readonly T[],
  emit: (value: T) => Uint8Array,
  fieldsOf: (value: T) => Field[],
): void {
  const dissections = dissect(values.map(emit));
  values.forEach((value, index) => {
    const expected = fieldsOf(value);
    const wanted = new Set(expected.map(([name]) => name));
    const dissection = dissections[index]!;
    expect(named(dissection, wanted)).toEqual(expected);
    expect(complaints(dissection)).toEqual([]);
  });
}

const sixOctets = fc.uint8Array({ minLength: 6, maxLength: 6 });
const ndOption: fc.Arbitrary<NdOption> = fc.oneof(
  ndOptionsByKind['source-link-layer-address'].chain(option =>
    sixOctets.map(address => ({ ...option, address })),
  ),
  ndOptionsByKind['target-link-layer-address'].chain(option =>
    sixOctets.map(address => ({ ...option, address })),
  ),
  ndOptionsByKind['prefix-information'],
  ndOptionsByKind.mtu,
  ndOptionsByKind['advertisement-interval'],
  ndOptionsByKind['home-agent-information'],
);

function optionFields(option: NdOption): Field[] {
  switch (option.kind) {
    case 'source-link-layer-address':
      return [['icmpv6.opt.src_linkaddr', hex(option.address)]];
    case 'target-link-layer-address':
      return [['icmpv6.opt.target_linkaddr', hex(option.address)]];
    case 'prefix-information':
      return [
        ['icmpv6.opt.prefix.length', number(option.prefixLength, 1)],
        ['icmpv6.opt.prefix.flag.l', flag(option.onLink)],
        ['icmpv6.opt.prefix.flag.a', flag(option.autonomous)],
        ['icmpv6.opt.prefix.flag.r', flag(option.routerAddress)],
        ['icmpv6.opt.prefix.valid_lifetime', number(option.validLifetime, 4)],
        ['icmpv6.opt.prefix.preferred_lifetime', number(option.preferredLifetime, 4)],
        ['icmpv6.opt.prefix', hex(option.prefix)],
      ];
    case 'mtu':
      return [['icmpv6.opt.mtu', number(option.mtu, 4)]];
    case 'advertisement-interval':
      return [['icmpv6.opt.advertisement_interval', number(option.interval, 4)]];
    case 'home-agent-information':
      return [
        ['icmpv6.opt.home_agent_preference', number(option.preference, 2)],
        ['icmpv6.opt.home_agent_lifetime', number(option.lifetime, 2)],
      ];
    case 'opaque':
      throw new Error('not generated');
  }
}

const reservedWithR = (set: boolean | undefined): Field => ['icmpv6.reserved', set ? '8000' : '0000'];

function messageFields(message: Icmpv6Message): Field[] {
  switch (message.kind) {
    case 'destination-unreachable':
      return [
        ['icmpv6.type', '01'],
        ['icmpv6.code', number(message.code, 1)],
      ];
    case 'parameter-problem':
      return [
        ['icmpv6.type', '04'],
        ['icmpv6.code', number(message.code, 1)],
        ['icmpv6.pointer', number(message.pointer, 4)],
      ];
    case 'router-solicitation':
      return [['icmpv6.type', '85']];
    case 'router-advertisement':
      return [
        ['icmpv6.type', '86'],
        ['icmpv6.nd.ra.cur_hop_limit', number(message.currentHopLimit, 1)],
        ['icmpv6.nd.ra.flag.m', flag(message.managed)],
        ['icmpv6.nd.ra.flag.o', flag(message.otherConfiguration)],
        ['icmpv6.nd.ra.flag.h', flag(message.homeAgent)],
        ['icmpv6.nd.ra.flag.prf', number(message.preference, 1).slice(1)],
        ['icmpv6.nd.ra.router_lifetime', number(message.routerLifetime, 2)],
        ['icmpv6.nd.ra.reachable_time', number(message.reachableTime, 4)],
        ['icmpv6.nd.ra.retrans_timer', number(message.retransmissionTimer, 4)],
      ];
    case 'neighbor-solicitation':
      return [
        ['icmpv6.type', '87'],
        ['icmpv6.nd.ns.target_address', hex(message.target)],
      ];
    case 'neighbor-advertisement':
      return [
        ['icmpv6.type', '88'],
        ['icmpv6.nd.na.flag.r', flag(message.router)],
        ['icmpv6.nd.na.flag.s', flag(message.solicited)],
        ['icmpv6.nd.na.flag.o', flag(message.override)],
        ['icmpv6.nd.na.target_address', hex(message.target)],
      ];
    case 'home-agent-address-discovery-request':
      return [
        ['icmpv6.type', '90'],
        ['icmpv6.mip6.identifier', number(message.identifier, 2)],
        reservedWithR(message.mobileRouter),
      ];
    case 'home-agent-address-discovery-reply':
      return [
        ['icmpv6.type', '91'],
        ['icmpv6.mip6.identifier', number(message.identifier, 2)],
        reservedWithR(message.mobileRouter),
        ...message.homeAgents.map((address): Field => ['icmpv6.mip6.home_agent_address', hex(address)]),
      ];
    case 'mobile-prefix-solicitation':
      return [
        ['icmpv6.type', '92'],
        ['icmpv6.mip6.identifier', number(message.identifier, 2)],
      ];
    case 'mobile-prefix-advertisement':
      return [
        ['icmpv6.type', '93'],
        ['icmpv6.mip6.identifier', number(message.identifier, 2)],
        ['icmpv6.mip6.flag.m', flag(message.managed)],
        ['icmpv6.mip6.flag.o', flag(message.otherConfiguration)],
      ];
    case 'opaque':
      throw new Error('not generated');
  }
}

function ipFields({ source, destination }: Pick<UdpPath, 'source' | 'destination'>): Field[] {
  const version = source.length === 4 ? 'ip' : 'ipv6';
  return [
    [`${version}.src`, hex(source)],
    [`${version}.dst`, hex(destination)],
  ];
}

/** The addresses of a whole packet. */
function innerFields(packet: Uint8Array): Field[] {
  return packet[0]! >> 4 === 4
    ? ipFields({ source: packet.subarray(12, 16), destination: packet.subarray(16, 20) })
    : ipFields({ source: packet.subarray(8, 24), destination: packet.subarray(24, 40) });
}

function icmpv6Fields(packet: Icmpv6Packet): Field[] {
  const { homeAddress, routingHome, message } = packet;
  return [
    ...ipFields(packet),
    ...(routingHome ? [['ipv6.routing.mipv6.home_address', hex(routingHome)] as const] : []),
    ...(homeAddress ? [['ipv6.opt.mipv6.home_address', hex(homeAddress)] as const] : []),
    ...messageFields(message),
    ...('options' in message ? message.options.flatMap(optionFields) : []),
    ...('invoking' in message ? innerFields(message.invoking) : []),
  ];
}

function withInvoking<M extends { invoking: Uint8Array }>(
  message: fc.Arbitrary<M>,
  invoking: fc.Arbitrary<Uint8Array>,
): fc.Arbitrary<M> {
  return fc.tuple(message, invoking).map(([error, packet]) => ({ ...error, invoking: packet }));
}

describe(`tshark, seed ${seed}`, () => {
  const { opaque, ...byKind } = icmpv6ByKind(fc.array(ndOption, { maxLength: 4 }));
  const invoking = ipPacket.filter(packet => packet[0]! >> 4 === 6);
  const kinds: readonly [string, fc.Arbitrary<Icmpv6Message>][] = Object.entries({
    ...byKind,
    'destination-unreachable': withInvoking(byKind['destination-unreachable'], invoking),
    'parameter-problem': withInvoking(byKind['parameter-problem'], invoking),
    'mobile-prefix-solicitation': byKind['mobile-prefix-solicitation'].map(message => ({
      ...message,
      options: [],
    })),
  });

  it.each(kinds)('reads every field of ICMPv6 %s, and finds its checksum good', (_kind, message) => {
    compare(sample(icmpv6PacketWith(message), 60), emitIcmpv6Packet, icmpv6Fields);
  });

  it('[RFC 2473 §3.1, RFC 4213 §3] reads packets in packets', () => {
    compare(
      sample(fc.tuple(udpPath, ipPacket)),
      ([{ source, destination }, inner]) => encapsulate(source, destination, inner),
      ([path, inner]) => [...ipFields(path), ...innerFields(inner)],
    );
  });

  const ports = (port: number) => udpPath.map(path => ({ ...path, sourcePort: port, destinationPort: port }));
  const udpFields = (path: UdpPath): Field[] => [
    ...ipFields(path),
    ['udp.srcport', number(path.sourcePort, 2)],
    ['udp.dstport', number(path.destinationPort, 2)],
  ];

  it.each([4191, 5437])('[RFC 5555 §4.1, RFC 5844 §4.1.4.1] reads packets in UDP on port %i', port => {
    compare(
      sample(fc.tuple(ports(port), ipPacket)),
      ([path, inner]) => (port === 4191 ? emitDsmipv6({ ...path, inner }) : emitUdpPacket(path, inner)),
      ([path, inner]) => [...udpFields(path), ...innerFields(inner)],
    );
  });

  const binding = fc.record({ sequence: u16, units: u16, home: unicastAddress, anchor: unicastAddress });
  const update = (sequence: number, units: number) => ({
    kind: 'binding-update' as const,
    sequence,
    acknowledge: true,
    lifetime: 4 * units,
    options: [],
  });

  it('[RFC 5555 §4.2] reads a Binding Update in UDP', () => {
    compare(
      sample(fc.tuple(ports(4191), binding)),
      ([path, { sequence, units, home, anchor }]) =>
        emitDsmipv6({
          ...path,
          inner: emitMobilityPacket({ source: home, destination: anchor, message: update(sequence, units) }),
        }),
      ([path, { sequence, units, home, anchor }]) => [
        ...udpFields(path),
        ...ipFields({ source: home, destination: anchor }),
        ['mip6.bu.seqnr', number(sequence, 2)],
        ['mip6.bu.lifetime', number(units, 2)],
      ],
    );
  });

  it('[RFC 5844 §4.2.2.1] reads a bare Mobility Header in UDP', () => {
    compare(
      sample(fc.tuple(ports(5436), binding)),
      ([path, { sequence, units }]) => emitUdpPacket(path, emitPmipv6Control(update(sequence, units))),
      ([path, { sequence, units }]) => [
        ...udpFields(path),
        ['mip6.bu.seqnr', number(sequence, 2)],
        ['mip6.bu.lifetime', number(units, 2)],
      ],
    );
  });

  it('[RFC 2784 §2.1, RFC 2890 §2] reads GRE, and finds its checksum good', () => {
    compare(
      sample(
        fc.tuple(udpPath, grePacket, ipPacket).map(([path, gre, payload]) => {
          const protocolType = payload[0]! >> 4 === 4 ? GreProtocol.ipv4 : GreProtocol.ipv6;
          return { path, gre: { ...gre, protocolType, payload } };
        }),
      ),
      ({ path, gre }) => emitIp(path.source, path.destination, 47, emitGre(gre)),
      ({ gre: { protocolType, checksum, key, sequence } }) => [
        ['gre.flags.checksum', flag(checksum)],
        ['gre.flags.key', flag(key !== undefined)],
        ['gre.flags.sequence_number', flag(sequence !== undefined)],
        ['gre.proto', number(protocolType, 2)],
        ...(checksum ? [['gre.checksum.status', GOOD] as const] : []),
        ...(key === undefined ? [] : [['gre.key', number(key, 4)] as const]),
        ...(sequence === undefined ? [] : [['gre.sequence_number', number(sequence, 4)] as const]),
      ],
    );
  });

  it('[RFC 8200 §3, RFC 791 §3.1] reads hop limit, time to live, lengths', () => {
    compare(
      sample(fc.tuple(udpPath, u8)),
      ([{ source, destination }, octet]) => emitIp(source, destination, 253, Uint8Array.of(octet)),
      ([{ source }]) =>
        source.length === 4
          ? [
              ['ip.len', '0015'],
              ['ip.flags.df', '1'],
              ['ip.ttl', '40'],
              ['ip.proto', 'fd'],
            ]
          : [
              ['ipv6.plen', '0001'],
              ['ipv6.nxt', 'fd'],
              ['ipv6.hlim', '40'],
            ],
    );
  });
});
