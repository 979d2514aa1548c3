/** Packets around and beside the Mobility Header, written out by hand from the figures of the RFCs. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { checksum } from '../../../src/wire/checksum.ts';
import { emitDsmipv6, parseDsmipv6 } from '../../../src/wire/dsmipv6.ts';
import { decapsulate, encapsulate } from '../../../src/wire/encapsulation.ts';
import { emitGre, type GrePacket, greHeader, parseGre } from '../../../src/wire/gre.ts';
import {
  emitIcmpv6,
  type Icmpv6Message,
  parseIcmpv6,
  showIcmpv6,
} from '../../../src/wire/icmpv6/icmpv6-message.ts';
import {
  emitIcmpv6Packet,
  type Icmpv6Packet,
  parseIcmpv6Packet,
} from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIpv4, ipv4Header, parseIpv4 } from '../../../src/wire/ipv4.ts';
import { emitIpv6 } from '../../../src/wire/ipv6.ts';
import type { Field } from '../../../src/wire/layout/part.ts';
import type { MobilityPacket } from '../../../src/wire/mobility-packet.ts';
import {
  emitPmipv6Control,
  emitPmipv6Data,
  parsePmipv6Control,
  parsePmipv6Data,
} from '../../../src/wire/pmipv6-udp.ts';
import type { Result } from '../../../src/wire/result.ts';
import { emitUdpPacket, parseUdpPacket } from '../../../src/wire/udp.ts';
import { emitMobilityPacket, parseMobilityPacket } from './complete-packet.ts';
import { hex, octets, patched } from './octets.ts';

const address = (text: string) => parseAddress(text)!;
const careOf = address('2001:db8:1::2');
const anchor = address('2001:db8::1');
const home = address('2001:db8:f::1');
const linkLocal = address('fe80::1');
const allNodes = address('ff02::1');
const CARE_OF = '20010db8000100000000000000000002';
const ANCHOR = '20010db8000000000000000000000001';
const HOME = '20010db8000f00000000000000000001';
const LINK_LOCAL = 'fe800000000000000000000000000001';
const ALL_NODES = 'ff020000000000000000000000000001';
const linkLayer = octets('02005e005301');

/** Where and why it was refused. */
function refusal(result: Result<unknown>) {
  if (result.ok) return 'accepted';
  const { offset, counter } = result.error;
  return { offset, counter };
}

/** The message with its checksum. */
function summed({ source, destination, message }: Icmpv6Packet): Uint8Array {
  const bytes = emitIcmpv6(message);
  return patched(bytes, 2, checksum(source, destination, 58, bytes).toString(16).padStart(4, '0'));
}

const router: Icmpv6Message = {
  kind: 'router-advertisement',
  currentHopLimit: 64,
  preference: 0,
  routerLifetime: 0,
  reachableTime: 0,
  retransmissionTimer: 0,
  options: [],
};

