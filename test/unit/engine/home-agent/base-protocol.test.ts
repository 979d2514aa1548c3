/** What RFC 6275 asks of a home agent with regular bindings, for every shape of Binding Update. */
import { describe, expect, it } from 'vitest';
import { UNSPECIFIED } from '../../../../src/wire/address.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import {
  Anchor,
  AUTH,
  address,
  bid,
  CARE_OF,
  CARE_OF_2,
  HOME,
  HOME_AGENT,
  plain,
  prefix,
  type Said,
} from '../anchor.ts';
import { withMobilityHeader } from '../mobility-header.ts';

const bySequence = { auth: { ...AUTH, replay: 'sequence' } } as const;
const mnp = (text: string) => ({ kind: 'mobile-network-prefix', prefix: prefix(text) }) as const;
const unknown = { kind: 'opaque', type: 99, data: new Uint8Array(10) } as const;

/** A home agent with a binding for the first care-of address, accepted with this number. */
function bound(sequence: number, said: Said = {}): Anchor {
  const anchor = new Anchor(bySequence);
  expect(anchor.status({ ...said, sequence })).toBe(0);
  return anchor;
}

describe('sequence numbers', () => {
  it.each([0, 15, 32_768, 65_535])(
    '[RFC 6275 §9.5.1] the first Binding Update may have any number: %i',
    sequence => {
      expect(new Anchor(bySequence).status({ sequence })).toBe(0);
    },
  );

  it.each([true, false])('[RFC 6275 §9.5.1] after 32783 come 32784 to 14, A flag %s', acknowledge => {
    for (const sequence of [32_784, 14]) expect(bound(32_783).status({ sequence, acknowledge })).toBe(0);
    for (const sequence of [32_782, 32_783, 15]) {
      const answer = bound(32_783).update({ sequence, acknowledge, source: CARE_OF_2 })!;
      expect(answer.message).toMatchObject({ status: 135, sequence: 32_783 });
    }
  });

  it.each([true, false])('[RFC 6275 §9.5.1] after 15 come 16 to 32782, A flag %s', acknowledge => {
    for (const sequence of [16, 32_782]) expect(bound(15).status({ sequence, acknowledge })).toBe(0);
    for (const sequence of [14, 15, 32_783]) {
      expect(bound(15).update({ sequence, acknowledge })!.message).toMatchObject({
        status: 135,
        sequence: 15,
      });
    }
  });

  it('[RFC 6275 §9.5.1] a refused number changes neither binding nor lifetime', () => {
    const anchor = bound(15, { lifetime: 100 });
    anchor.status({ sequence: 15, source: CARE_OF_2, lifetime: 600 });
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
    anchor.wait(100_000);
    expect(anchor.bindings).toEqual([]);
  });

  it.each([0, 600])(
    '[RFC 6275 §9.5.1] a de-registration by the home address obeys them too: lifetime %i',
    lifetime => {
      for (const homeAddress of [HOME, undefined]) {
        const anchor = bound(15);
        expect(anchor.status({ source: HOME, homeAddress, lifetime, sequence: 15 })).toBe(135);
        expect(anchor.bindings.length).toBe(1);
      }
    },
  );

  it('[RFC 6275 §10.3.2] a delayed Binding Update after a de-registration is answered with 135', () => {
    const anchor = bound(15);
    anchor.status({ lifetime: 0, sequence: 17 });
    anchor.wait(9000);
    expect(anchor.update({ sequence: 16 })!.message).toMatchObject({ status: 135, sequence: 17 });
    expect(anchor.bindings).toEqual([]);
  });
});

describe('sequence numbers of a node without binding', () => {
  const open = { auth: { kind: 'none' } } as const;
  const said = { auth: undefined, clock: undefined };

  it('[RFC 6275 §9.5.1, §10.3.2] any number is accepted, 10 s after the latest Binding Update', () => {
    const anchor = new Anchor(open);
    anchor.update({ ...said, sequence: 15 });
    anchor.wait(20_000);
    expect(anchor.status({ ...said, sequence: 15 })).toBe(135);
    anchor.update({ ...said, sequence: 17, lifetime: 0 });
    anchor.wait(9990);
    expect(anchor.status({ ...said, sequence: 16 })).toBe(135);
    anchor.restart();
    expect(anchor.status({ ...said, sequence: 16 })).toBe(135);
    anchor.wait(10_000);
    expect(anchor.status({ ...said, sequence: 16 })).toBe(0);
  });

  it('[RFC 4285 §6] not where they keep replays away', () => {
    const anchor = bound(15, { lifetime: 4 });
    anchor.wait(60_000);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.status({ sequence: 15 })).toBe(135);
  });
});

