/** Where the Home Address option and the type 2 routing header may stand, and where not. */
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { parseHeaderChain } from '../../../src/wire/extension-headers.ts';
import { octets } from './octets.ts';

const destination = parseAddress('2001:db8::1')!;
const home = parseAddress('2001:db8:f::1')!;
const HOME = '20010db8000f00000000000000000001';

/** Headers of 8n octets, each with the number of what follows. */
const homeOption = (next: string) => `${next}02 0102 0000 c910 ${HOME}`;
const otherOptions = (next: string) => `${next}00 0104 00000000`;
const routing = (next: string) => `${next}020201 00000000 ${HOME}`;
const otherRouting = (next: string) => `${next}00 0400 00000000`;
const fragment = (next: string, offset = '0000') => `${next}00 ${offset} 00000001`;
const authentication = (next: string) => `${next}04 0000 00000100 00000001 000102030405060708090a0b`;

const walk = (first: number, text: string) => {
  const bytes = octets(text);
  return parseHeaderChain(first, bytes, 0, bytes.length, destination);
};

describe('legal', () => {
  it.each<[string, number, string, object]>([
    [
      '[RFC 8200 §4.4] the option after a routing header of another type without segments left',
      43,
      otherRouting('3c') + homeOption('87'),
      { homeAddress: home, routingHome: undefined, payload: 32, protocolField: 8 },
    ],
    [
      '[RFC 6275 §6.4] the type 2 routing header after another one, then the option',
      43,
      otherRouting('2b') + routing('3c') + homeOption('87'),
      { homeAddress: home, routingHome: home, payload: 56, protocolField: 32 },
    ],
    [
      '[RFC 6275 §6.3] the option before an Authentication Header',
      60,
      homeOption('33') + authentication('87'),
      { homeAddress: home, payload: 48, protocolField: 24 },
    ],
    [
      '[RFC 6275 §6.3, RFC 6946] the option before an atomic Fragment header',
      60,
      homeOption('2c') + fragment('87'),
      { homeAddress: home, payload: 32, protocolField: 24 },
    ],
    [
      '[RFC 8200 §4.1] the option, Fragment and Authentication Header, other options',
      60,
      homeOption('2c') + fragment('33') + authentication('3c') + otherOptions('87'),
      { homeAddress: home, payload: 64, protocolField: 56 },
    ],
    [
      '[RFC 8200 §4.1] the type 2 routing header before a Fragment header',
      43,
      routing('2c') + fragment('87'),
      { routingHome: home, payload: 32 },
    ],
    [
      '[RFC 6275 §6.3] the option behind others in the same header',
      60,
      `8703 1e02 0000 c910 ${HOME} 1e06 000000000000`,
      { homeAddress: home, payload: 32 },
    ],
    [
      '[RFC 6275 §6.3] two destination options headers, the option in the second',
      60,
      otherOptions('3c') + homeOption('87'),
      { homeAddress: home, payload: 32, protocolField: 8 },
    ],
    ['an option before ESP, which ends the chain', 60, homeOption('32'), { homeAddress: home, protocol: 50 }],
  ])('%s', (_title, first, text, expected) => {
    expect(walk(first, text)).toMatchObject({ ok: true, value: { protocol: 135, ...expected } });
  });
});

describe('not legal', () => {
  it.each<[string, number, string, object]>([
    [
      '[RFC 6275 §6.3] the option after an Authentication Header',
      51,
      authentication('3c') + homeOption('87'),
      { offset: 30, counter: 'header-chain', section: 'RFC 6275 §6.3' },
    ],
    [
      '[RFC 6275 §6.3] the option after a Fragment header',
      44,
      fragment('3c') + homeOption('87'),
      { offset: 14, counter: 'header-chain', section: 'RFC 6275 §6.3' },
    ],
    [
      '[RFC 6275 §6.3] a routing header after the option, be it of another type',
      60,
      homeOption('2b') + otherRouting('87'),
      { offset: 24, counter: 'header-chain', section: 'RFC 6275 §6.3' },
    ],
    [
      '[RFC 8200 §4.5] the first fragment of several',
      44,
      fragment('87', '0001'),
      { offset: 0, counter: 'fragment', section: 'RFC 8200 §4.5' },
    ],
    [
      '[RFC 8200 §4.5] the last fragment of several',
      44,
      fragment('87', '0008'),
      { offset: 0, counter: 'fragment', section: 'RFC 8200 §4.5' },
    ],
    [
      '[RFC 4302 §2.2] an Authentication Header of 20 octets',
      51,
      '8703 0000 00000100 00000001 0001020304050607',
      { offset: 1, counter: 'header-chain', section: 'RFC 4302 §2.2' },
    ],
    [
      '[RFC 4302 §2.2] an Authentication Header of 8 octets',
      51,
      '8700 0000 00000100',
      { offset: 1, counter: 'header-chain', section: 'RFC 4302 §2.2' },
    ],
    [
      '[RFC 4302 §2.2] an Authentication Header that runs past the packet',
      51,
      '8704 0000 00000100 00000001 0001',
      { offset: 0, counter: 'truncated' },
    ],
    ['[RFC 8200 §4.5] a cut Fragment header', 44, '8700 0000', { offset: 0, counter: 'truncated' }],
  ])('%s', (_title, first, text, error) => {
    expect(walk(first, text)).toMatchObject({ ok: false, error });
  });
});
