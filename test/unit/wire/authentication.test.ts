import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/wire/address.ts';
import { authenticatedPart, authorizedPart, withAuthenticator } from '../../../src/wire/authentication.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import type { BindingUpdate, MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import type { MobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { messagesByKind, packetWith } from './arbitraries.ts';
import { parseMobilityPacket } from './complete-packet.ts';
import { hex, octets, patched } from './octets.ts';
import { seed } from './seed.ts';

const mnHa = (data: Uint8Array, subtype = 1): MobilityOption => ({
  kind: 'authentication',
  subtype,
  spi: 256,
  data,
});
const zeros = new Uint8Array(12);
const tag = octets('a0a1a2a3a4a5a6a7a8a9aaab');

const update: BindingUpdate = {
  kind: 'binding-update',
  sequence: 1,
  acknowledge: true,
  homeRegistration: true,
  linkLocalCompatibility: false,
  keyManagement: false,
  mobileRouter: false,
  lifetime: 60,
  options: [],
};
const carrying = (...options: MobilityOption[]): Uint8Array => COMPLETE.emit({ ...update, options });
const packet = (message: MobilityMessage): MobilityPacket => ({
  source: parseAddress('2001:db8:1::2')!,
  destination: parseAddress('2001:db8::1')!,
  homeAddress: parseAddress('2001:db8:f::1'),
  message,
});

describe('authenticatedPart', () => {
  it('[RFC 4285 §5.1] covers the Mobility Header, checksum zero, up to and including the SPI', () => {
    const header = octets('3b 03 05 00 beef 0001 c000 000f 00 0911 01 00000100 a0a1a2a3a4a5a6a7a8a9aaab');
    const part = authenticatedPart(header)!;
    expect(hex(part.covered)).toBe(hex(octets('3b 03 05 00 0000 0001 c000 000f 00 0911 01 00000100')));
    expect(part).toMatchObject({ dataOffset: 20, dataLength: 12 });
    expect(hex(header.subarray(4, 6))).toBe('beef');
  });

  const unknown: MobilityOption = { kind: 'opaque', type: 200, data: zeros };
  it.each<[string, Uint8Array, boolean]>([
    ['it is the last option', carrying(unknown, mnHa(tag)), true],
    ['only an MN-AAA authentication option follows', carrying(mnHa(tag), mnHa(tag, 2)), true],
    ['an MN-AAA authentication option precedes', carrying(mnHa(tag, 2), mnHa(tag)), true],
    ['there is none', carrying(unknown), false],
    ['there is only an MN-AAA authentication option', carrying(mnHa(tag, 2)), false],
    ['an unprotected option follows', carrying(mnHa(tag), unknown), false],
    ['a second one follows', carrying(mnHa(tag), mnHa(zeros)), false],
    ['the message is of an unknown type', patched(carrying(mnHa(tag)), 2, '28'), false],
    ['the options run past the header', carrying(mnHa(tag)).slice(0, -1), false],
    ['there are no octets', new Uint8Array(0), false],
  ])('[RFC 4285 §5.1] when %s', (_title, header, found) => {
    const part = authenticatedPart(header);
    expect(part !== undefined).toBe(found);
    if (part) expect(hex(header.subarray(part.dataOffset, part.dataOffset + part.dataLength))).toBe(hex(tag));
  });
});

describe('authorizedPart', () => {
  const authorization = (data: Uint8Array): MobilityOption => ({
    kind: 'binding-authorization-data',
    authenticator: data,
  });
  const indices: MobilityOption = { kind: 'nonce-indices', home: 1, careOf: 2 };

  it('[RFC 6275 §6.2.7] covers the Mobility Header, checksum zero, without the authenticator', () => {
    const header = octets('3b 03 05 00 beef 0001 8000 003c 04 04 0001 0002 05 0c a0a1a2a3a4a5a6a7a8a9aaab');
    const part = authorizedPart(header)!;
    expect(hex(part.covered)).toBe(hex(octets('3b 03 05 00 0000 0001 8000 003c 04 04 0001 0002 05 0c')));
    expect(part).toMatchObject({ dataOffset: 20, dataLength: 12 });
    expect(hex(header.subarray(4, 6))).toBe('beef');
  });

  it('[RFC 6275 §6.2.7] covers a pad behind the authenticator', () => {
    const header = octets('3b 02 05 00 0000 0001 8000 003c 05 04 a0a1a2a3 0104 00000000');
    const part = authorizedPart(header)!;
    expect(hex(part.covered)).toBe(hex(octets('3b 02 05 00 0000 0001 8000 003c 05 04 0104 00000000')));
    expect(part).toMatchObject({ dataOffset: 14, dataLength: 4 });
  });

  it.each<[string, Uint8Array, boolean]>([
    ['it is the last option', carrying(indices, authorization(tag)), true],
    ['there is none', carrying(indices), false],
    ['there is none but that of RFC 4285', carrying(mnHa(tag)), false],
    ['another option follows', carrying(authorization(tag), indices), false],
    ['the authentication option of RFC 4285 follows', carrying(authorization(tag), mnHa(tag)), false],
    ['a second one follows', carrying(authorization(tag), authorization(zeros)), false],
    ['the options run past the header', carrying(indices, authorization(tag)).slice(0, -1), false],
  ])('[RFC 6275 §6.2.7] when %s', (_title, header, found) => {
    const part = authorizedPart(header);
    expect(part !== undefined).toBe(found);
    if (part) expect(hex(header.subarray(part.dataOffset, part.dataOffset + part.dataLength))).toBe(hex(tag));
  });

  it('[RFC 5568 §6.4.5] is looked for behind the whole option of FMIPv6, whose length leaves out its SPI', () => {
    const fmipv6: MobilityOption = {
      kind: 'binding-authorization-data-fmipv6',
      spi: 0x05000500,
      authenticator: tag,
    };
    expect(authorizedPart(carrying(fmipv6))).toBeUndefined();
    expect(authorizedPart(carrying(fmipv6, authorization(tag)))).toMatchObject({ dataLength: 12 });
  });
});

describe('withAuthenticator', () => {
  it('signs what the receiver will check, in a packet that the receiver takes', () => {
    const { 'binding-update': updates, 'binding-acknowledgement': acknowledgements } = messagesByKind(
      fc.constantFrom<MobilityOption>(
        { kind: 'mn-identifier', subtype: 1, identifier: octets('6140622e63') },
        { kind: 'message-id', seconds: 1, fraction: 2 },
      ),
    );
    const message = fc.oneof(updates, acknowledgements);
    fc.assert(
      fc.property(packetWith(message), value => {
        const given = value.message as BindingUpdate;
        const signed = { ...given, options: [...given.options, mnHa(zeros)] };
        let covered: Uint8Array | undefined;
        const bytes = withAuthenticator({ ...value, message: signed }, part => {
          covered = part;
          return tag;
        });
        const received = parseMobilityPacket(bytes);
        if (!received.ok) throw new Error(received.error.rule);
        expect(received.value.message).toEqual({ ...given, options: [...given.options, mnHa(tag)] });
        expect(authenticatedPart(received.value.header)?.covered).toEqual(covered);
      }),
      { seed },
    );
  });

  it('refuses a message without the option, and an authenticator of another length', () => {
    expect(() => withAuthenticator(packet(update), () => tag)).toThrow(RangeError);
    const unsigned = packet({ ...update, options: [mnHa(zeros)] });
    expect(() => withAuthenticator(unsigned, () => tag.slice(1))).toThrow(RangeError);
  });
});
