import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, parseAddress } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import { encapsulate } from '../../../src/wire/encapsulation.ts';
import { emitIpv6 } from '../../../src/wire/ipv6.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityPacket } from '../../../src/wire/mobility-packet.ts';
import type { Result } from '../../../src/wire/result.ts';
import { anyPacket } from './arbitraries.ts';
import { emitMobilityPacket, parseMobilityPacket, parseMobilityPayload } from './complete-packet.ts';
import { concatenated, hex, octets, patched } from './octets.ts';
import { seed } from './seed.ts';

const address = (text: string) => parseAddress(text)!;
const careOf = address('2001:db8:1::2');
const anchor = address('2001:db8::1');
const home = address('2001:db8:f::1');
const request: MobilityMessage = { kind: 'binding-refresh-request', options: [] };
const acknowledgement: MobilityMessage = {
  kind: 'binding-acknowledgement',
  status: 0,
  keyManagement: false,
  mobileRouter: true,
  sequence: 1,
  lifetime: 240,
  options: [],
};

/** The Internet checksum once more, by another road: one big number, modulo 0xffff. */
function slowChecksum(source: Address, destination: Address, header: Uint8Array): number {
  const pseudo = octets(`0000${header.length.toString(16).padStart(4, '0')}000000 87`);
  const words = BigInt(`0x${hex(concatenated(source, destination, pseudo, header))}`);
  const sum = words % 0xffffn === 0n ? 0xffffn : words % 0xffffn;
  return Number(0xffffn - sum);
}

const withChecksum = (header: Uint8Array, source: Address, destination: Address): Uint8Array =>
  patched(header, 4, slowChecksum(source, destination, header).toString(16).padStart(4, '0'));

/** A Destination Options header of these options, which end at 8n. */
const options = (nextHeader: number, area: Uint8Array): Uint8Array =>
  concatenated(Uint8Array.of(nextHeader, (area.length + 2) / 8 - 1), area);

const homeOption = concatenated(octets('0102 0000 c910'), home);
const routing = (nextHeader: number): Uint8Array =>
  concatenated(Uint8Array.of(nextHeader, 2, 2, 1, 0, 0, 0, 0), home);

/** Where and why it was refused, and what is to be answered. */
function refusal(result: Result<unknown>) {
  if (result.ok) return 'accepted';
  const { offset, counter, parameterProblem } = result.error;
  return { offset, counter, parameterProblem };
}

describe('round trip', () => {
  it('of whole packets, and from the payload that a raw socket delivers', () => {
    fc.assert(
      fc.property(anyPacket, ({ hopLimit, ...value }) => {
        const bytes = emitMobilityPacket({ ...value, hopLimit });
        const header = COMPLETE.emit(value.message);
        const received = parseMobilityPacket(bytes);
        if (!received.ok) throw new Error(received.error.rule);
        const { header: receivedHeader, ...rest } = received.value;
        expect({ homeAddress: undefined, routingHome: undefined, ...rest }).toEqual(value);
        expect(hex(patched(receivedHeader, 4, '0000'))).toBe(hex(header));
        expect(bytes[7]).toBe(hopLimit);
        const payload = bytes.slice(40);
        const again = parseMobilityPayload(bytes[6]!, payload, value.source, value.destination);
        expect(again).toEqual(received);
      }),
      { seed },
    );
  });

  it('[RFC 6275 §6.1.1] carries the checksum over the logical addresses', () => {
    fc.assert(
      fc.property(anyPacket, value => {
        const bytes = emitMobilityPacket(value);
        const header = COMPLETE.emit(value.message);
        const at = bytes.length - header.length + 4;
        const sum = slowChecksum(
          value.homeAddress ?? value.source,
          value.routingHome ?? value.destination,
          header,
        );
        expect((bytes[at]! << 8) | bytes[at + 1]!).toBe(sum);
      }),
      { seed },
    );
  });
});

