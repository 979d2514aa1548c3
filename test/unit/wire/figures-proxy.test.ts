/** Options and messages of Proxy Mobile IPv6, Dual-Stack Mobile IPv6 and relatives, as the RFCs draw them. */
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { Field } from '../../../src/wire/layout/part.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { concatenated, hex, octets } from './octets.ts';

const address = (text: string) => parseAddress(text)!;
const prefix = (text: string) => parsePrefix(text)!;
const MAG = '20010db8000100000000000000000002';

/** A Binding Refresh Request with these octets from its offset 8 on. */
function carrier(area: string): Uint8Array {
  const options = octets(area);
  const length = ((8 + options.length) / 8 - 1).toString(16).padStart(2, '0');
  return concatenated(octets(`3b ${length} 00 00 0000 0000`), options);
}

function optionsIn(area: string): readonly MobilityOption[] {
  const result = COMPLETE.parse(carrier(area));
  if (!result.ok || !('options' in result.value)) throw new Error('no Binding Refresh Request');
  return result.value.options;
}

/** Options behind what pads them to their place, up to a multiple of 8. */
const OPTIONS: readonly [title: string, area: string, option: MobilityOption][] = [
  [
    '[RFC 5213 §8.3] Home Network Prefix at 8n+4',
    '0102 0000 16 12 00 40 20010db8000f00010000000000000000',
    { kind: 'home-network-prefix', offLink: false, prefix: prefix('2001:db8:f:1::/64') },
  ],
  [
    '[RFC 7864 §4.1] Home Network Prefix with L',
    '0102 0000 16 12 80 40 20010db8000f00010000000000000000',
    { kind: 'home-network-prefix', offLink: true, prefix: prefix('2001:db8:f:1::/64') },
  ],
  ['[RFC 5213 §8.4] Handoff Indicator', '17 02 00 04 0102 0000', { kind: 'handoff-indicator', handoff: 4 }],
  [
    '[RFC 5213 §8.5] Access Technology Type',
    '18 02 00 03 0102 0000',
    { kind: 'access-technology-type', technology: 3 },
  ],
  [
    '[RFC 5213 §8.6] Mobile Node Link-layer Identifier of 6 octets at 2n',
    '19 08 0000 020102030405 0104 00000000',
    { kind: 'mn-link-layer-identifier', identifier: octets('020102030405') },
  ],
  [
    '[RFC 5213 §8.6] Mobile Node Link-layer Identifier of 8 octets at 8n+4',
    '0102 0000 19 0a 0000 0201020304050607',
    { kind: 'mn-link-layer-identifier', identifier: octets('0201020304050607') },
  ],
  [
    '[RFC 5213 §8.7] Link-local Address at 8n+6',
    '0104 00000000 1a 10 fe80000000000000020001020304 0506',
    { kind: 'link-local-address', address: address('fe80::200:102:304:506') },
  ],
  [
    '[RFC 5213 §8.8] Timestamp at 8n+2, 48 bits of seconds and a half',
    '0100 1b 08 00006b2f3a01 8000 0102 0000',
    { kind: 'timestamp', seconds: 0x6b2f3a01, fraction: 0x8000 },
  ],
  ['[RFC 5847 §3.4] Restart Counter at 4n+2', '0100 1c 04 00000007', { kind: 'restart-counter', counter: 7 }],
  [
    '[RFC 5555 §3.1.1] IPv4 Home Address /32',
    '1d 06 8000 c0000205',
    { kind: 'ipv4-home-address', prefixLength: 32, prefixRequested: false, address: octets('c0000205') },
  ],
  [
    '[RFC 5555 §3.1.1] IPv4 Home Address, a prefix of /28 requested with P',
    '1d 06 7200 00000000',
    { kind: 'ipv4-home-address', prefixLength: 28, prefixRequested: true, address: octets('00000000') },
  ],
  [
    '[RFC 5555 §3.2.1] IPv4 Address Acknowledgement, /24',
    '1e 06 00 60 c0000205',
    { kind: 'ipv4-address-acknowledgement', status: 0, prefixLength: 24, address: octets('c0000205') },
  ],
  [
    '[RFC 5555 §3.2.2] NAT Detection with F, 110 s',
    '1f 06 8000 0000006e',
    { kind: 'nat-detection', forceUdp: true, refreshTime: 110 },
  ],
  [
    '[RFC 5555 §3.2.2] NAT Detection, no keepalives',
    '1f 06 0000 ffffffff',
    { kind: 'nat-detection', forceUdp: false, refreshTime: 0xffffffff },
  ],
  [
    '[RFC 5555 §3.1.2] IPv4 Care-of Address',
    '20 06 0000 c6336405',
    { kind: 'ipv4-care-of-address', address: octets('c6336405') },
  ],
  ['[RFC 5845 §6.1] GRE Key of length 6', '21 06 0000 01020304', { kind: 'gre-key', key: 0x01020304 }],
  ['[RFC 5845 §6.1] GRE Key of length 2', '21 02 0000 0102 0000', { kind: 'gre-key', key: undefined }],
  [
    '[RFC 5844 §3.3.1] IPv4 Home Address Request for any /24',
    '24 06 6000 00000000',
    { kind: 'ipv4-home-address-request', prefixLength: 24, address: octets('00000000') },
  ],
  [
    '[RFC 5844 §3.3.2] IPv4 Home Address Reply, status 129',
    '25 06 81 00 c0000205',
    { kind: 'ipv4-home-address-reply', status: 129, prefixLength: 0, address: octets('c0000205') },
  ],
  [
    '[RFC 5844 §3.3.3] IPv4 Default-Router Address',
    '26 06 0000 c0000201',
    { kind: 'ipv4-default-router-address', address: octets('c0000201') },
  ],
  [
    '[RFC 5844 §3.3.4] IPv4 DHCP Support Mode, S in the last bit',
    '27 02 0001 0102 0000',
    { kind: 'ipv4-dhcp-support-mode', server: true },
  ],
  [
    '[RFC 6058] Transient Binding with L, 12 units of 100 ms',
    '2b 02 01 0c 0102 0000',
    { kind: 'transient-binding', latePathSwitch: true, lifetime: 1200 },
  ],
  [
    '[RFC 6602 §4.3] Mobile Node Group Identifier ALL-SESSIONS',
    '32 06 01 00 00000001',
    { kind: 'mn-group-identifier', subtype: 1, group: 1 },
  ],
  [
    '[RFC 6705 §11.1] MAG IPv6 Address at 8n+4',
    `0102 0000 33 12 00 80 ${MAG}`,
    { kind: 'mag-ipv6-address', addressLength: 128, address: address('2001:db8:1::2') },
  ],
  [
    '[RFC 6757 §3.1.1] Network-Identifier: SSID lab in UTF-8, access point ap',
    '34 0a 01 08 80 03 6c6162 02 6170 0102 0000',
    {
      kind: 'access-network-identifier',
      identifiers: [
        {
          kind: 'network-identifier',
          utf8: true,
          networkName: octets('6c6162'),
          accessPointName: octets('6170'),
        },
      ],
    },
  ],
  [
    '[RFC 6757 §3.1.2] Geo-Location: 48.5 degrees north, 2.25 degrees west',
    '34 08 02 06 184000 fee000 0104 00000000',
    {
      kind: 'access-network-identifier',
      identifiers: [{ kind: 'geo-location', latitude: 48.5, longitude: -2.25 }],
    },
  ],
  [
    '[RFC 6757 §3.1.3, RFC 7563 §3] Operator, civic location, MAG group, update timer and an unknown sub-option',
    '34 17 03 04 02 612e62 04 03 00 00 44 05 02 0007 06 02 001e 63 02 abcd 0105 0000000000',
    {
      kind: 'access-network-identifier',
      identifiers: [
        { kind: 'operator-identifier', identifierType: 2, identifier: octets('612e62') },
        { kind: 'civic-location', format: 0, location: octets('44') },
        { kind: 'mag-group-identifier', group: 7 },
        { kind: 'update-timer', timer: 120 },
        { kind: 'opaque', type: 0x63, data: octets('abcd') },
      ],
    },
  ],
  [
    '[RFC 7148 §4.1] Delegated Mobile Network Prefix at 8n+2, IPv6',
    '0100 37 12 00 38 20010db8001200000000000000000000 0100',
    {
      kind: 'delegated-mobile-network-prefix',
      ipv4: false,
      prefixLength: 56,
      address: address('2001:db8:12::'),
    },
  ],
  [
    '[RFC 7148 §4.1] Delegated Mobile Network Prefix, IPv4 with V',
    '0100 37 06 80 18 c6336400 0104 00000000',
    { kind: 'delegated-mobile-network-prefix', ipv4: true, prefixLength: 24, address: octets('c6336400') },
  ],
  [
    '[RFC 7161 §4.1] Active Multicast Subscription IPv4 at 4n+1',
    '00 38 05 16 e8000001',
    { kind: 'active-multicast-subscription-ipv4', igmpType: 0x16, membership: octets('e8000001') },
  ],
  [
    '[RFC 7161 §4.1] Active Multicast Subscription IPv6 at 8n+1',
    '00 39 05 8f 04000000',
    { kind: 'active-multicast-subscription-ipv6', mldType: 143, membership: octets('04000000') },
  ],
  [
    '[RFC 7222 §4.1] Quality of Service: DSCP 46, allocate, one attribute',
    '3a 0a 07 b8 01 000000 05 02 0021 0102 0000',
    {
      kind: 'quality-of-service',
      request: 7,
      dscp: 46,
      operation: 1,
      attributes: [{ kind: 'opaque', type: 5, data: octets('0021') }],
    },
  ],
  [
    '[RFC 7389 §4] LMA User-Plane Address, IPv4',
    '3b 06 0000 c0000201',
    { kind: 'lma-user-plane-address', address: octets('c0000201') },
  ],
  [
    '[RFC 7389 §4] LMA User-Plane Address, asked for',
    '3b 02 0000 0102 0000',
    { kind: 'lma-user-plane-address', address: undefined },
  ],
  [
    '[RFC 8127 §3.1] LMA-Controlled MAG Parameters with both sub-options at 4n',
    '0100 3e 10 01 06 000a 0001 0020 02 06 003c 0005 0003 0102 0000',
    {
      kind: 'lma-controlled-mag-parameters',
      parameters: [
        {
          kind: 're-registration-control',
          startTime: 40,
          initialRetransmissionTime: 1,
          maximumRetransmissionTime: 32,
        },
        { kind: 'heartbeat-control', interval: 60, retransmissionDelay: 5, maximumRetransmissions: 3 },
      ],
    },
  ],
  [
    '[RFC 8278 §4.1] MAG Multipath Binding with O',
    '3f 06 04 09 01 40 0000',
    { kind: 'mag-multipath-binding', technology: 4, label: 9, bid: 1, bulk: false, overwrite: true },
  ],
  [
    '[RFC 8278 §4.1] MAG Multipath Binding with B',
    '3f 06 08 0b 02 80 0000',
    { kind: 'mag-multipath-binding', technology: 8, label: 11, bid: 2, bulk: true, overwrite: false },
  ],
  [
    '[RFC 8278 §4.2] MAG Identifier, NAI m@d',
    '40 05 01 00 6d4064 00',
    { kind: 'mag-identifier', subtype: 1, identifier: octets('6d4064') },
  ],
  [
    '[RFC 8885 §4.3] Anchored Prefix at 8n+4',
    '0102 0000 41 12 00 40 20010db8000f00010000000000000000',
    { kind: 'anchored-prefix', prefix: prefix('2001:db8:f:1::/64') },
  ],
  [
    '[RFC 8885 §4.4] Local Prefix at 8n+4',
    '0102 0000 42 12 00 40 20010db8000f00020000000000000000',
    { kind: 'local-prefix', prefix: prefix('2001:db8:f:2::/64') },
  ],
  [
    '[RFC 8885 §4.5] Previous MAAR at 8n+4',
    `0102 0000 43 22 00 40 ${MAG} 20010db8000f00010000000000000000`,
    {
      kind: 'previous-maar',
      prefixLength: 64,
      address: address('2001:db8:1::2'),
      homeNetworkPrefix: address('2001:db8:f:1::'),
    },
  ],
  [
    '[RFC 8885 §4.6] Serving MAAR at 8n+6',
    `0104 00000000 44 10 ${MAG}`,
    { kind: 'serving-maar', address: address('2001:db8:1::2') },
  ],
  [
    '[RFC 8885 §4.7] DLIF Link-Local Address at 8n+6',
    '0104 00000000 45 10 fe800000000000000000000000000001',
    { kind: 'dlif-link-local-address', address: address('fe80::1') },
  ],
  [
    '[RFC 8885 §4.8] DLIF Link-Layer Address of 6 octets at 2n',
    '46 08 0000 020102030405 0104 00000000',
    { kind: 'dlif-link-layer-address', address: octets('020102030405') },
  ],
];

