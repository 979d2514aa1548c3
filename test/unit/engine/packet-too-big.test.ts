import { describe, expect, it } from 'vitest';
import { restatedTooBig } from '../../../src/engine/packet-too-big.ts';
import type { ReceivedPacket } from '../../../src/engine/types.ts';
import { parseAddress } from '../../../src/wire/address.ts';
import { parseIcmpv6Packet } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import { hex, octets } from '../wire/octets.ts';

const CARE_OF = parseAddress('2001:db8:a::2')!;
const ROUTER = parseAddress('2001:db8:a::1')!;
const ADDRESSES = '20010db8000a00000000000000000002 20010db8000200000000000000000002';
/** Of a packet with this first header from the care-of address to 2001:db8:2::2, path MTU 1280. */
const tooBig = (next: string, rest = '06020102 0000c910 20010db8010000000000000000000010'): string =>
  `0200 abcd 00000500 6000000005a4${next}40 ${ADDRESSES} ${rest}`;

const received = (text: string, nextHeader = 58): ReceivedPacket => ({
  source: ROUTER,
  destination: CARE_OF,
  nextHeader,
  bytes: octets(text),
  device: 'lte',
  hopLimit: 64,
});

describe('[RFC 6275 §9.3.2] a path MTU that a router tells about a direct packet', () => {
  it.each(['3c', '2b'])(
    'with header %s first is told again as if an ICMPv6 message had been too big',
    next => {
      const restated = parseIcmpv6Packet(restatedTooBig(received(tooBig(next)))!);
      if (!restated.ok) throw new Error('not readable');
      const { source, destination, message } = restated.value;
      expect([source, destination]).toEqual([CARE_OF, CARE_OF]);
      if (message.kind !== 'opaque') throw new Error(message.kind);
      expect([message.type, message.code]).toEqual([2, 0]);
      expect(hex(message.data)).toBe(
        `00000500 6000000000083a40 ${ADDRESSES} 0000000000000000`.replaceAll(' ', ''),
      );
    },
  );

  it.each([
    ['of another packet', received(tooBig('06'))],
    ['another error', received(`01${tooBig('3c').slice(2)}`)],
    ['another protocol', received(tooBig('3c'), 60)],
    ['one that is cut short', received(tooBig('3c').replaceAll(' ', '').slice(0, 90))],
    ['nothing', received('')],
  ])('%s is left to the kernel', (_, packet) => {
    expect(restatedTooBig(packet)).toBeUndefined();
  });
});
