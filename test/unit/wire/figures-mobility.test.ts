/** Return routability, fast handovers, localized routing and what else is close to RFC 6275, as the RFCs draw it. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { Field } from '../../../src/wire/layout/part.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { emittedOptions, optionsIn, shownFields } from './carrier.ts';
import { hex, octets } from './octets.ts';

const address = (text: string) => parseAddress(text)!;
const AGENT = '20010db8000000000000000000000001';
const OTHER = '20010db8000100000000000000000002';

/** Options behind what pads them to their place, up to a multiple of 8. */
const OPTIONS: readonly [title: string, area: string, option: MobilityOption][] = [
  [
    '[RFC 6275 §6.2.6] Nonce Indices at 2n',
    '04 04 0001 0203 0100',
    { kind: 'nonce-indices', home: 1, careOf: 0x0203 },
  ],
  [
    '[RFC 6275 §6.2.7] Binding Authorization Data at 8n+2, so that it is the end',
    '0100 05 0c a0a1a2a3a4a5a6a7a8a9aaab',
    { kind: 'binding-authorization-data', authenticator: octets('a0a1a2a3a4a5a6a7a8a9aaab') },
  ],
  [
    '[RFC 6275 §6.2.7] Binding Authorization Data of another procedure, 16 octets',
    '0104 00000000 05 10 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
    { kind: 'binding-authorization-data', authenticator: octets('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf') },
  ],
  [
    '[RFC 5568 §6.4.4] Mobility Header Link-Layer Address',
    '07 07 02 020102030405 0105 0000000000',
    { kind: 'mh-link-layer-address', code: 2, address: octets('020102030405') },
  ],
  ['[RFC 4866 §5.6] CGA Parameters Request', '0b 00 0104 00000000', { kind: 'cga-parameters-request' }],
  [
    '[RFC 4866 §5.1] CGA Parameters',
    '0c 04 01020304 0100',
    { kind: 'cga-parameters', parameters: octets('01020304') },
  ],
  ['[RFC 4866 §5.2] Signature', '0d 04 05060708 0100', { kind: 'signature', signature: octets('05060708') }],
  [
    '[RFC 4866 §5.3] Permanent Home Keygen Token',
    '0e 06 0102030405 06',
    { kind: 'permanent-home-keygen-token', token: octets('010203040506') },
  ],
  ['[RFC 4866 §5.4] Care-of Test Init', '0f 00 0104 00000000', { kind: 'care-of-test-init' }],
  [
    '[RFC 4866 §5.5] Care-of Test',
    '10 08 0102030405060708 0104 00000000',
    { kind: 'care-of-test', keygenToken: octets('0102030405060708') },
  ],
  [
    '[RFC 5026 §8.1] DNS Update with R for a.b',
    '11 05 00 80 612e62 00',
    { kind: 'dns-update', status: 0, remove: true, identity: octets('612e62') },
  ],
  ['[RFC 5096 §4] Experimental', '12 04 deadbeef 0100', { kind: 'experimental', data: octets('deadbeef') }],
  [
    '[RFC 5094 §3] Vendor Specific at 4n+2: vendor 10415, subtype 1',
    '0100 13 07 000028af 01 cafe 0103 000000',
    { kind: 'vendor-specific', vendor: 10415, subtype: 1, data: octets('cafe') },
  ],
  [
    '[RFC 5149 §3] Service Selection: ims',
    '14 03 696d73 0101 00',
    { kind: 'service-selection', identifier: octets('696d73') },
  ],
  [
    '[RFC 5568 §6.4.5] Binding Authorization Data for FMIPv6: a length without the SPI, the end of the header',
    '0104 00000000 15 0c 00000100 a0a1a2a3a4a5a6a7a8a9aaab',
    {
      kind: 'binding-authorization-data-fmipv6',
      spi: 256,
      authenticator: octets('a0a1a2a3a4a5a6a7a8a9aaab'),
    },
  ],
  [
    '[RFC 5568 §6.4.2] Mobility Header IPv6 Address/Prefix at 8n+4: the new care-of address',
    `0102 0000 22 12 02 80 ${OTHER}`,
    { kind: 'mh-ipv6-address-prefix', code: 2, prefixLength: 128, address: address('2001:db8:1::2') },
  ],
  [
    '[RFC 5568 §6.4.2] Mobility Header IPv6 Address/Prefix: bits beyond the prefix are no fault',
    `0102 0000 22 12 04 30 ${OTHER}`,
    { kind: 'mh-ipv6-address-prefix', code: 4, prefixLength: 48, address: address('2001:db8:1::2') },
  ],
  [
    '[RFC 5949 §6.2.1] Context Request for options 22 and, of vendor 10415, 19',
    '28 0b 0000 16 00 13 05 000028af 01 0101 00',
    {
      kind: 'context-request',
      requests: [
        { kind: 'opaque', type: 22, data: octets('') },
        { kind: 'opaque', type: 19, data: octets('000028af01') },
      ],
    },
  ],
  [
    '[RFC 5949 §6.2.2] IPv6 Local Mobility Anchor Address at 8n+4',
    `0102 0000 29 12 01 00 ${AGENT}`,
    { kind: 'lma-address', code: 1, address: address('2001:db8::1') },
  ],
  [
    '[RFC 5949 §6.2.2] IPv4 Local Mobility Anchor Address at 4n',
    '29 06 02 00 c0000201',
    { kind: 'lma-address', code: 2, address: octets('c0000201') },
  ],
  [
    '[RFC 5949 §6.2.3] MN LLA-IID at 8n+4',
    '0102 0000 2a 0a 0000 020102fffe030405',
    { kind: 'mn-lla-iid', interfaceIdentifier: octets('020102fffe030405') },
  ],
];

