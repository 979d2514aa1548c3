import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacket } from '../../../src/decode/packet.ts';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import type { Field } from '../../../src/wire/layout/part.ts';
import { anyPacket } from '../wire/arbitraries.ts';
import { packetsByKind } from '../wire/arbitraries-whole.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../wire/complete-packet.ts';
import { mutated, mutation } from '../wire/mutations.ts';
import { concatenated, octets, patched } from '../wire/octets.ts';
import { seed } from '../wire/seed.ts';

const address = (text: string) => parseAddress(text)!;
const timestamp = { kind: 'message-id', seconds: 3_900_000_000, fraction: 5 } as const;
const authentication = { kind: 'authentication', subtype: 1, spi: 256, data: new Uint8Array(12) } as const;

/** Offsets: Destination Options 40, Home Address option 46, Mobility Header 64, Binding Identifier 82, Mobile Network Prefix 108. */
const UPDATE = emitMobilityPacket({
  source: address('2001:db8:a::2'),
  destination: address('2001:db8:ffff::1'),
  homeAddress: address('2001:db8:f::1'),
  message: {
    kind: 'binding-update',
    sequence: 7,
    acknowledge: true,
    homeRegistration: true,
    mobileRouter: true,
    lifetime: 600,
    options: [
      {
        kind: 'binding-identifier',
        bid: 1,
        status: 0,
        priority: 10,
        careOfAddress: address('2001:db8:a::2'),
      },
      { kind: 'mobile-network-prefix', prefix: parsePrefix('2001:db8:f:1::/64')! },
      timestamp,
      authentication,
    ],
  },
});

/** The fields of a name, anywhere in the tree. */
function named(fields: readonly Field[], name: string): Field[] {
  return fields.flatMap(field => [
    ...(field.name === name ? [field] : []),
    ...named(field.fields ?? [], name),
  ]);
}

function leaves(fields: readonly Field[]): Field[] {
  return fields.flatMap(field => (field.fields === undefined ? [field] : leaves(field.fields)));
}

const rules = (bytes: Uint8Array): string[] =>
  decodePacket(bytes, 6).faults.map(({ where, rule }) => `${where}: ${rule}`);

describe('a Binding Update', () => {
  const { fields, faults } = decodePacket(UPDATE, 6);

  it('is shown header by header', () => {
    expect(fields.map(({ name, offset, section }) => [name, offset, section])).toEqual([
      ['Internet Protocol Version 6', 0, 'RFC 8200 §3'],
      ['Destination Options', 40, 'RFC 8200 §4.6'],
      ['Mobility Header', 64, 'RFC 6275 §6.1.1'],
      ['Binding Update', 70, 'RFC 6275 §6.1.7'],
    ]);
    expect(faults).toEqual([]);
  });

  it('has the section of every field', () => {
    for (const field of leaves(fields)) expect(field.section, field.name).toMatch(/^(RFC \d+|multiplecoa)/);
    expect(named(fields, 'mobileRouter')).toMatchObject([
      { value: true, meaning: 'R', section: 'RFC 3963 §4.1' },
    ]);
    expect(named(fields, 'priority')).toMatchObject([{ value: 10, section: 'RFC 6089 §4.1' }]);
    expect(named(fields, 'bid')).toMatchObject([{ value: 1, section: 'RFC 5648 §4.3' }]);
  });

  it('has values where the octets are', () => {
    expect(named(fields, 'homeAddress')).toMatchObject([{ value: '2001:db8:f::1', offset: 48, length: 16 }]);
    expect(named(fields, 'lifetime')).toMatchObject([
      { value: 600, meaning: 'seconds', offset: 74, length: 2 },
    ]);
    expect(named(fields, 'prefix')).toMatchObject([{ value: '2001:db8:f:1::/64' }]);
    expect(named(fields, 'checksum')).toMatchObject([{ meaning: 'correct' }]);
  });
});