describe('octets from the figures', () => {
  const ipv6 = (length: string, nextHeader: string) =>
    `60000000 ${length} ${nextHeader} 40 20010db8000100000000000000000002 20010db8000000000000000000000001`;

  it.each<[string, MobilityPacket, string]>([
    [
      '[RFC 8200 §3] IPv6 header, then the Mobility Header',
      { source: careOf, destination: anchor, message: request },
      `${ipv6('0008', '87')} 3b000000 68fa 0000`,
    ],
    [
      '[RFC 6275 §6.3] Home Address option at 8n+6 of a Destination Options header',
      { source: careOf, destination: anchor, homeAddress: home, message: request },
      `${ipv6('0020', '3c')} 8702 0102 0000 c910 20010db8000f00000000000000000001 3b000000 68ed 0000`,
    ],
    [
      '[RFC 6275 §6.4] type 2 routing header',
      { source: careOf, destination: anchor, routingHome: home, message: request },
      `${ipv6('0020', '2b')} 87020201 00000000 20010db8000f00000000000000000001 3b000000 68eb 0000`,
    ],
    [
      '[RFC 6275 §6.3] both: the Home Address option after the routing header',
      { source: careOf, destination: anchor, homeAddress: home, routingHome: home, message: request },
      `${ipv6('0038', '2b')} 3c020201 00000000 20010db8000f00000000000000000001
       8702 0102 0000 c910 20010db8000f00000000000000000001 3b000000 68de 0000`,
    ],
  ])('%s', (_title, packet, bytes) => {
    expect(hex(emitMobilityPacket(packet))).toBe(hex(octets(bytes)));
    const { message, homeAddress, routingHome } = packet;
    expect(parseMobilityPacket(octets(bytes))).toMatchObject({
      ok: true,
      value: { message, ...(homeAddress && { homeAddress }), ...(routingHome && { routingHome }) },
    });
  });

  it('[RFC 2473 §3.1] encapsulates IPv6 in IPv6', () => {
    const inner = emitMobilityPacket({ source: careOf, destination: anchor, message: request });
    expect(hex(encapsulate(careOf, anchor, inner))).toBe(hex(octets(ipv6('0030', '29'))) + hex(inner));
  });
});