/** Payload Proto, Header Len, MH Type, Reserved, Checksum; message data; options. */
const MESSAGES: readonly [title: string, header: string, message: MobilityMessage][] = [
  [
    '[RFC 6275 §6.1.3] Home Test Init',
    '3b 01 01 00 0000 0000 0102030405060708',
    { kind: 'home-test-init', cookie: octets('0102030405060708'), options: [] },
  ],
  [
    '[RFC 6275 §6.1.4] Care-of Test Init',
    '3b 01 02 00 0000 0000 1112131415161718',
    { kind: 'care-of-test-init', cookie: octets('1112131415161718'), options: [] },
  ],
  [
    '[RFC 6275 §6.1.5] Home Test',
    '3b 02 03 00 0000 0009 0102030405060708 a1a2a3a4a5a6a7a8',
    {
      kind: 'home-test',
      nonceIndex: 9,
      cookie: octets('0102030405060708'),
      keygenToken: octets('a1a2a3a4a5a6a7a8'),
      options: [],
    },
  ],
  [
    '[RFC 6275 §6.1.6] Care-of Test',
    '3b 02 04 00 0000 000a 1112131415161718 b1b2b3b4b5b6b7b8',
    {
      kind: 'care-of-test',
      nonceIndex: 10,
      cookie: octets('1112131415161718'),
      keygenToken: octets('b1b2b3b4b5b6b7b8'),
      options: [],
    },
  ],
  [
    '[RFC 5142 §4] Home Agent Switch without addresses: Header Len 0',
    '3b 00 0c 00 0000 00 00',
    { kind: 'home-agent-switch', homeAgents: [], options: [] },
  ],
  [
    '[RFC 5142 §4] Home Agent Switch with two addresses, in two minutes',
    `3b 05 0c 00 0000 02 00 ${AGENT} ${OTHER} 02 02 001e 0102 0000`,
    {
      kind: 'home-agent-switch',
      homeAgents: [address('2001:db8::1'), address('2001:db8:1::2')],
      options: [{ kind: 'binding-refresh-advice', interval: 120 }],
    },
  ],
  [
    '[RFC 5568 §6.2.1.1] Handover Initiate with S and U',
    '3b 01 0e 00 0000 1234 c0 01 0104 00000000',
    {
      kind: 'handover-initiate',
      sequence: 0x1234,
      assign: true,
      buffer: true,
      proxy: false,
      forward: false,
      code: 1,
      options: [],
    },
  ],
  [
    '[RFC 5949 §6.1.1] Handover Initiate with P and F',
    '3b 01 0e 00 0000 1234 30 03 0104 00000000',
    {
      kind: 'handover-initiate',
      sequence: 0x1234,
      assign: false,
      buffer: false,
      proxy: true,
      forward: true,
      code: 3,
      options: [],
    },
  ],
  [
    '[RFC 5949 §6.1.2] Handover Acknowledge with U',
    '3b 01 0f 00 0000 1234 80 05 0104 00000000',
    {
      kind: 'handover-acknowledge',
      sequence: 0x1234,
      buffer: true,
      proxy: false,
      forward: false,
      code: 5,
      options: [],
    },
  ],
  [
    '[RFC 5949 §6.1.2] Handover Acknowledge with P and F',
    '3b 01 0f 00 0000 1234 60 84 0104 00000000',
    {
      kind: 'handover-acknowledge',
      sequence: 0x1234,
      buffer: false,
      proxy: true,
      forward: true,
      code: 132,
      options: [],
    },
  ],
  [
    '[RFC 6705 §10.1] Localized Routing Initiation for 600 s',
    '3b 01 11 00 0000 1234 0000 0258 0102 0000',
    { kind: 'localized-routing-initiation', sequence: 0x1234, lifetime: 600, options: [] },
  ],
  [
    '[RFC 6705 §10.2] Localized Routing Acknowledgment, unsolicited',
    '3b 01 12 00 0000 1234 80 81 ffff 0102 0000',
    {
      kind: 'localized-routing-acknowledgment',
      sequence: 0x1234,
      unsolicited: true,
      status: 129,
      lifetime: 65535,
      options: [],
    },
  ],
];

