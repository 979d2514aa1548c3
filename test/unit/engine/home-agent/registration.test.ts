import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../../src/wire/address.ts';
import { Anchor, address, bid, CARE_OF, CARE_OF_2, HOME, PREFIX_1, PREFIX_2, prefix } from '../anchor.ts';

const mnp = (p: typeof PREFIX_1) => ({ kind: 'mobile-network-prefix', prefix: p }) as const;

describe('Binding Updates for the home agent', () => {
  it('[RFC 6275 §10.3.1] registers, copies the sequence number and grants what was asked', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ lifetime: 600 })!;
    expect(answer.message).toMatchObject({ status: 0, lifetime: 600, sequence: anchor.sequence });
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });

  it('[RFC 6275 §10.3.1] acknowledges whatever the A flag says', () => {
    expect(new Anchor().status({ acknowledge: false })).toBe(0);
  });

  it('[RFC 6275 §10.3.1] grants no more than its own limit, and the binding ends with that', () => {
    const anchor = new Anchor({}, { maxLifetime: 100 });
    expect(anchor.update({ lifetime: 600 })!.message.lifetime).toBe(100);
    anchor.wait(99_999);
    expect(anchor.bindings.length).toBe(1);
    anchor.wait(1);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.output).toContainEqual({ kind: 'forwarding', homeAddress: HOME });
  });

  it('[RFC 6275 §10.3.1] a refresh moves the end of the binding', () => {
    const anchor = new Anchor();
    anchor.update({ lifetime: 100 });
    anchor.wait(90_000);
    anchor.update({ lifetime: 100 });
    anchor.wait(90_000);
    expect(anchor.bindings.length).toBe(1);
  });

  it('asks for a new forwarding state when bindings or prefixes change, and not for a refresh', () => {
    const anchor = new Anchor({ prefixes: [PREFIX_1, PREFIX_2] });
    const asks = (said: Parameters<Anchor['update']>[0]) => {
      anchor.update(said);
      return anchor.output.some(output => output.kind === 'forwarding');
    };
    expect(asks({ options: [mnp(PREFIX_1)] })).toBe(true);
    expect(asks({ options: [mnp(PREFIX_1)] })).toBe(false);
    expect(asks({ options: [mnp(PREFIX_1), mnp(PREFIX_2)] })).toBe(true);
    expect(asks({ source: CARE_OF_2, options: [mnp(PREFIX_1), mnp(PREFIX_2)] })).toBe(true);
    expect(asks({ lifetime: 0 })).toBe(true);
  });

  it('[RFC 6275 §9.5.4] answers to the source, with the home address in a type 2 routing header', () => {
    const answer = new Anchor().update({
      options: [{ kind: 'alternate-care-of-address', address: CARE_OF_2 }],
    })!;
    expect(formatAddress(answer.destination)).toBe('2001:db8:a::2');
    expect(answer.routingHome).toEqual(HOME);
  });

  it('[RFC 6275 §9.5.4] answers without a routing header what came from the home address itself', () => {
    const anchor = new Anchor();
    anchor.update();
    const answer = anchor.update({ source: HOME, homeAddress: undefined, lifetime: 0 })!;
    expect(answer.message.status).toBe(0);
    expect(answer.routingHome).toBeUndefined();
    expect(answer.destination).toEqual(HOME);
  });

  it('[RFC 6275 §9.5.1] takes the care-of address from the alternate care-of address option', () => {
    const anchor = new Anchor();
    anchor.update({ options: [{ kind: 'alternate-care-of-address', address: CARE_OF_2 }] });
    expect(anchor.bindings).toEqual(['0 2001:db8:b::2']);
  });

  it('[RFC 6275 §10.3.1] a registration needs a Home Address option', () => {
    const anchor = new Anchor();
    const alternate = [{ kind: 'alternate-care-of-address', address: CARE_OF } as const];
    expect(anchor.status({ source: HOME, homeAddress: undefined, options: alternate })).not.toBe(0);
    expect(anchor.status({ source: HOME, homeAddress: undefined, options: [bid(1, CARE_OF)] })).not.toBe(0);
    expect(anchor.bindings).toEqual([]);
  });

  it.each(['::1', 'ff02::1', 'fe80::1', '::', '2001:db8:100:1::5', '2001:db8:100::1'])(
    '[RFC 6275 §10.3.1] refuses %s as a care-of address with 174',
    text => {
      const anchor = new Anchor();
      const option = { kind: 'alternate-care-of-address', address: address(text) } as const;
      const expected = text === '2001:db8:100::1' ? 133 : 174;
      expect(anchor.status({ options: [option] })).toBe(expected);
      expect(anchor.bindings).toEqual([]);
    },
  );

  it('[RFC 6275 §10.3.2] de-registers with lifetime 0: status 0, lifetime 0, no binding', () => {
    const anchor = new Anchor();
    anchor.update();
    const answer = anchor.update({ lifetime: 0 })!;
    expect(answer.message).toMatchObject({ status: 0, lifetime: 0, sequence: anchor.sequence });
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 6275 §10.3.2] de-registers when the care-of address is the home address', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(anchor.status({ options: [{ kind: 'alternate-care-of-address', address: HOME }] })).toBe(0);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 6275 §10.3.2] answers 133 when there is nothing to de-register', () => {
    expect(new Anchor().status({ lifetime: 0 })).toBe(133);
  });

  it('[RFC 6275 §10.3.1] answers 130 when a node asks for more bindings than it may have', () => {
    const anchor = new Anchor({ maxBindings: 2 });
    anchor.update({ options: [bid(1, CARE_OF)] });
    anchor.update({ options: [bid(2, CARE_OF_2)] });
    const third = [bid(3, address('2001:db8:c::2'))];
    expect(anchor.status({ options: third })).toBe(130);
    expect(anchor.bindings.length).toBe(2);
    expect(anchor.status({ options: third, bulkOrOverwrite: true })).toBe(0);
    expect(anchor.bindings).toEqual(['3 2001:db8:c::2']);
  });
});

