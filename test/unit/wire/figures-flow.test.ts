/** Flow bindings, as RFC 6089, RFC 6088 and RFC 7109 draw them. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { FlowSubOption } from '../../../src/wire/flow/sub-options.ts';
import type { TrafficSelector } from '../../../src/wire/flow/traffic-selector.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import { isMalformed, type MobilityOption } from '../../../src/wire/mobility-option.ts';
import { emittedOptions, optionsIn, shownFields } from './carrier.ts';
import { hex, octets } from './octets.ts';

const address = (text: string) => parseAddress(text)!;
const flow = (subOptions: readonly FlowSubOption[]): MobilityOption => ({
  kind: 'flow-identification',
  fid: 1,
  priority: 10,
  status: 0,
  subOptions,
});
const selecting = (selector: TrafficSelector): MobilityOption =>
  flow([{ kind: 'traffic-selector', selector }]);
const reference: FlowSubOption = { kind: 'binding-reference', bids: [7] };

/** A Flow Identification option with these sub-options, which begin at a multiple of 8. */
const identification = (subOptions: string): Uint8Array => {
  const data = octets(subOptions);
  return Uint8Array.of(0x2d, 6 + data.length, 0, 1, 0, 10, 0, 0, ...data);
};

const CORRESPONDENT = '20010db8000c00000000000000000001';
const HOME = '20010db8000f00000000000000000001';

