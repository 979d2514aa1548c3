/** What Internet-Drafts define that never got a number, as they draw it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { COMPLETE, dialectCodec } from '../../../src/wire/complete-codec.ts';
import { DRAFT_MESSAGES } from '../../../src/wire/draft/messages.ts';
import { DRAFT_OPTIONS } from '../../../src/wire/draft/options.ts';
import { MobilityCodec } from '../../../src/wire/mobility-header.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { packetAround } from '../../../src/wire/mobility-packet.ts';
import { packetWith } from './arbitraries.ts';
import { DRAFT_CODEC, draftMessages, draftOptionList, draftOptions, NUMBERS } from './arbitraries-draft.ts';
import { emittedOptions, optionsIn, shownFields } from './carrier.ts';
import { emitMobilityPacket, parseMobilityPacket, parseMobilityPayload } from './complete-packet.ts';
import { mutated, mutation, plausible } from './mutations.ts';
import { hex, octets } from './octets.ts';
import { seed } from './seed.ts';

const ADDRESS = '20010db8000100000000000000000002';
const address = parseAddress('2001:db8:1::2')!;

describe('is read as it was written', () => {
  for (const [name, option] of Object.entries(draftOptions)) {
    it(name, () => {
      fc.assert(
        fc.property(fc.array(option as fc.Arbitrary<MobilityOption>, { maxLength: 5 }), options => {
          expect(optionsIn(emittedOptions(options, DRAFT_CODEC), DRAFT_CODEC)).toEqual(options);
        }),
        { seed },
      );
    });
  }

  for (const [name, messages] of Object.entries(draftMessages)) {
    it(name, () => {
      fc.assert(
        fc.property(messages as fc.Arbitrary<MobilityMessage>, message => {
          const header = DRAFT_CODEC.emit(message);
          expect(DRAFT_CODEC.parse(header)).toEqual({ ok: true, value: message });
          expect(COMPLETE.parse(header)).toMatchObject({ ok: true, value: { kind: 'opaque' } });
        }),
        { seed },
      );
    });
  }

  it('in a packet, with the codec of the dialect', () => {
    const packet = packetWith(fc.oneof(...Object.values(draftMessages)));
    fc.assert(
      fc.property(packet, value => {
        const received = parseMobilityPacket(emitMobilityPacket(value, DRAFT_CODEC), DRAFT_CODEC);
        expect(received).toMatchObject({ ok: true, value: { message: value.message } });
        const header = packetAround(DRAFT_CODEC.emit(value.message), {
          source: value.source,
          destination: value.destination,
        });
        const payload = header.slice(40);
        const { source, destination } = value;
        expect(parseMobilityPayload(135, payload, source, destination, DRAFT_CODEC)).toMatchObject({
          ok: true,
          value: { message: value.message },
        });
      }),
      { seed, numRuns: 50 },
    );
  });

  it('after mutations, or refused; never thrown upon', () => {
    fc.assert(
      fc.property(
        fc.oneof(...Object.values(draftMessages)),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (message, mutations) => {
          const header = plausible(mutations.reduce(mutated, DRAFT_CODEC.emit(message)));
          const result = DRAFT_CODEC.parse(header);
          if (!result.ok) return;
          DRAFT_CODEC.show(header, []);
          expect(DRAFT_CODEC.parse(DRAFT_CODEC.emit(result.value))).toEqual(result);
        },
      ),
      { seed, numRuns: 2000 },
    );
  });
});

/** Options from an offset of 8 on, up to a multiple of 8; their first octet is the type in DRAFT_CODEC. */
const FIGURES: readonly [title: string, area: string, option: MobilityOption][] = [
  [
    '[multiplecoa-00 §4.3.1] length 4 without C, priority 7',
    'de 04 0102 07 00  0100',
    {
      kind: 'monami6-binding-identifier',
      bid: 0x0102,
      priorityOrStatus: 7,
      hasCareOfAddress: false,
      removable: false,
      careOfAddress: undefined,
    },
  ],
  [
    '[multiplecoa-00 §4.3.1] length 20 with C and R',
    `0100  de 14 0003 00 c0 ${ADDRESS}`,
    {
      kind: 'monami6-binding-identifier',
      bid: 3,
      priorityOrStatus: 0,
      hasCareOfAddress: true,
      removable: true,
      careOfAddress: address,
    },
  ],
  [
    '[multiplecoa-00 §4.3.1] status 128, INCOMPLIANT BID SUBOPTION',
    'de 04 0001 80 00  0100',
    {
      kind: 'monami6-binding-identifier',
      bid: 1,
      priorityOrStatus: 128,
      hasCareOfAddress: false,
      removable: false,
      careOfAddress: undefined,
    },
  ],
  [
    '[mmi-02 §7.1] a source care-of address: S',
    `0102 0000  df 12 10 05 ${ADDRESS}`,
    { kind: 'load-balancing', source: 1, destination: 0, careOfAddressId: 5, careOfAddress: address },
  ],
  [
    '[mmi-02 §7.1] a destination care-of address: a proportion in D',
    `0102 0000  df 12 03 05 ${ADDRESS}`,
    { kind: 'load-balancing', source: 0, destination: 3, careOfAddressId: 5, careOfAddress: address },
  ],
  ['[mif-pmip-02 §5.2.1] an empty MuHo option', 'e0 00  0104 00000000', { kind: 'muho', prefix: undefined }],
  [
    '[mif-pmip-02 §5.2.1] MuHo as a Home Network Prefix option',
    '0102 0000  e0 12 00 40 20010db8000f00010000000000000000',
    { kind: 'muho', prefix: parsePrefix('2001:db8:f:1::/64')! },
  ],
  [
    '[xia-00 §8.1] Alternative Interface Indicator: length 6 for IPv4',
    'e1 06 00 04 c0000201',
    { kind: 'alternative-interface-indicator', technology: 4, proxyCareOfAddress: octets('c0000201') },
  ],
  [
    '[xia-00 §8.1] Alternative Interface Indicator: length 18 for IPv6',
    `0102 0000  e1 12 00 08 ${ADDRESS}`,
    { kind: 'alternative-interface-indicator', technology: 8, proxyCareOfAddress: address },
  ],
];

