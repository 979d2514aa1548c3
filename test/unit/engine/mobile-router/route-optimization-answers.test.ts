/** What correspondents, routers and traffic say to a mobile node, and what it makes of it. */
import { describe, expect, it } from 'vitest';
import { type Address, addressKey, parsePrefix } from '../../../../src/wire/address.ts';
import { enclose } from '../../../../src/wire/envelope.ts';
import { emitIcmpv6Error } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, bid, CARE_OF, CARE_OF_2, HOME, HOME_AGENT } from '../anchor.ts';
import { CORRESPONDENT, hmacSha1 } from '../correspondent/mobile-node.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { DirectNode, OTHER, PATHS } from './direct-node.ts';

const LTE = '1 0.10 420';
const WIFI = '2 0.11 420';

/** Tests done, the Binding Update waits for its answer. */
function asking(): DirectNode {
  const node = new DirectNode();
  node.step();
  node.homeTest();
  node.careOfTest();
  return node;
}

const say = (node: DirectNode, message: MobilityMessage, source = CORRESPONDENT) =>
  node.receive(emitMobilityPacket({ source, destination: CARE_OF, message }));

describe('Binding Acknowledgements', () => {
  it('[RFC 6275 §11.7.3] one with the key of both tokens is taken', () => {
    const node = asking();
    expect(node.acknowledge()).toBeUndefined();
    expect(node.bindings).toEqual([LTE]);
  });

  it('[RFC 6275 §11.7.3] a shorter lifetime counts, a longer one does not', () => {
    const node = asking();
    node.acknowledge({ lifetime: 100 });
    expect(node.bindings).toEqual(['1 0.10 100']);
    const other = asking();
    other.acknowledge({ lifetime: 600 });
    expect(other.bindings).toEqual([LTE]);
  });

  it.each(['none', 'wrong'] as const)(
    '[RFC 6275 §11.7.3] Binding Authorization Data: %s: ignored',
    authorization => {
      const node = asking();
      expect(node.acknowledge({ authorization })).toBe('acknowledgement-not-authorized');
      expect(node.acknowledge({ authorization, status: 135 })).toBeDefined();
      expect(node.bindings).toEqual([]);
    },
  );

  it.each([1, 35])('[RFC 6275 §11.7.3] an option of type %i behind the authenticator: ignored', type => {
    const node = asking();
    const change = (packet: Uint8Array) => {
      const longer = new Uint8Array(packet.length + 8);
      longer.set(packet);
      longer[5]! += 8;
      longer.set(type === 1 ? [1, 6] : [type, 6, 0, 7], packet.length);
      return withMobilityHeader(longer, header => {
        header[1]! += 1;
        const at = header.length - 8 - 12;
        const data = Uint8Array.of(...header.slice(0, at), ...header.slice(at + 12));
        data.fill(0, 4, 6);
        const key = node.kbm(node.update.message);
        header.set(hmacSha1(key, CARE_OF, CORRESPONDENT, data).subarray(0, 12), at);
      });
    };
    expect(node.acknowledge({ change })).toBe('acknowledgement-not-authorized');
    expect(node.bindings).toEqual([]);
  });

  it('[RFC 6275 §11.7.3] another sequence number is ignored', () => {
    const node = asking();
    expect(node.acknowledge({ sequence: (node.update.message.sequence + 1) & 0xffff })).toBe(
      'acknowledgement-unmatched',
    );
  });

  it('[RFC 6275 §11.7.3] without the home address in a routing header: ignored', () => {
    const node = asking();
    expect(node.acknowledge({ routingHome: undefined })).toBe('acknowledgement-without-home-address');
    expect(node.acknowledge({ routingHome: address('2001:db8:100::9') })).toBeDefined();
    expect(node.bindings).toEqual([]);
  });

  it('[RFC 6275 §11.7.3] Binding Refresh Advice is ignored', () => {
    const node = asking();
    node.acknowledge({ options: [{ kind: 'binding-refresh-advice', interval: 20 }] });
    expect(node.bindings).toEqual([LTE]);
    const before = node.sent.length;
    node.wait(300_000);
    expect(node.sent.length).toBe(before);
  });

  it('[RFC 6275 §6.1.8] reserved octets and bits mean nothing', () => {
    const node = asking();
    const before = node.sent.length;
    const change = (packet: Uint8Array) =>
      withMobilityHeader(packet, header => {
        header[3] = 0xff;
        header[7]! |= 1;
      });
    expect(node.acknowledge({ status: 136, authorization: 'none', change })).toBeUndefined();
    expect(node.sent.length).toBe(before + 1);
  });

  it.each([
    [136, ['home-test-init']],
    [137, ['care-of-test-init']],
    [138, ['home-test-init', 'care-of-test-init']],
  ])('[RFC 6275 §11.7.3] %i begins return routability again for the token it names', (status, asked) => {
    const node = asking();
    const before = node.sent.length;
    expect(node.acknowledge({ status, authorization: 'none' })).toBeUndefined();
    expect(node.sent.slice(before).map(({ message }) => message.kind)).toEqual(asked);
    if (asked.includes('home-test-init')) node.homeTest();
    if (asked.includes('care-of-test-init')) node.careOfTest();
    node.acknowledge();
    expect(node.bindings).toEqual([LTE]);
  });

  it('[RFC 6275 §11.7.3] 135: the next one follows the number that it names, at once', () => {
    const node = asking();
    const last = (node.update.message.sequence + 1000) & 0xffff;
    node.acknowledge({ status: 135, sequence: last });
    expect(node.update.message.sequence).toBe((last + 1) & 0xffff);
    node.acknowledge();
    expect(node.bindings).toEqual([LTE]);
  });

  it.each([128, 129, 130])('[RFC 6275 §11.7.3] %i: a pause, and then another attempt', status => {
    const node = asking();
    node.acknowledge({ status });
    expect(node.bindings).toEqual([]);
    const before = node.sent.length;
    node.wait(31_000);
    expect(node.sent.length).toBe(before);
    node.wait(1500);
    expect(node.sent.length).toBe(before + 1);
    expect(node.events.map(({ name }) => name)).toContain('correspondent-refused');
  });

  it('no answer makes it storm', () => {
    for (const status of [128, 135, 136, 137, 138, 165]) {
      const node = asking();
      for (let i = 0; i < 600; i++) {
        for (const { message } of node.sent.slice(-3)) {
          if (message.kind === 'home-test-init') node.homeTest();
          if (message.kind === 'care-of-test-init') node.careOfTest();
        }
        const authorization = status >= 136 && status <= 138 ? { authorization: 'none' as const } : {};
        node.acknowledge({ status, ...authorization });
        node.wait(100);
      }
      expect(node.count('binding-update'), `${status}`).toBeLessThan(20);
    }
  });

  it('[RFC 5648 §5.7] without the identifier: one binding only, of the uplink in use, that moves with it', () => {
    const node = asking();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.acknowledge({ identified: false });
    expect(node.bindings).toEqual([LTE]);
    node.wait(10_000);
    expect(node.count('care-of-test-init')).toBe(1);
    node.paths = [PATHS.wifi, PATHS.lte];
    node.step();
    node.careOfTest(CARE_OF_2);
    const { message, received } = node.update;
    expect(received.source).toEqual(CARE_OF_2);
    expect(message.options.map(({ kind }) => kind)).toEqual(['nonce-indices', 'binding-authorization-data']);
    node.acknowledge();
    expect(node.bindings).toEqual([WIFI]);
  });

  it('[RFC 5648 §5.7] 165: the next one replaces the regular binding', () => {
    const node = new DirectNode().register();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.step();
    node.careOfTest(CARE_OF_2);
    expect(node.update.message.bulkOrOverwrite).toBe(false);
    node.acknowledge({ status: 165 });
    expect(node.update.message.bulkOrOverwrite).toBe(true);
    node.acknowledge();
    node.careOfTest();
    expect(node.update.received.source).toEqual(CARE_OF);
    expect(node.update.message.bulkOrOverwrite).toBe(false);
    node.acknowledge();
    expect(node.bindings).toEqual([LTE, WIFI]);
  });
});

