import { describe, expect, it } from 'vitest';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { Anchor, AUTH, address, bid, CARE_OF, CARE_OF_2, CARE_OF_3, HOME, identifiers } from '../anchor.ts';

/** In PREFIX_1. */
const HOME_IN_PREFIX = address('2001:db8:100:1::1');

describe('Binding Identifier options at the home agent', () => {
  it('[RFC 5648 §4.1] one sequence number counts for all bindings of a node', () => {
    const anchor = new Anchor({ auth: { ...AUTH, replay: 'sequence' } });
    expect(anchor.status({ sequence: 20, options: [bid(1, CARE_OF)] })).toBe(0);
    const repeated = anchor.update({ sequence: 20, options: [bid(2, CARE_OF_2)] })!;
    expect(repeated.message).toMatchObject({ status: 135, sequence: 20 });
    expect(anchor.status({ sequence: 21, options: [bid(2, CARE_OF_2)] })).toBe(0);
    expect(anchor.status({ sequence: 21, options: [bid(1, undefined)] })).toBe(135);
  });

  it('[RFC 5648 §4.3] the Status field of a Binding Update means nothing, and does not come back', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ options: [{ ...bid(1, CARE_OF), status: 169 } as never] })!;
    expect(answer.message.status).toBe(0);
    expect(identifiers(answer)).toEqual([{ bid: 1, status: 0, priority: 0 }]);
  });

  it('[RFC 5648 §4.3] no care-of address stands in the options of an acknowledgement', () => {
    const answer = new Anchor().update({ options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] })!;
    expect(findOption(answer.message.options, 'binding-identifier')).toMatchObject({
      careOfAddress: undefined,
    });
  });

  it('[RFC 5648 §5.3] the bindings of one message share its lifetime', () => {
    const anchor = new Anchor({}, { maxLifetime: 100 });
    anchor.update({ lifetime: 600, options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] });
    anchor.wait(99_999);
    expect(anchor.bindings.length).toBe(2);
    anchor.wait(1);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 5648 §6.2] the care-of address of the option counts, not the source of the packet', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ source: CARE_OF_2, options: [bid(1, CARE_OF)] })!;
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
    expect(answer.destination).toEqual(CARE_OF_2);
    expect(answer.routingHome).toEqual(HOME);
  });

  it('[RFC 5648 §6.2] a status for the whole message leaves the Status of each option zero', () => {
    const answer = new Anchor({ maxBindings: 1 }).update({ options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] });
    expect(answer!.message.status).toBe(130);
    expect(identifiers(answer)!.map(({ status }) => status)).toEqual([0, 0]);
  });

  it('[RFC 5648 §6.5] a Binding Update may come from an address that is not bound', () => {
    const anchor = new Anchor();
    anchor.update({ options: [bid(1, CARE_OF)] });
    expect(anchor.status({ source: CARE_OF_3, options: [bid(1, undefined)] })).toBe(0);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
  });
});

describe('mobile routers', () => {
  it('[RFC 3963 §6.2] may have a home address out of their own prefix', () => {
    const anchor = new Anchor({ homeAddress: HOME_IN_PREFIX });
    expect(anchor.status({ homeAddress: HOME_IN_PREFIX })).toBe(0);
    expect(anchor.prefixes).toContain('2001:db8:100:1::/64');
  });

  it.each([true, false])(
    '[RFC 3963 §6.1.1] are known by the R flag after a restart too: %s',
    mobileRouter => {
      const anchor = new Anchor();
      anchor.update({ mobileRouter });
      anchor.restart();
      expect(anchor.status({ mobileRouter: !mobileRouter })).toBe(139);
      expect(anchor.status({ mobileRouter })).toBe(0);
    },
  );
});