describe('octets from the figures', () => {
  it.each(FIGURES)('%s', (_title, area, option) => {
    expect(optionsIn(octets(area), DRAFT_CODEC)).toEqual([option]);
    expect(hex(emittedOptions([option], DRAFT_CODEC))).toBe(hex(octets(area)));
    expect(shownFields(octets(area), DRAFT_CODEC).filter(({ fault }) => fault !== undefined)).toEqual([]);
    expect(optionsIn(octets(area))).toMatchObject([{ kind: 'opaque' }]);
  });

  it.each<[string, string, MobilityMessage]>([
    [
      '[xia-00 §4] Generic Signaling Request, laid out as an Update Notification',
      '3b 01 5a 00 0000  0102 00000000  0102 0000',
      { kind: 'generic-signaling-request', sequence: 0x102, options: [] },
    ],
    [
      '[xia-00 §4] Generic Signaling Acknowledgement with status 130',
      '3b 01 5b 00 0000  0102 82 000000  0102 0000',
      { kind: 'generic-signaling-acknowledgement', sequence: 0x102, status: 130, options: [] },
    ],
  ])('%s', (_title, header, message) => {
    expect(hex(DRAFT_CODEC.emit(message))).toBe(hex(octets(header)));
    expect(DRAFT_CODEC.parse(octets(header))).toEqual({ ok: true, value: message });
  });

  it.each([
    ['[multiplecoa-00 §4.3.1] no octets', 'de 00'],
    ['[multiplecoa-00 §4.3.1] 3 octets', 'de 03 000100'],
    ['[multiplecoa-00 §4.3.1] 5 octets', 'de 05 0001000000'],
    ['[multiplecoa-00 §4.3.1] length 4 with C', 'de 04 0001 00 80'],
    ['[multiplecoa-00 §4.3.1] length 20 without C', `de 14 0001 00 00 ${ADDRESS}`],
    ['[multiplecoa-00 §4.3.1] an IPv4 address', 'de 08 0001 00 80 c0000201'],
    ['[mmi-02 §7.1] 6 octets', 'df 06 10 05 c0000201'],
    ['[mif-pmip-02 §5.2.1] 17 octets', `e0 11 40 ${ADDRESS}`],
    ['[mif-pmip-02 §5.2.1] a host bit', `e0 12 00 40 ${ADDRESS}`],
    ['[xia-00 §8.1] no address', 'e1 02 00 04'],
    ['[xia-00 §8.1] 5 octets of address', 'e1 07 00 04 c000020101'],
  ])('%s: kept as it is', (_title, area) => {
    const option = octets(area);
    const kept = { kind: 'opaque', type: option[0], data: option.slice(2) };
    expect(optionsIn(option, DRAFT_CODEC)).toEqual([kept]);
    expect(shownFields(option, DRAFT_CODEC).some(({ fault }) => fault !== undefined)).toBe(true);
  });

  it('[multiplecoa-00 §4.3.1] a C flag without an address cannot be emitted', () => {
    const option: MobilityOption = {
      kind: 'monami6-binding-identifier',
      bid: 1,
      priorityOrStatus: 0,
      hasCareOfAddress: true,
      careOfAddress: undefined,
    };
    expect(() => emittedOptions([option], DRAFT_CODEC)).toThrow(RangeError);
  });

  it.each<[string, MobilityMessage]>([
    ['Binding Update', { kind: 'binding-update', sequence: 1, lifetime: 4, options: [] }],
    [
      'Binding Acknowledgement',
      { kind: 'binding-acknowledgement', status: 0, sequence: 1, lifetime: 4, options: [] },
    ],
    ['Binding Refresh Request', { kind: 'binding-refresh-request', options: [] }],
    ['Binding Error', { kind: 'binding-error', status: 1, homeAddress: address, options: [] }],
  ])('[multiplecoa-00 §4.3.1] the sub-option stands in a %s', (_name, carrier) => {
    fc.assert(
      fc.property(draftOptionList, options => {
        const header = DRAFT_CODEC.emit({ ...carrier, options } as MobilityMessage);
        expect(DRAFT_CODEC.parse(header)).toMatchObject({ ok: true, value: { options } });
      }),
      { seed },
    );
  });
});

