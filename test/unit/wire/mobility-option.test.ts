import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import { STANDARD } from '../../../src/wire/mobility-header.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import { findOption, isMalformed, type MobilityOption } from '../../../src/wire/mobility-option.ts';
import { anyOption, optionList, optionsByKind } from './arbitraries.ts';
import { concatenated, hex, octets } from './octets.ts';
import { seed } from './seed.ts';

const address = (text: string) => parseAddress(text)!;

/** Messages by the offset of their options. */
const CARRIERS: Record<number, MobilityMessage> = {
  8: { kind: 'binding-refresh-request', options: [] },
  12: { kind: 'binding-acknowledgement', status: 0, sequence: 0, lifetime: 0, options: [] },
  24: { kind: 'binding-error', status: 1, homeAddress: new Uint8Array(16), options: [] },
};

/** The option area of a message whose options begin at `start`. */
function emitted(options: readonly MobilityOption[], start: number): Uint8Array {
  return COMPLETE.emit({ ...CARRIERS[start], options } as MobilityMessage).slice(start);
}

function parsed(area: Uint8Array, start: number) {
  const buffer = new Uint8Array(start + area.length);
  buffer.set(area, start);
  return COMPLETE.options.parse(buffer, start, buffer.length);
}

const parsedOptions = (area: Uint8Array, start: number): MobilityOption[] => {
  const result = parsed(area, start);
  if (!result.ok) throw new Error(result.error.rule);
  return result.value;
};

/** Offset of the options of a Binding Refresh Request, Binding Update and Binding Error. */
const STARTS = [8, 12, 24];

describe('round trip', () => {
  for (const [name, option] of Object.entries(optionsByKind)) {
    it(`of ${name}`, () => {
      fc.assert(
        fc.property(option as fc.Arbitrary<MobilityOption>, fc.constantFrom(...STARTS), (value, start) => {
          expect(parsedOptions(emitted([value], start), start)).toEqual([value]);
        }),
        { seed },
      );
    });
  }

  it('of lists, from values to octets and back, and from those octets to the same octets', () => {
    fc.assert(
      fc.property(optionList(), fc.constantFrom(...STARTS), (values, start) => {
        const area = emitted(values, start);
        const again = parsedOptions(area, start);
        expect(again).toEqual(values);
        expect(hex(emitted(again, start))).toBe(hex(area));
      }),
      { seed },
    );
  });
});

/** The alignment of each type in octets from the start of the Mobility Header, as the RFCs write it: xn+y. */
const ALIGNMENT: Record<number, readonly [number, number]> = {
  2: [2, 0],
  3: [8, 6],
  4: [2, 0],
  6: [8, 4],
  7: [1, 0],
  8: [1, 0],
  9: [4, 1],
  10: [8, 2],
  11: [1, 0],
  12: [1, 0],
  13: [1, 0],
  14: [1, 0],
  15: [1, 0],
  16: [1, 0],
  17: [1, 0],
  18: [1, 0],
  19: [4, 2],
  20: [1, 0],
  22: [8, 4],
  23: [1, 0],
  24: [1, 0],
  26: [8, 6],
  27: [8, 2],
  28: [4, 2],
  29: [4, 0],
  30: [4, 0],
  31: [4, 0],
  32: [4, 0],
  33: [4, 0],
  34: [8, 4],
  36: [4, 0],
  37: [4, 0],
  38: [4, 0],
  39: [1, 0],
  40: [1, 0],
  42: [8, 4],
  43: [1, 0],
  44: [2, 0],
  45: [2, 0],
  50: [1, 0],
  51: [8, 4],
  52: [4, 0],
  55: [8, 2],
  56: [4, 1],
  57: [8, 1],
  58: [4, 0],
  59: [1, 0],
  62: [4, 2],
  63: [1, 0],
  64: [1, 0],
  65: [8, 4],
  66: [8, 4],
  67: [8, 4],
  68: [8, 6],
  69: [8, 6],
};

/** The alignment of options of 16 reserved bits and an address, by the octets of the address. */
const LINK_LAYER: Record<number, readonly [number, number]> = { 4: [4, 0], 8: [8, 4] };

