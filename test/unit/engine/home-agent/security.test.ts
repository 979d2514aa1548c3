import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampFromWall } from '../../../../src/engine/timestamp.ts';
import type { MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import { findOption, type MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { tampered } from '../../../simulation/hostile.ts';
import { randomSource } from '../../../simulation/network.ts';
import { seed } from '../../wire/seed.ts';
import {
  Anchor,
  AUTH,
  address,
  bid,
  CARE_OF,
  CARE_OF_2,
  HOME,
  HOME_AGENT,
  PREFIX_1,
  plain,
} from '../anchor.ts';

const sequenceMode = { ...AUTH, replay: 'sequence' } as const;

describe('authentication', () => {
  it('[RFC 4285 §5.1.1] answers 146 to a wrong authenticator, signed itself, and changes nothing', () => {
    const anchor = new Anchor();
    const wrong = { ...AUTH, key: new Uint8Array(16).fill(8) };
    const answer = anchor.update({ auth: wrong })!;
    expect(answer.message.status).toBe(146);
    expect(answer.message.options.at(-1)?.kind).toBe('authentication');
    expect(anchor.bindings).toEqual([]);
    expect(anchor.counter('authentication-failed')).toBe(1);
  });

  it.each([
    ['no authentication option', { auth: undefined }, 'not-authenticated'],
    ['another SPI', { auth: { ...AUTH, spi: 257 } }, 'unknown-spi'],
    ['a home address that nobody has', { homeAddress: address('2001:db8:100::99') }, 'unknown-home-address'],
    ['neither R nor H flag', { homeRegistration: false, mobileRouter: false }, 'not-a-home-registration'],
  ])('[RFC 4285 §5.1.1, RFC 6275 §9.5.1] silence for %s', (_, said, reason) => {
    const anchor = new Anchor();
    anchor.update({ ...said });
    expect(anchor.sent).toEqual([]);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.counter(reason)).toBe(1);
  });

  it.each<[string, MobilityOption]>([
    ['Nonce Indices', { kind: 'nonce-indices', home: 1, careOf: 2 }],
    ['malformed Nonce Indices', { kind: 'opaque', type: 4, data: new Uint8Array(3) }],
  ])('[RFC 6275 §9.5.1] silence for %s in a home registration', (_title, option) => {
    const anchor = new Anchor();
    anchor.update({ options: [option] });
    expect(anchor.sent).toEqual([]);
    expect(anchor.counter('nonce-indices-in-home-registration')).toBe(1);
  });

  it('[RFC 6275 §9.5.4] silence for a source that is no unicast address', () => {
    const anchor = new Anchor();
    for (const text of ['ff02::1', '::'])
      anchor.update({ source: address(text), options: [bid(1, CARE_OF)] });
    anchor.receive(plain({ kind: 'opaque', type: 99, data: new Uint8Array(2) }, address('ff02::1')));
    expect(anchor.sent).toEqual([]);
    expect(anchor.counter('source-not-unicast')).toBe(3);
  });

  it('another identifier than the configured one is not served', () => {
    const anchor = new Anchor({ identifier: 'vessel@example.org' });
    const said = (text: string) => ({
      options: [
        {
          kind: 'mn-identifier',
          subtype: 1,
          identifier: Uint8Array.from(text, c => c.charCodeAt(0)),
        } as const,
      ],
    });
    expect(anchor.status(said('vessel@example.com'))).toBeUndefined();
    expect(anchor.status(said('vessel@example.or'))).toBeUndefined();
    expect(anchor.status(said('vessel@example.org'))).toBe(0);
  });

  it('[RFC 6275 §10.3.1] one node cannot register the home address of another one', () => {
    const other = { ...AUTH, key: new Uint8Array(16).fill(9), spi: 300 };
    const home2 = address('2001:db8:100::2');
    const anchor = new Anchor();
    const base = anchor.agent.config.peers[0]!;
    const two = new Anchor(
      {},
      { peers: [base, { ...base, name: 'other', homeAddress: home2, auth: other, prefixes: [] }] },
    );
    expect(two.status({ auth: other })).toBeUndefined();
    expect(two.status({ auth: { ...other, spi: 256 } })).toBe(146);
    expect(two.bindings).toEqual([]);
    expect(two.status({ auth: other, homeAddress: home2, mobileRouter: false })).toBe(0);
  });

  it('[RFC 4285 §5.1] a changed octet anywhere in what is protected changes nothing', () => {
    const anchor = new Anchor();
    anchor.update({ options: [bid(1, CARE_OF)] });
    anchor.now += 10;
    const packet = anchor.emit({ options: [bid(1, CARE_OF_2)] });
    const before = JSON.stringify([...anchor.records]);
    fc.assert(
      fc.property(fc.integer({ min: 1 }), randomSeed => {
        anchor.receive(tampered(packet, randomSource(randomSeed))!);
        expect(JSON.stringify([...anchor.records])).toBe(before);
      }),
      { seed, numRuns: 2000 },
    );
    anchor.receive(packet);
    expect(anchor.bindings).toEqual(['1 2001:db8:b::2']);
  });
});

describe('replay protection', () => {
  it('[RFC 4285 §6] echoes a valid timestamp', () => {
    const anchor = new Anchor();
    const answer = anchor.update()!;
    expect(findOption(answer.message.options, 'message-id')).toMatchObject(
      timestampFromWall(anchor.clock.wall),
    );
  });

  it('[RFC 4285 §6] answers 145 without a timestamp', () => {
    const anchor = new Anchor();
    expect(anchor.status({ clock: undefined })).toBe(145);
    expect(anchor.bindings).toEqual([]);
  });

  it.each([-3_600_000, -7100, 7100, 3_600_000])(
    '[RFC 4285 §6] answers 144 to a clock %i ms off, with its own seconds and the low-order half of the other',
    clock => {
      const anchor = new Anchor();
      const answer = anchor.update({ clock })!;
      expect(answer.message.status).toBe(144);
      const echo = findOption(answer.message.options, 'message-id')!;
      expect(echo.seconds).toBe(timestampFromWall(anchor.clock.wall).seconds);
      expect(echo.fraction).toBe(timestampFromWall(anchor.clock.wall + clock).fraction);
      expect(anchor.bindings).toEqual([]);
    },
  );

  it.each([-6900, 6900])('[RFC 4285 §5.1] a clock %i ms off is close enough', clock => {
    expect(new Anchor().status({ clock })).toBe(0);
  });

  it('[RFC 4285 §6] a replayed Binding Update changes nothing, before and after a restart', () => {
    const anchor = new Anchor();
    anchor.update({ options: [bid(1, CARE_OF)] });
    const old = anchor.emit({ options: [bid(1, CARE_OF)] });
    anchor.receive(old);
    anchor.update({ options: [bid(1, CARE_OF_2)] });
    anchor.receive(old);
    expect(anchor.answer?.message.status).toBe(144);
    expect(anchor.bindings).toEqual(['1 2001:db8:b::2']);
    anchor.restart();
    anchor.receive(old);
    expect(anchor.bindings).toEqual(['1 2001:db8:b::2']);
    anchor.update({ lifetime: 0 });
    anchor.receive(old);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 4285 §7] the sequence number is not used beside timestamps', () => {
    const anchor = new Anchor();
    anchor.update();
    anchor.sequence -= 50;
    expect(anchor.status()).toBe(0);
  });

  it('[RFC 6275 §9.5.1] answers 135 with the last accepted number to a number that is not greater', () => {
    const anchor = new Anchor({ auth: sequenceMode });
    anchor.update({ sequence: 15 });
    for (const sequence of [15, 14, 0, 32783, 65535]) {
      expect(anchor.update({ sequence })!.message).toMatchObject({ status: 135, sequence: 15 });
    }
    for (const sequence of [16, 32782, 65535, 1, 2]) expect(anchor.status({ sequence })).toBe(0);
  });
});