/** Options from an offset of 8 on, up to a multiple of 8. */
const OPTIONS: readonly [title: string, area: string, options: MobilityOption[]][] = [
  [
    '[RFC 6089 §4.2.2] Flow Summary of two flows',
    '2c 04 0001 0102 0100',
    [{ kind: 'flow-summary', fids: [1, 0x102] }],
  ],
  [
    '[RFC 6089 §4.2] Flow Identification with status 133 and no sub-options',
    '2d 06 0102 0003 00 85',
    [{ kind: 'flow-identification', fid: 0x102, priority: 3, status: 133, subOptions: [] }],
  ],
  [
    '[RFC 6089 §4.2.1.3] Binding Reference to two bindings',
    '2d 0c 0001 000a 00 00  02 04 0001 0002  0100',
    [flow([{ kind: 'binding-reference', bids: [1, 2] }])],
  ],
  [
    '[RFC 6088 §3.1] IPv4: a range of sources (A, B), a destination port (I), a protocol (M)',
    '2d 19 0001 000a 00 00  03 11 01 00 c0880000 c0000200 c00002ff 13c4 11  0103 000000',
    [
      selecting({
        format: 'ipv4',
        source: { start: octets('c0000200'), end: octets('c00002ff') },
        destinationPort: { start: 5060 },
        protocol: { start: 17 },
      }),
    ],
  ],
  [
    '[RFC 6088 §3.1] IPv4: all fields, A to N',
    `2d 32 0001 000a 00 00  03 2a 01 00 fffc0000 c0000201 c0000202 c0000301 c0000302 00000100 00000101
     0400 0401 0500 0501 00 fc 06 11  0102 0000`,
    [
      selecting({
        format: 'ipv4',
        source: { start: octets('c0000201'), end: octets('c0000202') },
        destination: { start: octets('c0000301'), end: octets('c0000302') },
        spi: { start: 0x100, end: 0x101 },
        sourcePort: { start: 0x400, end: 0x401 },
        destinationPort: { start: 0x500, end: 0x501 },
        differentiatedServices: { start: 0, end: 0xfc },
        protocol: { start: 6, end: 17 },
      }),
    ],
  ],
  [
    '[RFC 6088 §3.2] IPv6: all fields, A to P',
    `2d 6a 0001 000a 00 00  03 62 02 00 ffff0000 ${CORRESPONDENT} ${CORRESPONDENT} ${HOME} ${HOME}
     00000100 00000101 00000001 000fffff 0400 0401 0500 0501 b8 b8 06 11  0102 0000`,
    [
      selecting({
        format: 'ipv6',
        source: { start: address('2001:db8:c::1'), end: address('2001:db8:c::1') },
        destination: { start: address('2001:db8:f::1'), end: address('2001:db8:f::1') },
        spi: { start: 0x100, end: 0x101 },
        flowLabel: { start: 1, end: 0xfffff },
        sourcePort: { start: 0x400, end: 0x401 },
        destinationPort: { start: 0x500, end: 0x501 },
        trafficClass: { start: 0xb8, end: 0xb8 },
        nextHeader: { start: 6, end: 17 },
      }),
    ],
  ],
  [
    '[RFC 6088 §3.2] no flag: every packet',
    '2d 0e 0001 000a 00 00  03 06 02 00 00000000',
    [selecting({ format: 'ipv6' })],
  ],
  [
    '[RFC 6088 §3.2] with an address at 8n from the start of the header, wherever the option begins',
    `2c 02 0001  2d 22 0001 000a 00 00  0102 0000  03 16 02 00 80000000 ${CORRESPONDENT}`,
    [
      { kind: 'flow-summary', fids: [1] },
      selecting({ format: 'ipv6', source: { start: address('2001:db8:c::1') } }),
    ],
  ],
  [
    '[RFC 6088 §3.2] with a flow label at 4n',
    '2c 04 0001 0002  2d 14 0001 000a 00 00  0100 03 0a 02 00 02000000 000abcde  0102 0000',
    [{ kind: 'flow-summary', fids: [1, 2] }, selecting({ format: 'ipv6', flowLabel: { start: 0xabcde } })],
  ],
  [
    '[RFC 6088 §3.2] with octets only: no alignment beyond that of the option',
    '2c 04 0001 0002  2d 0f 0001 000a 00 00  03 07 02 00 00020000 3a  00',
    [{ kind: 'flow-summary', fids: [1, 2] }, selecting({ format: 'ipv6', nextHeader: { start: 58 } })],
  ],
  [
    '[RFC 6089 §4.2.1.4] a traffic selector of an unknown format is kept',
    '2d 0d 0001 000a 00 00  03 05 fb 00 010203 00',
    [selecting({ format: 'opaque', number: 251, data: octets('010203') })],
  ],
  [
    '[RFC 6089 §4.2.1] an unknown sub-option is kept',
    '2d 0f 0001 000a 00 00  02 02 0007 fb 03 010203 0105 0000000000',
    [flow([reference, { kind: 'opaque', type: 251, data: octets('010203') }])],
  ],
  [
    '[RFC 7109 §6.2.1, §6.2.2] Flow Binding Action: move, to an IPv4 care-of address at 4n',
    '2d 12 0001 000a 00 00  04 02 00 0f  05 06 0000 c0000201  0102 0000',
    [
      flow([
        { kind: 'flow-binding-action', action: 15 },
        { kind: 'target-care-of-address', address: octets('c0000201') },
      ]),
    ],
  ],
  [
    '[RFC 7109 §6.2.2] Target Care-of Address: IPv6 at 8n+4',
    `2d 1e 0001 000a 00 00  0102 0000  05 12 0000 ${CORRESPONDENT}`,
    [flow([{ kind: 'target-care-of-address', address: address('2001:db8:c::1') }])],
  ],
];

const MESSAGES: readonly [title: string, header: string, message: MobilityMessage][] = [
  [
    '[RFC 7109 §6.1.1] Flow Binding Indication with A',
    '3b 01 15 00 0000  0001 0102 02 80  0102 0000',
    {
      kind: 'flow-binding',
      flowBinding: 'indication',
      sequence: 0x102,
      trigger: 2,
      acknowledge: true,
      options: [],
    },
  ],
  [
    '[RFC 7109 §6.1.2] Flow Binding Acknowledgement, status 129',
    '3b 01 15 00 0000  0002 0102 81 00  0102 0000',
    { kind: 'flow-binding', flowBinding: 'acknowledgement', sequence: 0x102, status: 129, options: [] },
  ],
];

