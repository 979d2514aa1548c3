/** A mobile node whose correspondents speak draft-ietf-monami6-multiplecoa-00. */
import { describe, expect, it } from 'vitest';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { CARE_OF, CARE_OF_2, draftBid, HOME, MONAMI6, MONAMI6_TYPE } from '../anchor.ts';
import { CORRESPONDENT } from '../correspondent/mobile-node.ts';
import { DirectNode, PATHS } from './direct-node.ts';

function started(): DirectNode {
  const node = new DirectNode([CORRESPONDENT], MONAMI6);
  node.paths = [PATHS.lte, PATHS.wifi];
  return node;
}

describe('a correspondent of the draft', () => {
  it('[multiplecoa-00 §5.2] [multiplecoa-00 §4.3.3] each care-of address has a message of its own, acknowledged by its BID', () => {
    const node = started().register();
    const updates = node.sent.filter(({ message }) => message.kind === 'binding-update');
    expect(updates.map(({ received }) => received.source)).toEqual([CARE_OF, CARE_OF_2]);
    expect(updates.map(({ message }) => message)).toMatchObject([
      { bulkOrOverwrite: false, options: [draftBid(1, { priority: 254 }), {}, {}] },
      { bulkOrOverwrite: false, options: [draftBid(2, { priority: 253 }), {}, {}] },
    ]);
    expect(node.bindings).toEqual(['1 0.10 420', '2 0.11 420']);
  });

  it('[multiplecoa-00 §3.1] the Care-of Test Init of each says its BID', () => {
    const node = started();
    node.step();
    const inits = node.sent.filter(({ message }) => message.kind === 'care-of-test-init');
    expect(inits.map(({ message }) => message)).toMatchObject([
      { options: [draftBid(1)] },
      { options: [draftBid(2)] },
    ]);
  });

  it('[multiplecoa-00 §4.3.3] 144 with a lifetime is a success, 145 means what the sub-option says', () => {
    const node = started();
    node.paths = [PATHS.lte];
    node.step();
    node.homeTest();
    node.careOfTest();
    node.acknowledge({ status: 144, lifetime: 400 });
    expect(node.bindings).toEqual(['1 0.10 400']);
    node.paths = [{ ...PATHS.lte, priority: 9 }];
    node.step();
    const options = [{ ...draftBid(1), priorityOrStatus: 128 } as ReturnType<typeof draftBid>];
    node.acknowledge({ status: 145, options, identified: false });
    expect(node.bindings).toEqual([]);
    expect(node.events.at(-1)!.text).toContain('MCOA malformed');
  });

  it('[multiplecoa-00 §5.9] one that does not know the sub-option has a single binding', () => {
    const node = started();
    node.step();
    node.homeTest();
    node.careOfTest();
    node.acknowledge({ identified: false });
    node.wait(100_000);
    expect(node.bindings).toEqual(['1 0.10 420']);
  });

  it('[multiplecoa-00 §5.4] takes a lost care-of address back by its BID', () => {
    const node = started().register();
    node.paths = [PATHS.wifi];
    node.step();
    expect(node.update.message).toMatchObject({ lifetime: 0, options: [draftBid(1), {}, {}] });
    node.acknowledge();
    expect(node.bindings).toEqual(['2 0.11 420']);
  });

  it('[multiplecoa-00 §5.8] a Binding Refresh Request asks for the binding that it names', () => {
    const node = started().register();
    const before = node.count('binding-update');
    const message = { kind: 'binding-refresh-request', options: [draftBid(2)] } as const;
    const packet = { source: CORRESPONDENT, destination: HOME, message };
    expect(node.receive(emitMobilityPacket(packet, node.codec), 'kdg-lte')).toBeUndefined();
    node.wait(400);
    expect(node.count('binding-update')).toBe(before + 1);
    expect(node.update.received.source).toEqual(CARE_OF_2);
    expect(node.update.received.header[12]).toBe(MONAMI6_TYPE);
  });
});