describe('octets from the figures', () => {
  it.each(OPTIONS)('%s', (_title, area, option) => {
    expect(optionsIn(octets(area))).toEqual([option]);
    expect(hex(emittedOptions([option]))).toBe(hex(octets(area)));
  });

  it.each(MESSAGES)('%s', (_title, header, message) => {
    expect(COMPLETE.parse(octets(header))).toEqual({ ok: true, value: message });
    expect(hex(COMPLETE.emit(message))).toBe(hex(octets(header)));
  });

  it.each([
    ['[RFC 6275 §6.1.3] Home Test Init', '3b 01 01 ff 0000 ffff 0102030405060708', MESSAGES[0]![2]],
    ['[RFC 5142 §4] Home Agent Switch', '3b 00 0c 00 0000 00 ff', MESSAGES[4]![2]],
    ['[RFC 5568 §6.2.1.1] Handover Initiate', '3b 01 0e 00 0000 1234 cf 01 0104 00000000', MESSAGES[6]![2]],
    [
      '[RFC 6705 §10.2] Localized Routing Acknowledgment',
      '3b 01 12 00 0000 1234 ff 81 ffff 0102 0000',
      MESSAGES[11]![2],
    ],
  ])('%s: reserved bits mean nothing', (_title, header, message) => {
    expect(COMPLETE.parse(octets(header))).toEqual({ ok: true, value: message });
  });
});

