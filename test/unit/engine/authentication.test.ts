import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { equalConstantTime, SecurityAssociation } from '../../../src/engine/authentication.ts';
import { parseMobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { hex, octets } from '../wire/octets.ts';
import { Anchor, AUTH, address, CARE_OF, CARE_OF_2, HOME } from './anchor.ts';

/**
 * A Binding Update from 2001:db8:a::2 for 2001:db8:100::1: sequence 1, A H R, 600 s, SPI 256. Authenticator:
 * printf '<care-of address><home address><MH Data>' | xxd -r -p | openssl dgst -sha1 -mac HMAC -macopt hexkey:07..07
 */
const COVERED = '3b 04 05 00 00 00 00 01 c4 00 00 96 01 01 00 09 11 01 00 00 01 00';

describe('MN-HA authentication option', () => {
  it('[RFC 4285 §5.1] is First(96, HMAC_SHA1(key, care-of address | home address | MH Data))', () => {
    const association = new SecurityAssociation(AUTH);
    const covered = octets(COVERED);
    const independent = createHmac('sha1', AUTH.key).update(CARE_OF).update(HOME).update(covered).digest();
    expect(hex(association.authenticator(CARE_OF, HOME, covered))).toBe(independent.toString('hex', 0, 12));
    expect(hex(association.authenticator(CARE_OF, HOME, covered))).toBe('c81883f67eae939a777ea57e');
  });

  it('[RFC 4285 §5.1] covers the Mobility Header with checksum zero up to the SPI', () => {
    const anchor = new Anchor();
    const packet = anchor.emit();
    const header = packet.slice(64);
    const start = findAuthentication(header);
    const covered = header.slice(0, start + 7);
    covered.fill(0, 4, 6);
    const expected = createHmac('sha1', AUTH.key).update(CARE_OF).update(HOME).update(covered).digest();
    expect(hex(header.slice(start + 7, start + 19))).toBe(expected.toString('hex', 0, 12));
  });

  it('verifies for every care-of address that the message may mean', () => {
    const parsed = parseMobilityPacket(new Anchor().emit());
    if (!parsed.ok) throw new Error('unreadable');
    const association = new SecurityAssociation(AUTH);
    expect(association.verify(parsed.value, [CARE_OF], HOME)).toBe('authentic');
    expect(association.verify(parsed.value, [CARE_OF_2, CARE_OF], HOME)).toBe('authentic');
    expect(association.verify(parsed.value, [CARE_OF_2], HOME)).toBe('forged');
    expect(association.verify(parsed.value, [CARE_OF], address('2001:db8:100::2'))).toBe('forged');
    expect(new SecurityAssociation({ ...AUTH, spi: 257 }).verify(parsed.value, [CARE_OF], HOME)).toBe(
      'unknown-spi',
    );
    expect(
      new SecurityAssociation({ ...AUTH, key: new Uint8Array(20) }).verify(parsed.value, [CARE_OF], HOME),
    ).toBe('forged');
  });

  it('compares all octets', () => {
    expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(equalConstantTime(Uint8Array.of(), Uint8Array.of())).toBe(true);
  });
});

/** Offset of option 9 in a Binding Update. */
function findAuthentication(header: Uint8Array): number {
  let at = 12;
  while (header[at] !== 9) at += header[at] === 0 ? 1 : 2 + header[at + 1]!;
  return at;
}