describe('mobile routers', () => {
  it('[RFC 3963 §6.2] explicit mode forwards exactly the prefixes of the Binding Update', () => {
    const anchor = new Anchor();
    const answer = anchor.update({ options: [mnp(PREFIX_1)] })!;
    expect(answer.message).toMatchObject({ status: 0, mobileRouter: true });
    expect(anchor.prefixes).toEqual(['2001:db8:100:1::/64']);
  });

  it('[RFC 3963 §6.2] a prefix that is absent from a later Binding Update is disabled', () => {
    const anchor = new Anchor();
    anchor.update({ options: [mnp(PREFIX_1), mnp(PREFIX_2)] });
    expect(anchor.prefixes.length).toBe(2);
    anchor.update({ options: [mnp(PREFIX_2)] });
    expect(anchor.prefixes).toEqual(['2001:db8:100:2::/64']);
  });

  it('[RFC 3963 §6.2] implicit mode forwards the configured prefixes', () => {
    const anchor = new Anchor();
    expect(anchor.status()).toBe(0);
    expect(anchor.prefixes.length).toBe(2);
  });

  it('[RFC 3963 §6.2] a mobile host gets no prefixes, and no R flag', () => {
    const anchor = new Anchor();
    expect(anchor.update({ mobileRouter: false })!.message).toMatchObject({ status: 0, mobileRouter: false });
    expect(anchor.prefixes).toEqual([]);
  });

  it('[RFC 3963 §6.2] answers 139 when the R flag of a registration changes', () => {
    const anchor = new Anchor();
    anchor.update({ lifetime: 600 });
    expect(anchor.status({ mobileRouter: false })).toBe(139);
    expect(anchor.prefixes.length).toBe(2);
  });

  it('[RFC 3963 §6.2] ignores the R flag of a de-registration', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(anchor.status({ mobileRouter: false, lifetime: 0 })).toBe(0);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 3963 §6.7] ignores the prefixes of a de-registration', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(anchor.status({ lifetime: 0, options: [mnp(prefix('2001:db8:dead::/64'))] })).toBe(0);
  });

  it('[RFC 3963 §6.2] answers 140 to an R flag without an H flag', () => {
    const anchor = new Anchor();
    expect(anchor.status({ homeRegistration: false })).toBe(140);
    expect(anchor.bindings).toEqual([]);
  });

  it.each(['::/0', 'fe80::/64', 'ff00::/8'])('[RFC 3963 §6.2] answers 141 to the prefix %s', text => {
    const anchor = new Anchor();
    expect(anchor.status({ options: [mnp(prefix(text))] })).toBe(141);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 3963 §6.2] answers 141 to a malformed prefix option', () => {
    const malformed = { kind: 'opaque', type: 6, data: new Uint8Array(18).fill(200) } as const;
    expect(new Anchor().status({ options: [malformed] })).toBe(141);
  });

  it.each(['2001:db8:100:3::/64', '2001:db8:100::/48', '2001:db8:200::/64'])(
    '[RFC 3963 §6.2] answers 142 to %s, and forwards none of the others either',
    text => {
      const anchor = new Anchor();
      expect(anchor.status({ options: [mnp(PREFIX_1), mnp(prefix(text))] })).toBe(142);
      expect(anchor.prefixes).toEqual([]);
      expect(anchor.bindings).toEqual([]);
    },
  );

  it('[RFC 3963 §6.2] part of an authorised prefix is authorised', () => {
    expect(new Anchor().status({ options: [mnp(prefix('2001:db8:100:1:8000::/65'))] })).toBe(0);
  });

  it('[RFC 3963 §6.2] answers 143 in implicit mode when no prefix is configured', () => {
    expect(new Anchor({ prefixes: [] }).status()).toBe(143);
  });

  it('[RFC 3963 §6.6] answers 140 to a router where the configuration serves a host only', () => {
    const anchor = new Anchor({ prefixes: [], hostOnly: true });
    expect(anchor.status()).toBe(140);
    expect(anchor.status({ options: [mnp(PREFIX_1)] })).toBe(140);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.status({ mobileRouter: false })).toBe(0);
  });

  it('[RFC 3963 §6.6] a refusal carries no R flag', () => {
    expect(new Anchor({ prefixes: [] }).update()!.message.mobileRouter).toBe(false);
  });
});