describe('what is not a Binding Update', () => {
  it.each<[string, MobilityMessage]>([
    ['an unknown MH Type', { kind: 'opaque', type: 99, data: new Uint8Array(10) }],
    ['an MH Type of another role', { kind: 'home-test-init', cookie: new Uint8Array(8), options: [] }],
  ])('[RFC 6275 §9.2] Binding Error status 2 for %s', (_title, message) => {
    const anchor = new Anchor();
    anchor.receive(plain(message));
    const answer = parseMobilityPacket(anchor.sent[0]!);
    expect(answer.ok && answer.value).toMatchObject({
      source: HOME_AGENT,
      destination: CARE_OF,
      message: { kind: 'binding-error', status: 2 },
    });
  });

  it('[RFC 6275 §9.3.3] the Binding Error names the home address of the Home Address option', () => {
    const anchor = new Anchor();
    const message = { kind: 'opaque', type: 99, data: new Uint8Array(10) } as const;
    anchor.receive(
      emitMobilityPacket({ source: CARE_OF, destination: HOME_AGENT, homeAddress: HOME, message }),
    );
    const answer = parseMobilityPacket(anchor.sent[0]!);
    expect(answer.ok && answer.value.message).toMatchObject({ homeAddress: HOME });
  });

  it.each([
    ['Payload Proto', 0, 58, 40],
    ['Header Len', 1, 0, 41],
  ])('[RFC 6275 §9.2] ICMPv6 Parameter Problem code 0 that points at %s', (_, offset, value, pointer) => {
    const anchor = new Anchor();
    const packet = plain({
      kind: 'binding-update',
      sequence: 1,
      acknowledge: true,
      homeRegistration: true,
      linkLocalCompatibility: false,
      keyManagement: false,
      mobileRouter: true,
      lifetime: 4,
      options: [],
    });
    const cut = packet.slice(0, offset === 1 ? 48 : undefined);
    cut[40 + offset] = value;
    anchor.receive(withChecksum(cut));
    const icmp = anchor.sent[0]!;
    expect([icmp[6], icmp[40], icmp[41]]).toEqual([58, 4, 0]);
    expect(new DataView(icmp.buffer, icmp.byteOffset).getUint32(44)).toBe(pointer);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 6275 §9.2] silence for a wrong checksum', () => {
    const anchor = new Anchor();
    const packet = anchor.emit();
    packet[packet.length - 1]! ^= 1;
    anchor.receive(packet);
    expect(anchor.sent).toEqual([]);
    expect(anchor.counter('checksum')).toBe(1);
  });
});

