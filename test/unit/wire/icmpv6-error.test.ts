import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { emitIcmpv6Error } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import { hex, octets } from './octets.ts';

const source = parseAddress('2001:db8::1')!;
const destination = parseAddress('2001:db8:1::2')!;

describe('emitIcmpv6Error', () => {
  it('[RFC 4443 §3.4] writes type 4, code, checksum, pointer and the invoking packet', () => {
    const packet = emitIcmpv6Error(source, destination, {
      kind: 'parameter-problem',
      code: 0,
      pointer: 40,
      invoking: octets('60 01 02 03'),
    });
    expect(hex(packet)).toBe(
      hex(
        octets(`60000000 000c 3a 40 20010db8000000000000000000000001 20010db8000100000000000000000002
          04 00 3e17 00000028 60010203`),
      ),
    );
  });

  it('[RFC 4443 §2.4] holds as much of the invoking packet as 1280 octets allow', () => {
    const invoking = new Uint8Array(2000).fill(7);
    const packet = emitIcmpv6Error(source, destination, {
      kind: 'parameter-problem',
      code: 2,
      pointer: 46,
      invoking,
    });
    expect(packet.length).toBe(1280);
    expect(packet[5]! | (packet[4]! << 8)).toBe(1240);
  });
});