describe('flags of later Binding Updates', () => {
  const flags = (homeRegistration: boolean, mobileRouter: boolean) => ({ homeRegistration, mobileRouter });

  it.each([
    [flags(true, false), flags(false, false), 139],
    [flags(true, true), flags(false, false), 139],
    [flags(true, false), flags(true, true), 139],
    [flags(true, true), flags(true, false), 139],
    [flags(true, false), flags(false, true), 140],
    [flags(true, true), flags(false, true), 140],
  ])(
    '[RFC 6275 §9.5.1] [RFC 3963 §6.2] the home registration flag does not change: %o, then %o: %i',
    (first, second, status) => {
      const anchor = new Anchor();
      expect(anchor.status(first)).toBe(0);
      expect(anchor.status({ ...second, source: CARE_OF_2 })).toBe(status);
      expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
      expect(anchor.prefixes.length).toBe(first.mobileRouter ? 2 : 0);
    },
  );
});

describe('registrations', () => {
  const [one, two] = ['2001:db8:100:1::/64', '2001:db8:100:2::/64'] as const;

  it.each([
    [[one], [two]],
    [[one], [one, two]],
    [
      [one, two],
      [one, two],
    ],
    [[one, two], [one]],
  ])('[RFC 3963 §6.2] the prefixes of the latest Binding Update count: %j, then %j', (before, after) => {
    const anchor = new Anchor();
    for (const prefixes of [before, after]) {
      expect(anchor.status({ options: prefixes.map(mnp) })).toBe(0);
      expect(anchor.prefixes).toEqual(prefixes);
    }
  });

  it('[RFC 6275 §9.1] another care-of address replaces the regular binding', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(anchor.status({ source: CARE_OF_2 })).toBe(0);
    expect(anchor.bindings).toEqual(['0 2001:db8:b::2']);
    expect(anchor.agent.view().nodes[0]!.active).toBe(0);
  });

  it('[RFC 6275 §10.3.1] a refresh with a shorter lifetime shortens the binding', () => {
    const anchor = new Anchor();
    anchor.update({ lifetime: 600 });
    expect(anchor.update({ lifetime: 8 })!.message.lifetime).toBe(8);
    anchor.wait(7999);
    expect(anchor.bindings.length).toBe(1);
    anchor.wait(1);
    expect(anchor.bindings).toEqual([]);
  });

  it('[RFC 6275 §10.3.1, §10.3.2] the K flag of an answer is clear: there is no key management to move', () => {
    const anchor = new Anchor();
    for (const lifetime of [600, 0]) {
      expect(anchor.update({ keyManagement: true, lifetime })!.message).toMatchObject({
        status: 0,
        keyManagement: false,
      });
    }
  });

  it('[RFC 6275 §10.3.1, §10.3.2] there is no Binding Refresh Advice: the journal remembers the bindings', () => {
    const anchor = new Anchor();
    for (const lifetime of [600, 0]) {
      const { options } = anchor.update({ lifetime })!.message;
      expect(findOption(options, 'binding-refresh-advice')).toBeUndefined();
    }
  });

  it('[RFC 6275 §9.5.4] a refusal is sent without A flag too', () => {
    const said = { acknowledge: false };
    const two = [bid(1, CARE_OF), bid(2, CARE_OF_2)];
    expect(new Anchor({ maxBindings: 1 }).status({ ...said, options: two })).toBe(130);
    expect(new Anchor().status({ ...said, lifetime: 0 })).toBe(133);
    expect(bound(15).status({ ...said, sequence: 15 })).toBe(135);
    expect(new Anchor().status({ ...said, homeRegistration: false })).toBe(140);
  });

  it('[RFC 6275 §6.1.1, §6.1.7] reserved octets and bits mean nothing', () => {
    const anchor = new Anchor({ auth: { kind: 'none' } });
    const packet = anchor.emit({ auth: undefined });
    anchor.receive(
      withMobilityHeader(packet, header => {
        header[3] = 0xff;
        header[9] = header[9]! | 0x0f;
      }),
    );
    expect(anchor.answer?.message.status).toBe(0);
    expect(anchor.bindings.length).toBe(1);
  });

  it('[RFC 6275 §6.1.1] a mobility option of an unknown type is skipped', () => {
    const anchor = new Anchor();
    const option = { kind: 'opaque', type: 200, data: new Uint8Array(18) } as const;
    expect(anchor.status({ options: [option] })).toBe(0);
    expect(anchor.prefixes.length).toBe(2);
  });

  it.each([17, 19])(
    '[RFC 3963 §6.2] a Mobile Network Prefix option of %i octets is answered with 141',
    length => {
      const option = { kind: 'opaque', type: 6, data: new Uint8Array(length) } as const;
      expect(new Anchor().status({ options: [option] })).toBe(141);
    },
  );

  it('[RFC 3963 §6.2] a prefix one bit shorter than the authorised one is answered with 142', () => {
    expect(new Anchor().status({ options: [mnp('2001:db8:100::/63')] })).toBe(142);
  });
});

