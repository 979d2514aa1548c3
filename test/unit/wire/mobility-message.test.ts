import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import { messagesByKind } from './arbitraries.ts';
import { hex, octets } from './octets.ts';
import { seed } from './seed.ts';

describe('round trip', () => {
  for (const [name, message] of Object.entries(messagesByKind())) {
    it(`of ${name}, from values to octets and back, and from those octets to the same octets`, () => {
      fc.assert(
        fc.property(message as fc.Arbitrary<MobilityMessage>, value => {
          const header = COMPLETE.emit(value);
          expect(header.length).toBe((header[1]! + 1) * 8);
          const again = COMPLETE.parse(header);
          expect(again).toEqual({ ok: true, value });
          if (again.ok) expect(hex(COMPLETE.emit(again.value))).toBe(hex(header));
        }),
        { seed },
      );
    });
  }
});

const update: MobilityMessage = {
  kind: 'binding-update',
  sequence: 0x0102,
  acknowledge: true,
  homeRegistration: true,
  linkLocalCompatibility: false,
  keyManagement: false,
  mapRegistration: false,
  mobileRouter: false,
  proxy: false,
  forceUdp: false,
  tlvHeader: false,
  bulkOrOverwrite: false,
  separateMulticast: false,
  distributed: false,
  lifetime: 240,
  options: [],
};
const acknowledgement: MobilityMessage = {
  kind: 'binding-acknowledgement',
  status: 0,
  keyManagement: false,
  mobileRouter: false,
  proxy: false,
  tlvHeader: false,
  bulk: false,
  separateMulticast: false,
  distributed: false,
  sequence: 0x0102,
  lifetime: 240,
  options: [],
};
const pulse: MobilityMessage = {
  kind: 'heartbeat',
  response: false,
  unsolicited: false,
  sequence: 0x01020304,
  options: [],
};

/** Payload Proto, Header Len, MH Type, Reserved, Checksum; message data; options. */
const FIXTURES: readonly [title: string, header: string, message: MobilityMessage][] = [
  [
    '[RFC 6275 §6.1.2] Binding Refresh Request: no options, no padding, Header Len 0',
    '3b 00 00 00 0000  0000',
    { kind: 'binding-refresh-request', options: [] },
  ],
  [
    '[RFC 6275 §6.1.7] Binding Update with A and H: 4 octets of padding, Header Len 1',
    '3b 01 05 00 0000  0102 c000 003c  0102 0000',
    update,
  ],
  [
    '[RFC 6275 §6.1.7] Binding Update with L and K',
    '3b 01 05 00 0000  0102 3000 003c  0102 0000',
    {
      ...update,
      acknowledge: false,
      homeRegistration: false,
      linkLocalCompatibility: true,
      keyManagement: true,
    },
  ],
  [
    '[RFC 3963 §4.1] Binding Update with R',
    '3b 01 05 00 0000  0102 c400 003c  0102 0000',
    { ...update, mobileRouter: true },
  ],
  [
    '[RFC 5648 §4.2] Binding Update with O, and the longest lifetime',
    '3b 01 05 00 0000  0102 c040 ffff  0102 0000',
    { ...update, bulkOrOverwrite: true, lifetime: 262_140 },
  ],
  [
    '[RFC 6275 §6.1.8] Binding Acknowledgement: 4 octets of padding, Header Len 1',
    '3b 01 06 00 0000  00 00 0102 003c  0102 0000',
    acknowledgement,
  ],
  [
    '[RFC 6275 §6.1.8] Binding Acknowledgement with status 135 and K',
    '3b 01 06 00 0000  87 80 0102 0000  0102 0000',
    { ...acknowledgement, status: 135, keyManagement: true, lifetime: 0 },
  ],
  [
    '[RFC 3963 §4.2] Binding Acknowledgement with R, and bits of other documents',
    '3b 01 06 00 0000  00 62 0102 003c  0102 0000',
    { ...acknowledgement, mobileRouter: true, proxy: true, distributed: true },
  ],
  [
    '[RFC 6275 §6.1.9] Binding Error: no options, Header Len 2',
    '3b 02 07 00 0000  01 00 20010db8000f00000000000000000001',
    { kind: 'binding-error', status: 1, homeAddress: parseAddress('2001:db8:f::1')!, options: [] },
  ],
  ['[RFC 5847 §3.3] Heartbeat request', '3b 01 0d 00 0000  0000 01020304  0102 0000', pulse],
  [
    '[RFC 5847 §3.3] Heartbeat response with U and R',
    '3b 01 0d 00 0000  0003 01020304  0102 0000',
    { ...pulse, response: true, unsolicited: true },
  ],
  [
    '[RFC 5847 §3.4] Heartbeat response with a Restart Counter',
    '3b 02 0d 00 0000  0001 01020304  0100 1c04 00000007 0102 0000',
    { ...pulse, response: true, options: [{ kind: 'restart-counter', counter: 7 }] },
  ],
  [
    '[RFC 6275 §9.2] a message of an unknown MH Type is kept',
    '3b 01 28 00 0000  0102030405060708090a',
    { kind: 'opaque', type: 40, data: octets('0102030405060708090a') },
  ],
];

