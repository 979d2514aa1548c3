/** What a home agent lets a peer register, by its configuration. */
import { describe, expect, it } from 'vitest';
import {
  Anchor,
  bid,
  CARE_OF,
  CARE_OF_2,
  draftBid,
  draftIdentifiers,
  identifiers,
  MONAMI6,
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