const MESSAGES: readonly [title: string, header: string, message: MobilityMessage][] = [
  [
    '[RFC 5846 §5.1] Binding Revocation Indication without options: 4 octets of padding, Header Len 1',
    '3b 01 10 00 0000  01 01 1234 8000  0102 0000',
    {
      kind: 'binding-revocation',
      revocation: 'indication',
      trigger: 1,
      sequence: 0x1234,
      proxy: true,
      ipv4Only: false,
      global: false,
      options: [],
    },
  ],
  [
    '[RFC 5846 §5.2] Binding Revocation Acknowledgement, status 130, V and G',
    '3b 01 10 00 0000  02 82 1234 6000  0102 0000',
    {
      kind: 'binding-revocation',
      revocation: 'acknowledgement',
      status: 130,
      sequence: 0x1234,
      proxy: false,
      ipv4Only: true,
      global: true,
      options: [],
    },
  ],
  [
    '[RFC 7077 §4.1] Update Notification, FLOW-MOBILITY, with D',
    '3b 01 13 00 0000  0102 0008 4000  0102 0000',
    {
      kind: 'update-notification',
      sequence: 0x0102,
      reason: 8,
      acknowledge: false,
      retransmission: true,
      options: [],
    },
  ],
  [
    '[RFC 7077 §4.2] Update Notification Acknowledgement, status 128',
    '3b 01 14 00 0000  0102 80 000000  0102 0000',
    { kind: 'update-notification-acknowledgement', sequence: 0x0102, status: 128, options: [] },
  ],
  [
    '[RFC 7161 §4.3.1] Subscription Query',
    '3b 00 16 00 0000  2a 00',
    { kind: 'subscription-query', sequence: 42, options: [] },
  ],
  [
    '[RFC 7161 §4.3.2] Subscription Response with I',
    '3b 00 17 00 0000  2a 80',
    { kind: 'subscription-response', sequence: 42, subscribed: true, options: [] },
  ],
];

