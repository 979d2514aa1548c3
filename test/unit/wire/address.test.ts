import fc from 'fast-check';
import { Address6 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import {
  addressKey,
  equalAddress,
  equalPrefix,
  formatAddress,
  formatPrefix,
  hostPrefix,
  isGlobalUnicast,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isUnspecified,
  parseAddress,
  parsePrefix,
  prefixContains,
  prefixCovers,
  prefixesOverlap,
  UNSPECIFIED,
} from '../../../src/wire/address.ts';
import { anyAddress, anyPrefix, differentAddresses } from './arbitraries.ts';
import { hex } from './octets.ts';
import { seed } from './seed.ts';

const address = (text: string) => parseAddress(text)!;
const prefix = (text: string) => parsePrefix(text)!;

describe('parseAddress', () => {
  it.each([
    ['2001:DB8:0:0:8:800:200C:417A', '20010db80000000000080800200c417a'],
    ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
    ['ff01::101', 'ff010000000000000000000000000101'],
    ['::1', '00000000000000000000000000000001'],
    ['::', '00000000000000000000000000000000'],
    ['0:0:0:0:0:0:13.1.68.3', '0000000000000000000000000d014403'],
    ['::FFFF:129.144.52.38', '00000000000000000000ffff81903426'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::2:3:4:5:6:7:8', '00000002000300040005000600070008'],
    ['1::0.0.0.255', '000100000000000000000000000000ff'],
  ])('[RFC 4291 §2.2] reads %s', (text, octets) => {
    expect(hex(address(text))).toBe(octets);
  });

  it.each([
    '',
    ':',
    ':::',
    '::::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '::1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    '1:::2',
    ':1:2:3:4:5:6:7:8',
    ':1::2',
    '1::2:',
    '1:2:3:4:5:6:7:',
    '12345::',
    '00001::',
    'g::',
    '0x1::',
    '+1::',
    '-1::',
    '1e1g::',
    ' ::1',
    '::1 ',
    '::1\n',
    ': :1',
    '::1\0',
    '[::1]',
    'fe80::1%eth0',
    '::1/128',
    '1.2.3.4',
    '::1.2.3',
    '::1.2.3.4.5',
    '::1.2.3.256',
    '::01.2.3.4',
    '::1.2.3.4a',
    '::1.2.3.',
    '::1..3.4',
    '::0x1.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4:7',
    '1.2.3.4:1:2:3:4:5:6',
    '::１',
    '::1٣',
    `::${'0'.repeat(50)}1`,
    `${':'.repeat(10_000)}`,
  ])('refuses %j', text => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('accepts exactly what the package ip-address accepts, and agrees on the value', () => {
    const piece = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('0', '1', 'ffff', 'Ab', '00a1', '10000', '', 'g', '1.2.3.4', '01'),
      },
      { weight: 8, arbitrary: fc.constantFrom(':', ':', ':', '::') },
    );
    const almost = fc
      .tuple(
        anyAddress.map(formatAddress),
        fc.nat(40),
        fc.constantFrom('', ':', '::', '0', '.', 'f', ' ', '%1'),
      )
      .map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1));
    const text = fc.oneof(
      fc.array(piece, { maxLength: 17 }).map(pieces => pieces.join('')),
      almost,
      anyAddress.map(formatAddress),
    );
    fc.assert(
      fc.property(text, candidate => {
        const oracle = accepted(candidate);
        const ours = parseAddress(candidate);
        expect(ours && hex(ours)).toBe(oracle);
      }),
      { seed, numRuns: 5000 },
    );
  });
});

/** What ip-address reads. It also takes a zone and a prefix length, which are no part of an address. */
function accepted(text: string): string | undefined {
  if (/[%/]/.test(text) || !Address6.isValid(text)) return undefined;
  return new Address6(text).canonicalForm().replaceAll(':', '');
}

describe('formatAddress', () => {
  it.each([
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1', '§4.2.3'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', '§4.2.2'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1', '§4.2.1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', '§4.2.3'],
    ['2001:DB8::AAAA', '2001:db8::aaaa', '§4.3'],
    ['::ffff:c000:201', '::ffff:192.0.2.1', '§5'],
    ['0:0:0:0:0:0:0:0', '::', '§4.2'],
    ['1:0:0:0:0:0:0:0', '1::', '§4.2'],
    ['0:0:0:0:0:0:0:1', '::1', '§4.2'],
  ])('[RFC 5952] writes %s as %s (%s)', (text, canonical) => {
    expect(formatAddress(address(text))).toBe(canonical);
  });

  it('is what ip-address writes and what parseAddress reads back', () => {
    fc.assert(
      fc.property(anyAddress, value => {
        const text = formatAddress(value);
        expect(parseAddress(text)).toEqual(value);
        if (!text.startsWith('::ffff:')) expect(text).toBe(new Address6(text).correctForm());
      }),
      { seed, numRuns: 2000 },
    );
  });
});

