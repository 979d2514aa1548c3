import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticatedPart, authorizedPart } from '../../../src/wire/authentication.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import { packetAround, type ReceivedMobility } from '../../../src/wire/mobility-packet.ts';
import type { Result } from '../../../src/wire/result.ts';
import { anyPacket } from './arbitraries.ts';
import { emitMobilityPacket, parseMobilityPacket, parseMobilityPayload } from './complete-packet.ts';
import { mutated, mutation, plausible } from './mutations.ts';
import { hex } from './octets.ts';
import { seed } from './seed.ts';

/** Whatever was accepted must be re-emitted to something that reads the same. */
function checkAccepted(result: Result<ReceivedMobility>): void {
  if (!result.ok) {
    expect(result.error.offset).toBeGreaterThanOrEqual(0);
    return;
  }
  const { header: received, ...value } = result.value;
  // Padding that a mutant lacks is added, so a very long one may have no room for it.
  if (received.length > 1024 && value.message.kind !== 'opaque') return;
  const again = parseMobilityPacket(emitMobilityPacket(value));
  if (!again.ok) throw new Error(`re-emitted and refused: ${again.error.rule}`);
  const { header, ...reread } = again.value;
  expect(reread).toEqual(value);
  authenticatedPart(received);
  const third = parseMobilityPacket(emitMobilityPacket(reread));
  expect(third.ok && hex(third.value.header)).toBe(hex(header));
}

describe(`mutants, seed ${seed}`, () => {
  it('of good packets are read or refused, never thrown upon, and read again equal when re-emitted', () => {
    const tally = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(anyPacket, fc.array(mutation, { minLength: 1, maxLength: 4 }), (packet, mutations) => {
        const raw = mutations.reduce(mutated, emitMobilityPacket(packet));
        const header = mutations.reduce(mutated, COMPLETE.emit(packet.message));
        for (const bytes of [raw, packetAround(plausible(header), packet)]) {
          const result = parseMobilityPacket(bytes);
          tally[result.ok ? 'accepted' : 'refused']++;
          checkAccepted(result);
        }
      }),
      { seed, numRuns: 6000 },
    );
    const tenth = (tally.accepted + tally.refused) / 10;
    expect(tally.accepted).toBeGreaterThan(tenth);
    expect(tally.refused).toBeGreaterThan(tenth);
  });

  it('that are nothing but noise are refused', () => {
    const noise = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(noise, fc.constantFrom(0, 43, 60, 135), (bytes, nextHeader) => {
        const source = new Uint8Array(16);
        checkAccepted(parseMobilityPacket(bytes));
        checkAccepted(parseMobilityPayload(nextHeader, bytes, source, source));
      }),
      { seed, numRuns: 5000 },
    );
  });

  it('of any Mobility Header give an authenticated part or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(0, 5, 6, 7, 13, 99), (bytes, type) => {
        if (bytes.length > 2) bytes[2] = type;
        const part = authenticatedPart(bytes);
        if (part !== undefined) {
          expect(part.covered.length).toBe(part.dataOffset);
          expect(part.dataOffset + part.dataLength).toBeLessThanOrEqual(bytes.length);
        }
        const authorized = authorizedPart(bytes);
        if (authorized !== undefined) {
          expect(authorized.covered.length).toBe(bytes.length - authorized.dataLength);
          expect(authorized.dataOffset + authorized.dataLength).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { seed, numRuns: 5000 },
    );
  });
});