describe('de-registrations', () => {
  const shapes: readonly (readonly [string, Said])[] = [
    ['by a care-of address, lifetime 0', { lifetime: 0 }],
    ['by another care-of address, lifetime 0', { source: CARE_OF_2, lifetime: 0 }],
    ['by the home address with option, lifetime 0', { source: HOME, lifetime: 0 }],
    ['by the home address with option, lifetime 600', { source: HOME }],
    ['by the home address without option, lifetime 0', { source: HOME, homeAddress: undefined, lifetime: 0 }],
    ['by the home address without option, lifetime 600', { source: HOME, homeAddress: undefined }],
  ];

  it.each(shapes)('[RFC 6275 §10.3.2] %s', (_, said) => {
    for (const acknowledge of [true, false]) {
      for (const mobileRouter of [true, false]) {
        const anchor = new Anchor();
        expect(anchor.status({ mobileRouter })).toBe(0);
        const answer = anchor.update({ ...said, acknowledge, mobileRouter })!;
        expect(answer.message).toMatchObject({ status: 0, lifetime: 0, sequence: anchor.sequence });
        expect(anchor.bindings).toEqual([]);
      }
    }
  });

  it.each(shapes)('[RFC 6275 §10.3.2] %s: 133 without a binding', (_, said) => {
    for (const acknowledge of [true, false]) {
      expect(new Anchor().status({ ...said, acknowledge })).toBe(133);
    }
  });

  it.each(shapes)('[RFC 3963 §6.2] %s: R flag and prefixes are disregarded', (_, said) => {
    for (const mobileRouter of [true, false]) {
      for (const text of ['2001:db8:100:1::/64', '2001:db8:9::/64']) {
        const anchor = new Anchor();
        anchor.update();
        expect(anchor.status({ ...said, mobileRouter, options: [mnp(text)] })).toBe(0);
        expect(anchor.bindings).toEqual([]);
      }
    }
  });
});

describe('errors', () => {
  it.each(['fe80::2', 'ff02::1', '::1', '::'])(
    '[RFC 6275 §9.3.1, §9.5.1] silence for a home address that is not unicast routable: %s',
    text => {
      const genuine = new Anchor().emit();
      const packet = genuine.slice();
      packet.set(address(text), 48);
      for (const linkLocal of [0, 0x20]) {
        const anchor = new Anchor();
        anchor.receive(
          withMobilityHeader(packet, header => {
            header[8] = header[8]! | linkLocal;
          }),
        );
        expect(anchor.sent).toEqual([]);
        expect(anchor.counter('home-address-option')).toBe(1);
      }
    },
  );

  it('[RFC 6275 §9.3.3] the Binding Error names the home address, or the unspecified address without that option', () => {
    for (const [homeAddress, named] of [
      [HOME, HOME],
      [undefined, UNSPECIFIED],
    ] as const) {
      const anchor = new Anchor();
      anchor.update();
      anchor.receive(
        emitMobilityPacket({ source: CARE_OF, destination: HOME_AGENT, homeAddress, message: unknown }),
      );
      const answer = parseMobilityPacket(anchor.sent[0]!);
      expect(answer.ok && answer.value).toMatchObject({
        destination: CARE_OF,
        message: { kind: 'binding-error', status: 2, homeAddress: named },
      });
      expect(answer.ok && answer.value.routingHome).toBeUndefined();
    }
  });

  it('[RFC 6275 §9.1] a Home Address option alone changes no binding', () => {
    const anchor = new Anchor();
    anchor.update();
    anchor.receive(
      emitMobilityPacket({
        source: CARE_OF_2,
        destination: HOME_AGENT,
        homeAddress: HOME,
        message: unknown,
      }),
    );
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });

  it.each([
    ['Payload Proto', 0, 58],
    ['Header Len', 1, 0],
  ])(
    '[RFC 6275 §9.2] a Parameter Problem goes to the care-of address, binding or not: %s',
    (_, offset, value) => {
      for (const isBound of [true, false]) {
        const anchor = new Anchor();
        if (isBound) anchor.update();
        const bad = withMobilityHeader(anchor.emit({ source: CARE_OF_2 }), header => {
          header[offset] = value;
        });
        anchor.receive(bad);
        const icmp = anchor.sent[0]!;
        expect([icmp[6], icmp[40], icmp[41]]).toEqual([58, 4, 0]);
        expect(icmp.subarray(24, 40)).toEqual(CARE_OF_2);
        expect(icmp[48 + 6]).toBe(60);
        expect(new DataView(icmp.buffer, icmp.byteOffset).getUint32(44)).toBe(64 + offset);
        expect(anchor.bindings.length).toBe(isBound ? 1 : 0);
      }
    },
  );

  it('[RFC 6275 §9.2] a Binding Error answers unknown types, with a binding and without', () => {
    for (const isBound of [true, false]) {
      const anchor = new Anchor();
      if (isBound) anchor.update();
      anchor.receive(plain(unknown));
      expect(anchor.sent.length).toBe(1);
    }
  });
});