describe('octets from the figures', () => {
  it.each(OPTIONS)('%s', (_title, area, options) => {
    expect(optionsIn(octets(area))).toEqual(options);
    expect(hex(emittedOptions(options))).toBe(hex(octets(area)));
    expect(shownFields(octets(area)).filter(({ fault }) => fault !== undefined)).toEqual([]);
  });

  it.each(MESSAGES)('%s', (_title, header, message) => {
    expect(hex(COMPLETE.emit(message))).toBe(hex(octets(header)));
    expect(COMPLETE.parse(octets(header))).toEqual({ ok: true, value: message });
  });

  it.each<[string, string, TrafficSelector]>([
    [
      '[RFC 6088 §3.1] the reserved bits',
      '03 08 01 ff 0083ffff 13c4',
      { format: 'ipv4', destinationPort: { start: 5060 } },
    ],
    [
      '[RFC 6088 §3.2] the bits before the flow label',
      '03 0a 02 00 02000000 fff00001',
      { format: 'ipv6', flowLabel: { start: 1 } },
    ],
    [
      '[RFC 6088 §3.1] the ECN bits, in the order of a range',
      '03 08 01 00 00300000 bb b8',
      { format: 'ipv4', differentiatedServices: { start: 0xbb, end: 0xb8 } },
    ],
  ])('%s: ignored', (_title, area, selector) => {
    expect(optionsIn(identification(area))).toEqual([selecting(selector)]);
  });
});

describe('[RFC 6089 §4.2.1.2] PadN', () => {
  it.each([
    ['whose length is that of its data', '01 02 0000  02 02 0007'],
    ['whose length is that of all of it', '01 04 0000  02 02 0007'],
    ['of two octets, by its data', '01 00  02 02 0007'],
    ['of two octets, by all of it', '01 02  02 02 0007'],
    ['at the end, by its data', '02 02 0007  01 03 000000'],
    ['at the end, by all of it', '02 02 0007  01 05 000000'],
    ['after another, by all of it', '01 03 00  01 03 00  02 02 0007'],
    ['of which one is so and one so', '01 01 00  01 03 00  02 02 0007'],
    ['whose data is not zero: ignored', '01 02 dead  02 02 0007'],
    ['after Pad1', '00 00 01 02 0000  02 02 0007'],
  ])('%s', (_title, area) => {
    expect(optionsIn(identification(area))).toEqual([flow([reference])]);
    const shown = shownFields(identification(area)).map(({ name }) => name);
    expect(shown).toContain('bids');
    expect(shown.filter(name => name.startsWith('flow identification sub-option'))).toEqual([]);
  });
});

