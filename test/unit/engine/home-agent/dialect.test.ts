/** A home agent and a mobile node of draft-ietf-monami6-multiplecoa-00. */
import { describe, expect, it } from 'vitest';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import {
  Anchor,
  address,
  CARE_OF,
  CARE_OF_2,
  CARE_OF_3,
  draftBid,
  draftIdentifiers,
  HOME,
  HOME_AGENT,
  MONAMI6,
  MONAMI6_TYPE,
  draftOctets as raw,
} from '../anchor.ts';

const anchorOf = (peer: ConstructorParameters<typeof Anchor>[0] = {}) =>
  new Anchor({ dialect: MONAMI6, ...peer });

function withTwo(peer: ConstructorParameters<typeof Anchor>[0] = {}): Anchor {
  const anchor = anchorOf(peer);
  anchor.update({ options: [draftBid(1)] });
  anchor.update({ source: CARE_OF_2, options: [draftBid(2)] });
  return anchor;
}

const active = (anchor: Anchor) => anchor.agent.view().nodes[0]!.active;
const alternate = (careOfAddress: typeof CARE_OF) =>
  ({ kind: 'alternate-care-of-address', address: careOfAddress }) as const;
const C = 0x80;
const R = 0x40;

describe('registration of one care-of address', () => {
  it('[multiplecoa-00 §3.1] the BID is copied from the sub-option, and each has a binding of its own', () => {
    expect(withTwo().bindings).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §6.3] success: status 0, and the sub-option comes back with status 0', () => {
    const answer = anchorOf().update({ options: [draftBid(7, { priority: 200 })] });
    expect(answer!.message).toMatchObject({ status: 0, lifetime: 600 });
    expect(draftIdentifiers(answer)).toEqual(['7 0']);
  });

  it('[multiplecoa-00 §6.3] is acknowledged whatever the A flag says', () => {
    for (const acknowledge of [true, false]) {
      expect(anchorOf().status({ acknowledge, options: [draftBid(1)] })).toBe(0);
    }
  });

  it('[multiplecoa-00 §6.2] without the C flag the care-of address is the source address', () => {
    const anchor = anchorOf();
    anchor.update({ source: CARE_OF_3, options: [draftBid(1)] });
    expect(anchor.bindings).toEqual(['1 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §6.2] without the C flag an Alternate Care-of Address comes before the source address', () => {
    const anchor = anchorOf();
    anchor.update({ options: [draftBid(1), alternate(CARE_OF_3)] });
    expect(anchor.bindings).toEqual(['1 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §6.2] with the C flag the care-of address of the sub-option comes before both', () => {
    const anchor = anchorOf();
    anchor.update({ options: [draftBid(1, { careOfAddress: CARE_OF_2 }), alternate(CARE_OF_3)] });
    expect(anchor.bindings).toEqual(['1 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §6.2] the same BID with another care-of address updates the binding', () => {
    const anchor = withTwo();
    expect(anchor.status({ source: CARE_OF_3, options: [draftBid(2)] })).toBe(0);
    expect(anchor.bindings.sort()).toEqual(['1 2001:db8:a::2', '2 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §6.2] a regular binding is replaced by one with BID, answered with 144 and a lifetime', () => {
    const anchor = anchorOf();
    anchor.update();
    const answer = anchor.update({ source: CARE_OF_2, options: [draftBid(2)] });
    expect(answer!.message).toMatchObject({ status: 144, lifetime: 600, mobileRouter: true });
    expect(draftIdentifiers(answer)).toEqual(['2 0']);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
    expect(anchor.status({ options: [draftBid(1)] })).toBe(0);
  });

  it('[multiplecoa-00 §3.2] one without BID leaves a single binding', () => {
    const anchor = withTwo();
    expect(anchor.status({ source: CARE_OF_3 })).toBe(0);
    expect(anchor.bindings).toEqual(['0 2001:db8:c::2']);
  });

  it('[RFC 5648 §4.2] the bit of the O flag means nothing in the draft', () => {
    const anchor = withTwo();
    anchor.update({ source: CARE_OF_3, bulkOrOverwrite: true, options: [draftBid(3)] });
    expect(anchor.bindings.length).toBe(3);
  });
});

describe('priorities', () => {
  it('[multiplecoa-00 §4.3.1] the highest carries the traffic, and 0 is the last', () => {
    const anchor = anchorOf();
    const said = (first: number, second: number) => {
      anchor.update({ options: [draftBid(1, { priority: first })] });
      anchor.update({ source: CARE_OF_2, options: [draftBid(2, { priority: second })] });
      return active(anchor);
    };
    expect(said(1, 255)).toBe(2);
    expect(said(255, 1)).toBe(1);
    expect(said(0, 1)).toBe(2);
    expect(said(129, 128)).toBe(1);
  });

  it('[multiplecoa-00 §4.1] are reported as the peer said them', async () => {
    const { reportHomeAgent } = await import('../../../../src/engine/home-agent/report.ts');
    const anchor = anchorOf();
    anchor.update({ options: [draftBid(1, { priority: 200 })] });
    anchor.update({ source: CARE_OF_2, options: [draftBid(2)] });
    const [node] = reportHomeAgent(anchor.agent, anchor.now, () => '').nodes;
    expect(node!.bindings.map(({ priority }) => priority)).toEqual([200, 0]);
  });
});

describe('bulk registration', () => {
  const both = [
    draftBid(1, { careOfAddress: CARE_OF, priority: 9 }),
    draftBid(2, { careOfAddress: CARE_OF_2, priority: 3 }),
  ];

  it('[multiplecoa-00 §5.3] several sub-options with the C flag; lifetime and sequence number are shared', () => {
    const anchor = anchorOf();
    const answer = anchor.update({ lifetime: 400, options: both });
    expect(answer!.message).toMatchObject({ status: 0, lifetime: 400, sequence: anchor.sequence });
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
    anchor.wait(399_000);
    expect(anchor.bindings.length).toBe(2);
    anchor.wait(2000);
    expect(anchor.bindings).toEqual([]);
  });

  it('[multiplecoa-00 §4.3.3] the acknowledgement contains the same sub-options', () => {
    expect(draftIdentifiers(anchorOf().update({ options: both }))).toEqual([
      '1 0 C 2001:db8:a::2',
      '2 0 C 2001:db8:b::2',
    ]);
  });

  it('[multiplecoa-00 §5.3] R removes a binding while others are updated and registered', () => {
    const anchor = withTwo();
    const answer = anchor.update({
      options: [
        draftBid(1, { careOfAddress: CARE_OF, remove: true }),
        draftBid(2, { careOfAddress: address('2001:db8:b::9') }),
        draftBid(3, { careOfAddress: CARE_OF_3 }),
      ],
    });
    expect(answer!.message.status).toBe(0);
    expect(draftIdentifiers(answer)[0]).toBe('1 0 C R 2001:db8:a::2');
    expect(anchor.bindings.sort()).toEqual(['2 2001:db8:b::9', '3 2001:db8:c::2']);
  });

  it('[multiplecoa-00 §6.2] R for a BID without binding: 133 in its sub-option', () => {
    const anchor = withTwo();
    const options = [draftBid(7, { careOfAddress: CARE_OF_3, remove: true }), both[0]!];
    const answer = anchor.update({ options });
    expect(answer!.message).toMatchObject({ status: 145, lifetime: 600 });
    expect(draftIdentifiers(answer).map(text => text.slice(0, 5))).toEqual(['7 133', '1 0 C']);
  });

  it.each([
    ['C without a care-of address', raw(0, 3, 0, C)],
    ['R without C', raw(0, 3, 0, R)],
    ['R without C, a care-of address nevertheless', raw(0, 3, 0, R, ...CARE_OF_3)],
    ['a care-of address without C', raw(0, 3, 0, 0, ...CARE_OF_3)],
    ['a wrong length', raw(0, 3, 0, C, 1, 2, 3)],
    ['no room for its flags', raw(0, 3)],
    ['an address that is not routable', draftBid(3, { careOfAddress: address('ff02::1') })],
    ['the home address', draftBid(3, { careOfAddress: HOME })],
    ['BID 0', draftBid(0, { careOfAddress: CARE_OF_3 })],
  ] as const)('[multiplecoa-00 §4.3.1] %s: 128 in the sub-option, 145 in the message', (_, option) => {
    const anchor = anchorOf();
    const alone = anchor.update({ options: [option] });
    expect(alone!.message).toMatchObject({ status: 145, lifetime: 0, mobileRouter: false });
    expect(draftIdentifiers(alone)).toMatchObject([expect.stringMatching(/^[03] 128/)]);
    expect(anchor.bindings).toEqual([]);

    const answer = anchor.update({ options: [both[0]!, option] });
    expect(answer!.message).toMatchObject({ status: 145, lifetime: 600, mobileRouter: true });
    expect(draftIdentifiers(answer)[0]).toBe('1 0 C 2001:db8:a::2');
    expect(draftIdentifiers(answer)[1]).toMatch(/^[03] 128/);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
  });

  it('[multiplecoa-00 §6.2] where it is not supported: 146, and nothing changed; one a message is taken', () => {
    const anchor = withTwo({ multiple: 'single' });
    for (const options of [both, [both[0]!], [draftBid(1), draftBid(2)]]) {
      const answer = anchor.update({ source: CARE_OF_3, options });
      expect(answer!.message).toMatchObject({ status: 146, lifetime: 0 });
      expect(draftIdentifiers(answer).length).toBe(options.length);
    }
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
    expect(anchor.status({ source: CARE_OF_3, options: [draftBid(3)] })).toBe(0);
  });
});

describe('de-registration', () => {
  it('[multiplecoa-00 §5.4] without the C flag removes the binding of its BID only', () => {
    const anchor = withTwo();
    const answer = anchor.update({ lifetime: 0, options: [draftBid(1)] });
    expect(answer!.message).toMatchObject({ status: 0, lifetime: 0 });
    expect(draftIdentifiers(answer)).toEqual(['1 0']);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §5.6] over another interface, with an Alternate Care-of Address', () => {
    const anchor = withTwo();
    const options = [draftBid(1), alternate(CARE_OF)];
    expect(anchor.status({ source: CARE_OF_2, lifetime: 0, options })).toBe(0);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §5.4] several sub-options with the C flag remove all of these', () => {
    const anchor = withTwo();
    anchor.update({ source: CARE_OF_3, options: [draftBid(3)] });
    const options = [draftBid(1, { careOfAddress: CARE_OF }), draftBid(3, { careOfAddress: CARE_OF_3 })];
    expect(anchor.status({ lifetime: 0, options })).toBe(0);
    expect(anchor.bindings).toEqual(['2 2001:db8:b::2']);
  });

  it('[multiplecoa-00 §6.2] of a BID without binding is rejected with 133', () => {
    const anchor = withTwo();
    const answer = anchor.update({ lifetime: 0, options: [draftBid(9)] });
    expect(answer!.message.status).toBe(133);
    expect(draftIdentifiers(answer)).toEqual(['9 133']);
    expect(anchor.bindings.length).toBe(2);
  });

  it('[multiplecoa-00 §6.2] without sub-option removes all', () => {
    const anchor = withTwo();
    expect(anchor.status({ lifetime: 0 })).toBe(0);
    expect(anchor.bindings).toEqual([]);
  });
});

describe('refusals', () => {
  it.each([130, 139, 142])('[multiplecoa-00 §4.3.3] %i carries the sub-options', status => {
    const anchor = anchorOf({ maxBindings: 1 });
    if (status === 139) anchor.update({ options: [draftBid(1)] });
    const foreign = { address: address('2001:db8:9::'), length: 64 };
    const said = {
      130: { options: [draftBid(1, { careOfAddress: CARE_OF }), draftBid(2, { careOfAddress: CARE_OF_2 })] },
      139: { options: [draftBid(1)], mobileRouter: false },
      142: { options: [draftBid(1), { kind: 'mobile-network-prefix', prefix: foreign } as const] },
    }[status]!;
    const answer = anchor.update(said);
    expect(answer!.message.status).toBe(status);
    expect(draftIdentifiers(answer)[0]).toMatch(new RegExp(`^1 ${status}`));
  });

  it.each([
    [144, 'ID mismatch', { clock: 60_000 }],
    [145, 'message ID required', { clock: undefined }],
    [
      146,
      'authentication failed',
      { auth: { kind: 'rfc4285', spi: 256, key: new Uint8Array(16), replay: 'timestamp' } },
    ],
  ] as const)('[multiplecoa-00 §4.3.3] %i of RFC 4285, %s, carries no sub-option', (status, _, said) => {
    const answer = withTwo().update({ ...said, options: [draftBid(1)] });
    expect(answer!.message.status).toBe(status);
    expect(draftIdentifiers(answer)).toEqual([]);
    expect(findOption(answer!.message.options, 'authentication')).toBeDefined();
  });
});

describe('Binding Errors', () => {
  it('[multiplecoa-00 §6.5] to a message that is not known name the bindings that it names', () => {
    const anchor = withTwo();
    const message = {
      kind: 'care-of-test-init',
      cookie: new Uint8Array(8),
      options: [draftBid(2, { careOfAddress: CARE_OF_2 })],
    } as const;
    const packet = { source: CARE_OF, destination: HOME_AGENT, homeAddress: HOME, message };
    anchor.receive(emitMobilityPacket(packet, anchor.codec));
    const [sent] = anchor.sent;
    const answer = parseMobilityPacket(sent!, anchor.codec);
    expect(answer.ok && answer.value.message).toMatchObject({
      kind: 'binding-error',
      status: 2,
      homeAddress: HOME,
      options: [draftBid(2)],
    });
    expect(sent!.length).toBeLessThanOrEqual(emitMobilityPacket(packet, anchor.codec).length);
  });
});

describe('a peer that is configured differently', () => {
  it('[multiplecoa-00 §6.1] the option of RFC 5648 is skipped: a regular binding, and an answer without it', () => {
    const anchor = anchorOf();
    const option = {
      kind: 'binding-identifier',
      bid: 1,
      status: 0,
      home: false,
      priority: 0,
      careOfAddress: CARE_OF_2,
    } as const;
    const answer = anchor.update({ options: [option] });
    expect(answer!.message.status).toBe(0);
    expect(answer!.message.options.map(({ kind }) => kind)).toEqual(['message-id', 'authentication']);
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });

  it('[multiplecoa-00 §4.3.1] a sub-option with another number is skipped as well', () => {
    const anchor = anchorOf();
    const answer = anchor.update({ options: [{ ...raw(0, 1, 0, 0), type: MONAMI6_TYPE + 1 }] });
    expect(answer!.message.status).toBe(0);
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });
});
