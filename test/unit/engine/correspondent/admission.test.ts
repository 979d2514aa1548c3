/** Which Binding Updates a correspondent takes: nonces, authenticator, sequence number, replays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOption, type MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { seed } from '../../wire/seed.ts';
import { address, bid, CARE_OF, CARE_OF_2, HOME } from '../anchor.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { type Answer, CORRESPONDENT, hmacSha1, Pair, type Said, sha1 } from './mobile-node.ts';

const alternate = (careOf: typeof HOME): MobilityOption => ({
  kind: 'alternate-care-of-address',
  address: careOf,
});

/** A registration, and the two ways to delete: with lifetime 0 away from home, and from the home address itself. */
const REGISTRATION: Said = {};
const DELETION: Said = { lifetime: 0 };
const HOME_DELETION: Said = { lifetime: 0, source: HOME, homeAddress: undefined };
const DELETIONS = [
  ['away from home', DELETION],
  ['at home', HOME_DELETION],
] as const;
const ALL = [['a registration', REGISTRATION] as const, ...DELETIONS];

function authorization(answer: Answer | undefined) {
  return answer && findOption(answer.message.options, 'binding-authorization-data');
}

describe('what a Binding Update must have', () => {
  it('[RFC 6275 §9.5.1] [RFC 6275 §5.2.5] Kbm of both keygen tokens is accepted, and signs the acknowledgement', () => {
    const pair = new Pair();
    const home = pair.homeTest();
    const careOf = pair.careOfTest();
    const answer = pair.update({ home, careOf })!;
    expect(answer.message).toMatchObject({ status: 0, sequence: pair.sequence, lifetime: 420 });
    const kbm = sha1(home.keygenToken, careOf.keygenToken);
    const data = answer.header.slice(0, -12);
    data.fill(0, 4, 6);
    expect(answer.header.slice(-12)).toEqual(hmacSha1(kbm, CARE_OF, CORRESPONDENT, data).slice(0, 12));
    expect(answer.message.options.at(-1)?.kind).toBe('binding-authorization-data');
  });

  it('[RFC 6275 §9.5.1] Kbm of a deletion is made of the home keygen token alone', () => {
    const pair = new Pair();
    pair.update();
    const home = pair.homeTest();
    const answer = pair.update({ lifetime: 0, home, indices: { home: home.nonceIndex, careOf: 4711 } })!;
    expect(answer.message.status).toBe(0);
    const data = answer.header.slice(0, -12);
    data.fill(0, 4, 6);
    const kbm = sha1(home.keygenToken);
    expect(answer.header.slice(-12)).toEqual(hmacSha1(kbm, HOME, CORRESPONDENT, data).slice(0, 12));
    expect(pair.bindings()).toEqual([]);
  });

  it.each(ALL)('[RFC 6275 §9.5.1] silence without Nonce Indices: %s', (_, said) => {
    const pair = new Pair();
    pair.update();
    expect(pair.update({ ...said, indices: undefined })).toBeUndefined();
    expect(pair.counter('nonce-indices-missing')).toBe(1);
    expect(pair.bindings()).toHaveLength(1);
  });

  it.each(ALL)('[RFC 6275 §9.5.1] silence without Binding Authorization Data: %s', (_, said) => {
    const pair = new Pair();
    pair.update();
    expect(pair.update({ ...said, authorized: false })).toBeUndefined();
    expect(pair.counter('not-authorized')).toBe(1);
    expect(pair.bindings()).toHaveLength(1);
  });

  it.each([
    ['another option', 35],
    ['padding', 1],
  ])('[RFC 6275 §9.5.1] silence when %s follows the authenticator', (_, type) => {
    const pair = new Pair();
    const packet = pair.emit();
    const longer = new Uint8Array(packet.length + 8);
    longer.set(packet);
    longer[5]! += 8;
    longer.set(type === 1 ? [1, 6] : [type, 6, 0, 7], packet.length);
    pair.receive(
      withMobilityHeader(longer, header => {
        header[1]! += 1;
      }),
    );
    expect(pair.sent).toEqual([]);
    expect(pair.counter('not-authorized')).toBe(1);
  });

  it.each(ALL)('[RFC 6275 §9.5.1] silence for a wrong authenticator: %s', (_, said) => {
    const pair = new Pair();
    pair.update();
    expect(pair.update({ ...said, key: () => new Uint8Array(20) })).toBeUndefined();
    expect(pair.counter('authentication-failed')).toBe(1);
    expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
  });

  it.each(ALL)('[RFC 6275 §9.5.1] silence for a wrong home keygen token: %s', (_, said) => {
    const pair = new Pair();
    pair.update();
    const home = { ...pair.homeTest(), keygenToken: new Uint8Array(8) };
    expect(pair.update({ ...said, home })).toBeUndefined();
    expect(pair.bindings()).toHaveLength(1);
  });

  it('[RFC 6275 §9.5.1] silence for a wrong care-of keygen token', () => {
    const pair = new Pair();
    expect(pair.update({ careOf: pair.careOfTest(CARE_OF_2) })).toBeUndefined();
    expect(pair.bindings()).toEqual([]);
  });

  it('[RFC 6275 §9.5.1] the authenticator is that of the alternate care-of address', () => {
    const pair = new Pair();
    const options = [alternate(CARE_OF_2)];
    expect(pair.update({ options, bound: CARE_OF, careOf: pair.careOfTest(CARE_OF) })).toBeUndefined();
    expect(pair.status({ options })).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:b::2']);
    expect(pair.status({ options: [alternate(CARE_OF)] })).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
  });

  it('[RFC 6275 §9.5.1] a registration has a Home Address option', () => {
    const pair = new Pair();
    const said = { source: HOME, homeAddress: undefined, options: [alternate(CARE_OF)] };
    expect(pair.update(said)).toBeUndefined();
    expect(pair.counter('home-address-option-missing')).toBe(1);
  });

  it.each(['ff02::1', 'fe80::1', '::', '::1'])(
    '[RFC 6275 §9.5.1] silence for %s as alternate care-of address, registration and deletion',
    text => {
      const pair = new Pair();
      const careOf = pair.careOfTest();
      for (const lifetime of [420, 0]) {
        expect(pair.update({ options: [alternate(address(text))], careOf, lifetime })).toBeUndefined();
      }
      expect(pair.counter('care-of-address-not-routable')).toBe(2);
    },
  );

  it.each(['ff02::1', '::'])('[RFC 6275 §9.5.4] silence for the source address %s', text => {
    const pair = new Pair();
    expect(pair.update({ source: address(text), careOf: pair.careOfTest() })).toBeUndefined();
    expect(pair.counter('source-not-unicast')).toBe(1);
  });

  it('[RFC 6275 §6.1.7] reserved bits, L and K flags and options that do not belong there mean nothing', () => {
    const pair = new Pair();
    const options = [{ kind: 'binding-refresh-advice', interval: 8 } as const];
    expect(pair.status({ options, linkLocalCompatibility: true, keyManagement: true })).toBe(0);
    expect(pair.bindings()).toHaveLength(1);
  });

  it('[RFC 6275 §9.5.1] an octet that is changed anywhere changes nothing', () => {
    const pair = new Pair();
    const packet = pair.emit({ options: [bid(3, CARE_OF)] });
    fc.assert(
      fc.property(fc.nat({ max: packet.length - 65 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        pair.now += 10;
        pair.receive(
          withMobilityHeader(packet, header => {
            // Reserved octets and padding are covered as well.
            if (at !== 4 && at !== 5) header[at]! ^= change;
            else header[6]! ^= change;
          }),
        );
        expect(pair.bindings()).toEqual([]);
      }),
      { seed, numRuns: 500 },
    );
    pair.receive(packet);
    expect(pair.bindings()).toEqual(['3 2001:db8:a::2']);
  });
});

describe('the message on the wire', () => {
  /** A registration, `longer` by so many octets, changed and signed again. */
  function resigned(pair: Pair, change: (header: Uint8Array) => void, longer = 0): Uint8Array {
    const home = pair.homeTest();
    const careOf = pair.careOfTest();
    const packet = pair.emit({ home, careOf });
    const copy = new Uint8Array(packet.length + longer);
    copy.set(packet);
    copy[5]! += longer;
    return withMobilityHeader(copy, header => {
      header[1]! += longer / 8;
      change(header);
      const data = header.slice(0, -12);
      data.fill(0, 4, 6);
      const kbm = sha1(home.keygenToken, careOf.keygenToken);
      header.set(hmacSha1(kbm, CARE_OF, CORRESPONDENT, data).subarray(0, 12), header.length - 12);
    });
  }

  it('[RFC 6275 §6.1.7] reserved octets and bits that are not zero are accepted', () => {
    const pair = new Pair();
    const packet = resigned(pair, header => {
      header[3] = 0xff;
      header[9]! |= 0x0f;
    });
    pair.receive(packet);
    expect(pair.answer?.message).toMatchObject({ status: 0 });
  });

  it('[RFC 6275 §6.2.1] an option at a wrong alignment is read all the same', () => {
    const pair = new Pair();
    const shift = (header: Uint8Array) => {
      const nonces = header.slice(12, 18);
      header[12] = 0;
      header.set(nonces, 13);
      header.set([1, 5, 0, 0, 0, 0, 0, 5, 12], 19);
    };
    pair.receive(resigned(pair, shift, 8));
    expect(pair.bindings()).toHaveLength(1);
  });

  it.each([
    ['Payload Proto', 0, 6],
    ['Header Len', 1, 0],
  ])('[RFC 6275 §9.2] a wrong %s is pointed at by a Parameter Problem', (_, at, value) => {
    const pair = new Pair();
    pair.receive(
      withMobilityHeader(pair.emit(), header => {
        header[at] = value;
      }),
    );
    const [answer] = pair.sent;
    expect([answer![6], answer![40], answer![41]]).toEqual([58, 4, 0]);
    expect(new DataView(answer!.buffer, answer!.byteOffset).getUint32(44)).toBe(64 + at);
    expect(pair.bindings()).toEqual([]);
  });

  it('[RFC 6275 §9.2] silence for a Binding Update with a wrong checksum', () => {
    const pair = new Pair();
    const packet = pair.emit();
    packet[68]! ^= 1;
    pair.receive(packet);
    expect(pair.sent).toEqual([]);
    expect(pair.counter('checksum')).toBe(1);
  });
});

describe('nonces', () => {
  it('[RFC 6275 §5.2.7] tokens count until 240 s after their nonce was made', () => {
    const pair = new Pair();
    const home = pair.homeTest();
    const careOf = pair.careOfTest();
    pair.now += 239_998;
    expect(pair.status({ home, careOf })).toBe(0);
    expect(pair.status({ home, careOf })).toBe(138);
  });

  it('[RFC 6275 §5.2.7] older indices count as well as the newest, registration and deletions', () => {
    const pair = new Pair();
    const tokens = { home: pair.homeTest(), careOf: pair.careOfTest() };
    const atHome = pair.homeTest();
    for (let i = 0; i < 3; i++) {
      pair.now += 60_000;
      pair.homeTest();
    }
    expect(pair.status(tokens)).toBe(0);
    expect(pair.status({ ...HOME_DELETION, home: atHome })).toBe(0);
    expect(pair.status(DELETION)).toBe(0);
  });

  const never = { nonceIndex: 0xbeef, keygenToken: new Uint8Array(8) };

  /** Tokens of 240 s ago. */
  function expired(pair: Pair) {
    const old = { home: pair.homeTest(), careOf: pair.careOfTest() };
    pair.now += 240_000;
    return old;
  }

  it.each([
    ['expired', expired],
    ['never given', () => ({ home: never, careOf: never })],
  ] as const)('[RFC 6275 §9.5.1] unknown nonce indices are answered with 136, 137 and 138: %s', (_, make) => {
    const pair = new Pair();
    const old = make(pair);
    expect(pair.status({ home: old.home })).toBe(136);
    expect(pair.status({ careOf: old.careOf })).toBe(137);
    expect(pair.status(old)).toBe(138);
    expect(pair.bindings()).toEqual([]);
  });

  it.each(DELETIONS)('[RFC 6275 §9.5.1] a deletion %s has a valid home nonce index, or 136', (_, said) => {
    const pair = new Pair();
    const old = expired(pair);
    pair.update();
    for (const home of [old.home, never]) {
      const indices = { home: home.nonceIndex, careOf: never.nonceIndex };
      expect(pair.status({ ...said, home, indices })).toBe(136);
    }
    expect(pair.bindings()).toHaveLength(1);
  });

  it.each(DELETIONS)('[RFC 6275 §9.5.1] the care-of nonce index of a deletion %s is ignored', (_, said) => {
    const pair = new Pair();
    const old = expired(pair);
    for (const careOf of [old.careOf.nonceIndex, never.nonceIndex]) {
      pair.update();
      const home = pair.homeTest();
      expect(pair.status({ ...said, home, indices: { home: home.nonceIndex, careOf } })).toBe(0);
      expect(pair.bindings()).toEqual([]);
      pair.now += 1000;
    }
  });

  it('[RFC 6275 §9.5.4] 136, 137 and 138 come without authorization, and without A flag too', () => {
    const pair = new Pair();
    for (const said of [{ home: never }, { careOf: never }, { home: never, careOf: never }]) {
      const answer = pair.update({ ...said, acknowledge: false })!;
      expect(answer.message.status).toBeGreaterThan(135);
      expect(answer.message.options).toEqual([]);
      expect(answer.routingHome).toEqual(HOME);
    }
  });

  it('[RFC 6275 §5.2.2] no more nonces are kept than 240 s hold, even when each is used up at once', () => {
    let drawn = 0;
    const random = (length: number) => {
      drawn += 1;
      return new Uint8Array(length).map((_, i) => (drawn >> (8 * (i % 3))) & 0xff);
    };
    const pair = new Pair({}, { random });
    for (let i = 0; i < 300; i++) {
      pair.update();
      pair.update({ lifetime: 0 });
      pair.now += 18;
    }
    expect(pair.now - 1_000_000).toBe(6000);
    expect(drawn).toBeLessThan(2 + 8);
  });
});

describe('sequence numbers', () => {
  it.each([1, 2, 32767])('[RFC 6275 §9.5.1] %i more is accepted, with and without wrapping round', more => {
    for (const last of [0x1234, 0xfff0]) {
      const pair = new Pair();
      pair.sequence = last - 1;
      pair.update();
      pair.sequence = last + more - 1;
      expect(pair.status()).toBe(0);
    }
  });

  it.each([0, -1, -32768])(
    '[RFC 6275 §9.5.1] %i more has the answer 135 with the last accepted number',
    more => {
      for (const last of [0x9000, 0x0001]) {
        const pair = new Pair();
        pair.sequence = last - 1;
        pair.update();
        pair.sequence = last + more - 1;
        const answer = pair.update({ source: CARE_OF_2, acknowledge: false })!;
        expect(answer.message).toMatchObject({ status: 135, sequence: last, lifetime: 0 });
        expect(authorization(answer)).toBeDefined();
        expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
      }
    },
  );

  it.each([0, 1, 0xffff])('[RFC 6275 §9.5.1] without a binding %i is accepted', sequence => {
    const pair = new Pair();
    expect(pair.status({ sequence })).toBe(0);
  });

  it('nobody learns the last number without the authenticator', () => {
    const pair = new Pair();
    pair.update();
    expect(pair.update({ sequence: 1, key: () => new Uint8Array(20) })).toBeUndefined();
  });
});

describe('replays', () => {
  it('[RFC 6275 §9.5.3] after a deletion the registration is not taken again', () => {
    const pair = new Pair();
    const packet = pair.emit();
    pair.receive(packet);
    expect(pair.bindings()).toHaveLength(1);
    pair.update({ lifetime: 0 });
    pair.receive(packet);
    expect(pair.sent).toEqual([]);
    expect(pair.counter('replayed')).toBe(1);
    expect(pair.bindings()).toEqual([]);
  });

  it('[RFC 6275 §9.5.3] nor an earlier one of other nonces, until these are too old', () => {
    const pair = new Pair();
    const early = pair.emit({ sequence: 7 });
    pair.receive(early);
    pair.now += 60_000;
    pair.sequence = 7;
    pair.update();
    pair.update({ lifetime: 0 });
    pair.receive(early);
    expect(pair.counter('replayed')).toBe(1);
    pair.now += 180_000;
    pair.receive(early);
    expect(pair.answer?.message).toMatchObject({ status: 138 });
  });

  it('[RFC 6275 §9.5.3] the same nonces do not serve again for these addresses; a second later there are new ones', () => {
    const pair = new Pair();
    const tokens = { home: pair.homeTest(), careOf: pair.careOfTest() };
    pair.update(tokens);
    pair.update({ lifetime: 0, home: tokens.home });
    expect(pair.update(tokens)).toBeUndefined();
    pair.now += 1000;
    expect(pair.status()).toBe(0);
  });

  it('[RFC 6275 §9.6] [RFC 6275 §5.2.8] a binding that ended by itself is remembered like a deleted one', () => {
    const pair = new Pair();
    const packet = pair.emit({ lifetime: 4 });
    pair.receive(packet);
    pair.wait(4000);
    expect(pair.bindings()).toEqual([]);
    pair.receive(packet);
    expect(pair.bindings()).toEqual([]);
    expect(pair.counter('replayed')).toBe(1);
  });
});

describe('home registrations', () => {
  it('[RFC 6275 §10.3.1] 131 to an H flag without a binding', () => {
    const pair = new Pair();
    expect(pair.status({ homeRegistration: true, indices: undefined })).toBe(131);
  });

  it.each([600, 0])(
    '[RFC 6275 §9.5.1] 139 to an H flag with a binding, which stays; lifetime %i',
    lifetime => {
      const pair = new Pair();
      pair.update();
      const said = { homeRegistration: true, indices: undefined, lifetime };
      expect(pair.status(said)).toBe(139);
      expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
    },
  );

  it.each([false, true])('[RFC 6275 §9.5.1] silence to an H flag with Nonce Indices; bound: %s', bound => {
    const pair = new Pair();
    if (bound) pair.update();
    expect(pair.update({ homeRegistration: true, source: CARE_OF_2 })).toBeUndefined();
    expect(pair.bindings()).toEqual(bound ? ['0 2001:db8:a::2'] : []);
  });

  it('[RFC 6275 §9.1] [RFC 6275 §9.5.1] 139 for a home address that the home agent of the same host has bound', () => {
    const pair = new Pair({}, { isHomeRegistration: () => true });
    expect(pair.status()).toBe(139);
    expect(pair.bindings()).toEqual([]);
  });
});

describe('answers', () => {
  it('[RFC 6275 §9.5.4] to the care-of address with a routing header, to the home address without', () => {
    const pair = new Pair();
    expect(pair.update()).toMatchObject({ destination: CARE_OF, routingHome: HOME });
    const atHome = pair.update(HOME_DELETION)!;
    expect(atHome.destination).toEqual(HOME);
    expect(atHome.routingHome).toBeUndefined();
    expect(authorization(atHome)).toBeDefined();
  });

  it('[RFC 6275 §9.5.4] without A flag an acceptance has no answer', () => {
    const pair = new Pair();
    expect(pair.update({ acknowledge: false })).toBeUndefined();
    expect(pair.bindings()).toHaveLength(1);
  });

  it('refusals are limited to 10 a second', () => {
    const pair = new Pair();
    const packet = pair.emit({ homeRegistration: true, indices: undefined });
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      pair.now += 10;
      pair.receive(packet);
      answers += pair.sent.length;
    }
    expect(answers).toBeLessThanOrEqual(121);
  });
});
