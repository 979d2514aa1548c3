import { describe, expect, it } from 'vitest';
import { readCapture } from '../../../src/decode/capture.ts';
import { findNetworkLayer } from '../../../src/decode/link-layer.ts';
import { octets } from '../wire/octets.ts';

/** Files written out from the drafts' figures, one packet `600000` each. */
const FILES: Record<string, string> = {
  'pcap, little-endian, microseconds, raw IP':
    'd4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000  01000000 20a10700 03000000 04000000 600000',
  'pcap, big-endian, microseconds, raw IP':
    'a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000065  00000001 0007a120 00000003 00000004 600000',
  'pcap, little-endian, nanoseconds, raw IP':
    '4d3cb2a1 0200 0400 00000000 00000000 ffff0000 65000000  01000000 0065cd1d 03000000 04000000 600000',
  'pcapng, little-endian, default resolution':
    '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 ' +
    '01000000 14000000 6500 0000 00000000 14000000 ' +
    '06000000 24000000 00000000 00000000 60e31600 03000000 04000000 60000000 24000000',
  'pcapng, big-endian, milliseconds, an unknown block between':
    '0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c ' +
    '00000001 0000001c 0065 0000 00000000 0009 0001 03000000 0000001c ' +
    '0000000b 0000000c 0000000c ' +
    '00000006 00000024 00000000 00000000 000005dc 00000003 00000004 60000000 00000024',
};

describe('capture files', () => {
  it.each(Object.entries(FILES))('%s', (_title, file) => {
    expect(readCapture(octets(file))).toEqual({
      packets: [{ timestamp: 1.5, linkType: 101, octets: octets('600000'), originalLength: 4 }],
    });
  });

  it('a simple packet block has no time', () => {
    const file =
      '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 ' +
      '01000000 14000000 6500 0000 00000000 14000000 03000000 14000000 03000000 60000000 14000000';
    expect(readCapture(octets(file))?.packets).toEqual([
      { timestamp: undefined, linkType: 101, octets: octets('600000'), originalLength: 3 },
    ]);
  });

  it.each(Object.entries(FILES))(
    '%s: every truncation gives the packets before it and says so',
    (_title, file) => {
      const whole = octets(file);
      for (let length = 12; length < whole.length; length++) {
        const capture = readCapture(whole.slice(0, length));
        expect(capture?.packets).toEqual([]);
      }
      expect(readCapture(whole.slice(0, -1))?.fault).toMatch(/ends within|does not fit/);
    },
  );

  it('what is no capture file', () => {
    expect(readCapture(octets('7f454c46020101000000000000000000'))).toBeUndefined();
    expect(readCapture(octets(''))).toBeUndefined();
  });

  it('a block of length 0 ends the reading', () => {
    const file = '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 06000000 00000000 00000000';
    expect(readCapture(octets(file))).toEqual({ packets: [], fault: 'a block of 0 octets does not fit' });
  });
});

describe('link layers', () => {
  it.each([
    ['Ethernet', 1, '000000000000 000000000000 86dd 60', { offset: 14, version: 6 }],
    [
      'Ethernet with a VLAN tag',
      1,
      '000000000000 000000000000 8100 0005 86dd 60',
      { offset: 18, version: 6 },
    ],
    ['Ethernet with IPv4', 1, '000000000000 000000000000 0800 45', { offset: 14, version: 4 }],
    ['Ethernet with ARP', 1, '000000000000 000000000000 0806 00', { offset: 14, version: undefined }],
    ['raw IP', 101, '45', { offset: 0, version: 4 }],
    ['raw IPv6', 229, '60', { offset: 0, version: 6 }],
    ['BSD loopback', 0, '1e000000 60', { offset: 4, version: 6 }],
    ['Linux cooked', 113, '0000 0001 0006 0000000000000000 86dd 60', { offset: 16, version: 6 }],
    ['Linux cooked v2', 276, '86dd 0000 00000001 0001 00 06 0000000000000000 60', { offset: 20, version: 6 }],
  ])('%s', (_title, linkType, packet, expected) => {
    expect(findNetworkLayer(linkType, octets(packet))).toEqual(expected);
  });

  it('an unknown one is not guessed at', () => {
    expect(findNetworkLayer(147, octets('60'))).toBeUndefined();
  });
});