describe('Binding Errors', () => {
  const error = (status: number, homeAddress = HOME, options = [] as ReturnType<typeof bid>[]) => ({
    kind: 'binding-error' as const,
    status,
    homeAddress,
    options,
  });

  it('[RFC 6275 §11.3.6] status 1: the binding goes, and return routability starts again after 10 s', () => {
    const node = new DirectNode().register();
    expect(say(node, error(1))).toBeUndefined();
    expect(node.bindings).toEqual([]);
    const before = node.sent.length;
    node.wait(9999);
    expect(node.sent.length).toBe(before);
    node.wait(1);
    expect(node.sent.length).toBe(before + 2);
  });

  it('about packets from a care-of address that is not bound any more changes nothing: they were late', () => {
    const node = new DirectNode().register();
    const packet = emitMobilityPacket({ source: CORRESPONDENT, destination: CARE_OF_2, message: error(1) });
    expect(node.receive(packet)).toBe('binding-error-late');
    expect(node.bindings).toEqual([LTE]);
  });

  it('[RFC 6275 §11.3.6] at most once in 10 s a correspondent', () => {
    const node = new DirectNode().register();
    for (let i = 0; i < 100; i++) {
      say(node, error(1));
      node.wait(100);
    }
    expect(node.count('home-test-init')).toBeLessThanOrEqual(2);
  });

  it('[RFC 6275 §11.3.6] status 1 about another home address is ignored', () => {
    const node = new DirectNode().register();
    expect(say(node, error(1, address('2001:db8:100::9')))).toBe('binding-error-unexpected');
    expect(node.bindings).toEqual([LTE]);
  });

  it('[RFC 6275 §11.3.6] status 1 is ignored while packets make progress', () => {
    const node = new DirectNode([]);
    node.step();
    node.talk(CORRESPONDENT);
    node.register();
    node.now += 100_000;
    node.optimization.used([CORRESPONDENT], [], node.now);
    node.now += 9000;
    expect(say(node, error(1))).toBe('binding-error-in-progress');
    expect(node.bindings).toEqual([LTE]);
    node.now += 2000;
    expect(say(node, error(1))).toBeUndefined();
    expect(node.bindings).toEqual([]);
  });

  it('[multiplecoa-00 §5.9] with an identifier it is about that binding alone', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    say(node, error(1, HOME, [bid(1, undefined)]));
    expect(node.bindings).toEqual([WIFI]);
  });

  it.each(['binding update', 'test init'])(
    '[RFC 6275 §11.3.6] status 2 to a %s: route optimisation with it ends, for an hour',
    what => {
      const node = what === 'test init' ? new DirectNode() : asking();
      node.step();
      expect(say(node, error(2))).toBeUndefined();
      const before = node.sent.length;
      node.wait(3_599_000);
      expect(node.sent.length).toBe(before);
      node.wait(2000);
      expect(node.sent.length).toBeGreaterThan(before);
    },
  );

  it('[RFC 6275 §11.3.6] status 2 when nothing is outstanding is ignored', () => {
    const node = new DirectNode().register();
    expect(say(node, error(2))).toBe('binding-error-unexpected');
    expect(node.bindings).toEqual([LTE]);
  });

  it('of an unknown node is ignored', () => {
    const node = new DirectNode().register();
    expect(say(node, error(1), OTHER)).toBe('not-from-correspondent');
    expect(node.bindings).toEqual([LTE]);
  });
});