describe('headers before the Mobility Header', () => {
  const header = COMPLETE.emit(acknowledgement);
  const direct = withChecksum(header, careOf, anchor);
  const fromHome = withChecksum(header, home, anchor);
  const toHome = withChecksum(header, careOf, home);
  const both = withChecksum(header, home, home);
  const NONE = { homeAddress: undefined, routingHome: undefined };

  it.each([
    ['nothing', 135, direct, NONE],
    ['Home Address option', 60, concatenated(options(135, homeOption), fromHome), { homeAddress: home }],
    ['type 2 routing header', 43, concatenated(routing(135), toHome), { routingHome: home }],
    [
      'type 2 routing header, then the Home Address option',
      43,
      concatenated(routing(60), options(135, homeOption), both),
      { homeAddress: home, routingHome: home },
    ],
    [
      'type 2 routing header, then other destination options',
      43,
      concatenated(routing(60), options(135, octets('0104 00000000')), toHome),
      { routingHome: home },
    ],
    [
      'destination options before the routing header',
      60,
      concatenated(options(43, octets('0104 00000000')), routing(135), toHome),
      { routingHome: home },
    ],
    [
      'unknown option with highest bits 00 before the Home Address option',
      60,
      concatenated(options(135, concatenated(octets('1e00 0100 c910'), home)), fromHome),
      { homeAddress: home },
    ],
    [
      'the Home Address option at another place than 8n+6',
      60,
      concatenated(options(135, concatenated(octets('c910'), home, octets('0102 ffff'))), fromHome),
      { homeAddress: home },
    ],
    [
      'Hop-by-Hop Options with a Router Alert',
      0,
      concatenated(options(60, octets('0502 0000 0100')), options(135, homeOption), fromHome),
      { homeAddress: home },
    ],
    [
      'an unknown routing header without segments left',
      43,
      concatenated(octets('8700 fd00 00000000'), direct),
      NONE,
    ],
    [
      '[RFC 8200 §4.7] octets after the Mobility Header: ignored',
      135,
      concatenated(direct, octets('ff')),
      NONE,
    ],
  ])('%s', (_title, nextHeader, payload, expected) => {
    const received = parseMobilityPayload(nextHeader, payload, careOf, anchor);
    if (!received.ok) throw new Error(received.error.rule);
    const { homeAddress, routingHome, message } = received.value;
    expect({ homeAddress, routingHome }).toEqual({ ...NONE, ...expected });
    expect(message).toMatchObject(acknowledgement);
  });

  const multicast = address('ff02::1');
  const unknown = (type: string) => concatenated(options(135, octets(`0100 ${type}02 0000`)), direct);

  it.each<[string, number, Uint8Array, Address, object]>([
    [
      '[RFC 6275 §6.3] a second Home Address option',
      60,
      concatenated(options(60, homeOption), options(135, homeOption), fromHome),
      anchor,
      { offset: 30, counter: 'home-address-option' },
    ],
    [
      '[RFC 6275 §6.3] a second Home Address option in one header',
      60,
      concatenated(options(135, concatenated(homeOption, homeOption, octets('0100'))), fromHome),
      anchor,
      { offset: 28, counter: 'home-address-option' },
    ],
    [
      '[RFC 6275 §6.3] a Home Address option of 15 octets',
      60,
      concatenated(options(135, concatenated(octets('0102 0000 c90f'), home)), fromHome),
      anchor,
      { offset: 7, counter: 'home-address-option' },
    ],
    [
      '[RFC 6275 §6.3] a Home Address option before the routing header',
      60,
      concatenated(options(43, homeOption), routing(135), both),
      anchor,
      { offset: 24, counter: 'header-chain' },
    ],
    [
      '[RFC 6275 §9.3.1] a multicast home address',
      60,
      concatenated(options(135, concatenated(octets('0102 0000 c910'), multicast)), fromHome),
      anchor,
      { offset: 8, counter: 'home-address-option' },
    ],
    [
      '[RFC 8200 §4.2] a destination option that runs past its header',
      60,
      concatenated(options(135, octets('0100 1e05 0000')), direct),
      anchor,
      { offset: 4, counter: 'option-overrun' },
    ],
    [
      '[RFC 8200 §4.2] an unknown destination option with 01',
      60,
      unknown('5e'),
      anchor,
      { offset: 4, counter: 'unknown-destination-option' },
    ],
    [
      '[RFC 8200 §4.2] an unknown destination option with 10',
      60,
      unknown('9e'),
      anchor,
      { offset: 4, counter: 'unknown-destination-option', parameterProblem: { code: 2, pointer: 44 } },
    ],
    [
      '[RFC 8200 §4.2] an unknown destination option with 10, sent to a multicast address',
      60,
      unknown('9e'),
      multicast,
      { offset: 4, counter: 'unknown-destination-option', parameterProblem: { code: 2, pointer: 44 } },
    ],
    [
      '[RFC 8200 §4.2] an unknown destination option with 11',
      60,
      unknown('de'),
      anchor,
      { offset: 4, counter: 'unknown-destination-option', parameterProblem: { code: 2, pointer: 44 } },
    ],
    [
      '[RFC 8200 §4.2] an unknown destination option with 11, sent to a multicast address',
      60,
      unknown('de'),
      multicast,
      { offset: 4, counter: 'unknown-destination-option' },
    ],
    [
      '[RFC 6275 §6.3] a Home Address option among the Hop-by-Hop Options',
      0,
      concatenated(options(135, homeOption), fromHome),
      anchor,
      { offset: 6, counter: 'unknown-destination-option', parameterProblem: { code: 2, pointer: 46 } },
    ],
    [
      '[RFC 6275 §11.3.3] Hdr Ext Len 4 of a type 2 routing header',
      43,
      concatenated(octets('8704 0201 00000000'), home, home, toHome),
      anchor,
      { offset: 1, counter: 'type-2-routing-header' },
    ],
    [
      '[RFC 6275 §11.3.3] Segments Left 0 of a type 2 routing header',
      43,
      concatenated(octets('8702 0200 00000000'), home, toHome),
      anchor,
      { offset: 3, counter: 'type-2-routing-header' },
    ],
    [
      '[RFC 6275 §11.3.3] a link-local home address in a type 2 routing header',
      43,
      concatenated(octets('8702 0201 00000000'), address('fe80::1'), toHome),
      anchor,
      { offset: 8, counter: 'type-2-routing-header' },
    ],
    [
      '[RFC 6275 §6.4] a second type 2 routing header',
      43,
      concatenated(routing(43), routing(135), toHome),
      anchor,
      { offset: 24, counter: 'header-chain' },
    ],
    [
      '[RFC 8200 §4.4] an unknown routing header with segments left',
      43,
      concatenated(octets('8700 fd01 00000000'), direct),
      anchor,
      { offset: 2, counter: 'routing-type', parameterProblem: { code: 0, pointer: 42 } },
    ],
    [
      '[RFC 4443 §2.4] the same, sent to a multicast address',
      43,
      concatenated(octets('8700 fd01 00000000'), direct),
      multicast,
      { offset: 2, counter: 'routing-type' },
    ],
    [
      '[RFC 8200 §4] Hop-by-Hop Options that do not come first',
      60,
      concatenated(options(0, octets('0104 00000000')), options(135, octets('0104 00000000')), direct),
      anchor,
      { offset: 0, counter: 'header-chain', parameterProblem: { code: 1, pointer: 40 } },
    ],
    [
      'an extension header that runs past the packet',
      60,
      octets('8703 0104 00000000'),
      anchor,
      { offset: 0, counter: 'truncated' },
    ],
    [
      'an extension header of which one octet is there',
      60,
      octets('87'),
      anchor,
      { offset: 0, counter: 'truncated' },
    ],
    [
      'a transport header instead of the Mobility Header: not ours to answer',
      60,
      concatenated(options(6, octets('0104 00000000')), new Uint8Array(20)),
      anchor,
      { offset: 0, counter: 'no-mobility-header' },
    ],
    [
      'nine extension headers',
      60,
      concatenated(
        ...new Array(8).fill(options(60, octets('0104 00000000'))),
        options(135, octets('0104 00000000')),
        direct,
      ),
      anchor,
      { offset: 64, counter: 'header-chain' },
    ],
  ])('%s', (_title, nextHeader, payload, destination, error) => {
    expect(refusal(parseMobilityPayload(nextHeader, payload, careOf, destination))).toEqual(error);
  });
});