describe('octets from the figures', () => {
  it.each(OPTIONS)('%s', (_title, area, option) => {
    expect(optionsIn(area)).toEqual([option]);
    expect(hex(COMPLETE.emit({ kind: 'binding-refresh-request', options: [option] }))).toBe(
      hex(carrier(area)),
    );
  });

  it.each(MESSAGES)('%s', (_title, header, message) => {
    expect(COMPLETE.parse(octets(header))).toEqual({ ok: true, value: message });
    expect(hex(COMPLETE.emit(message))).toBe(hex(octets(header)));
  });
});

/** Options that keep their octets because these are not what the RFC says. */
const MALFORMED: readonly [title: string, type: number, data: string][] = [
  ['[RFC 5213 §8.3] Home Network Prefix of length 17', 22, '00 40 20010db8000f0001000000000000'],
  ['[RFC 5213 §8.3] Home Network Prefix of /129', 22, `00 81 ${MAG}`],
  ['[RFC 5213 §8.4] Handoff Indicator of length 1', 23, '04'],
  ['[RFC 5213 §8.5] Access Technology Type of length 3', 24, '000300'],
  ['[RFC 5213 §8.6] Mobile Node Link-layer Identifier without one', 25, '0000'],
  ['[RFC 5213 §8.7] Link-local Address of length 15', 26, '0001020304050607 08090a0b0c0d0e'],
  ['[RFC 5213 §8.8] Timestamp of length 4', 27, '00000001'],
  ['[RFC 5847 §3.4] Restart Counter of length 2', 28, '0007'],
  ['[RFC 5555 §3.1.1] IPv4 Home Address of /0', 29, '0000 c0000205'],
  ['[RFC 5555 §3.1.1] IPv4 Home Address of /33', 29, '8400 c0000205'],
  ['[RFC 5555 §3.2.1] IPv4 Address Acknowledgement of /63', 30, '00 fc c0000205'],
  ['[RFC 5555 §3.2.2] NAT Detection of length 2', 31, '8000'],
  ['[RFC 5555 §3.1.2] IPv4 Care-of Address of length 18', 32, `0000 ${MAG}`],
  ['[RFC 5845 §6.1] GRE Key of length 4', 33, '0000 0102'],
  ['[RFC 5844 §3.3.1] IPv4 Home Address Request of /33', 36, '8400 00000000'],
  ['[RFC 5844 §3.3.2] IPv4 Home Address Reply of /33', 37, '00 84 c0000205'],
  ['[RFC 5844 §3.3.4] IPv4 DHCP Support Mode of length 1', 39, '01'],
  ['[RFC 6602 §4.3] Mobile Node Group Identifier of length 5', 50, '01 00 000001'],
  ['[RFC 6705 §11.1] MAG IPv6 Address with Address Length 64', 51, `00 40 ${MAG}`],
  ['[RFC 6757 §3] Access Network Identifier whose sub-option runs past it', 52, '03 05 02 61'],
  ['[RFC 7148 §4.1] Delegated Mobile Network Prefix with V and 16 octets', 55, `80 18 ${MAG}`],
  ['[RFC 7148 §4.1] Delegated Mobile Network Prefix without V and with 4 octets', 55, '00 18 c6336400'],
  ['[RFC 7148 §4.1] Delegated Mobile Network Prefix of IPv4 /33', 55, '80 21 c6336400'],
  ['[RFC 7148 §4.1] Delegated Mobile Network Prefix without one', 55, '80 18'],
  ['[RFC 7222 §4.1] Quality of Service of length 5', 58, '07 b8 01 0000'],
  ['[RFC 7389 §4] LMA User-Plane Address of 5 octets', 59, '0000 c000020101'],
  ['[RFC 8127 §3.1] LMA-Controlled MAG Parameters whose sub-option runs past it', 62, '01 06 0001'],
  ['[RFC 8278 §4.1] MAG Multipath Binding with B and O', 63, '04 09 01 c0 0000'],
  ['[RFC 8278 §4.2] MAG Identifier of length 1', 64, '01'],
  ['[RFC 8885 §4.5] Previous MAAR with a host bit set', 67, `00 20 ${MAG} 20010db8000f00010000000000000000`],
];

