/** A correspondent and a mobile node of draft-ietf-monami6-multiplecoa-00. */
import { describe, expect, it } from 'vitest';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import {
  address,
  bid,
  CARE_OF,
  CARE_OF_2,
  CARE_OF_3,
  draftBid,
  draftIdentifiers,
  HOME,
  MONAMI6,
  draftOctets as raw,
} from '../anchor.ts';
import { COOKIE, CORRESPONDENT, Pair } from './mobile-node.ts';

const pairOf = (config: ConstructorParameters<typeof Pair>[0] = {}) =>
  new Pair({ dialect: MONAMI6, ...config });

function withTwo(): Pair {
  const pair = pairOf();
  pair.update({ options: [draftBid(1)] });
  pair.update({ source: CARE_OF_2, options: [draftBid(2)] });
  return pair;
}

const alternate = { kind: 'alternate-care-of-address', address: CARE_OF_3 } as const;
const C = 0x80;

describe('registration', () => {
  it('[multiplecoa-00 §6.2] each BID has a binding of its own, with the source for care-of address', () => {
    expect(withTwo().bindings()).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §6.3] success: status 0, and the sub-option comes back with status 0', () => {
    const answer = pairOf().update({ options: [draftBid(7, { priority: 200 })] });
    expect(answer!.message).toMatchObject({ status: 0, lifetime: 420 });
    expect(draftIdentifiers(answer)).toEqual(['7 0']);
  });

  it('[multiplecoa-00 §6.3] is acknowledged whatever the A flag says, without sub-option only if it is set', () => {
    for (const acknowledge of [true, false]) {
      expect(pairOf().status({ acknowledge, options: [draftBid(1)] })).toBe(0);
    }
    expect(pairOf().status({ acknowledge: false })).toBeUndefined();
  });

  it('[multiplecoa-00 §6.2] an Alternate Care-of Address comes before the source address', () => {
    const pair = pairOf();
    expect(pair.status({ options: [draftBid(1), alternate] })).toBe(0);
    expect(pair.bindings()).toEqual(['1 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §6.2] the same BID with another care-of address updates the binding', () => {
    const pair = withTwo();
    expect(pair.status({ source: CARE_OF_3, options: [draftBid(2)] })).toBe(0);
    expect(pair.bindings()).toEqual(['1 2001:db8:a::2', '2 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §6.2] a regular binding is replaced by one with BID, answered with 144 and a lifetime', () => {
    const pair = pairOf();
    pair.update();
    const answer = pair.update({ source: CARE_OF_2, options: [draftBid(2)] });
    expect(answer!.message).toMatchObject({ status: 144, lifetime: 420 });
    expect(draftIdentifiers(answer)).toEqual(['2 0']);
    expect(pair.bindings()).toEqual(['2 2001:db8:b::2']);
    expect(pair.status({ options: [draftBid(1)] })).toBe(0);
    expect(pair.bindings()).toHaveLength(2);
  });

  it('[multiplecoa-00 §6.2] one without BID leaves a single binding', () => {
    const pair = withTwo();
    expect(pair.status({ source: CARE_OF_3 })).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §4.3.1] the highest priority carries the traffic', () => {
    const pair = pairOf();
    pair.update({ options: [draftBid(1, { priority: 200 })] });
    pair.update({ source: CARE_OF_2, options: [draftBid(2, { priority: 100 })] });
    expect(pair.correspondent.view().peers[0]!.active).toEqual(CARE_OF);
  });

  it('[RFC 5648 §4.3] who speaks the option of RFC 5648 has a single binding', () => {
    const pair = pairOf();
    expect(pair.status({ options: [bid(1, CARE_OF)] })).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
  });
});

describe('refusals', () => {
  it.each([
    ['the C flag', [draftBid(1, { careOfAddress: CARE_OF })]],
    ['two sub-options', [draftBid(1), draftBid(2)]],
  ])(
    '[multiplecoa-00 §6.2] no bulk registration: %s is answered with 146 and changes nothing',
    (_, options) => {
      const pair = withTwo();
      const answer = pair.update({ source: CARE_OF, options });
      expect(answer!.message).toMatchObject({ status: 146, lifetime: 0 });
      expect(draftIdentifiers(answer)).toHaveLength(options.length);
      expect(pair.bindings()).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
    },
  );

  it.each([
    ['BID 0', draftBid(0)],
    ['C without a care-of address', raw(0, 3, 0, C)],
    ['no room for its flags', raw(0, 3)],
  ] as const)(
    '[multiplecoa-00 §4.3.1] %s: 128 in the sub-option, 145 in the message, nothing changed',
    (_, option) => {
      const pair = withTwo();
      const answer = pair.update({ source: CARE_OF_3, options: [option] });
      expect(answer!.message).toMatchObject({ status: 145, lifetime: 0 });
      expect(draftIdentifiers(answer)).toMatchObject([expect.stringMatching(/^[03] 128/)]);
      expect(pair.bindings()).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
    },
  );

  it('[multiplecoa-00 §6.3] an error has the status of Mobile IPv6, and the sub-option', () => {
    const pair = pairOf({ mobileNodes: [{ address: address('2001:db8:9::'), length: 64 }] });
    const answer = pair.update({ options: [draftBid(1)] });
    expect(answer!.message).toMatchObject({ status: 129, lifetime: 0 });
    expect(draftIdentifiers(answer)).toEqual(['1 129']);
    const replayed = withTwo();
    replayed.sequence -= 2;
    const old = replayed.update({ options: [draftBid(1)] });
    expect(old!.message.status).toBe(135);
    expect(draftIdentifiers(old)).toEqual(['1 135']);
  });
});

describe('de-registration', () => {
  it('[multiplecoa-00 §6.2] lifetime zero removes the binding of the BID, from whatever address', () => {
    const pair = withTwo();
    const answer = pair.update({ source: CARE_OF_2, lifetime: 0, options: [draftBid(1)] });
    expect(answer!.message).toMatchObject({ status: 0, lifetime: 0 });
    expect(draftIdentifiers(answer)).toEqual(['1 0']);
    expect(pair.bindings()).toEqual(['2 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §6.2] of a BID without binding is rejected', () => {
    const pair = withTwo();
    const answer = pair.update({ lifetime: 0, options: [draftBid(9)] });
    expect(answer!.message.status).toBe(133);
    expect(draftIdentifiers(answer)).toEqual(['9 133']);
    expect(pair.bindings()).toHaveLength(2);
  });

  it('[multiplecoa-00 §6.2] without sub-option removes all', () => {
    const pair = withTwo();
    expect(pair.status({ lifetime: 0 })).toBe(0);
    expect(pair.bindings()).toEqual([]);
  });
});

describe('other messages', () => {
  it('[multiplecoa-00 §6.4] a Binding Refresh Request names the BID of the binding, and none if it has none', () => {
    const requested = (options: ReturnType<typeof draftBid>[]) => {
      const pair = pairOf();
      pair.update({ options, lifetime: 400 });
      pair.wait(299_000);
      pair.input({ kind: 'used', peers: [HOME], heard: [HOME] });
      pair.wait(2000);
      return pair.answer!.message;
    };
    expect(requested([draftBid(5)])).toEqual({ kind: 'binding-refresh-request', options: [draftBid(5)] });
    expect(requested([])).toEqual({ kind: 'binding-refresh-request', options: [] });
  });

  it('[multiplecoa-00 §4.1] a Care-of Test names the BID of its question', () => {
    const options = [draftBid(7)];
    const answer = pairOf().say({ kind: 'care-of-test-init', cookie: COOKIE, options }, CARE_OF);
    expect(answer!.message).toMatchObject({ kind: 'care-of-test', options });
  });

  it('[multiplecoa-00 §6.5] a Binding Error to a message that is not known names the bindings that it names', () => {
    const pair = pairOf({ dialect: { ...MONAMI6, messages: { 'generic-signaling-request': 11 } } });
    const message = {
      kind: 'generic-signaling-request',
      sequence: 1,
      options: [draftBid(2, { careOfAddress: CARE_OF_2 })],
    } as const;
    const packet = { source: CARE_OF, destination: CORRESPONDENT, homeAddress: HOME, message };
    pair.receive(emitMobilityPacket(packet, pair.codec));
    expect(pair.answer!.message).toEqual({
      kind: 'binding-error',
      status: 2,
      homeAddress: HOME,
      options: [draftBid(2)],
    });
  });
});