describe('prefixes', () => {
  it('are read and written', () => {
    fc.assert(
      fc.property(anyPrefix, value => {
        const again = prefix(formatPrefix(value));
        expect(equalPrefix(again, value)).toBe(true);
      }),
      { seed },
    );
  });

  it.each([
    '2001:db8::',
    '2001:db8::/',
    '2001:db8::/129',
    '2001:db8::/032',
    '2001:db8::/+32',
    '2001:db8::/3 2',
    '2001:db8::/-1',
    '2001:db8::/32/32',
    '2001:db8::1/64',
    '2001:db8:0:0:8000::/64',
    '8000::/0',
    '/0',
    '::/1e1',
  ])('refuses %s', text => {
    expect(parsePrefix(text)).toBeUndefined();
  });

  it.each([
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['2001:db8::/33', '2001:db8:7fff::', true],
    ['::/0', 'ffff::', true],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::', false],
    ['2001:db8::/47', '2001:db8:1::', true],
    ['2001:db8::/47', '2001:db8:2::', false],
  ])('%s contains %s: %s', (outer, inner, contained) => {
    expect(prefixContains(prefix(outer), address(inner))).toBe(contained);
  });

  it('cover themselves and what is longer, and overlap exactly when one covers the other', () => {
    expect(prefixCovers(prefix('2001:db8::/32'), prefix('2001:db8::/32'))).toBe(true);
    expect(prefixCovers(prefix('2001:db8::/32'), prefix('2001:db8:1::/48'))).toBe(true);
    expect(prefixCovers(prefix('2001:db8:1::/48'), prefix('2001:db8::/32'))).toBe(false);
    expect(prefixesOverlap(prefix('2001:db8:1::/48'), prefix('2001:db8::/32'))).toBe(true);
    expect(prefixesOverlap(prefix('2001:db8:1::/48'), prefix('2001:db8:2::/48'))).toBe(false);
    expect(equalPrefix(prefix('2001:db8::/32'), prefix('2001:db8::/33'))).toBe(false);
    expect(formatPrefix(hostPrefix(address('::1')))).toBe('::1/128');
  });

  it('contain what ip-address says they contain', () => {
    fc.assert(
      fc.property(anyPrefix, anyAddress, fc.nat(127), (outer, other, flipped) => {
        const near = outer.address.slice();
        near[flipped >> 3]! ^= 0x80 >> (flipped & 7);
        for (const candidate of [other, near]) {
          const oracle = new Address6(formatAddress(candidate)).isInSubnet(new Address6(formatPrefix(outer)));
          expect(prefixContains(outer, candidate)).toBe(oracle);
        }
      }),
      { seed },
    );
  });
});

describe('kinds of addresses', () => {
  it.each([
    ['::', false],
    ['::1', false],
    ['ff02::1', false],
    ['fe80::1', false],
    ['febf::1', false],
    ['::ffff:192.0.2.1', false],
    ['fec0::1', true],
    ['fd00::1', true],
    ['2001:db8::1', true],
    ['::2', true],
  ])('%s can be a home address or care-of address: %s', (text, usable) => {
    expect(isGlobalUnicast(address(text))).toBe(usable);
  });

  it('are told apart', () => {
    expect(isUnspecified(UNSPECIFIED) && !isUnspecified(address('::1'))).toBe(true);
    expect(isLoopback(address('::1')) && !isLoopback(address('::')) && !isLoopback(address('1::1'))).toBe(
      true,
    );
    expect(isMulticast(address('ff00::')) && !isMulticast(address('fe00::'))).toBe(true);
    expect(isLinkLocal(address('fe80::')) && !isLinkLocal(address('fec0::'))).toBe(true);
  });

  it('have keys that are equal exactly for equal addresses', () => {
    fc.assert(
      fc.property(differentAddresses, ([a, b]) => {
        expect(addressKey(a)).toBe(addressKey(a.slice()));
        expect(addressKey(a)).not.toBe(addressKey(b));
        expect(equalAddress(a, b)).toBe(false);
        expect(equalAddress(a, a.slice())).toBe(true);
      }),
      { seed },
    );
  });
});
