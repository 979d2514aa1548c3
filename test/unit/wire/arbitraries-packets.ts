/** fast-check generators for what stands around the Mobility Header, and beside it. */
import fc from 'fast-check';
import { type Address, isMulticast } from '../../../src/wire/address.ts';
import type { Dsmipv6Packet } from '../../../src/wire/dsmipv6.ts';
import type { GrePacket } from '../../../src/wire/gre.ts';
import type { Icmpv6Message } from '../../../src/wire/icmpv6/icmpv6-message.ts';
import type { Icmpv6Packet } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../../src/wire/icmpv6/nd-option.ts';
import { emitIp } from '../../../src/wire/ip.ts';
import type { Pmipv6Data } from '../../../src/wire/pmipv6-udp.ts';
import type { UdpPath } from '../../../src/wire/udp.ts';
import { anyAddress, anyIpv4Address, octetsUpTo, u8, u16, u32, unicastAddress } from './arbitrary-fields.ts';

const flag = fc.boolean();

const linkLayerAddress = fc
  .tuple(fc.constantFrom(6, 6, 6, 14), fc.uint8Array({ minLength: 14, maxLength: 14 }))
  .map(([length, octets]) => octets.slice(0, length));

const knownNdTypes = [1, 2, 3, 5, 7, 8];

export const ndOptionsByKind = {
  'source-link-layer-address': fc.record({
    kind: fc.constant('source-link-layer-address' as const),
    address: linkLayerAddress,
  }),
  'target-link-layer-address': fc.record({
    kind: fc.constant('target-link-layer-address' as const),
    address: linkLayerAddress,
  }),
  'prefix-information': fc.record({
    kind: fc.constant('prefix-information' as const),
    prefixLength: fc.integer({ min: 0, max: 128 }),
    onLink: flag,
    autonomous: flag,
    routerAddress: flag,
    validLifetime: u32,
    preferredLifetime: u32,
    prefix: anyAddress,
  }),
  mtu: fc.record({ kind: fc.constant('mtu' as const), mtu: u32 }),
  'advertisement-interval': fc.record({
    kind: fc.constant('advertisement-interval' as const),
    interval: u32,
  }),
  'home-agent-information': fc.record({
    kind: fc.constant('home-agent-information' as const),
    mobileRouter: flag,
    preference: u16,
    lifetime: fc.integer({ min: 1, max: 0xffff }),
  }),
  opaque: fc.record({
    kind: fc.constant('opaque' as const),
    type: u8.filter(type => !knownNdTypes.includes(type)),
    data: fc
      .tuple(fc.integer({ min: 1, max: 255 }), u8)
      .map(([units, octet]) => new Uint8Array(8 * units - 2).fill(octet)),
  }),
} satisfies Record<string, fc.Arbitrary<NdOption>>;

const ndOptions = fc.array(fc.oneof(...Object.values(ndOptionsByKind)), { maxLength: 6 });
const target = anyAddress.filter(address => !isMulticast(address));

const knownIcmpv6Types = [1, 4, 133, 134, 135, 136, 144, 145, 146, 147];

