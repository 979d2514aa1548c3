import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emitDsmipv6, parseDsmipv6 } from '../../../src/wire/dsmipv6.ts';
import { decapsulate, encapsulate } from '../../../src/wire/encapsulation.ts';
import { emitGre, greHeader, parseGre } from '../../../src/wire/gre.ts';
import { emitIcmpv6, parseIcmpv6, showIcmpv6 } from '../../../src/wire/icmpv6/icmpv6-message.ts';
import {
  emitIcmpv6Packet,
  parseIcmpv6Packet,
  parseIcmpv6Payload,
} from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../../src/wire/icmpv6/nd-option.ts';
import type { Field } from '../../../src/wire/layout/part.ts';
import {
  emitPmipv6Control,
  emitPmipv6Data,
  parsePmipv6Control,
  parsePmipv6Data,
} from '../../../src/wire/pmipv6-udp.ts';
import type { Result } from '../../../src/wire/result.ts';
import { emitUdpPacket, parseUdpPacket } from '../../../src/wire/udp.ts';
import { anyMessage } from './arbitraries.ts';
import {
  anyIcmpv6Packet,
  dsmipv6Packet,
  grePacket,
  icmpv6ByKind,
  ipPacket,
  ndOptionsByKind,
  pmipv6Data,
  udpPath,
} from './arbitraries-packets.ts';
import { octetsUpTo } from './arbitrary-fields.ts';
import { type Mutation, mutated, mutation } from './mutations.ts';
import { seed } from './seed.ts';