describe('ICMPv6', () => {
  it.each<[string, Icmpv6Packet, string]>([
    [
      '[RFC 6275 §6.5, RFC 3963 §7.1] Home Agent Address Discovery Request with R, to the anycast address',
      {
        source: careOf,
        destination: address('2001:db8::fdff:ffff:ffff:fffe'),
        message: { kind: 'home-agent-address-discovery-request', identifier: 0x1234, mobileRouter: true },
      },
      `60000000 0008 3a 40 ${CARE_OF} 20010db800000000fdfffffffffffffe 90 00 8414 1234 8000`,
    ],
    [
      '[RFC 6275 §6.6, RFC 3963 §7.2] Home Agent Address Discovery Reply with R and two addresses',
      {
        source: anchor,
        destination: careOf,
        message: {
          kind: 'home-agent-address-discovery-reply',
          identifier: 0x1234,
          mobileRouter: true,
          homeAgents: [anchor, address('2001:db8::2')],
        },
      },
      `60000000 0028 3a 40 ${ANCHOR} ${CARE_OF} 91 00 257d 1234 8000
       ${ANCHOR} 20010db8000000000000000000000002`,
    ],
    [
      '[RFC 6275 §6.7] Mobile Prefix Solicitation: the checksum is over the home address',
      {
        source: careOf,
        destination: anchor,
        homeAddress: home,
        message: { kind: 'mobile-prefix-solicitation', identifier: 0x0102, options: [] },
      },
      `60000000 0020 3c 40 ${CARE_OF} ${ANCHOR} 3a02 0102 0000 c910 ${HOME} 92 00 1138 0102 0000`,
    ],
    [
      '[RFC 6275 §6.8, §7.2] Mobile Prefix Advertisement with M: the checksum is over the home address',
      {
        source: anchor,
        destination: careOf,
        routingHome: home,
        message: {
          kind: 'mobile-prefix-advertisement',
          identifier: 0x0102,
          managed: true,
          otherConfiguration: false,
          options: [
            {
              kind: 'prefix-information',
              prefixLength: 64,
              onLink: false,
              autonomous: true,
              routerAddress: true,
              validLifetime: 86400,
              preferredLifetime: 14400,
              prefix: home,
            },
          ],
        },
      },
      `60000000 0040 2b 40 ${ANCHOR} ${CARE_OF} 3a020201 00000000 ${HOME} 93 00 9528 0102 8000
       03 04 40 60 00015180 00003840 00000000 ${HOME}`,
    ],
    [
      '[RFC 6275 §7.1-7.4, RFC 4861 §4.2, §4.6] Router Advertisement of a home agent',
      {
        source: linkLocal,
        destination: allNodes,
        message: {
          kind: 'router-advertisement',
          currentHopLimit: 64,
          managed: false,
          otherConfiguration: true,
          homeAgent: true,
          preference: 1,
          routerLifetime: 1800,
          reachableTime: 0,
          retransmissionTimer: 0,
          options: [
            { kind: 'source-link-layer-address', address: linkLayer },
            { kind: 'mtu', mtu: 1500 },
            {
              kind: 'prefix-information',
              prefixLength: 64,
              onLink: true,
              autonomous: true,
              routerAddress: true,
              validLifetime: 0xffffffff,
              preferredLifetime: 0xffffffff,
              prefix: anchor,
            },
            { kind: 'advertisement-interval', interval: 1000 },
            { kind: 'home-agent-information', mobileRouter: true, preference: 10, lifetime: 1800 },
          ],
        },
      },
      `60000000 0050 3a ff ${LINK_LOCAL} ${ALL_NODES} 86 00 6a04 40 68 0708 00000000 00000000
       01 01 02005e005301 05 01 0000 000005dc
       03 04 40 e0 ffffffff ffffffff 00000000 ${ANCHOR}
       07 01 0000 000003e8 08 01 8000 000a 0708`,
    ],
    [
      '[RFC 4861 §4.1] Router Solicitation',
      {
        source: address('fe80::2'),
        destination: address('ff02::2'),
        message: {
          kind: 'router-solicitation',
          options: [{ kind: 'source-link-layer-address', address: octets('02005e005302') }],
        },
      },
      `60000000 0010 3a ff fe800000000000000000000000000002 ff020000000000000000000000000002
       85 00 c929 00000000 01 01 02005e005302`,
    ],
    [
      '[RFC 4861 §4.3, RFC 4862 §5.4.2] Neighbor Solicitation of duplicate address detection',
      {
        source: address('::'),
        destination: address('ff02::1:ff00:1'),
        message: { kind: 'neighbor-solicitation', target: home, options: [] },
      },
      `60000000 0018 3a ff 00000000000000000000000000000000 ff0200000000000000000001ff000001
       87 00 4cde 00000000 ${HOME}`,
    ],
    [
      '[RFC 4861 §4.4, RFC 6275 §10.4.1] Neighbor Advertisement for a mobile node',
      {
        source: anchor,
        destination: allNodes,
        message: {
          kind: 'neighbor-advertisement',
          router: true,
          solicited: false,
          override: true,
          target: home,
          options: [{ kind: 'target-link-layer-address', address: linkLayer }],
        },
      },
      `60000000 0020 3a ff ${ANCHOR} ${ALL_NODES} 88 00 c81a a0000000 ${HOME} 02 01 02005e005301`,
    ],
    [
      '[RFC 4443 §3.1] Destination Unreachable, reject route',
      {
        source: anchor,
        destination: careOf,
        message: { kind: 'destination-unreachable', code: 6, invoking: octets('60000000') },
      },
      `60000000 000c 3a 40 ${ANCHOR} ${CARE_OF} 01 06 433d 00000000 60000000`,
    ],
  ])('%s', (_title, packet, text) => {
    expect(hex(emitIcmpv6Packet(packet))).toBe(hex(octets(text)));
    const { source, destination, homeAddress, routingHome, message } = packet;
    const received = parseIcmpv6Packet(octets(text));
    expect(received).toMatchObject({ ok: true, value: { source, destination, message } });
    if (received.ok)
      expect([received.value.homeAddress, received.value.routingHome]).toEqual([homeAddress, routingHome]);
  });

  const request = `60000000 0008 3a 40 ${CARE_OF} 20010db800000000fdfffffffffffffe 90 00 8414 1234 8000`;
  const solicitation = `60000000 0018 3a ff 00000000000000000000000000000000 ff0200000000000000000001ff000001
       87 00 4cde 00000000 ${HOME}`;

  it.each<[string, Uint8Array, object]>([
    [
      '[RFC 4443 §2.3] one bit wrong',
      patched(octets(request), 45, '35'),
      { offset: 42, counter: 'checksum' },
    ],
    [
      '[RFC 6275 §6.5] code 1',
      patched(octets(request), 41, '01 8413'),
      { offset: 41, counter: 'message-malformed' },
    ],
    [
      '[RFC 4861 §7.1.1] a Neighbor Solicitation with hop limit 254',
      patched(octets(solicitation), 7, 'fe'),
      { offset: 40, counter: 'neighbor-discovery' },
    ],
    [
      '[RFC 8200 §4] another payload',
      patched(octets(request), 6, '11'),
      { offset: 40, counter: 'no-icmpv6' },
    ],
  ])('%s is refused', (_title, bytes, error) => {
    expect(refusal(parseIcmpv6Packet(bytes))).toEqual(error);
  });

  const bare = { kind: 'router-solicitation' as const, options: [] };
  const named = {
    kind: 'router-solicitation' as const,
    options: [{ kind: 'source-link-layer-address' as const, address: linkLayer }],
  };
  const nobody = address('::');
  const solicitedNode = address('ff02::1:ff00:1');
  const neighborSolicitation = { kind: 'neighbor-solicitation' as const, target: home, options: [] };
  const advertisement = { kind: 'neighbor-advertisement' as const, target: home, options: [] };

  it.each<[string, boolean, Icmpv6Packet]>([
    [
      '[RFC 4861 §6.1.1] a nameless Router Solicitation from nobody',
      true,
      { source: nobody, destination: allNodes, message: bare },
    ],
    [
      '[RFC 4861 §6.1.1] a Router Solicitation from nobody that names itself',
      false,
      { source: nobody, destination: allNodes, message: named },
    ],
    [
      '[RFC 4861 §7.1.1] a Neighbor Solicitation from nobody to a solicited-node address',
      true,
      { source: nobody, destination: solicitedNode, message: neighborSolicitation },
    ],
    [
      '[RFC 4861 §7.1.1] a Neighbor Solicitation from nobody to all nodes',
      false,
      { source: nobody, destination: allNodes, message: neighborSolicitation },
    ],
    [
      '[RFC 4861 §7.1.1] a Neighbor Solicitation from nobody that names itself',
      false,
      {
        source: nobody,
        destination: solicitedNode,
        message: { ...neighborSolicitation, options: named.options },
      },
    ],
    [
      '[RFC 4861 §7.1.2] an unsolicited Neighbor Advertisement to all nodes',
      true,
      { source: anchor, destination: allNodes, message: advertisement },
    ],
    [
      '[RFC 4861 §7.1.2] a solicited Neighbor Advertisement to all nodes',
      false,
      { source: anchor, destination: allNodes, message: { ...advertisement, solicited: true } },
    ],
    [
      '[RFC 4861 §6.1.2] a Router Advertisement from a global address',
      false,
      { source: anchor, destination: allNodes, message: router },
    ],
  ])('%s: valid %s', (_title, valid, packet) => {
    if (valid) {
      expect(parseIcmpv6Packet(emitIcmpv6Packet(packet)).ok).toBe(true);
      return;
    }
    expect(() => emitIcmpv6Packet(packet)).toThrow(RangeError);
    const received = emitIpv6(packet.source, packet.destination, 58, summed(packet), 255);
    expect(refusal(parseIcmpv6Packet(received))).toEqual({ offset: 40, counter: 'neighbor-discovery' });
  });

  it.each<[string, string, object]>([
    ['three octets', '900000', { offset: 0, counter: 'truncated' }],
    [
      '[RFC 6275 §6.6] half an address',
      '91000000 12348000 2001',
      { offset: 8, counter: 'message-malformed' },
    ],
    [
      '[RFC 4861 §4.6] an option of length 0',
      '92000000 01020000 0100 02005e005301',
      { offset: 8, counter: 'message-malformed' },
    ],
    [
      '[RFC 4861 §4.6] an option that runs past the message',
      '92000000 01020000 0102 02005e005301',
      { offset: 8, counter: 'message-malformed' },
    ],
    [
      '[RFC 4861 §7.1.1] a multicast target',
      `87000000 00000000 ${ALL_NODES}`,
      { offset: 1, counter: 'message-malformed' },
    ],
    ['[RFC 4861 §4.3] no target', '87000000 00000000', { offset: 1, counter: 'message-malformed' }],
  ])('%s is refused', (_title, text, error) => {
    expect(refusal(parseIcmpv6(octets(text)))).toEqual(error);
  });

  it.each([
    ['[RFC 6275 §7.4] a Home Agent Information option with lifetime 0', '0801 0000 000a 0000', 8],
    ['[RFC 4861 §4.6.2] a prefix length of 129', `0304 81 e0 ffffffff ffffffff 00000000 ${ANCHOR}`, 3],
    ['[RFC 4861 §4.6.4] an MTU option of two units', '0502 0000 000005dc 0000000000000000', 5],
  ])('%s becomes an opaque option, and comes out again', (_title, option, type) => {
    const bytes = octets(`85000000 00000000 ${option}`);
    const message = {
      kind: 'router-solicitation',
      options: [{ kind: 'opaque', type, data: octets(option).slice(2) }],
    };
    expect(parseIcmpv6(bytes)).toEqual({ ok: true, value: message });
  });

  it.each<[string, Partial<Icmpv6Packet> & { message: Icmpv6Message }]>([
    [
      'a lifetime of 0 in a Home Agent Information option',
      {
        message: {
          kind: 'router-solicitation',
          options: [{ kind: 'home-agent-information', preference: 0, lifetime: 0 }],
        },
      },
    ],
    [
      'a link-layer address that does not fill units of 8 octets',
      {
        message: {
          kind: 'router-solicitation',
          options: [{ kind: 'source-link-layer-address', address: new Uint8Array(8) }],
        },
      },
    ],
    ['a multicast target', { message: { kind: 'neighbor-solicitation', target: allNodes, options: [] } }],
    [
      'a known type as an opaque one',
      { message: { kind: 'opaque', type: 144, code: 0, data: octets('1234 8000') } },
    ],
    [
      'Neighbor Discovery with another hop limit than 255',
      { hopLimit: 64, message: { kind: 'router-solicitation', options: [] } },
    ],
  ])('%s cannot be emitted', (_title, packet) => {
    expect(() => emitIcmpv6Packet({ source: careOf, destination: anchor, ...packet })).toThrow(RangeError);
  });

  it('shows every field with its section and what is wrong', () => {
    const shown: Field[] = [];
    const fault = showIcmpv6(octets('90 01 8414 1234 8000'), shown);
    expect(fault).toBe('code 1 is not 0');
    expect(shown.map(({ name, value, section }) => [name, value, section])).toEqual([
      ['type', 144, undefined],
      ['code', 1, undefined],
      ['checksum', 0x8414, undefined],
      ['identifier', 0x1234, undefined],
      ['mobileRouter', true, 'RFC 3963 §7.1'],
    ]);
    expect(shown[0]!.meaning).toBe('Home Agent Address Discovery Request');
  });
});