describe('Parameter Problems', () => {
  const problem = (node: DirectNode, invoking: Uint8Array, code = 1, source = CORRESPONDENT) =>
    node.receiveIcmpv6(
      emitIcmpv6Error(source, HOME, { kind: 'parameter-problem', code, pointer: 6, invoking }),
    );
  const inner = (node: DirectNode) => node.last('home-test-init').packet.slice(40);

  it('[RFC 6275 §11.3.5] [RFC 6275 §11.1] [RFC 6275 §8.1] code 1 about a test init: no more messages to it for an hour', () => {
    const node = new DirectNode();
    node.step();
    problem(node, inner(node));
    const before = node.sent.length;
    node.wait(3_599_000);
    expect(node.sent.length).toBe(before);
    node.wait(2000);
    expect(node.sent.length).toBeGreaterThan(before);
  });

  it.each([
    ['a Home Test Init', (node: DirectNode) => inner(node)],
    ['a Care-of Test Init', (node: DirectNode) => node.last('care-of-test-init').packet],
    ['a Binding Update', (node: DirectNode) => node.update.packet],
  ])(
    '[RFC 6275 §11.3.5] [RFC 6275 §11.6.2] code 1 about %s ends route optimisation with the node',
    (what, packet) => {
      const node = what === 'a Binding Update' ? asking() : new DirectNode();
      node.step();
      problem(node, packet(node));
      const before = node.sent.length;
      node.wait(3_000_000);
      expect(node.sent.length).toBe(before);
      expect(node.bindings).toEqual([]);
      expect(node.optimization.direct()).toEqual([]);
      expect(node.events.at(-1)!.name).toBe('correspondent-unable');
    },
  );

  it('[RFC 6275 §11.3.5] a Destination Unreachable does not', () => {
    const node = new DirectNode();
    node.step();
    const invoking = inner(node);
    const error = { kind: 'destination-unreachable', code: 3, invoking } as const;
    node.receiveIcmpv6(emitIcmpv6Error(CORRESPONDENT, HOME, error));
    node.wait(1000);
    expect(node.count('home-test-init')).toBe(2);
  });

  it('[RFC 6275 §11.3.5] code 2 about the Home Address option is told once, and ends nothing', () => {
    const node = new DirectNode().register();
    const about = emitMobilityPacket({
      source: CARE_OF,
      destination: CORRESPONDENT,
      homeAddress: HOME,
      message: node.update.message,
    });
    for (let i = 0; i < 10; i++) problem(node, about, 2);
    expect(node.bindings).toEqual([LTE]);
    const told = node.events.filter(({ name }) => name === 'home-address-option-refused');
    expect(told).toHaveLength(1);
    expect(node.outbox.counters.get('home-address-option-refused')).toBe(10);
    problem(node, data(CARE_OF, CORRESPONDENT), 2);
    expect(node.outbox.counters.get('home-address-option-refused')).toBe(10);
  });

  it('code 0, other packets and quiet times change nothing', () => {
    const node = new DirectNode();
    node.step();
    problem(node, inner(node), 0);
    problem(node, data(HOME, CORRESPONDENT));
    const message = { kind: 'home-test-init', cookie: new Uint8Array(8), options: [] } as const;
    problem(node, emitMobilityPacket({ source: OTHER, destination: CORRESPONDENT, message }));
    problem(node, new Uint8Array(10));
    node.wait(1000);
    expect(node.count('home-test-init')).toBe(2);
    const quiet = new DirectNode().register();
    problem(quiet, inner(quiet));
    expect(quiet.bindings).toEqual([LTE]);
  });
});

