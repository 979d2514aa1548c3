import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { emitMonami6Binding, type Monami6Binding, parseMonami6Binding } from '../../../src/wire/monami6.ts';
import { anyAddress } from './arbitraries.ts';
import { hex, octets } from './octets.ts';
import { seed } from './seed.ts';

const SECTION = '[draft-ietf-monami6-multiplecoa-00 §4.3.1]';
const careOfAddress = parseAddress('2001:db8:1::2');
const option = (data: string) => ({ kind: 'opaque' as const, type: 222, data: octets(data) });

describe('the BID sub-option', () => {
  it('is read as it was written', () => {
    const binding: fc.Arbitrary<Monami6Binding> = fc.record({
      bid: fc.nat(0xffff),
      priorityOrStatus: fc.nat(0xff),
      removable: fc.boolean(),
      careOfAddress: fc.option(anyAddress, { nil: undefined }),
    });
    fc.assert(
      fc.property(binding, fc.integer({ min: 36, max: 255 }), (value, type) => {
        const written = emitMonami6Binding(type, value);
        expect(written.type).toBe(type);
        expect(parseMonami6Binding(written)).toEqual(value);
      }),
      { seed },
    );
  });

  it.each<[string, string, Monami6Binding]>([
    [
      'length 4 without C, priority 7',
      '0102 07 00',
      { bid: 0x0102, priorityOrStatus: 7, removable: false, careOfAddress: undefined },
    ],
    [
      'length 20 with C and R',
      '0003 00 c0 20010db8000100000000000000000002',
      { bid: 3, priorityOrStatus: 0, removable: true, careOfAddress },
    ],
    [
      'status 128, INCOMPLIANT BID SUBOPTION',
      '0001 80 00',
      { bid: 1, priorityOrStatus: 128, removable: false, careOfAddress: undefined },
    ],
  ])(`${SECTION} %s`, (_title, data, binding) => {
    expect(hex(emitMonami6Binding(222, binding).data)).toBe(hex(octets(data)));
    expect(parseMonami6Binding(option(data))).toEqual(binding);
  });

  it(`${SECTION} the reserved bits are ignored`, () => {
    expect(parseMonami6Binding(option('0001 00 3f'))?.bid).toBe(1);
  });

  it.each([
    ['no octets', ''],
    ['3 octets', '000100'],
    ['5 octets', '0001000000'],
    ['C without care-of address', '0001 00 80'],
    ['a care-of address without C', '0001 00 00 20010db8000100000000000000000002'],
    ['an IPv4 care-of address', '0001 00 80 c0000201'],
  ])(`${SECTION} %s: not compliant`, (_title, data) => {
    expect(parseMonami6Binding(option(data))).toBeUndefined();
  });

  it('a BID of 17 bits cannot be emitted', () => {
    const binding = { bid: 0x10000, priorityOrStatus: 0, removable: false, careOfAddress };
    expect(() => emitMonami6Binding(222, binding)).toThrow(RangeError);
  });
});