const IPV4 = (length: string, protocol: string, sum: string) =>
  `4500 ${length} 0000 4000 40 ${protocol} ${sum} c0000202 c6336401`;
const path = {
  source: octets('c0000202'),
  destination: octets('c6336401'),
  sourcePort: 40000,
  destinationPort: 4191,
};

describe('UDP encapsulation', () => {
  const update: MobilityPacket = {
    source: home,
    destination: anchor,
    message: {
      kind: 'binding-update',
      sequence: 7,
      acknowledge: true,
      homeRegistration: true,
      lifetime: 240,
      options: [],
    },
  };
  const figure = `${IPV4('0054', '11', '4e62')} 9c40 105f 0040 7fdd
    60000000 0010 87 40 ${HOME} ${ANCHOR} 3b010500 a29e 0007 c000 003c 0102 0000`;

  it('[RFC 5555 §4.2] Binding Update from the home address, without a Home Address option', () => {
    expect(hex(emitDsmipv6({ ...path, inner: emitMobilityPacket(update) }))).toBe(hex(octets(figure)));
    const outer = parseDsmipv6(octets(figure));
    if (!outer.ok) throw new Error(outer.error.rule);
    const { inner, ...outerPath } = outer.value;
    expect(outerPath).toEqual(path);
    expect(parseMobilityPacket(inner)).toMatchObject({
      ok: true,
      value: { source: home, destination: anchor, message: update.message },
    });
  });

  it('[RFC 768] no checksum is taken over IPv4', () => {
    expect(parseDsmipv6(patched(octets(figure), 26, '0000')).ok).toBe(true);
  });

  it('[RFC 768] a checksum that comes out as zero is sent as all ones', () => {
    const sum = emitUdpPacket(path, octets('0000')).slice(26, 28);
    const packet = emitUdpPacket(path, sum);
    expect(hex(packet.slice(26, 28))).toBe('ffff');
    expect(parseUdpPacket(packet).ok).toBe(true);
  });

  it('[RFC 8200 §8.1] no checksum is refused over IPv6', () => {
    const packet = emitUdpPacket({ ...path, source: careOf, destination: anchor }, octets('01'));
    expect(parseUdpPacket(packet).ok).toBe(true);
    expect(refusal(parseUdpPacket(patched(packet, 46, '0000')))).toEqual({ offset: 46, counter: 'checksum' });
  });

  it.each<[string, Uint8Array, object]>([
    [
      '[RFC 791 §3.1] a wrong header checksum',
      patched(octets(figure), 11, '63'),
      { offset: 10, counter: 'checksum' },
    ],
    [
      '[RFC 791 §3.1] a header of 16 octets',
      patched(octets(figure), 0, '44'),
      { offset: 0, counter: 'ipv4-header-length' },
    ],
    ['[RFC 791 §3.1] a cut packet', octets(figure).slice(0, -1), { offset: 2, counter: 'truncated' }],
    [
      '[RFC 791 §3.2] a fragment',
      patched(octets(figure), 6, '2000 4011 6e62'),
      { offset: 6, counter: 'fragment' },
    ],
    [
      '[RFC 768] a UDP length beyond the packet',
      patched(octets(figure), 24, '0041'),
      { offset: 24, counter: 'truncated' },
    ],
    ['[RFC 768] a wrong checksum', patched(octets(figure), 83, '01'), { offset: 26, counter: 'checksum' }],
    [
      '[RFC 5555 §4.1] other ports',
      patched(octets(figure), 22, '1060 0040 0000'),
      { offset: 0, counter: 'no-dsmipv6' },
    ],
    [
      '[RFC 5555 §4.1] no IP packet',
      patched(patched(octets(figure), 28, '50'), 26, '0000'),
      { offset: 28, counter: 'no-dsmipv6' },
    ],
  ])('%s is refused', (_title, bytes, error) => {
    expect(refusal(parseDsmipv6(bytes))).toEqual(error);
  });

  const control = `${IPV4('002c', '11', '4e8a')} 153c 153c 0018 25c8 3b010500 0000 0007 8200 003c 0102 0000`;
  const proxyUpdate = {
    kind: 'binding-update' as const,
    sequence: 7,
    acknowledge: true,
    proxy: true,
    lifetime: 240,
    options: [],
  };

  it('[RFC 5844 §4.2.2.1] Proxy Binding Update: a bare Mobility Header with checksum zero', () => {
    const ports = { sourcePort: 5436, destinationPort: 5436 };
    const packet = emitUdpPacket({ ...path, ...ports }, emitPmipv6Control(proxyUpdate));
    expect(hex(packet)).toBe(hex(octets(control)));
    const datagram = parseUdpPacket(octets(control));
    if (!datagram.ok) throw new Error(datagram.error.rule);
    expect(parsePmipv6Control(datagram.value.payload)).toMatchObject({
      ok: true,
      value: { message: proxyUpdate },
    });
  });

  it('[RFC 5844 §4.1.3.1] the checksum of a bare Mobility Header is ignored', () => {
    expect(parsePmipv6Control(octets('3b010500 dead 0007 8200 003c 0102 0000')).ok).toBe(true);
  });

  it.each<[string, string, object]>([
    ['seven octets', '3b010500000000', { offset: 0, counter: 'truncated' }],
    ['Header Len beyond the datagram', '3b010500 0000 0000', { offset: 1, counter: 'truncated' }],
    ['Payload Proto 6', '06000000 0000 0000', { offset: 0, counter: 'payload-proto' }],
  ])('a bare Mobility Header with %s is refused', (_title, text, error) => {
    expect(refusal(parsePmipv6Control(octets(text)))).toEqual(error);
  });

  const inner = '45000016 00004000 40fd 25e9 0a000001 0a000002 0102';
  const data = `${IPV4('003e', '11', '4e78')} 153d 153d 002a 21fc 00 2f 001e 2000 0800 deadbeef ${inner}`;

  it('[RFC 5845 §7.1 figure 5] TLV header, GRE with key, IPv4', () => {
    const ports = { sourcePort: 5437, destinationPort: 5437 };
    const gre = { protocolType: 0x0800, checksum: false, key: 0xdeadbeef, payload: octets(inner) };
    const payload = emitPmipv6Data({ protocol: 47, tlv: true, payload: emitGre(gre) });
    expect(hex(emitUdpPacket({ ...path, ...ports }, payload))).toBe(hex(octets(data)));
    const datagram = parseUdpPacket(octets(data));
    if (!datagram.ok) throw new Error(datagram.error.rule);
    const tlv = parsePmipv6Data(datagram.value.payload);
    expect(tlv).toMatchObject({ ok: true, value: { protocol: 47, tlv: true } });
    if (tlv.ok)
      expect(parseGre(tlv.value.payload)).toEqual({ ok: true, value: { ...gre, sequence: undefined } });
  });

  it.each<[string, string, object]>([
    [
      '[RFC 5845 §7.1] a greater length than that of UDP',
      '002f 0005 20000800',
      { offset: 2, counter: 'tlv-header' },
    ],
    [
      '[RFC 5845 §7.1] a smaller length than that of UDP',
      '002f 0003 20000800',
      { offset: 2, counter: 'tlv-header' },
    ],
    ['[RFC 5845 §7.2] type 1', '102f 0004 20000800', { offset: 0, counter: 'tlv-header' }],
    ['three octets', '002f00', { offset: 0, counter: 'truncated' }],
  ])('a TLV header with %s is refused', (_title, text, error) => {
    expect(refusal(parsePmipv6Data(octets(text)))).toEqual(error);
  });
});