function alignmentOf(option: MobilityOption, [type, length]: Uint8Array): readonly [number, number] {
  if (option.kind === 'opaque') return [1, 0];
  if (type === 5) return [8, (6 - length!) & 7];
  if (type === 21) return [8, (2 - length!) & 7];
  if (type === 41) return length === 18 ? [8, 4] : [4, 0];
  if (type === 35) return length === 4 ? [2, 0] : [8, 2];
  if (type === 25 || type === 70) return LINK_LAYER[length! - 2] ?? [2, 0];
  return ALIGNMENT[type!]!;
}

describe('padding', () => {
  it('[RFC 6275 §6.2.1] puts every option at its alignment with the least padding, and ends at 8n', () => {
    fc.assert(
      fc.property(optionList(anyOption), fc.constantFrom(...STARTS), (values, start) => {
        const area = emitted(values, start);
        expect((start + area.length) % 8).toBe(0);
        let at = 0;
        for (const option of values) {
          const previous = at;
          if (area[at] === 0) at += 1;
          else if (area[at] === 1) at += 2 + area[at + 1]!;
          const [multiple, offset] = alignmentOf(option, area.subarray(at));
          expect((start + at - offset) % multiple).toBe(0);
          expect(at - previous).toBeLessThan(multiple);
          // RFC 5568 §6.4.5: its length does not count the SPI.
          at += 2 + area[at + 1]! + (option.kind === 'binding-authorization-data-fmipv6' ? 4 : 0);
        }
        expect(area.length - at).toBeLessThan(8);
      }),
      { seed },
    );
  });

  it.each([
    ['[RFC 6275 §6.2.2] Pad1', '00', 15],
    ['[RFC 6275 §6.2.3] PadN of two octets', '0100', 14],
    ['[RFC 6275 §6.2.3] PadN whose data is not zero: ignored', '0104 deadbeef', 10],
    ['[RFC 6275 §6.2.2] many Pad1: taken', '00000000', 12],
    ['Pad1 between PadN', '0101ff 00 0102abcd', 8],
  ])('%s is skipped', (_title, area, start) => {
    const advice: MobilityOption = { kind: 'binding-refresh-advice', interval: 4 };
    expect(parsedOptions(concatenated(octets(area), octets('02020001')), start)).toEqual([advice]);
  });
});