/** ICMPv6 messages of each kind, with options of the given generator. */
export const icmpv6ByKind = (options: fc.Arbitrary<NdOption[]> = ndOptions) =>
  ({
    'destination-unreachable': fc.record({
      kind: fc.constant('destination-unreachable' as const),
      code: u8,
      invoking: octetsUpTo(100),
    }),
    'parameter-problem': fc.record({
      kind: fc.constant('parameter-problem' as const),
      code: u8,
      pointer: u32,
      invoking: octetsUpTo(100),
    }),
    'router-solicitation': fc.record({ kind: fc.constant('router-solicitation' as const), options }),
    'router-advertisement': fc.record({
      kind: fc.constant('router-advertisement' as const),
      currentHopLimit: u8,
      managed: flag,
      otherConfiguration: flag,
      homeAgent: flag,
      preference: fc.integer({ min: 0, max: 3 }),
      routerLifetime: u16,
      reachableTime: u32,
      retransmissionTimer: u32,
      options,
    }),
    'neighbor-solicitation': fc.record({
      kind: fc.constant('neighbor-solicitation' as const),
      target,
      options,
    }),
    'neighbor-advertisement': fc.record({
      kind: fc.constant('neighbor-advertisement' as const),
      router: flag,
      solicited: flag,
      override: flag,
      target,
      options,
    }),
    'home-agent-address-discovery-request': fc.record({
      kind: fc.constant('home-agent-address-discovery-request' as const),
      identifier: u16,
      mobileRouter: flag,
    }),
    'home-agent-address-discovery-reply': fc.record({
      kind: fc.constant('home-agent-address-discovery-reply' as const),
      identifier: u16,
      mobileRouter: flag,
      homeAgents: fc.array(anyAddress, { maxLength: 5 }),
    }),
    'mobile-prefix-solicitation': fc.record({
      kind: fc.constant('mobile-prefix-solicitation' as const),
      identifier: u16,
      options,
    }),
    'mobile-prefix-advertisement': fc.record({
      kind: fc.constant('mobile-prefix-advertisement' as const),
      identifier: u16,
      managed: flag,
      otherConfiguration: flag,
      options,
    }),
    opaque: fc.record({
      kind: fc.constant('opaque' as const),
      type: u8.filter(type => !knownIcmpv6Types.includes(type)),
      code: u8,
      data: octetsUpTo(100),
    }),
  }) satisfies Record<string, fc.Arbitrary<Icmpv6Message>>;

/**
 * Packets with each combination of Home Address option and type 2 routing header, between addresses that suit the message;
 * the hop limit is the default one.
 */
export const icmpv6PacketWith = (message: fc.Arbitrary<Icmpv6Message>): fc.Arbitrary<Icmpv6Packet> =>
  fc
    .record({
      source: unicastAddress,
      destination: unicastAddress,
      homeAddress: fc.option(unicastAddress, { nil: undefined }),
      routingHome: fc.option(unicastAddress, { nil: undefined }),
      message,
    })
    .map(packet =>
      packet.message.kind === 'router-advertisement'
        ? { ...packet, source: linkLocal(packet.source) }
        : packet,
    );

function linkLocal(address: Address): Address {
  const copy = address.slice();
  copy.set([0xfe, 0x80]);
  return copy;
}

export const anyIcmpv6Packet: fc.Arbitrary<Icmpv6Packet> = icmpv6PacketWith(
  fc.oneof(...Object.values(icmpv6ByKind())),
);

const addressPair = fc.oneof(fc.tuple(anyIpv4Address, anyIpv4Address), fc.tuple(anyAddress, anyAddress));

/** A whole IP packet of either version, of a protocol that nobody here looks into. */
export const ipPacket: fc.Arbitrary<Uint8Array> = fc
  .tuple(addressPair, octetsUpTo(80))
  .map(([[source, destination], payload]) => emitIp(source, destination, 253, payload));

export const udpPath: fc.Arbitrary<UdpPath> = fc
  .tuple(addressPair, u16, u16)
  .map(([[source, destination], sourcePort, destinationPort]) => ({
    source,
    destination,
    sourcePort,
    destinationPort,
  }));

/** In either direction between a mobile node and port 4191. */
export const dsmipv6Packet: fc.Arbitrary<Dsmipv6Packet> = fc
  .tuple(udpPath, flag, ipPacket)
  .map(([path, up, inner]) => ({ ...path, [up ? 'destinationPort' : 'sourcePort']: 4191, inner }));

export const pmipv6Data: fc.Arbitrary<Pmipv6Data> = fc.oneof(
  ipPacket.map(payload => ({ protocol: payload[0]! >> 4 === 6 ? 41 : 4, tlv: false, payload })),
  fc.record({ protocol: u8, tlv: fc.constant(true), payload: octetsUpTo(80) }),
);

export const grePacket: fc.Arbitrary<GrePacket> = fc.record({
  protocolType: fc.oneof(fc.constantFrom(0x0800, 0x86dd), u16),
  checksum: flag,
  key: fc.option(u32, { nil: undefined }),
  sequence: fc.option(u32, { nil: undefined }),
  payload: octetsUpTo(80),
});