describe('Binding Refresh Requests', () => {
  const request = (options = [] as ReturnType<typeof bid>[]) => ({
    kind: 'binding-refresh-request' as const,
    options,
  });
  const ask = (node: DirectNode, message: MobilityMessage, source = CORRESPONDENT) =>
    node.receive(emitMobilityPacket({ source, destination: HOME, message }), 'kdg-lte');

  it('[RFC 6275 §11.7.4] return routability where the tokens are old, then a Binding Update that extends the binding', () => {
    const node = new DirectNode().register();
    node.wait(250_000);
    expect(ask(node, request())).toBeUndefined();
    expect(node.sent.slice(-2).map(({ message }) => message.kind)).toEqual([
      'home-test-init',
      'care-of-test-init',
    ]);
    node.homeTest();
    node.careOfTest();
    node.acknowledge();
    node.wait(300_000);
    expect(node.bindings).toEqual([LTE]);
    expect(node.count('binding-update')).toBe(2);
  });

  it('[RFC 5648 §6.4] one with an identifier is about that binding', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    const before = node.count('binding-update');
    ask(node, request([bid(2, undefined)]));
    expect(node.count('binding-update')).toBe(before + 1);
    expect(node.update.received.source).toEqual(CARE_OF_2);
  });

  it('[RFC 6275 §11.7.4] ignored when no traffic went in the last half of the lifetime', () => {
    const node = new DirectNode([]);
    node.step();
    node.talk(CORRESPONDENT);
    node.register();
    const before = node.sent.length;
    node.wait(300_000);
    ask(node, request());
    node.wait(1000);
    expect(node.sent.length).toBe(before);
    node.wait(200_000);
    expect(node.bindings).toEqual([]);
  });

  it('[multiplecoa-00 §5.8] without an entry nothing happens, for nobody asked for one', () => {
    const node = new DirectNode([]);
    node.step();
    expect(ask(node, request())).toBe('not-from-correspondent');
    node.wait(10_000);
    expect(node.sent).toEqual([]);
  });

  it('one in three seconds is enough', () => {
    const node = new DirectNode().register();
    ask(node, request());
    node.acknowledge();
    expect(ask(node, request())).toBe('refresh-request-too-soon');
  });
});