/** Each option as its RFC draws it, after what pads it to its place in a Binding Update (options at 12). */
const FIXTURES: readonly [title: string, area: string, option: MobilityOption][] = [
  [
    '[RFC 6275 §6.2.4] Binding Refresh Advice: 30 units of 4 s',
    '02 02 001e',
    { kind: 'binding-refresh-advice', interval: 120 },
  ],
  [
    '[RFC 6275 §6.2.5] Alternate Care-of Address at 8n+6',
    '0100 03 10 20010db8000100000000000000000002',
    { kind: 'alternate-care-of-address', address: address('2001:db8:1::2') },
  ],
  [
    '[RFC 3963 §4.3] Mobile Network Prefix at 8n+4',
    '06 12 00 30 20010db8000f00000000000000000000',
    { kind: 'mobile-network-prefix', prefix: parsePrefix('2001:db8:f::/48')! },
  ],
  [
    '[RFC 4283 §3.1] MN-NAI a@b.c, then the trailing pad',
    '08 06 01 6140622e63 0102 0000',
    { kind: 'mn-identifier', subtype: 1, identifier: octets('6140622e63') },
  ],
  [
    '[RFC 4285 §5] MN-HA authentication at 4n+1, SPI 256',
    '00 09 11 01 00000100 000102030405060708090a0b',
    { kind: 'authentication', subtype: 1, spi: 256, data: octets('000102030405060708090a0b') },
  ],
  [
    '[RFC 4285 §6] MESG-ID at 8n+2, an NTP timestamp',
    '0104 00000000 0a 08 e8a1b2c3 80000000 0102 0000',
    { kind: 'message-id', seconds: 0xe8a1b2c3, fraction: 0x80000000 },
  ],
  [
    '[RFC 5648 §4.3] Binding Identifier without care-of address at 2n',
    '23 04 0102 a4 00 0104 00000000',
    {
      kind: 'binding-identifier',
      bid: 0x0102,
      status: 164,
      home: false,
      priority: 0,
      careOfAddress: undefined,
    },
  ],
  [
    '[RFC 5648 §4.3] Binding Identifier with an IPv6 care-of address at 8n+2, H set',
    '0104 00000000 23 14 0003 00 80 20010db8000100000000000000000002',
    {
      kind: 'binding-identifier',
      bid: 3,
      status: 0,
      home: true,
      priority: 0,
      careOfAddress: address('2001:db8:1::2'),
    },
  ],
  [
    '[RFC 6089 §4.1] Binding Identifier with BID-PRI 10',
    '23 04 0001 00 0a 0104 00000000',
    { kind: 'binding-identifier', bid: 1, status: 0, home: false, priority: 10, careOfAddress: undefined },
  ],
  [
    '[RFC 6275 §6.2.1] an option of an unknown type is kept',
    'c8 03 010203 0105 0000000000',
    { kind: 'opaque', type: 200, data: octets('010203') },
  ],
  [
    '[RFC 5648 §6.2] a Binding Identifier of a wrong length is kept for status 164',
    '23 05 0001 00 00 ff 0103 000000',
    { kind: 'opaque', type: 35, data: octets('00010000ff') },
  ],
  [
    '[RFC 5648 §4.3] Binding Identifier with an IPv4 care-of address at 8n+2',
    '0104 00000000 23 08 0001 00 00 c0000201 0102 0000',
    {
      kind: 'binding-identifier',
      bid: 1,
      status: 0,
      home: false,
      priority: 0,
      careOfAddress: octets('c0000201'),
    },
  ],
  [
    '[RFC 3963 §6.2] a Mobile Network Prefix with a host bit set is kept for status 141',
    '06 12 00 20 20010db8000f00000000000000000000',
    { kind: 'opaque', type: 6, data: octets('00 20 20010db8000f00000000000000000000') },
  ],
  [
    '[RFC 3963 §6.2] a Mobile Network Prefix of length 129 is kept for status 141',
    '06 12 00 81 20010db8000f00000000000000000000',
    { kind: 'opaque', type: 6, data: octets('00 81 20010db8000f00000000000000000000') },
  ],
];

describe('octets from the figures', () => {
  it.each(FIXTURES)('%s', (_title, area, option) => {
    expect(parsedOptions(octets(area), 12)).toEqual([option]);
    expect(hex(emitted([option], 12))).toBe(hex(octets(area)));
  });

  it('[RFC 3963 §4.3] ignores the reserved octet of a Mobile Network Prefix', () => {
    const [option] = parsedOptions(octets('06 12 ff 30 20010db8000f00000000000000000000'), 12);
    expect(option).toEqual({ kind: 'mobile-network-prefix', prefix: parsePrefix('2001:db8:f::/48')! });
  });
});

