import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { MobilityCodec, STANDARD } from '../../../src/wire/mobility-header.ts';
import type { OptionOfKind } from '../../../src/wire/mobility-option.ts';
import { anyAddress } from './arbitraries.ts';
import { hex, octets } from './octets.ts';
import { seed } from './seed.ts';

type DraftBinding = OptionOfKind<'monami6-binding-identifier'>;

const SECTION = '[multiplecoa-00 §4.3.1]';
const TYPE = 222;
const codec = new MobilityCodec({ options: { 'monami6-binding-identifier': TYPE } });
const request = (options: readonly DraftBinding[]) =>
  codec.emit({ kind: 'binding-refresh-request', options });

/** The one option of a Binding Refresh Request, whose first pad makes the octets of the option end it at 8n. */
function parsedOption(data: string) {
  const option = octets(`de ${octets(data).length.toString(16).padStart(2, '0')} ${data}`);
  const header = new Uint8Array((8 + option.length + 7) & ~7);
  header.set(octets(`3b ${(header.length / 8 - 1).toString(16).padStart(2, '0')}`));
  header.set(option, 8);
  return { standard: STANDARD.parse(header), draft: codec.parse(header) };
}

describe('the BID sub-option', () => {
  it('is read as it was written', () => {
    const binding: fc.Arbitrary<DraftBinding> = fc.record({
      kind: fc.constant('monami6-binding-identifier' as const),
      bid: fc.nat(0xffff),
      priorityOrStatus: fc.nat(0xff),
      hasCareOfAddress: fc.boolean(),
      removable: fc.boolean(),
      careOfAddress: fc.option(anyAddress, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(binding, { maxLength: 5 }), options => {
        const header = request(options);
        expect(codec.parse(header)).toEqual({
          ok: true,
          value: { kind: 'binding-refresh-request', options },
        });
      }),
      { seed },
    );
  });

  it.each<[string, string, Omit<DraftBinding, 'kind'>]>([
    [
      'length 4 without C, priority 7',
      '0102 07 00',
      {
        bid: 0x0102,
        priorityOrStatus: 7,
        hasCareOfAddress: false,
        removable: false,
        careOfAddress: undefined,
      },
    ],
    [
      'length 20 with C and R',
      '0003 00 c0 20010db8000100000000000000000002',
      {
        bid: 3,
        priorityOrStatus: 0,
        hasCareOfAddress: true,
        removable: true,
        careOfAddress: parseAddress('2001:db8:1::2'),
      },
    ],
    [
      'status 128, INCOMPLIANT BID SUBOPTION',
      '0001 80 00',
      { bid: 1, priorityOrStatus: 128, hasCareOfAddress: false, removable: false, careOfAddress: undefined },
    ],
  ])(`${SECTION} %s`, (_title, data, binding) => {
    const option: DraftBinding = { kind: 'monami6-binding-identifier', ...binding };
    const { standard, draft } = parsedOption(data);
    expect(draft).toMatchObject({ ok: true, value: { options: [option] } });
    expect(standard).toMatchObject({
      ok: true,
      value: { options: [{ kind: 'opaque', type: TYPE, data: octets(data) }] },
    });
    expect(hex(request([option])).slice(20)).toMatch(new RegExp(`^${hex(octets(data))}`));
  });

  it.each([
    ['no octets', ''],
    ['3 octets', '000100'],
    ['5 octets', '0001000000'],
  ])(`${SECTION} %s: kept as it is`, (_title, data) => {
    expect(parsedOption(data).draft).toMatchObject({
      ok: true,
      value: { options: [{ kind: 'opaque', type: TYPE }] },
    });
  });

  it('has no number but that of the configuration', () => {
    const option = {
      kind: 'monami6-binding-identifier' as const,
      bid: 1,
      priorityOrStatus: 0,
      careOfAddress: undefined,
    };
    expect(() => STANDARD.emit({ kind: 'binding-refresh-request', options: [option] })).toThrow(RangeError);
    expect(() => new MobilityCodec({ options: { 'monami6-binding-identifier': 35 } })).toThrow(RangeError);
  });
});