describe('GRE', () => {
  const full: GrePacket = {
    protocolType: 0x86dd,
    checksum: true,
    key: 1,
    sequence: 2,
    payload: octets('6000'),
  };
  const figure = 'b000 86dd 691e 0000 00000001 00000002 6000';

  it('[RFC 2784 §2.1, RFC 2890 §2] checksum, key, sequence number', () => {
    expect(hex(emitGre(full))).toBe(hex(octets(figure)));
    expect(parseGre(octets(figure))).toEqual({ ok: true, value: full });
  });

  it('shows its fields', () => {
    const shown: Field[] = [];
    greHeader.show(octets(figure), 0, 18, shown);
    expect(shown.map(({ name, offset, value }) => [name, offset, value])).toEqual([
      ['checksumPresent', 0, true],
      ['keyPresent', 0, true],
      ['sequencePresent', 0, true],
      ['version', 0, 0],
      ['protocolType', 2, 0x86dd],
      ['checksum', 4, 0x691e],
      ['key', 8, 1],
      ['sequence', 12, 2],
    ]);
  });

  it.each<[string, string, object]>([
    ['[RFC 2784 §2.2] routing present', '4000 0800', { offset: 0, counter: 'gre' }],
    ['[RFC 2784 §2.2] bit 5 set', '0400 0800', { offset: 0, counter: 'gre' }],
    ['[RFC 2784 §2.3.1] version 1', '0001 0800', { offset: 1, counter: 'gre' }],
    ['[RFC 2890 §2] a key that is not there', '2000 0800 0000', { offset: 0, counter: 'gre' }],
    [
      '[RFC 2784 §2.4] a wrong checksum',
      'b000 86dd 691f 0000 00000001 00000002 6000',
      { offset: 4, counter: 'checksum' },
    ],
    ['three octets', '200008', { offset: 0, counter: 'truncated' }],
  ])('%s is refused', (_title, text, error) => {
    expect(refusal(parseGre(octets(text)))).toEqual(error);
  });
});