describe('malformed', () => {
  it.each([
    ['[RFC 6275 §6.2.1] an option whose length is missing', 'c8', 12, 'option-overrun'],
    ['[RFC 6275 §6.2.1] an option that runs past the header', 'c8 05 01020304', 12, 'option-overrun'],
    ['[RFC 6275 §6.2.3] a PadN that runs past the header', '01 03 0000', 12, 'option-overrun'],
    ['an overrun after a good option', '0202 0001 c8ff', 16, 'option-overrun'],
    ['[RFC 6275 §6.2.4] a Binding Refresh Advice of 3 octets', '02 03 000000', 12, 'option-malformed'],
    ['[RFC 6275 §6.2.4] a Binding Refresh Advice of 1 octet', '02 01 00', 12, 'option-malformed'],
    ['[RFC 6275 §6.2.5] an Alternate Care-of Address of 4 octets', '03 04 c0000201', 12, 'option-malformed'],
    ['[RFC 4283 §3] an MN Identifier without subtype', '00 08 00', 13, 'option-malformed'],
    ['[RFC 4285 §5] an authentication option without SPI', '09 04 01000001', 12, 'option-malformed'],
    ['[RFC 4285 §6] a MESG-ID of 7 octets', '0a 07 00000000000000', 12, 'option-malformed'],
  ])('%s is an error at its type', (_title, area, offset, counter) => {
    const result = parsed(octets(area), 12);
    expect(result).toMatchObject({ ok: false, error: { offset, counter } });
  });

  it.each<[string, MobilityOption]>([
    ['a pad', { kind: 'opaque', type: 1, data: octets('00') }],
    ['an option type above 255', { kind: 'opaque', type: 256, data: octets('00') }],
    ['256 octets of data', { kind: 'opaque', type: 200, data: new Uint8Array(256) }],
    ['a known type that the parser refuses', { kind: 'opaque', type: 3, data: octets('00') }],
    ['an interval that is no multiple of 4', { kind: 'binding-refresh-advice', interval: 6 }],
    ['an interval of 18 bits', { kind: 'binding-refresh-advice', interval: 262_144 }],
    ['a negative number', { kind: 'message-id', seconds: -1, fraction: 0 }],
    ['a fraction of an octet', { kind: 'mn-identifier', subtype: 0.5, identifier: octets('') }],
    ['no number', { kind: 'message-id', seconds: Number.NaN, fraction: 0 }],
    ['255 octets of identifier', { kind: 'mn-identifier', subtype: 1, identifier: new Uint8Array(255) }],
    ['an address of 4 octets', { kind: 'alternate-care-of-address', address: new Uint8Array(4) }],
    ['host bits', { kind: 'mobile-network-prefix', prefix: { address: address('::1'), length: 64 } }],
    [
      'a priority of 8 bits',
      { kind: 'binding-identifier', bid: 1, status: 0, home: false, priority: 128, careOfAddress: undefined },
    ],
  ])('%s cannot be emitted', (_title, option) => {
    expect(() => emitted([option], 12)).toThrow(RangeError);
  });

  it('more options than a Mobility Header of 2048 octets holds cannot be emitted', () => {
    const timestamp: MobilityOption = { kind: 'message-id', seconds: 1, fraction: 0 };
    const timestamps = (count: number) => new Array<MobilityOption>(count).fill(timestamp);
    const start = 12;
    expect(start + emitted(timestamps(127), start).length).toBe(2048);
    expect(() => emitted(timestamps(128), start)).toThrow(RangeError);
    const unknown: MobilityOption = { kind: 'opaque', type: 200, data: new Uint8Array(255) };
    expect(() => emitted(new Array<MobilityOption>(8).fill(unknown), start)).toThrow(RangeError);
  });
});

describe('looking at options', () => {
  const first: MobilityOption = { kind: 'binding-refresh-advice', interval: 4 };
  const second: MobilityOption = { kind: 'binding-refresh-advice', interval: 8 };

  it('finds the first of a kind', () => {
    expect(findOption([first, second], 'binding-refresh-advice')).toBe(first);
    expect(findOption([first, second], 'authentication')).toBeUndefined();
  });

  it('tells malformed options of known types from unknown ones', () => {
    fc.assert(
      fc.property(optionsByKind['opaque (malformed)'], optionsByKind['opaque (unknown)'], (bad, unknown) => {
        expect(isMalformed(bad)).toBe(true);
        expect(isMalformed(unknown)).toBe(false);
        expect(isMalformed(first)).toBe(false);
      }),
      { seed },
    );
  });
});

describe('to a role', () => {
  it('[RFC 6275 §6.2.1] options that it does not act upon are unknown, and those around them are read', () => {
    const known: MobilityOption = { kind: 'binding-refresh-advice', interval: 4 };
    const further: MobilityOption = { kind: 'service-selection', identifier: octets('69 6d 73') };
    const message: MobilityMessage = { kind: 'binding-refresh-request', options: [further, known] };
    const header = COMPLETE.emit(message);
    expect(COMPLETE.parse(header)).toEqual({ ok: true, value: message });
    const unknown = { kind: 'opaque', type: 20, data: octets('69 6d 73') };
    expect(STANDARD.parse(header)).toEqual({ ok: true, value: { ...message, options: [unknown, known] } });
    expect(() => STANDARD.emit(message)).toThrow(RangeError);
  });

  it('[RFC 6275 §9.2] so are messages', () => {
    const header = COMPLETE.emit({ kind: 'subscription-query', sequence: 1, options: [] });
    expect(STANDARD.parse(header)).toMatchObject({ ok: true, value: { kind: 'opaque', type: 22 } });
  });
});