describe('malformed packets', () => {
  const packet = emitMobilityPacket({
    source: careOf,
    destination: anchor,
    homeAddress: home,
    message: acknowledgement,
  });
  /** Offset of the Mobility Header. */
  const at = 64;
  const header = packet.slice(at);
  /** The packet with another Mobility Header, whose checksum is made right. */
  const carrying = (other: Uint8Array) => {
    const right = withChecksum(patched(other, 4, '0000'), home, anchor);
    return emitIpv6(careOf, anchor, 60, concatenated(options(135, homeOption), right));
  };

  it.each([
    ['nothing', new Uint8Array(0), { offset: 0, counter: 'truncated' }],
    ['39 octets', packet.slice(0, 39), { offset: 39, counter: 'truncated' }],
    ['[RFC 8200 §3] version 4', patched(packet, 0, '45'), { offset: 0, counter: 'ipv6-version' }],
    [
      '[RFC 8200 §3] a packet shorter than its Payload Length',
      packet.slice(0, -1),
      { offset: 4, counter: 'truncated' },
    ],
    [
      '[RFC 6275 §9.2] one bit of the Mobility Header wrong',
      patched(packet, at + 8, '01'),
      { offset: at + 4, counter: 'checksum' },
    ],
    [
      '[RFC 6275 §6.1.1] one bit of the home address wrong',
      patched(packet, 63, '03'),
      { offset: at + 4, counter: 'checksum' },
    ],
    [
      '[RFC 6275 §6.1.1] Header Len beyond the packet',
      patched(packet, at + 1, '02'),
      { offset: at + 1, counter: 'truncated' },
    ],
    [
      '[RFC 6275 §9.2] Payload Proto 6: Parameter Problem at it',
      carrying(patched(header, 0, '06')),
      { offset: at, counter: 'payload-proto', parameterProblem: { code: 0, pointer: at } },
    ],
    [
      '[RFC 6275 §9.2] Header Len too small: Parameter Problem at it',
      carrying(patched(header, 1, '00').slice(0, 8)),
      { offset: at + 1, counter: 'header-len', parameterProblem: { code: 0, pointer: at + 1 } },
    ],
    [
      '[RFC 6275 §6.2.1] an option that runs past the header: silence',
      carrying(patched(header, 12, 'c803')),
      { offset: at + 12, counter: 'option-overrun' },
    ],
  ])('%s', (_title, bytes, error) => {
    expect(refusal(parseMobilityPacket(bytes))).toEqual(error);
  });

  it('[RFC 4443 §2.4] nothing is answered to an unspecified or multicast source, or a multicast destination', () => {
    const bad = patched(header, 0, '06');
    const problem = (source: Address, destination: Address) => {
      const message = withChecksum(patched(bad, 4, '0000'), source, destination);
      const result = parseMobilityPayload(135, message, source, destination);
      return result.ok ? 'accepted' : result.error.parameterProblem;
    };
    expect(problem(careOf, anchor)).toEqual({ code: 0, pointer: 40 });
    expect(problem(address('::'), anchor)).toBeUndefined();
    expect(problem(address('ff02::1'), anchor)).toBeUndefined();
    expect(problem(careOf, address('ff02::1'))).toBeUndefined();
  });

  it('every truncation of a packet is an error', () => {
    for (let length = 0; length < packet.length; length++) {
      expect(parseMobilityPacket(packet.slice(0, length)).ok).toBe(false);
      if (length >= 40) {
        const payload = packet.slice(40, length);
        expect(parseMobilityPayload(60, payload, careOf, anchor).ok).toBe(false);
      }
    }
  });

  it.each<[string, Partial<MobilityPacket>]>([
    ['a link-local home address', { homeAddress: address('fe80::1') }],
    ['a multicast address in a type 2 routing header', { routingHome: address('ff02::1') }],
    ['a source of 4 octets', { source: new Uint8Array(4) }],
    ['hop limit 256', { hopLimit: 256 }],
  ])('%s cannot be emitted', (_title, part) => {
    expect(() =>
      emitMobilityPacket({ source: careOf, destination: anchor, message: request, ...part }),
    ).toThrow(RangeError);
  });
});
