/** Home Test Init, Care-of Test Init and what is made of them. */
import { describe, expect, it } from 'vitest';
import { type CreateHmac, createHmac } from '../../../../src/engine/hmac.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket, type MobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, bid, CARE_OF, CARE_OF_2, HOME } from '../anchor.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { COOKIE, CORRESPONDENT, hmacSha1, octetSource, Pair } from './mobile-node.ts';

const KINDS = ['home-test-init', 'care-of-test-init'] as const;
type Kind = (typeof KINDS)[number];
const ANSWERS = { 'home-test-init': 'home-test', 'care-of-test-init': 'care-of-test' } as const;

const init = (kind: Kind, source = kind === 'home-test-init' ? HOME : CARE_OF): MobilityPacket => ({
  source,
  destination: CORRESPONDENT,
  message: { kind, cookie: COOKIE, options: [] },
});

describe('return routability', () => {
  it('[RFC 6275 §9.4.3] [RFC 6275 §5.2.5] the home keygen token is First(64, HMAC_SHA1(Kcn, home address | nonce | 0))', () => {
    const random = octetSource();
    const [key, , nonce] = [random(20), random(2), random(16)];
    const test = new Pair().homeTest();
    expect(test.keygenToken).toEqual(hmacSha1(key, HOME, nonce, Uint8Array.of(0)).slice(0, 8));
  });

  it('[RFC 6275 §9.4.4] the care-of keygen token has the octet 1 in place of 0', () => {
    const random = octetSource();
    const [key, , nonce] = [random(20), random(2), random(16)];
    const test = new Pair().careOfTest();
    expect(test.keygenToken).toEqual(hmacSha1(key, CARE_OF, nonce, Uint8Array.of(1)).slice(0, 8));
  });

  it.each(KINDS)('[RFC 6275 §9.4] %s: the answer goes back to its source, with its cookie, bare', kind => {
    const pair = new Pair();
    pair.receive(emitMobilityPacket(init(kind)));
    const { source } = init(kind);
    expect(pair.answer).toMatchObject({ source: CORRESPONDENT, destination: source });
    expect(pair.answer?.routingHome).toBeUndefined();
    expect(pair.answer?.message).toMatchObject({ kind: ANSWERS[kind], cookie: COOKIE, options: [] });
    expect(pair.sent).toHaveLength(1);
  });

  it.each(KINDS)(
    '[RFC 6275 §9.4.1] [RFC 6275 §9.4.2] %s: the first one after a start has an answer',
    kind => {
      const pair = new Pair();
      pair.receive(emitMobilityPacket(init(kind)));
      expect(pair.sent).toHaveLength(1);
    },
  );

  it.each(KINDS)('[RFC 6275 §9.4.1] [RFC 6275 §9.4.2] %s: with Home Address option it is ignored', kind => {
    const pair = new Pair();
    pair.receive(emitMobilityPacket({ ...init(kind), homeAddress: HOME, source: CARE_OF }));
    expect(pair.sent).toEqual([]);
    expect(pair.counter('test-init-with-home-address')).toBe(1);
  });

  it.each(KINDS)('[RFC 6275 §5.2.5] %s: leaves no state, whoever asks', kind => {
    const pair = new Pair();
    for (let i = 0; i < 100; i++) {
      pair.receive(emitMobilityPacket(init(kind, address(`2001:db8:5::${i.toString(16)}:1`))));
    }
    expect(pair.sent).toHaveLength(1);
    expect(pair.correspondent.view().peers).toEqual([]);
    expect(pair.correspondent.nextWake()).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(KINDS)(
    '[RFC 6275 §6.1.3] [RFC 6275 §6.1.4] %s: an option that does not belong there is skipped',
    kind => {
      const pair = new Pair();
      const { message, ...rest } = init(kind);
      const options = [
        { kind: 'binding-refresh-advice', interval: 8 } as const,
        { kind: 'nonce-indices', home: 1, careOf: 2 } as const,
      ];
      pair.receive(emitMobilityPacket({ ...rest, message: { ...message, options } as typeof message }));
      expect(pair.answer?.message.kind).toBe(ANSWERS[kind]);
    },
  );

  it.each(KINDS)('[RFC 6275 §6.1.3] [RFC 6275 §6.1.4] %s: reserved octets mean nothing', kind => {
    const pair = new Pair();
    pair.receive(
      withMobilityHeader(emitMobilityPacket(init(kind)), header => {
        header[6] = 0xff;
        header[7] = 0xff;
        header[3] = 0xff;
      }),
    );
    expect(pair.answer?.message.kind).toBe(ANSWERS[kind]);
  });

  it.each(KINDS)('[RFC 6275 §9.2] %s: too small a Header Len is pointed at by a Parameter Problem', kind => {
    const pair = new Pair();
    pair.receive(short(emitMobilityPacket(init(kind))));
    expect(parameterProblem(pair)).toEqual({ code: 0, pointer: 41 });
  });

  it.each(KINDS)('[RFC 6275 §9.2] %s: another Payload Proto is pointed at by a Parameter Problem', kind => {
    const pair = new Pair();
    pair.receive(
      withMobilityHeader(emitMobilityPacket(init(kind)), header => {
        header[0] = 6;
      }),
    );
    expect(parameterProblem(pair)).toEqual({ code: 0, pointer: 40 });
  });

  it.each(KINDS)('[RFC 6275 §9.2] %s: silence for a wrong checksum', kind => {
    const pair = new Pair();
    const packet = emitMobilityPacket(init(kind));
    packet[45]! ^= 1;
    pair.receive(packet);
    expect(pair.sent).toEqual([]);
    expect(pair.counter('checksum')).toBe(1);
  });

  it.each(['ff02::1', '::'])('[RFC 6275 §9.4] silence for a test init from %s', text => {
    const pair = new Pair();
    pair.receive(emitMobilityPacket(init('care-of-test-init', address(text))));
    expect(pair.sent).toEqual([]);
    expect(pair.counter('source-not-unicast')).toBe(1);
  });

  it('[RFC 5648 §4.3] [multiplecoa-00 §4.1] the Binding Identifier of a Care-of Test Init comes back, without a care-of address: length 4', () => {
    const pair = new Pair();
    const options = [bid(7, CARE_OF, { priority: 3 })];
    const answer = pair.say({ kind: 'care-of-test-init', cookie: COOKIE, options }, CARE_OF);
    expect(answer?.message.kind).toBe('care-of-test');
    if (answer?.message.kind !== 'care-of-test') return;
    const expected = { bid: 7, status: 0, careOfAddress: undefined };
    expect(findOption(answer.message.options, 'binding-identifier')).toMatchObject(expected);
    expect([...answer!.header.subarray(24, 28)]).toEqual([35, 4, 0, 7]);
  });

  it('tokens differ by address, by nonce and by correspondent', () => {
    const pair = new Pair();
    const other = new Pair({}, { random: octetSource(2) });
    const tokens = [pair.homeTest(), pair.careOfTest(HOME), pair.careOfTest(CARE_OF_2), other.homeTest()];
    pair.now += 30_000;
    tokens.push({ ...pair.homeTest(), kind: 'home-test' });
    const texts = tokens.map(({ keygenToken }) => keygenToken.join());
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('[RFC 6275 §5.2.2] a nonce serves for 30 s, then the index grows', () => {
    const pair = new Pair();
    const first = pair.homeTest().nonceIndex;
    pair.now += 29_999;
    expect(pair.homeTest().nonceIndex).toBe(first);
    pair.now += 1;
    expect(pair.homeTest().nonceIndex).toBe((first + 1) & 0xffff);
  });

  it('answers no more test messages than 200 a second, whoever sends them', () => {
    const pair = new Pair();
    let answers = 0;
    for (let i = 0; i < 10_000; i++) {
      pair.now += 1;
      pair.receive(emitMobilityPacket(init('care-of-test-init')));
      answers += pair.sent.length;
    }
    expect(answers).toBeGreaterThan(2000);
    expect(answers).toBeLessThanOrEqual(2401);
  });

  it('computes for no more than 200 Binding Updates a second', () => {
    let count = 0;
    const counting: CreateHmac = (algorithm, key) => {
      const hmac = createHmac(algorithm, key);
      return (...parts) => {
        count += 1;
        return hmac(...parts);
      };
    };
    const pair = new Pair({}, { createHmac: counting });
    const packet = pair.emit({ key: () => new Uint8Array(20) });
    count = 0;
    for (let i = 0; i < 2000; i++) pair.receive(packet);
    expect(count).toBe(400 * 3);
  });
});

/** The Mobility Header ends after its first 8 octets. */
function short(packet: Uint8Array): Uint8Array {
  return withMobilityHeader(packet, header => {
    header[1] = 0;
  });
}

function parameterProblem(pair: Pair) {
  const [packet] = pair.sent;
  if (packet === undefined || packet[6] !== 58 || packet[40] !== 4) return undefined;
  return { code: packet[41], pointer: new DataView(packet.buffer, packet.byteOffset).getUint32(44) };
}