function data(source: Address, destination: Address, homeAddress?: Address, protocol = 17): Uint8Array {
  return enclose(new Uint8Array(16), protocol, 6, { source, destination, homeAddress });
}

describe('packets out of the tunnel', () => {
  const caused = (peer: Address, packets = 1, homeAddress = HOME) => {
    const node = new DirectNode([], undefined, { after: 10, except: [parsePrefix('2001:db8:ee::/48')!] });
    node.step();
    node.talk(peer, packets, homeAddress);
    return node.step().map(({ message, received }) => [message.kind, received.destination] as const);
  };

  it('[RFC 6275 §11.7.2] enough of them in a minute cause both test messages, to their source', () => {
    expect(caused(OTHER, 10)).toEqual([
      ['home-test-init', OTHER],
      ['care-of-test-init', OTHER],
    ]);
  });

  it.each([
    ['too few', OTHER, 9],
    ['those of the home agent itself', HOME_AGENT, 10],
    ['those from a link-local address', address('fe80::1'), 10],
    ['those of somebody who shall not know', address('2001:db8:ee::7'), 10],
    ['those to another home address', OTHER, 10, address('2001:db8:100::9')],
  ] as const)('[RFC 6275 §11.7.2] %s cause none', (_, peer, packets, homeAddress = HOME) => {
    expect(caused(peer, packets, homeAddress)).toEqual([]);
  });

  it('[RFC 6275 §11.7.2] without a number of packets none cause any', () => {
    for (const unlisted of [{}, { after: 0 }]) {
      const node = new DirectNode([], undefined, unlisted);
      node.step();
      node.talk(OTHER, 1_000_000);
      expect(node.step()).toEqual([]);
    }
  });

  it('[RFC 6275 §11.6.2] [RFC 6275 §11.7.2] who does not answer is asked again ever more rarely while there is traffic, and forgotten afterwards', () => {
    const node = new DirectNode([]);
    node.step();
    for (let second = 0; second < 3600; second += 10) {
      node.talk(OTHER);
      node.wait(10_000);
    }
    const asked = node.count('care-of-test-init');
    expect(asked).toBeGreaterThan(8);
    expect(asked).toBeLessThanOrEqual(40);
    node.wait(700_000);
    expect(node.optimization.entries.size).toBe(0);
    expect(node.count('care-of-test-init')).toBeLessThanOrEqual(asked + 4);
  });

  it('[RFC 6275 §11.7.2] short bindings are not made anew either', () => {
    const node = new DirectNode([]);
    node.step();
    node.talk(CORRESPONDENT);
    node.step();
    node.homeTest();
    node.careOfTest();
    node.acknowledge({ lifetime: 20 });
    // The acknowledgement and the answer to a probe came by the direct way.
    node.look(false, true);
    const { length } = node.sent;
    for (let second = 0; second < 25; second++) node.look(false, false);
    expect(node.sent).toHaveLength(length);
    expect(node.optimization.entries.size).toBe(0);
  });

  it('[RFC 6275 §11.7.2] the acknowledgements of one binding are no use of another', () => {
    const node = new DirectNode([]);
    node.paths = [PATHS.lte, PATHS.wifi];
    node.step();
    node.talk(CORRESPONDENT);
    node.step();
    node.homeTest();
    node.careOfTest();
    node.wait(400);
    node.acknowledge({ lifetime: 32 });
    node.careOfTest(CARE_OF_2);
    for (let second = 0; second < 12; second++) node.look(second < 2, second < 2);
    node.acknowledge({ lifetime: 32 });
    for (let second = 0; second < 100; second++) {
      const { length } = node.sent;
      node.look(false, false);
      const updates = node.sent.slice(length).filter(({ message }) => message.kind === 'binding-update');
      for (const update of updates) node.acknowledge({ lifetime: 32 }, update as typeof node.update);
      node.look(false, updates.length > 0);
    }
    expect(node.optimization.entries.size).toBe(0);
  });

  it('[RFC 6275 §11.7.2] a binding lasts while there is traffic, and is not made anew when it has ended without', () => {
    const node = new DirectNode([]);
    node.step();
    node.talk(CORRESPONDENT);
    node.register();
    expect(node.bindings).toEqual([LTE]);
    for (let second = 0; second < 100; second++) node.look(true, true);
    const { length } = node.sent;
    node.wait(1_000_000);
    expect(node.sent).toHaveLength(length);
    expect(node.optimization.entries.size).toBe(0);
  });

  it('no more than 256 correspondents, of which the least used one makes way', () => {
    const node = new DirectNode([CORRESPONDENT]);
    node.register();
    const peer = (i: number) => address(`2001:db8:cc:1::${i.toString(16)}`);
    for (let i = 1; i <= 300; i++) node.talk(peer(i));
    expect(node.optimization.entries.size).toBe(256);
    expect(node.outbox.counters.get('correspondents-too-many')).toBe(45);
    // After a minute without packets of most of them.
    node.now += 61_000;
    for (let i = 2; i <= 255; i++) node.talk(peer(i));
    node.talk(peer(301));
    expect(node.optimization.entries.size).toBe(256);
    expect(node.optimization.entries.has(addressKey(peer(1)))).toBe(false);
    expect(node.optimization.entries.has(addressKey(peer(301)))).toBe(true);
    node.talk(peer(302));
    expect(node.optimization.entries.has(addressKey(peer(302)))).toBe(false);
    expect(node.bindings).toEqual([LTE]);
    node.wait(1_000_000);
    expect(node.optimization.entries.size).toBe(1);
  });

  it('[RFC 6275 §11.7.2] who makes way for another one is told so', () => {
    const node = new DirectNode([]);
    node.step();
    node.talk(CORRESPONDENT);
    node.register();
    for (let i = 1; i <= 255; i++) node.talk(address(`2001:db8:cc:1::${i.toString(16)}`));
    node.now += 61_000;
    for (let i = 1; i <= 255; i++) node.talk(address(`2001:db8:cc:1::${i.toString(16)}`));
    node.talk(OTHER);
    node.step();
    expect(node.update.message).toMatchObject({ lifetime: 0 });
    expect(node.bindings).toEqual([]);
  });
});