function parsed<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.rule} at ${result.error.offset}`);
  return result.value;
}

describe(`round trip, seed ${seed}`, () => {
  it.each(Object.entries(icmpv6ByKind()))('of the ICMPv6 message %s', (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, message => {
        const bytes = emitIcmpv6(message);
        expect(parsed(parseIcmpv6(bytes))).toEqual(message);
      }),
      { seed },
    );
  });

  const ndOptions: readonly [string, fc.Arbitrary<NdOption>][] = Object.entries(ndOptionsByKind);
  it.each(ndOptions)('of the Neighbor Discovery option %s', (_kind, arbitrary) => {
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 3 }), options => {
        const message = { kind: 'router-solicitation' as const, options };
        expect(parsed(parseIcmpv6(emitIcmpv6(message)))).toEqual(message);
      }),
      { seed },
    );
  });

  it('of whole ICMPv6 packets, and from the payload that a raw socket delivers', () => {
    fc.assert(
      fc.property(anyIcmpv6Packet, packet => {
        const bytes = emitIcmpv6Packet(packet);
        const received = parsed(parseIcmpv6Packet(bytes));
        const { hopLimit, ...value } = received;
        expect({ homeAddress: undefined, routingHome: undefined, ...value }).toEqual(packet);
        const { source, destination } = packet;
        const again = parseIcmpv6Payload(bytes[6]!, bytes.slice(40), { source, destination, hopLimit });
        expect(parsed(again)).toEqual(received);
      }),
      { seed },
    );
  });

  it('of packets in packets', () => {
    fc.assert(
      fc.property(udpPath, ipPacket, ({ source, destination }, inner) => {
        const outer = encapsulate(source, destination, inner);
        expect(parsed(decapsulate(outer))).toEqual({ source, destination, inner });
      }),
      { seed },
    );
  });

  it('of UDP packets', () => {
    fc.assert(
      fc.property(udpPath, octetsUpTo(80), (path, payload) => {
        expect(parsed(parseUdpPacket(emitUdpPacket(path, payload)))).toEqual({ ...path, payload });
      }),
      { seed },
    );
  });

  it('[RFC 5555 §4.1] of packets in UDP on port 4191', () => {
    fc.assert(
      fc.property(dsmipv6Packet, packet => {
        expect(parsed(parseDsmipv6(emitDsmipv6(packet)))).toEqual(packet);
      }),
      { seed },
    );
  });

  it('[RFC 5844 §4.1.3.2] of bare Mobility Headers, whose checksum is zero', () => {
    fc.assert(
      fc.property(anyMessage, message => {
        const payload = emitPmipv6Control(message);
        expect([payload[4], payload[5]]).toEqual([0, 0]);
        expect(parsed(parsePmipv6Control(payload)).message).toEqual(message);
      }),
      { seed },
    );
  });

  it('[RFC 5845 §7.2] of data with and without a TLV header', () => {
    fc.assert(
      fc.property(pmipv6Data, data => {
        expect(parsed(parsePmipv6Data(emitPmipv6Data(data)))).toEqual(data);
      }),
      { seed },
    );
  });

  it('[RFC 2784 §2, RFC 2890 §2] of GRE packets', () => {
    fc.assert(
      fc.property(grePacket, packet => {
        expect(parsed(parseGre(emitGre(packet)))).toEqual(packet);
      }),
      { seed },
    );
  });
});

describe(`mutants, seed ${seed}`, () => {
  /** What each kind of packet is made of, and what must hold for whatever is read from a mutant. */
  const kinds: readonly [string, fc.Arbitrary<Uint8Array>, (bytes: Uint8Array) => boolean][] = [
    [
      'ICMPv6 messages',
      anyIcmpv6Packet.map(({ message }) => emitIcmpv6(message)),
      bytes => {
        showIcmpv6(bytes, []);
        return stable(bytes, parseIcmpv6, emitIcmpv6);
      },
    ],
    [
      'ICMPv6 packets',
      anyIcmpv6Packet.map(emitIcmpv6Packet),
      bytes => stable(bytes, parseIcmpv6Packet, emitIcmpv6Packet),
    ],
    ['packets in UDP', dsmipv6Packet.map(emitDsmipv6), bytes => stable(bytes, parseDsmipv6, emitDsmipv6)],
    [
      'packets in packets',
      fc.tuple(udpPath, ipPacket).map(([path, inner]) => encapsulate(path.source, path.destination, inner)),
      bytes =>
        stable(bytes, decapsulate, ({ source, destination, inner }) =>
          encapsulate(source, destination, inner),
        ),
    ],
    [
      'data over UDP',
      pmipv6Data.map(emitPmipv6Data),
      bytes => stable(bytes, parsePmipv6Data, emitPmipv6Data),
    ],
    [
      'bare Mobility Headers',
      anyMessage.map(message => emitPmipv6Control(message)),
      bytes => parsePmipv6Control(bytes).ok,
    ],
    [
      'GRE packets',
      grePacket.map(emitGre),
      bytes => {
        const shown: Field[] = [];
        if (bytes.length >= greHeader.size) greHeader.show(bytes, 0, bytes.length, shown);
        expect(shown.every(({ offset, length }) => offset + length <= bytes.length)).toBe(true);
        return stable(bytes, parseGre, emitGre);
      },
    ],
  ];

  it.each(kinds)('of %s are read or refused, never thrown upon', (_kind, arbitrary, check) => {
    const tally = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(arbitrary, fc.array(mutation, { minLength: 1, maxLength: 3 }), (good, mutations) => {
        tally[
          check(mutations.reduce((bytes, one: Mutation) => mutated(bytes, one), good))
            ? 'accepted'
            : 'refused'
        ]++;
      }),
      { seed, numRuns: 1500 },
    );
    const tried = tally.accepted + tally.refused;
    expect(tally.refused).toBeGreaterThan(tried / 30);
    expect(tally.accepted).toBeGreaterThanOrEqual(Math.floor(tried / 300));
  });

  it.each(kinds)('noise in place of %s is read or refused', (_kind, _arbitrary, check) => {
    fc.assert(
      fc.property(octetsUpTo(200), bytes => {
        check(bytes);
      }),
      { seed, numRuns: 1000 },
    );
  });

  /** Whether it was accepted; then what is emitted again reads the same. Errors point into the octets. */
  function stable<T>(
    bytes: Uint8Array,
    parse: (bytes: Uint8Array) => Result<T>,
    emit: (value: T) => Uint8Array,
  ): boolean {
    const result = parse(bytes);
    if (!result.ok) {
      expect(result.error.offset).toBeGreaterThanOrEqual(0);
      expect(result.error.offset).toBeLessThanOrEqual(bytes.length);
      return false;
    }
    expect(parsed(parse(emit(result.value)))).toEqual(result.value);
    return true;
  }
});