it('has no number but that of the configuration', () => {
  fc.assert(
    fc.property(fc.oneof(...Object.values(draftOptions)), option => {
      expect(() => emittedOptions([option])).toThrow(RangeError);
    }),
    { seed },
  );
  fc.assert(
    fc.property(fc.oneof(...Object.values(draftMessages)), message => {
      expect(() => COMPLETE.emit(message)).toThrow(RangeError);
    }),
    { seed },
  );
  expect(() => new MobilityCodec({ options: { 'monami6-binding-identifier': 35 } })).toThrow(RangeError);
  expect(() => new MobilityCodec({ messages: { 'generic-signaling-request': 5 } })).toThrow(RangeError);
});

describe('numbers of a dialect', () => {
  const option = (number: number) => dialectCodec({ options: { muho: number } });
  const message = (number: number) => dialectCodec({ messages: { 'generic-signaling-request': number } });
  const accepted = (attempt: typeof option) =>
    Array.from({ length: 257 }, (_, number) => number).filter(number => attempt(number).ok);
  const from = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);

  it('are unassigned ones, or those that RFC 5096 leaves to experiments', () => {
    expect(accepted(option)).toEqual([18, ...from(71, 255)]);
    expect(accepted(message)).toEqual([11, ...from(24, 255)]);
  });

  it.each([-1, 256, 1.5, Number.NaN])('%s is none', number => {
    expect([option(number).ok, message(number).ok]).toEqual([false, false]);
  });

  it('are each used once in their registry', () => {
    expect(dialectCodec({ options: { muho: 200, 'load-balancing': 200 } }).ok).toBe(false);
    expect(dialectCodec({ options: { muho: 200 }, messages: { 'generic-signaling-request': 200 } }).ok).toBe(
      true,
    );
  });

  it('make a codec', () => {
    const result = dialectCodec(NUMBERS);
    if (!result.ok) throw new Error('no codec');
    for (const { kind, name } of DRAFT_OPTIONS)
      expect(result.codec.options.format(NUMBERS.options[kind])).toMatchObject({ name });
    for (const { kind, name } of DRAFT_MESSAGES)
      expect(result.codec.format(NUMBERS.messages[kind])).toMatchObject({ name });
  });

  it('that are wrong are all reported', () => {
    const result = dialectCodec({
      options: { 'monami6-binding-identifier': 35, 'load-balancing': 200, muho: 200 },
      messages: { 'generic-signaling-acknowledgement': 300 },
    });
    expect(result).toEqual({
      ok: false,
      faults: [
        {
          registry: 'options',
          kind: 'monami6-binding-identifier',
          rule: 'mobility option 35 is assigned by IANA: expected 18 (experimental) or 71 to 255',
        },
        {
          registry: 'options',
          kind: 'muho',
          rule: 'mobility option 200 is already that of load-balancing: expected 18 (experimental) or 71 to 255',
        },
        {
          registry: 'messages',
          kind: 'generic-signaling-acknowledgement',
          rule: 'MH type 300 is out of range: expected 11 (experimental) or 24 to 255',
        },
      ],
    });
  });
});