describe('what is wrong is said where it is', () => {
  it.each([
    [
      'the checksum',
      patched(UPDATE, 68, 'ffff'),
      /^Mobility Header > checksum: is wrong: \d+ would be right$/,
    ],
    [
      'Payload Length',
      patched(UPDATE, 4, 'ffff'),
      /^Internet Protocol Version 6 > payloadLength: runs \d+ octets past/,
    ],
    [
      'Header Len',
      patched(UPDATE, 65, 'ff'),
      /^Mobility Header > headerLen: runs \d+ octets past the packet$/,
    ],
    ['Payload Proto', patched(UPDATE, 64, '06'), /^Mobility Header > payloadProto: is not 59$/],
    ['the length of an option', patched(UPDATE, 83, '05'), /Binding Identifier: .* are no address$/],
    ['a prefix', patched(UPDATE, 111, '20'), /Mobile Network Prefix > prefix: a bit beyond/],
    ['padding', patched(UPDATE, 44, '01'), /^Destination Options > PadN: padding is not zero$/],
    ['the place of the Home Address option', misalignedHomeAddress(), /Home Address: not at 8n\+6$/],
    [
      'the packet',
      UPDATE.slice(0, 30),
      /^Internet Protocol Version 6: the packet ends within it: 30 octets, not 40$/,
    ],
  ])('%s', (_what, bytes, expected) => {
    expect(rules(bytes)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  it('an option behind the authentication option', () => {
    const source = address('2001:db8:a::2');
    const options = [authentication, timestamp];
    const bytes = emitMobilityPacket({
      source,
      destination: source,
      message: { kind: 'binding-refresh-request', options },
    });
    expect(rules(bytes)).toEqual([
      expect.stringMatching(
        /Mobility Message Authentication: is followed by options that it does not protect/,
      ),
    ]);
  });

  it('a message that its header is too short for', () => {
    const bytes = octets(
      `60000000 0008 87 40 ${'20010db8000a00000000000000000002'.repeat(2)} 3b00 05 00 0000 0102`,
    );
    expect(rules(bytes)).toEqual(
      expect.arrayContaining(['Binding Update: 8 octets are too few for a Binding Update']),
    );
  });
});

/** The Home Address option right behind the header's first two octets, PadN behind it. */
function misalignedHomeAddress(): Uint8Array {
  const bytes = UPDATE.slice();
  const option = bytes.slice(46, 64);
  bytes.set(option, 42);
  bytes.set([1, 2, 0, 0], 60);
  return bytes;
}

describe('other headers', () => {
  const HOSTS = `${'20010db8000a00000000000000000002'}${'20010db8ffff00000000000000000001'}`;
  const IPV4 = '4500 %len 0000 4000 40 %proto %sum c0000201 c0000202';

  it('[RFC 6275 §6.5] Home Agent Address Discovery', () => {
    const bytes = octets(`60000000 0008 3a 40 ${HOSTS} 9000 %sum 1234 8000`.replace('%sum', '0000'));
    const { fields, faults } = decodePacket(bytes, 6);
    expect(fields.at(-1)).toMatchObject({
      name: 'Home Agent Address Discovery Request',
      section: 'RFC 6275 §6.5',
    });
    expect(named(fields, 'mobileRouter')).toMatchObject([{ value: true, meaning: 'R' }]);
    expect(faults).toMatchObject([
      { offset: 42, rule: expect.stringMatching(/is wrong: \d+ would be right/) },
    ]);
  });

  it('[RFC 5555 §4.1] a Binding Update in UDP over IPv4, header by header', () => {
    const inner = UPDATE;
    const datagram = new Uint8Array(8 + inner.length);
    datagram.set(octets(`105f 105f ${datagram.length.toString(16).padStart(4, '0')} 0000`));
    datagram.set(inner, 8);
    const total = (20 + datagram.length).toString(16).padStart(4, '0');
    const header = octets(IPV4.replace('%len', total).replace('%proto', '11').replace('%sum', '0000'));
    const bytes = concatenated(header, datagram);
    const { fields, faults } = decodePacket(bytes, 4);
    expect(fields.map(({ name }) => name)).toEqual([
      'Internet Protocol Version 4',
      'User Datagram Protocol',
      'Internet Protocol Version 6',
      'Destination Options',
      'Mobility Header',
      'Binding Update',
    ]);
    expect(faults).toMatchObject([{ where: 'Internet Protocol Version 4 > checksum' }]);
    expect(named(fields, 'checksum').map(({ meaning }) => meaning)).toEqual([undefined, 'none', 'correct']);
  });

  it('a UDP checksum that the network card was to fill in is none that is wrong', () => {
    const pseudoHeader = 17 + 8 + 2 * 0xc000 + 0x0201 + 0x0202;
    const partial = ((pseudoHeader & 0xffff) + (pseudoHeader >> 16)).toString(16).padStart(4, '0');
    const text = `45 00 001c 0000 4000 40 11 b6cd c0000201 c0000202 0007 0007 0008 ${partial}`;
    const { fields, faults } = decodePacket(octets(text), 4);
    expect(named(fields, 'checksum').map(({ meaning }) => meaning)).toEqual([
      'correct',
      'left to the network card',
    ]);
    expect(faults).toEqual([]);
  });

  it.each([
    [
      'Total Length',
      '45 00 ffff 0000 4000 40 11 0000 c0000201 c0000202',
      /totalLength: runs 65515 octets past/,
    ],
    [
      'Internet Header Length',
      '44 00 0014 0000 4000 40 11 0000 c0000201 c0000202',
      /headerLength: is below 5/,
    ],
    [
      'a GRE version',
      '45 00 0018 0000 4000 40 2f 0000 c0000201 c0000202 0001 86dd',
      /Encapsulation: the version is not 0/,
    ],
    [
      'a UDP length',
      '45 00 001c 0000 4000 40 11 0000 c0000201 c0000202 105f 105f 0004 0000',
      /length: is below 8/,
    ],
  ])('what is wrong with %s', (_what, text, expected) => {
    const rules = decodePacket(octets(text), 4).faults.map(({ where, rule }) => `${where}: ${rule}`);
    expect(rules).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });
});

describe(`whatever the octets, seed ${seed}`, () => {
  it.each(Object.entries(packetsByKind))(
    'a good packet has no fault of its headers: %s',
    (_kind, packets) => {
      fc.assert(
        fc.property(packets, bytes => {
          const version = bytes[0]! >> 4 === 6 ? 6 : 4;
          const { fields, faults } = decodePacket(bytes, version);
          expect(fields.length).toBeGreaterThan(1);
          expect(
            faults.map(({ where, rule }) => `${where}: ${rule}`).filter(text => !OURS.test(text)),
          ).toEqual([]);
        }),
        { seed, numRuns: 300 },
      );
    },
  );

  it('nothing is thrown, and a packet that the parser refuses has a fault', () => {
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(anyPacket, fc.array(mutation, { minLength: 1, maxLength: 3 }), (packet, mutations) => {
        read++;
        const bytes = mutations.reduce(mutated, emitMobilityPacket(packet));
        const { faults } = decodePacket(bytes, 6);
        const parsed = parseMobilityPacket(bytes);
        if (parsed.ok || NOT_MOBILITY.includes(parsed.error.counter)) return;
        refused++;
        expect(faults, parsed.error.rule).not.toEqual([]);
      }),
      { seed, numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(read / 8);
  });

  it('noise is no reason to throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom<4 | 6>(4, 6), (bytes, version) => {
        decodePacket(bytes, version);
      }),
      { seed, numRuns: 3000 },
    );
  });
});

/** What the generators put into packets although it is not in order: options in any order, malformed or unaligned ones. */
const OURS =
  /is not the last option|is followed by options|mobility option|: \d+ octets|no address|a bit beyond|is above 128|not at/;
/** Refusals that say that there is no Mobility Header, or a header that another protocol may use. */
const NOT_MOBILITY = [
  'no-mobility-header',
  'unknown-destination-option',
  'header-chain',
  'routing-type',
  'ipv6-version',
];