describe('malformed', () => {
  it.each([
    ['[RFC 6089 §4.2] 5 octets', '2d 05 0001 000a 00'],
    ['[RFC 6089 §4.2.1] a sub-option that runs past the end', '2d 0a 0001 000a 00 00 02 04 0001'],
    ['[RFC 6089 §4.2.1] a sub-option without a length', '2d 07 0001 000a 00 00 02'],
    ['[RFC 6089 §4.2.1.3] two Binding References', '2d 0e 0001 000a 00 00 02 02 0001 02 02 0002'],
    ['[RFC 6089 §4.2.1.3] half a BID', '2d 0b 0001 000a 00 00 02 03 0001 00'],
    ['[RFC 6089 §4.2.1.3] no BID', '2d 08 0001 000a 00 00 02 00'],
    [
      '[RFC 6089 §4.2.1.4] two Traffic Selectors',
      '2d 16 0001 000a 00 00 03 06 02 00 00000000 03 06 02 00 00000000',
    ],
    ['[RFC 6089 §4.2.1.4] no TS Format', '2d 08 0001 000a 00 00 03 00'],
    ['[RFC 6088 §3.1] no flags', '2d 0c 0001 000a 00 00 03 04 01 00 0000'],
    ['[RFC 6088 §3.1] H without G', '2d 10 0001 000a 00 00 03 08 01 00 01000000 0400'],
    ['[RFC 6088 §3.2] P without O', '2d 0f 0001 000a 00 00 03 07 02 00 00010000 06'],
    ['[RFC 6088 §3.1] the end before the start', '2d 12 0001 000a 00 00 03 0a 01 00 03000000 0401 0400'],
    [
      '[RFC 6088 §3.1] the last address before the first',
      '2d 16 0001 000a 00 00 03 0e 01 00 c0000000 c0000201 c0000200',
    ],
    ['[RFC 6088 §3.1] a field that is not there', '2d 0f 0001 000a 00 00 03 07 01 00 02000000 04'],
    ['[RFC 6088 §3.1] an octet that no flag announces', '2d 11 0001 000a 00 00 03 09 01 00 02000000 0400 00'],
    ['[RFC 7109 §6.2.1] an action of 3 octets', '2d 0b 0001 000a 00 00 04 03 00 0b 00'],
    ['[RFC 7109 §6.2.2] a care-of address of 5 octets', '2d 0f 0001 000a 00 00 05 07 0000 c000020101'],
    ['[RFC 6089 §4.2.2] no FID', '2c 00'],
    ['[RFC 6089 §4.2.2] half a FID', '2c 03 0001 00'],
  ])('%s: kept for a status, and the fault is shown', (_title, area) => {
    const options = optionsIn(octets(area));
    expect(options).toHaveLength(1);
    expect(isMalformed(options[0]!)).toBe(true);
    expect(shownFields(octets(area)).some(({ fault }) => fault !== undefined)).toBe(true);
  });

  it('[RFC 6089 §4.2.1] what is accepted can be sent back aligned, wherever it then stands', () => {
    const kept = (length: number) =>
      optionsIn(
        identification(`fb ${(length - 22).toString(16)} ${'00'.repeat(length - 22)} 05 12 0000 ${HOME}`),
      );
    for (let length = 230; length <= 249; length++) {
      const options = kept(length);
      for (let place = 0; place < 8; place++) {
        const before: MobilityOption = { kind: 'opaque', type: 200, data: new Uint8Array(place) };
        expect(() => emittedOptions([before, ...options])).not.toThrow();
      }
    }
    expect(kept(230)).toMatchObject([{ kind: 'flow-identification' }]);
    expect(kept(249)).toMatchObject([{ kind: 'opaque', type: 45 }]);
  });

  it('[RFC 7109 §6.1] a Flow Binding message of an unknown type is refused', () => {
    const header = octets('3b 01 15 00 0000  0003 0102 00 00  0102 0000');
    expect(COMPLETE.parse(header)).toMatchObject({ ok: false, error: { counter: 'message-malformed' } });
  });

  it.each<[string, MobilityOption]>([
    ['a Flow Summary of nothing', { kind: 'flow-summary', fids: [] }],
    ['two Binding References', flow([reference, reference])],
    ['a Binding Reference to nothing', flow([{ kind: 'binding-reference', bids: [] }])],
    ['a malformed Binding Reference', flow([{ kind: 'opaque', type: 2, data: octets('00') }])],
    ['a reversed range', selecting({ format: 'ipv4', sourcePort: { start: 2, end: 1 } })],
    ['a flow label of 21 bits', selecting({ format: 'ipv6', flowLabel: { start: 0x100000 } })],
    ['an IPv6 address for IPv4', selecting({ format: 'ipv4', source: { start: address('::1') } })],
    ['a known format as opaque', selecting({ format: 'opaque', number: 1, data: octets('00000000') })],
  ])('%s cannot be emitted', (_title, option) => {
    expect(() => emittedOptions([option])).toThrow(RangeError);
  });
});

it('shows a range with its letters, and what a status stands for', () => {
  const area = octets('2d 10 0001 000a 00 83  03 08 01 00 00300000 00 00');
  const shown = shownFields(area);
  expect(shown).toContainEqual(
    expect.objectContaining({ name: 'status', value: 131, meaning: 'BID not found' }),
  );
  expect(shown).toContainEqual(expect.objectContaining({ name: 'flags', meaning: 'K L', offset: 20 }));
  expect(shown).toContainEqual(
    expect.objectContaining({ name: 'differentiatedServices', offset: 24, length: 2 }),
  );
  expect(shown).toContainEqual(expect.objectContaining({ name: 'end', meaning: 'L', value: 0, offset: 25 }));
});