/** Contents that are kept as octets. */
const MALFORMED: readonly [title: string, type: number, data: string][] = [
  ['[RFC 6275 §6.2.6] Nonce Indices of length 2', 4, '0001'],
  ['[RFC 6275 §6.2.6] Nonce Indices of length 16', 4, '00'.repeat(16)],
  ['[RFC 6275 §6.2.7] Binding Authorization Data without authenticator', 5, ''],
  ['[RFC 5568 §6.4.4] Mobility Header Link-Layer Address without code', 7, ''],
  ['[RFC 4866 §5.6] CGA Parameters Request with an octet', 11, '00'],
  ['[RFC 4866 §5.4] Care-of Test Init with an octet', 15, '00'],
  ['[RFC 4866 §5.5] Care-of Test of length 7', 16, '01020304050607'],
  ['[RFC 5026 §8.1] DNS Update without flags', 17, '00'],
  ['[RFC 5094 §3] Vendor Specific without subtype', 19, '000028af'],
  ['[RFC 5149 §3] Service Selection without identifier', 20, ''],
  ['[RFC 5568 §6.4.2] Mobility Header IPv6 Address/Prefix of /129', 34, `0481${OTHER}`],
  ['[RFC 5568 §6.4.2] Mobility Header IPv6 Address/Prefix of length 17', 34, `02${OTHER}`],
  ['[RFC 5949 §6.2.1] Context Request that runs past the option', 40, '0000 13 05 000028af'],
  [
    '[RFC 5949 §6.2.2] Local Mobility Anchor Address IPv4 by its code, IPv6 by its length',
    41,
    `0200${AGENT}`,
  ],
  ['[RFC 5949 §6.2.2] Local Mobility Anchor Address of code 0', 41, '0000 c0000201'],
  ['[RFC 5949 §6.2.2] Local Mobility Anchor Address without address', 41, '0100'],
  ['[RFC 5949 §6.2.3] MN LLA-IID of length 8', 42, '020102fffe030405'],
];

/** An option with these contents. */
const area = (type: number, data: string) => Uint8Array.of(type, octets(data).length, ...octets(data));

describe('what is not as the RFC says', () => {
  it.each(MALFORMED)('%s is kept, and shown with its fault', (_title, type, data) => {
    expect(optionsIn(area(type, data))).toEqual([{ kind: 'opaque', type, data: octets(data) }]);
    const field = shownFields(area(type, data)).find(({ meaning }) => meaning === `mobility option ${type}`);
    expect(field?.fault).toBeDefined();
  });

  it('[RFC 5568 §6.4.5] Binding Authorization Data for FMIPv6 without authenticator is kept with its SPI', () => {
    const option: MobilityOption = { kind: 'opaque', type: 21, data: octets('00000100') };
    expect(optionsIn(octets('15 00 00000100 0100'))).toEqual([option]);
    expect(hex(emittedOptions([option]))).toBe('1500000001000100');
  });

  it('[RFC 5568 §6.4.5] Binding Authorization Data for FMIPv6 whose length counts the SPI runs past the header', () => {
    const header = octets('3b 03 00 00 0000 0000  0104 00000000 15 10 00000100 a0a1a2a3a4a5a6a7a8a9aaab');
    expect(COMPLETE.parse(header)).toMatchObject({
      ok: false,
      error: { counter: 'option-overrun', offset: 14 },
    });
  });

  it.each([
    ['[RFC 6275 §6.1.3] a Home Test Init of 8 octets', '3b 00 01 00 0000 0000'],
    ['[RFC 6275 §6.1.5] a Home Test of 16 octets', '3b 01 03 00 0000 0009 0102030405060708'],
    [
      '[RFC 5142 §4] a Home Agent Switch with fewer addresses than it says',
      `3b 02 0c 00 0000 02 00 ${AGENT}`,
    ],
    ['[RFC 5568 §6.2.1.1] a Handover Initiate of 8 octets', '3b 00 0e 00 0000 1234'],
    ['[RFC 6705 §10.1] a Localized Routing Initiation of 8 octets', '3b 00 11 00 0000 1234'],
  ])('%s is refused', (_title, header) => {
    expect(COMPLETE.parse(octets(header))).toMatchObject({ ok: false, error: { counter: 'header-len' } });
  });

  it.each<[string, MobilityOption]>([
    ['a keygen token of 7 octets', { kind: 'care-of-test', keygenToken: new Uint8Array(7) }],
    ['an authenticator of no octets', { kind: 'binding-authorization-data', authenticator: octets('') }],
    ['a service without a name', { kind: 'service-selection', identifier: octets('') }],
    [
      'a prefix of /129',
      { kind: 'mh-ipv6-address-prefix', code: 4, prefixLength: 129, address: new Uint8Array(16) },
    ],
    ['an IPv6 address with the code of IPv4', { kind: 'lma-address', code: 2, address: new Uint8Array(16) }],
    ['an anchor of neither IP', { kind: 'lma-address', code: 1, address: new Uint8Array(5) }],
    [
      'Binding Authorization Data for FMIPv6 of three octets',
      { kind: 'opaque', type: 21, data: new Uint8Array(3) },
    ],
  ])('%s cannot be emitted', (_title, option) => {
    expect(() => emittedOptions([option])).toThrow(RangeError);
  });

  it('a cookie of 9 octets cannot be emitted', () => {
    const message: MobilityMessage = { kind: 'home-test-init', cookie: new Uint8Array(9), options: [] };
    expect(() => COMPLETE.emit(message)).toThrow(RangeError);
  });
});

