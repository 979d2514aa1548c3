import { createHash, createHmac as nodeHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHmac } from '../../../src/engine/hmac.ts';
import {
  bindingAuthenticator,
  bindingManagementKey,
  careOfKeygenToken,
  homeKeygenToken,
} from '../../../src/engine/return-routability.ts';
import { parseAddress } from '../../../src/wire/address.ts';
import { authorizedPart, withAuthenticator } from '../../../src/wire/authentication.ts';
import type { BindingUpdate } from '../../../src/wire/mobility-message.ts';
import { parseMobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { encodeUtf8 } from '../../../src/wire/utf8.ts';
import { hex, octets } from '../wire/octets.ts';

const address = (text: string) => parseAddress(text)!;
const CARE_OF = address('2001:db8::1');
const CORRESPONDENT = address('2001:db8::2');
const HOME = address('2001:db8:f::1');

/** 20 octets (RFC 6275 §5.2.1), and a nonce of the recommended length. */
const NODE_KEY = Uint8Array.from({ length: 20 }, (_, index) => index);
const NONCE = octets('a0a1a2a3a4a5a6a7');
const HOME_TOKEN = encodeUtf8('homekey1');
const CARE_OF_TOKEN = encodeUtf8('carekey1');

/** A third party's example: to the correspondent node, sequence 1, A, 240 s, nonces 1 and 2. */
const UPDATE: BindingUpdate = {
  kind: 'binding-update',
  sequence: 1,
  acknowledge: true,
  lifetime: 240,
  options: [
    { kind: 'nonce-indices', home: 1, careOf: 2 },
    { kind: 'binding-authorization-data', authenticator: new Uint8Array(12) },
  ],
};
const DATA = '3b 03 05 00 0000 0001 8000 003c 04 04 0001 0002 05 0c';
const KBM = '0706ceeb2426f58192ae8c42181acd099596bdeb';
const AUTHENTICATOR = '6b0ff75e0a8873a4027b0c72';

describe('keygen tokens', () => {
  const hmac = createHmac('sha1', NODE_KEY);

  it('[RFC 6275 §5.2.5] of home: First(64, HMAC_SHA1(Kcn, home address | nonce | 0))', () => {
    const whole = nodeHmac('sha1', NODE_KEY).update(HOME).update(NONCE).update(Uint8Array.of(0)).digest();
    expect(hex(homeKeygenToken(hmac, HOME, NONCE))).toBe(whole.toString('hex', 0, 8));
    expect(hex(homeKeygenToken(hmac, HOME, NONCE))).toBe('026ffae4484b7558');
  });

  it('[RFC 6275 §5.2.5] of a care-of address: First(64, HMAC_SHA1(Kcn, care-of address | nonce | 1))', () => {
    const whole = nodeHmac('sha1', NODE_KEY).update(CARE_OF).update(NONCE).update(Uint8Array.of(1)).digest();
    expect(hex(careOfKeygenToken(hmac, CARE_OF, NONCE))).toBe(whole.toString('hex', 0, 8));
    expect(hex(careOfKeygenToken(hmac, CARE_OF, NONCE))).toBe('9d42ff9e52febf2a');
  });

  it('[RFC 6275 §5.2.2] take a nonce of any length', () => {
    for (const length of [0, 1, 20, 100]) {
      const nonce = new Uint8Array(length).fill(length);
      const whole = nodeHmac('sha1', NODE_KEY).update(HOME).update(nonce).update(Uint8Array.of(0)).digest();
      expect(hex(homeKeygenToken(hmac, HOME, nonce))).toBe(whole.toString('hex', 0, 8));
    }
  });
});

describe('binding management key', () => {
  it('[RFC 6275 §5.2.5] is SHA-1(home keygen token | care-of keygen token), 20 octets', () => {
    expect(hex(bindingManagementKey(HOME_TOKEN, CARE_OF_TOKEN))).toBe(KBM);
    expect(createHash('sha1').update('homekey1carekey1').digest('hex')).toBe(KBM);
  });

  it('[RFC 6275 §5.2.5] of a de-registration is SHA-1(home keygen token)', () => {
    const key = createHash('sha1').update('homekey1').digest('hex');
    expect(hex(bindingManagementKey(HOME_TOKEN))).toBe(key);
    expect(key).toBe('8faeed3d3f08eb9ab2d2247f15449ca05a9c9b7d');
  });
});

describe('authenticator of a Binding Update', () => {
  const hmac = createHmac('sha1', bindingManagementKey(HOME_TOKEN, CARE_OF_TOKEN));

  it('[RFC 6275 §6.2.7] is First(96, HMAC_SHA1(Kbm, care-of address | correspondent | MH Data))', () => {
    const data = octets(DATA);
    const key = Buffer.from(KBM, 'hex');
    const whole = nodeHmac('sha1', key).update(CARE_OF).update(CORRESPONDENT).update(data).digest();
    expect(whole.toString('hex', 0, 12)).toBe(AUTHENTICATOR);
    expect(hex(bindingAuthenticator(hmac, CARE_OF, CORRESPONDENT, data))).toBe(AUTHENTICATOR);
  });

  it('[RFC 6275 §5.2.6] is filled in and found again', () => {
    const packet = { source: CARE_OF, destination: CORRESPONDENT, homeAddress: HOME, message: UPDATE };
    const sign = (data: Uint8Array) => bindingAuthenticator(hmac, CARE_OF, CORRESPONDENT, data);
    const received = parseMobilityPacket(withAuthenticator(packet, sign, authorizedPart));
    if (!received.ok) throw new Error(received.error.rule);
    const { header, message } = received.value;
    expect(message).toMatchObject({
      options: [{ kind: 'nonce-indices' }, { authenticator: octets(AUTHENTICATOR) }],
    });
    expect(hex(header.subarray(6))).toBe(hex(octets(DATA)).slice(12) + AUTHENTICATOR);
    expect(hex(authorizedPart(header)!.covered)).toBe(hex(octets(DATA)));
  });
});