describe('octets from the figures', () => {
  it.each(FIXTURES)('%s', (_title, header, message) => {
    expect(hex(COMPLETE.emit(message))).toBe(hex(octets(header)));
    expect(COMPLETE.parse(octets(header))).toEqual({ ok: true, value: message });
  });

  it.each([
    ['[RFC 6275 §6.1.1] the reserved octet', '3b 01 05 ff 0000  0102 c000 003c  0102 0000', update],
    ['[RFC 5847 §3.3] the reserved bits of a Heartbeat', '3b 01 0d 00 0000  fffc 01020304  0102 0000', pulse],
    [
      '[RFC 6275 §6.1.2] the reserved octets of a Binding Refresh Request',
      '3b 00 00 00 0000  ffff',
      { kind: 'binding-refresh-request', options: [] },
    ],
  ])('%s: ignored', (_title, header, message) => {
    expect(COMPLETE.parse(octets(header))).toEqual({ ok: true, value: message });
  });
});

describe('malformed', () => {
  it.each([
    ['Payload Proto 6', '06 01 05 00 0000 0102 c000 003c 0102 0000', 0, 'payload-proto'],
    ['Payload Proto 6 of an unknown MH Type', '06 00 28 00 0000 0102', 0, 'payload-proto'],
    ['a Binding Update of 8 octets', '3b 00 05 00 0000 0102', 1, 'header-len'],
    ['a Binding Acknowledgement of 8 octets', '3b 00 06 00 0000 0102', 1, 'header-len'],
    ['a Binding Error of 16 octets', '3b 01 07 00 0000 0102 0000000000000000', 1, 'header-len'],
    ['a Heartbeat of 8 octets', '3b 00 0d 00 0000 0102', 1, 'header-len'],
  ])('[RFC 6275 §9.2] %s: Parameter Problem, Code 0, at the field', (_title, header, offset, counter) => {
    expect(COMPLETE.parse(octets(header))).toMatchObject({
      ok: false,
      error: { offset, counter, section: 'RFC 6275 §9.2', parameterProblem: { code: 0, pointer: offset } },
    });
  });

  it('[RFC 6275 §6.2.1] an option that runs past the header: an error at the option, without Parameter Problem', () => {
    const result = COMPLETE.parse(octets('3b 01 05 00 0000 0102 c000 003c c8 03 0000'));
    expect(result).toMatchObject({ ok: false, error: { offset: 12, counter: 'option-overrun' } });
    expect(result).not.toHaveProperty('error.parameterProblem');
  });

  it.each<[string, MobilityMessage]>([
    ['a lifetime of 242 s', { ...update, lifetime: 242 }],
    ['a lifetime of 262144 s', { ...update, lifetime: 262_144 }],
    ['a sequence number of 17 bits', { ...update, sequence: 0x10000 }],
    ['a status of 9 bits', { ...acknowledgement, status: 256 }],
    [
      'a home address of 15 octets',
      { kind: 'binding-error', status: 1, homeAddress: new Uint8Array(15), options: [] },
    ],
    ['a Heartbeat number of 33 bits', { ...pulse, sequence: 2 ** 32 }],
    ['opaque data that does not end at 8n', { kind: 'opaque', type: 40, data: new Uint8Array(3) }],
    ['opaque data of 2050 octets', { kind: 'opaque', type: 40, data: new Uint8Array(2050) }],
    ['an opaque Binding Update', { kind: 'opaque', type: 5, data: new Uint8Array(2) }],
    ['MH Type 256', { kind: 'opaque', type: 256, data: new Uint8Array(2) }],
  ])('%s cannot be emitted', (_title, message) => {
    expect(() => COMPLETE.emit(message)).toThrow(RangeError);
  });
});