describe('shown', () => {
  it.each([
    [8, 'Fast Binding Update', 'RFC 5568 §6.2.2'],
    [9, 'Fast Binding Acknowledgment', 'RFC 5568 §6.2.3'],
    [10, 'Fast Neighbor Advertisement', 'RFC 5568 §8'],
    [11, 'Experimental Mobility Header', 'RFC 5096 §3'],
  ])('MH Type %d by its name, although it is opaque', (type, name, section) => {
    expect(COMPLETE.format(type)).toEqual({ name, section });
    const message: MobilityMessage = { kind: 'opaque', type, data: octets('0102') };
    expect(COMPLETE.parse(COMPLETE.emit(message))).toEqual({ ok: true, value: message });
  });

  it('codes, statuses and flags by their names', () => {
    const fields: Field[] = [];
    COMPLETE.show(octets('3b 01 0e 00 0000 1234 30 03 0104 00000000'), fields);
    COMPLETE.show(octets('3b 01 0f 00 0000 1234 60 84 0104 00000000'), fields);
    COMPLETE.show(octets('3b 01 12 00 0000 1234 80 81 ffff 0102 0000'), fields);
    const meanings = fields.filter(({ meaning, value }) => meaning !== undefined && value !== false);
    expect(meanings.map(({ name, meaning, section }) => [name, meaning, section])).toEqual([
      ['proxy', 'P', 'RFC 5949 §6.1.1'],
      ['forward', 'F', 'RFC 5949 §6.1.1'],
      ['code', 'all available context transferred', undefined],
      ['proxy', 'P', 'RFC 5949 §6.1.2'],
      ['forward', 'F', 'RFC 5949 §6.1.2'],
      ['code', 'forwarding not available', undefined],
      ['unsolicited', 'U', undefined],
      ['status', 'mobile node not attached', undefined],
    ]);
  });

  it('the home agents of a Home Agent Switch', () => {
    const fields: Field[] = [];
    COMPLETE.show(octets(`3b 02 0c 00 0000 01 00 ${AGENT}`), fields);
    expect(fields).toMatchObject([
      { name: 'count', value: 1 },
      { name: 'homeAgents', value: '2001:db8::1', offset: 8, length: 16 },
    ]);
  });

  it('[RFC 5568 §6.4.5] Binding Authorization Data for FMIPv6 to the end of its authenticator', () => {
    const fields = shownFields(octets('0104 00000000 15 0c 00000100 a0a1a2a3a4a5a6a7a8a9aaab'));
    expect(fields.at(-1)).toMatchObject({ name: 'authenticator', offset: 20, length: 12 });
    expect(fields.some(({ fault }) => fault !== undefined)).toBe(false);
  });
});
