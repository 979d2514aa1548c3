import { describe, expect, it } from 'vitest';
import { Anchor, address, bid, CARE_OF, CARE_OF_2, CARE_OF_3, HOME, identifiers } from '../anchor.ts';

function withTwo() {
  const anchor = new Anchor();
  anchor.update({ options: [bid(1, CARE_OF)] });
  anchor.update({ options: [bid(2, CARE_OF_2)] });
  return anchor;
}

const malformed = { kind: 'opaque', type: 35, data: new Uint8Array(7) } as const;

describe('several care-of addresses', () => {
  it('[RFC 5648 §6.2] keeps a binding for each BID', () => {
    expect(withTwo().bindings).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
  });

  it('[RFC 5648 §6.2] copies every Binding Identifier option to the acknowledgement', () => {
    const answer = new Anchor().update({
      options: [bid(1, CARE_OF, { priority: 5 }), bid(2, CARE_OF_2, { priority: 9 })],
    });
    expect(identifiers(answer)).toEqual([
      { bid: 1, status: 0, priority: 5 },
      { bid: 2, status: 0, priority: 9 },
    ]);
  });

  it.each([130, 142, 144, 165])('[RFC 5648 §6.2] copies them with a refusal too: %i', status => {
    const anchor = new Anchor({ maxBindings: 1 });
    if (status === 165) anchor.update();
    const said = {
      130: { options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] },
      142: {
        options: [
          bid(1, CARE_OF),
          {
            kind: 'mobile-network-prefix',
            prefix: { address: address('2001:db8:9::'), length: 64 },
          } as const,
        ],
      },
      144: { options: [bid(1, CARE_OF)], clock: 60_000 },
      165: { options: [bid(1, CARE_OF)] },
    }[status]!;
    const answer = anchor.update(said);
    expect(answer?.message.status).toBe(status);
    expect(identifiers(answer)![0]).toMatchObject({ bid: 1, status: 0 });
  });

  it('[RFC 5648 §6.2] the same BID with another care-of address updates the binding', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(2, CARE_OF_3)] })).toBe(0);
    expect(anchor.bindings.sort()).toEqual(['1 2001:db8:a::2', '2 2001:db8:c::2']);
  });

  it('[RFC 5648 §6.2] a BID without a care-of address refreshes what is bound', () => {
    const anchor = withTwo();
    anchor.wait(500_000);
    expect(anchor.status({ options: [bid(1, undefined)] })).toBe(0);
    anchor.wait(200_000);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
  });

  it('[RFC 5648 §6.2] answers 167 to a BID without a care-of address that is not bound', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(3, undefined)] })).toBe(167);
    expect(anchor.bindings.length).toBe(2);
  });

  it('[RFC 5648 §6.2] answers 164 to a malformed option and changes nothing', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [malformed] })).toBe(164);
    expect(anchor.status({ options: [bid(3, CARE_OF_3), malformed] })).toBe(164);
    expect(anchor.status({ options: [bid(0, CARE_OF_3)] })).toBe(164);
    expect(anchor.bindings.length).toBe(2);
  });

  it.each(['::1', 'ff02::1', 'fe80::1'])('[RFC 5648 §6.2] answers 164 to the care-of address %s', text => {
    const anchor = new Anchor();
    expect(anchor.status({ options: [bid(1, address(text))] })).toBe(164);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 5648 §6.2] answers 165 while a regular binding exists', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(anchor.status({ options: [bid(1, CARE_OF)] })).toBe(165);
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });

  it('[RFC 5648 §6.2] the O flag replaces a regular binding', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(anchor.status({ options: [bid(1, CARE_OF_2)], bulkOrOverwrite: true })).toBe(0);
    expect(anchor.bindings).toEqual(['1 2001:db8:b::2']);
  });

  it('[RFC 5648 §6.2] the O flag removes all that the message does not name', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(3, CARE_OF_3)], bulkOrOverwrite: true })).toBe(0);
    expect(anchor.bindings).toEqual(['3 2001:db8:c::2']);
  });

  it('[RFC 6602 §4.1] where P is set its bit is no O flag', () => {
    const anchor = withTwo();
    const said = { options: [bid(3, CARE_OF_3)], bulkOrOverwrite: true, proxy: true };
    expect(anchor.status(said)).toBe(0);
    expect(anchor.bindings.length).toBe(3);
  });

  it('[RFC 5648 §6.2] a refused message with the O flag removes nothing', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(3, address('ff02::1'))], bulkOrOverwrite: true })).toBe(164);
    expect(anchor.bindings.length).toBe(2);
  });

  it('[RFC 5648 §6.2] a regular Binding Update replaces all bindings', () => {
    const anchor = withTwo();
    expect(anchor.status({ source: CARE_OF_3 })).toBe(0);
    expect(anchor.bindings).toEqual(['0 2001:db8:c::2']);
  });

  it('[RFC 5648 §6.2] a bulk registration that fails in part: 4, and the status of each', () => {
    const anchor = new Anchor();
    const answer = anchor.update({
      options: [bid(1, CARE_OF), bid(2, undefined), bid(3, CARE_OF_3, { home: true })],
    });
    expect(answer!.message).toMatchObject({ status: 4, lifetime: 600 });
    expect(identifiers(answer)!.map(option => option.status)).toEqual([0, 167, 169]);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
  });

  it('[RFC 5648 §5.6] answers 169 to a home binding beside a foreign one', () => {
    expect(new Anchor().status({ options: [bid(1, CARE_OF, { home: true })] })).toBe(169);
  });

  it('[RFC 5648 §6.2] lifetime 0 removes the named binding', () => {
    const anchor = withTwo();
    const answer = anchor.update({ options: [bid(1, undefined)], lifetime: 0 })!;
    expect(answer.message).toMatchObject({ status: 0, lifetime: 0 });
    expect(identifiers(answer)).toEqual([{ bid: 1, status: 0, priority: 0 }]);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
  });

  it('[RFC 5648 §6.2] lifetime 0 with several BIDs removes these', () => {
    const anchor = withTwo();
    anchor.update({ options: [bid(3, CARE_OF_3)] });
    expect(anchor.status({ options: [bid(1, undefined), bid(3, undefined)], lifetime: 0 })).toBe(0);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
  });

  it('[RFC 5648 §6.2] lifetime 0 without a BID removes all', () => {
    const anchor = withTwo();
    expect(anchor.status({ lifetime: 0 })).toBe(0);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 5648 §6.2] answers 133 to the de-registration of an unknown BID', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(7, undefined)], lifetime: 0 })).toBe(133);
    expect(anchor.bindings.length).toBe(2);
  });

  it('[RFC 5648 §6.2] the O flag of a de-registration is ignored', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(1, undefined)], lifetime: 0, bulkOrOverwrite: true })).toBe(0);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
  });

  it('a care-of address that moves to another BID leaves the old one', () => {
    const anchor = withTwo();
    expect(anchor.status({ options: [bid(3, CARE_OF)] })).toBe(0);
    expect(anchor.bindings.sort()).toEqual(['2 2001:db8:b::2', '3 2001:db8:a::2']);
  });

  it('[RFC 6089 §4.1] the lowest priority value carries the traffic; the active one moves with it', () => {
    const anchor = new Anchor();
    anchor.update({ options: [bid(1, CARE_OF, { priority: 9 }), bid(2, CARE_OF_2, { priority: 3 })] });
    expect(anchor.agent.view().nodes[0]!.active).toBe(2);
    anchor.update({ options: [bid(1, CARE_OF, { priority: 2 })] });
    expect(anchor.agent.view().nodes[0]!.active).toBe(1);
    anchor.update({ lifetime: 0, options: [bid(1, undefined)] });
    expect(anchor.agent.view().nodes[0]!.active).toBe(2);
  });

  it('a care-of address cannot be the home address', () => {
    expect(new Anchor().status({ options: [bid(1, HOME)] })).toBe(164);
  });
});
