import { expect, it } from 'vitest';
import { Ip6Gre } from '../../../src/netlink/ip6-gre.ts';
import { parseAddress } from '../../../src/wire/address.ts';
import { octets } from '../wire/octets.ts';
import { ofThisMachine } from './captured.ts';

const PARAMETERS = {
  local: parseAddress('2001:db8:100::10')!,
  remote: parseAddress('2001:db8:1::2')!,
  key: 0x10,
  numbered: true,
  hopLimit: 64,
  flags: 1,
};

/**
 * IFLA_INFO_DATA as `ip link add g type ip6gre local 2001:db8:100::10 remote 2001:db8:1::2 key 16 oseq hoplimit 64 encaplimit
 * none` has it: IFLA_GRE_IFLAGS (2), OFLAGS (3), IKEY (4), OKEY (5), LOCAL (6), REMOTE (7), TTL (8), FLAGS (13). Flags and
 * keys of the GRE header are in network byte order on every machine.
 */
const DATA = ofThisMachine(
  `0600 0200 2000 0000  0600 0300 3000 0000  0800 0400 00000010  0800 0500 00000010
   1400 0600 20010db8 01000000 00000000 00000010  1400 0700 20010db8 00010000 00000000 00000002
   0500 0800 40 000000  0800 0d00 01000000`,
  `0006 0002 2000 0000  0006 0003 3000 0000  0008 0004 00000010  0008 0005 00000010
   0014 0006 20010db8 01000000 00000000 00000010  0014 0007 20010db8 00010000 00000000 00000002
   0005 0008 40 000000  0008 000d 00000001`,
);

it('[RFC 2890] a GRE device with a key and numbers is written as Linux reads it, and read again', () => {
  expect(Ip6Gre.encode(PARAMETERS)).toEqual(octets(DATA));
  expect(Ip6Gre.decode(octets(DATA))).toEqual(PARAMETERS);
});

it('one with another key in each direction, or without any, is not read', () => {
  const other = octets(DATA);
  other[31] = 0x11;
  const without = octets(DATA);
  without.fill(0, 4, 6);
  for (const bytes of [other, without, octets(DATA).subarray(0, 40)]) {
    expect(Ip6Gre.decode(bytes)).toBeUndefined();
  }
});
