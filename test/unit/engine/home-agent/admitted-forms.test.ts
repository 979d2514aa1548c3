/** What a home agent lets a peer register, by its configuration. */
import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/wire/address.ts';
import {
  Anchor,
  address,
  bid,
  CARE_OF,
  CARE_OF_2,
  draftBid,
  draftIdentifiers,
  HOME,
  identifiers,
  MONAMI6,
  PEER,
} from '../anchor.ts';

const both = [bid(1, CARE_OF), bid(2, CARE_OF_2)];

describe('several care-of addresses', () => {
  it('[RFC 5648 §4.4] prohibited: 166 and the options, nothing changed; a regular binding is in order', () => {
    const anchor = new Anchor({ multiple: 'refused' });
    for (const options of [both, [both[0]!]]) {
      const answer = anchor.update({ options });
      expect(answer!.message).toMatchObject({ status: 166, lifetime: 0 });
      expect(identifiers(answer)!.length).toBe(options.length);
      expect(anchor.bindings).toEqual([]);
    }
    expect(anchor.status()).toBe(0);
    expect(anchor.status({ options: both, bulkOrOverwrite: true })).toBe(166);
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });

  it('[multiplecoa-00 §6.3] prohibited, in the dialect of the draft: 129', () => {
    const answer = new Anchor({ multiple: 'refused', dialect: MONAMI6 }).update({ options: [draftBid(1)] });
    expect(answer!.message.status).toBe(129);
    expect(draftIdentifiers(answer)).toEqual(['1 129']);
  });

  it('[RFC 5648 §4.4] bulk registration prohibited: 168, nothing changed; one a message is taken', () => {
    const anchor = new Anchor({ multiple: 'single' });
    const answer = anchor.update({ options: both });
    expect(answer!.message).toMatchObject({ status: 168, lifetime: 0 });
    expect(identifiers(answer)!.map(({ status }) => status)).toEqual([0, 0]);
    expect(anchor.bindings).toEqual([]);
    for (const option of both) expect(anchor.status({ options: [option] })).toBe(0);
    expect(anchor.status({ lifetime: 0, options: both })).toBe(0);
    expect(anchor.bindings).toEqual([]);
  });

  it.each([
    ['RFC 5648 §6.1', undefined, bid(1, CARE_OF_2)],
    ['multiplecoa-00 §6.1', MONAMI6, draftBid(1, { careOfAddress: CARE_OF_2 })],
  ])(
    '[%s] one binding only: the identifier is skipped, the binding regular, the answer without it',
    (_, dialect, option) => {
      const anchor = new Anchor({ multiple: 'ignored', dialect });
      const answer = anchor.update({ options: [option] });
      expect(answer!.message).toMatchObject({ status: 0, lifetime: 600 });
      expect([...identifiers(answer)!, ...draftIdentifiers(answer)]).toEqual([]);
      expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
      anchor.update({ source: CARE_OF_2, options: [option] });
      expect(anchor.bindings).toEqual(['0 2001:db8:b::2']);
    },
  );
});

describe('home addresses as care-of addresses', () => {
  const second = address('2001:db8:200::1');
  const third = address('2001:db8:300::1');
  const others = [second, third].map((homeAddress, index) => ({
    ...PEER,
    name: `other${index}`,
    homeAddress,
    prefixes: [],
  }));
  const twoMore = () => new Anchor({}, { peers: [PEER, ...others] });
  const from = (homeAddress: Address, careOfAddress: Address) =>
    ({ homeAddress, mobileRouter: false, source: careOfAddress, options: [bid(1, careOfAddress)] }) as const;

  it('[analysis-01 §6.3.1] one of another node serves as well as any', () => {
    const anchor = twoMore();
    expect(anchor.status({ source: second, options: [bid(1, second)] })).toBe(0);
    expect(anchor.status(from(second, CARE_OF))).toBe(0);
  });

  it('[RFC 6275 §6.1.7] [analysis-01 §6.3.1] a care-of address that leads back to its own home address is silently discarded', () => {
    const anchor = twoMore();
    expect(anchor.status({ source: second, options: [bid(1, second), bid(2, CARE_OF)] })).toBe(0);
    expect(anchor.status(from(second, third))).toBe(0);
    const { sequence, timestamp } = anchor.agent.cache.find(third)!;
    expect(anchor.status(from(third, HOME))).toBeUndefined();
    expect(anchor.counter('circular-reference')).toBe(1);
    expect(anchor.agent.cache.find(third)!).toMatchObject({ sequence, timestamp });
    expect(anchor.agent.cache.find(third)!.bindings.size).toBe(0);
    expect(anchor.status(from(third, CARE_OF_2))).toBe(0);
  });
});