describe('packets in packets', () => {
  const inner4 = octets('45000016 00004000 40fd 25e9 0a000001 0a000002 0102');
  const inner6 = octets(`60000000 0000 3b 40 ${HOME} ${ANCHOR}`);
  const { source, destination } = path;

  it.each([
    [
      '[RFC 2473 §3.1] IPv4 in IPv6',
      encapsulate(careOf, anchor, inner4),
      `60000000 0016 04 40 ${CARE_OF} ${ANCHOR} ${hex(inner4)}`,
      { source: careOf, destination: anchor, inner: inner4 },
    ],
    [
      '[RFC 4213 §3] IPv6 in IPv4',
      encapsulate(source, destination, inner6),
      `${IPV4('003c', '29', '4e62')} ${hex(inner6)}`,
      { source, destination, inner: inner6 },
    ],
    [
      '[RFC 2003 §3] IPv4 in IPv4',
      encapsulate(source, destination, inner4),
      `${IPV4('002a', '04', '4e99')} ${hex(inner4)}`,
      { source, destination, inner: inner4 },
    ],
  ])('%s', (_title, packet, text, value) => {
    expect(hex(packet)).toBe(hex(octets(text)));
    expect(decapsulate(octets(text))).toEqual({ ok: true, value });
  });

  it('[RFC 2473 §4.1.1] a Tunnel Encapsulation Limit is passed over', () => {
    const limited = octets(`60000000 0030 3c 40 ${CARE_OF} ${ANCHOR} 29 00 04 01 04 01 01 00 ${hex(inner6)}`);
    expect(decapsulate(limited)).toEqual({
      ok: true,
      value: { source: careOf, destination: anchor, inner: inner6 },
    });
  });

  it.each<[string, string, object]>([
    ['another protocol', `60000000 0000 3b 40 ${HOME} ${ANCHOR}`, { offset: 40, counter: 'no-tunnel' }],
    [
      'the other version within',
      `60000000 0016 29 40 ${CARE_OF} ${ANCHOR} ${hex(inner4)}`,
      { offset: 40, counter: 'no-tunnel' },
    ],
  ])('%s is refused', (_title, text, error) => {
    expect(refusal(decapsulate(octets(text)))).toEqual(error);
  });

  it('only IP packets can be put into one, between addresses of one family', () => {
    expect(() => encapsulate(careOf, anchor, octets('50'))).toThrow(RangeError);
    expect(() => encapsulate(careOf, destination, inner6)).toThrow(RangeError);
  });

  it('[RFC 791 §3.1] options of an IPv4 header are read and passed over', () => {
    const plain = emitIpv4(source, destination, 17, octets('01020304 05060708'));
    const optioned = octets(
      `4600 0020 0000 4000 40 11 b991 c0000202 c6336401 94040000 ${hex(plain.slice(20))}`,
    );
    const parsed = parseIpv4(optioned);
    expect(parsed).toMatchObject({ ok: true, value: { options: octets('94040000'), payload: 24, end: 32 } });
    const shown: Field[] = [];
    ipv4Header.show(optioned, 0, 24, shown);
    expect(shown.at(-1)).toMatchObject({ name: 'options', offset: 20, length: 4, value: '94040000' });
  });
});