/** The option of this type and data, padded to a multiple of 8. */
function area(type: number, data: string): string {
  const body = octets(data);
  return hex(concatenated(Uint8Array.of(type, body.length), body, new Uint8Array(-(2 + body.length) & 7)));
}

function shown(area: string): Field[] {
  const fields: Field[] = [];
  COMPLETE.show(carrier(area), fields);
  return fields;
}

describe('what is not as the RFC says', () => {
  it.each(MALFORMED)('%s is kept, and shown with its fault', (_title, type, data) => {
    expect(optionsIn(area(type, data))).toEqual([{ kind: 'opaque', type, data: octets(data) }]);
    const field = shown(area(type, data)).find(({ meaning }) => meaning === `mobility option ${type}`);
    expect(field?.fault).toBeDefined();
  });

  it.each([
    ['[RFC 6757 §3.1.1] Network-Identifier whose name runs past it', 52, '01 05 80 03 6c6162', 'identifiers'],
    ['[RFC 6757 §3.1.1] Network-Identifier with an octet left over', 52, '01 04 80 00 00 ff', 'identifiers'],
    ['[RFC 6757 §3.1.2] Geo-Location of length 5', 52, '02 05 184000 fee0', 'identifiers'],
    ['[RFC 7563 §3.2] MAG-Group-Identifier of 3 octets', 52, '05 03 000007', 'identifiers'],
    ['[RFC 8127 §3.1.2] Heartbeat Control of length 4', 62, '02 04 003c 0005', 'parameters'],
  ])('%s is kept as a sub-option', (_title, type, data, list) => {
    const suboption = { kind: 'opaque', type: octets(data)[0], data: octets(data).slice(2) };
    expect(optionsIn(area(type, data))).toMatchObject([{ [list]: [suboption] }]);
  });

  it.each([0, 3, 255])('[RFC 5846 §5] Binding Revocation Type %d is refused', type => {
    const header = octets('3b 01 10 00 0000  00 01 1234 8000  0102 0000');
    header[6] = type;
    expect(COMPLETE.parse(header)).toMatchObject({
      ok: false,
      error: { offset: 6, counter: 'message-malformed', section: 'RFC 5846 §5' },
    });
  });

  it('[RFC 5846 §5.1] a Binding Revocation of 8 octets is refused', () => {
    const error = { counter: 'header-len' };
    expect(COMPLETE.parse(octets('3b 00 10 00 0000 01 01'))).toMatchObject({ ok: false, error });
  });

  it.each<[string, MobilityOption]>([
    [
      'an IPv4 home address of /0',
      { kind: 'ipv4-home-address', prefixLength: 0, prefixRequested: false, address: octets('c0000205') },
    ],
    [
      'an IPv4 home address of /33',
      { kind: 'ipv4-home-address-request', prefixLength: 33, address: octets('c0000205') },
    ],
    [
      'an IPv6 prefix with V',
      {
        kind: 'delegated-mobile-network-prefix',
        ipv4: true,
        prefixLength: 24,
        address: address('2001:db8::'),
      },
    ],
    [
      'B and O',
      { kind: 'mag-multipath-binding', technology: 4, label: 9, bid: 1, bulk: true, overwrite: true },
    ],
    [
      'a latitude of 256 degrees',
      {
        kind: 'access-network-identifier',
        identifiers: [{ kind: 'geo-location', latitude: 256, longitude: 0 }],
      },
    ],
    [
      'a latitude finer than its field',
      {
        kind: 'access-network-identifier',
        identifiers: [{ kind: 'geo-location', latitude: 2 ** -16, longitude: 0 }],
      },
    ],
    ['a timestamp of 49 bits', { kind: 'timestamp', seconds: 2 ** 48, fraction: 0 }],
    ['a transient lifetime of 150 ms', { kind: 'transient-binding', latePathSwitch: false, lifetime: 150 }],
    ['a link-layer identifier of no octets', { kind: 'mn-link-layer-identifier', identifier: octets('') }],
  ])('%s cannot be emitted', (_title, option) => {
    expect(() => COMPLETE.emit({ kind: 'binding-refresh-request', options: [option] })).toThrow(RangeError);
  });
});