describe('a flood', () => {
  const forged = { auth: { ...AUTH, key: new Uint8Array(16) } };

  it.each([
    ['forged Binding Updates', (anchor: Anchor) => anchor.emit(forged)],
    ['replayed Binding Updates', (anchor: Anchor) => anchor.emit({ clock: -60_000 })],
    ['unknown messages', () => plain({ kind: 'opaque', type: 200, data: new Uint8Array(2) })],
  ])('of %s is answered at a bounded rate, with no more octets than came', (_, make) => {
    const anchor = new Anchor();
    let inward = 0;
    let outward = 0;
    let lines = 0;
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      const packet = make(anchor);
      inward += packet.length;
      const output = anchor.receive(packet);
      answers += anchor.sent.length;
      outward += anchor.sent.reduce((sum, sent) => sum + sent.length, 0);
      lines += output.filter(({ kind }) => kind === 'event').length;
      anchor.now += 10;
    }
    expect(answers).toBeGreaterThan(50);
    expect(answers).toBeLessThanOrEqual(20 + 10 * 10 + 1);
    expect(outward).toBeLessThan(inward / 4);
    expect(lines).toBeLessThanOrEqual(8);
  });

  it('no single answer is larger than what it answers', () => {
    for (const said of [
      {},
      { clock: -60_000 },
      forged,
      { clock: undefined },
      { lifetime: 0 },
      { options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] },
      { options: [{ kind: 'mobile-network-prefix', prefix: PREFIX_1 } as const] },
    ]) {
      const anchor = new Anchor();
      const packet = anchor.emit(said);
      anchor.receive(packet);
      expect(anchor.sent.length).toBe(1);
      expect(anchor.sent[0]!.length).toBeLessThanOrEqual(packet.length);
    }
  });

  it('of forgeries does not keep the genuine node from being told what is wrong', () => {
    const anchor = new Anchor();
    for (let i = 0; i < 100; i++) anchor.receive(anchor.emit(forged));
    expect(anchor.sent).toEqual([]);
    expect(anchor.status({ clock: -60_000 })).toBe(144);
  });
});

function withChecksum(packet: Uint8Array): Uint8Array {
  let sum = 0;
  const add = (octets: Uint8Array) => {
    for (let i = 0; i < octets.length; i += 2) sum += (octets[i]! << 8) | octets[i + 1]!;
  };
  const header = packet.subarray(40);
  header.fill(0, 4, 6);
  add(packet.subarray(8, 40));
  add(header);
  sum += 135 + header.length;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  header[4] = (~sum >> 8) & 0xff;
  header[5] = ~sum & 0xff;
  packet[4] = header.length >> 8;
  packet[5] = header.length;
  return packet;
}