describe('shown', () => {
  it.each([
    [46, 'Redirect-Capability', 'RFC 6463 §4.1'],
    [54, 'Dynamic IP Multicast Selector', 'RFC 7028'],
    [61, 'Multicast Acknowledgement', 'RFC 7411 §5.4'],
  ])('option %d by its name, although it is opaque', (type, name, section) => {
    expect(shown(area(type, '0000'))[0]).toMatchObject({
      name,
      section,
      meaning: `mobility option ${type}`,
      value: '0000',
    });
  });

  it('a QoS attribute by its name', () => {
    const [quality] = shown(area(58, '07 b8 01 000000 05 02 0021'));
    expect(quality?.fields?.at(-1)).toMatchObject({
      name: 'Allocation-Retention-Priority',
      section: 'RFC 7222 §4.2.5',
      value: '0021',
    });
  });

  it('names in a Network-Identifier, and where one runs past it', () => {
    const namesIn = (data: string) => shown(area(52, data))[0]?.fields?.[0]?.fields?.slice(1);
    expect(namesIn('01 08 80 03 6c6162 02 6170')).toMatchObject([
      { name: 'networkName', length: 3, meaning: 'lab' },
      { name: 'accessPointName', length: 2, meaning: 'ap' },
    ]);
    expect(namesIn('01 05 80 03 6c6162')).toMatchObject([
      { name: 'networkName', meaning: 'lab' },
      { name: 'accessPointName', fault: 'it runs past the end' },
    ]);
  });

  it('what a Binding Revocation is, and by which trigger or with which status', () => {
    const fields: Field[] = [];
    COMPLETE.show(octets('3b 01 10 00 0000  01 81 1234 8000  0102 0000'), fields);
    COMPLETE.show(octets('3b 01 10 00 0000  02 81 1234 8000  0102 0000'), fields);
    expect(fields).toMatchObject([
      { name: 'revocation', value: 1, meaning: 'indication' },
      { name: 'trigger', value: 129, meaning: 'revoking mobility node local policy' },
      { name: 'sequence' },
      { name: 'proxy', value: true },
      { name: 'ipv4Only' },
      { name: 'global' },
      { name: 'PadN' },
      { name: 'revocation', value: 2, meaning: 'acknowledgement' },
      { name: 'status', value: 129, meaning: 'IPv4 home address option required' },
      { name: 'sequence' },
      { name: 'proxy' },
      { name: 'ipv4Only' },
      { name: 'global' },
      { name: 'PadN' },
    ]);
  });
});
