/** Direct paths that do not lead to the correspondent any more, though the home agent is reached over the same uplink. */
import { describe, expect, it } from 'vitest';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import { emitIcmpv6Error } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIpv6 } from '../../../../src/wire/ipv6.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { address, CARE_OF, CARE_OF_2, HOME, HOME_AGENT } from '../anchor.ts';
import { CORRESPONDENT } from '../correspondent/mobile-node.ts';
import { DirectNode, PATHS, type Sent } from './direct-node.ts';

/** Bound over these paths, with traffic. */
function bound({ paths = [PATHS.lte, PATHS.wifi], deaf = false } = {}): DirectNode {
  const node = new DirectNode();
  if (deaf) node.deaf.add('lte0').add('wifi0');
  node.paths = [...paths];
  node.register();
  node.look(true, true);
  return node;
}

const inUse = (node: DirectNode): string[] =>
  node.optimization.direct().map(({ careOfAddress }) => formatAddress(careOfAddress));
const LTE = formatAddress(CARE_OF);
const WIFI = formatAddress(CARE_OF_2);

/** Packets go and none come over LTE, for so many seconds. */
function fail(node: DirectNode, seconds = 3): void {
  node.deaf.add('lte0');
  for (let second = 0; second < seconds; second++) node.look(true, false);
}

/** Binding Updates through the tunnel. */
const farewells = (node: DirectNode): Sent[] =>
  node.sent.filter(({ message, tunnel }) => message.kind === 'binding-update' && tunnel !== undefined);
const names = (node: DirectNode): string[] => node.events.map(({ name }) => name);

function unreachable(from: Address, to = CORRESPONDENT): Uint8Array {
  const invoking = emitIpv6(from, to, 17, new Uint8Array(8));
  return emitIcmpv6Error(address('2001:db8:a::1'), from, {
    kind: 'destination-unreachable',
    code: 0,
    invoking,
  });
}

describe('a direct path', () => {
  it('[RFC 6275 §11.3.1] [analysis-01 §6.1.3] is asked once when it comes into use, by an Echo with the home address', () => {
    const node = new DirectNode().register();
    expect(node.probes).toHaveLength(1);
    const [{ packet, device }] = node.probes as [(typeof node.probes)[number]];
    expect(device).toBe('lte0');
    expect([...packet.subarray(8, 24)]).toEqual([...CARE_OF]);
    expect([...packet.subarray(24, 40)]).toEqual([...CORRESPONDENT]);
    // Destination options with a Home Address option, then an Echo Request.
    expect([packet[6], packet[40], packet[46], packet[64]]).toEqual([60, 58, 0xc9, 128]);
    expect([...packet.subarray(48, 64)]).toEqual([...HOME]);
  });

  it('[analysis-01 §6.1.3] is asked nothing while packets come, and nothing while none go', () => {
    const node = bound();
    for (let second = 0; second < 100; second++) node.look(true, true);
    for (let second = 0; second < 50; second++) node.look(false, true);
    const before = node.probes.length;
    expect(before).toBe(1);
    // One when they come no more.
    node.look(false, false);
    expect(node.probes).toHaveLength(before + 1);
    // The answer is a packet that came, and no reason to ask again.
    node.look(false, true);
    for (let second = 0; second < 50; second++) node.look(false, false);
    expect(node.probes).toHaveLength(before + 1);
    expect(inUse(node)).toEqual([LTE]);
  });

  it('[analysis-01 §6.1.3] is asked once in three seconds while packets only go, and stays as long as it answers', () => {
    const node = bound();
    const before = node.probes.length;
    for (let second = 0; second < 60; second++) node.look(true, false);
    expect(node.probes.length - before).toBeLessThanOrEqual(20);
    expect(node.probes.length - before).toBeGreaterThanOrEqual(15);
    expect(inUse(node)).toEqual([LTE]);
  });

  it('[analysis-01 §6.1.3] [analysis-01 §A] is left within three seconds for another care-of address, and taken back through the tunnel', () => {
    const node = bound();
    const failedAt = node.now;
    fail(node);
    expect(inUse(node)).toEqual([WIFI]);
    const lost = node.events.find(({ name }) => name === 'direct-path-lost')!;
    expect(lost).toMatchObject({ level: 'warning' });
    expect(lost.text).toBe(
      `${formatAddress(CORRESPONDENT)} is not reached directly from ${LTE}; tried again in 32 s`,
    );
    expect(node.outbox.counters.get('direct-path-lost')).toBe(1);
    const [farewell] = farewells(node) as [Sent];
    expect(farewell.at - failedAt).toBeLessThanOrEqual(3000);
    // From the home address, as a node at home would: no direct way is needed for it.
    expect(farewell.tunnel).toEqual({ source: CARE_OF, destination: HOME_AGENT });
    expect(farewell.received).toMatchObject({ source: HOME, destination: CORRESPONDENT });
    expect(farewell.received.homeAddress).toBeUndefined();
    expect(farewell.message).toMatchObject({ lifetime: 0 });
    const { message } = farewell;
    expect(
      findOption(message.kind === 'binding-update' ? message.options : [], 'binding-identifier')?.bid,
    ).toBe(1);
    expect(node.optimization.report(node.now).correspondents).toMatchObject([
      { state: 'registered', bindings: [{ careOfAddress: WIFI }], lost: [{ careOfAddress: LTE }] },
    ]);
  });

  it('[analysis-01 §6.1.3] makes way for the tunnel when there is no other', () => {
    const node = bound({ paths: [PATHS.lte] });
    fail(node);
    expect(inUse(node)).toEqual([]);
    node.acknowledge(
      { routingHome: undefined },
      farewells(node).at(-1) as Parameters<DirectNode['acknowledge']>[1],
    );
    expect(node.optimization.report(node.now).correspondents).toMatchObject([
      { state: 'waiting', bindings: [], lost: [{ careOfAddress: LTE }] },
    ]);
    // All that is left is silence until the pause is over.
    const { length } = node.sent;
    node.wait(25_000);
    expect(node.sent).toHaveLength(length);
  });

  it('[analysis-01 §6.1.3] is tried again after 32 s, then after 64 s, and taken when it leads there', () => {
    const node = bound();
    const retries: number[] = [];
    for (const pause of [32_000, 64_000]) {
      fail(node);
      const lostAt = node.now;
      const farewell = farewells(node).at(-1) as Parameters<DirectNode['acknowledge']>[1];
      node.acknowledge({ routingHome: undefined }, farewell);
      const { length } = node.sent;
      node.wait(pause);
      const asked = node.sent
        .slice(length)
        .find(({ message, device }) => message.kind === 'care-of-test-init' && device === 'lte0')!;
      retries.push(Math.round((asked.at - lostAt) / 1000) * 1000);
      expect(inUse(node)).toEqual([WIFI]);
      node.deaf.clear();
      node.register();
      expect(inUse(node)).toEqual([LTE]);
      node.look(true, true);
    }
    for (const [at, pause] of [32_000, 64_000].entries()) {
      expect(retries[at]).toBeLessThanOrEqual(pause);
      expect(retries[at]).toBeGreaterThanOrEqual(pause - 3000);
    }
    expect(names(node).filter(name => name === 'direct-path-back')).toHaveLength(2);
  });

  it('[analysis-01 §6.1.3] of another care-of address is another path', () => {
    const node = bound({ paths: [PATHS.lte] });
    fail(node);
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    node.register();
    expect(inUse(node)).toEqual([WIFI]);
  });

  it('[analysis-01 §6.1.3] is taken back as a whole at a correspondent of one binding, or replaced there', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.step();
    node.homeTest();
    node.careOfTest();
    node.acknowledge({ identified: false });
    node.look(true, true);
    const { length } = node.sent;
    fail(node, 5);
    expect(inUse(node)).toEqual([]);
    node.careOfTest(CARE_OF_2);
    node.wait(400);
    node.acknowledge({ identified: false });
    expect(inUse(node)).toEqual([WIFI]);
    expect(node.sent.slice(length).map(({ message }) => message.kind)).not.toContain('home-test-init');
  });
});

describe('who may say that a path has failed', () => {
  it('[RFC 4443 §2.4] [analysis-01 §A] an ICMPv6 error has it asked at once, once a second, and decides nothing', () => {
    const node = bound();
    const before = node.probes.length;
    for (let i = 0; i < 50; i++) node.receiveIcmpv6(unreachable(CARE_OF));
    expect(node.probes).toHaveLength(before + 1);
    for (let i = 0; i < 100; i++) {
      node.wait(100);
      node.receiveIcmpv6(unreachable(CARE_OF));
    }
    expect(node.probes.length - before).toBeLessThanOrEqual(11);
    expect(inUse(node)).toEqual([LTE]);
    for (let i = 0; i < 10; i++) node.receiveIcmpv6(unreachable(CARE_OF_2));
    expect(node.probes.length - before).toBeLessThanOrEqual(11);
  });

  it('an answer without the secret, or of an earlier request, is none', () => {
    const node = bound();
    for (let second = 0; second < 3; second++) node.look(true, true);
    node.deaf.add('lte0');
    node.look(true, false);
    const { packet } = node.probes.at(-1)!;
    const forged = packet.slice();
    forged[40 + 24 + 8]! ^= 1;
    node.probes.push({ ...node.probes.at(-1)!, packet: forged });
    expect(node.answerProbe()).toBe(false);
    node.probes.pop();
    node.probes.push({ ...node.probes[0]! });
    expect(node.answerProbe()).toBe(false);
    fail(node, 2);
    expect(inUse(node)).toEqual([WIFI]);
  });

  it('[analysis-01 §6.1.3] [RFC 6275 §11.7.2] who answers no Echo is asked by a Binding Update, once a minute', () => {
    const node = bound({ deaf: true });
    const updates = () => node.count('binding-update');
    const before = updates();
    const asked: number[] = [];
    for (let second = 0; second < 100; second++) {
      const { length } = node.sent;
      node.look(true, false);
      if (node.sent.length === length) continue;
      asked.push(node.now);
      node.acknowledge();
    }
    expect(updates()).toBe(before + 2);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(60_000);
    expect(inUse(node)).toEqual([LTE]);
    // Now there is no answer to it either; the home agent is reached.
    for (let second = 0; second < 60; second++) {
      const asked = node.count('home-test-init');
      node.look(true, false);
      if (node.count('home-test-init') > asked) node.homeTest();
    }
    expect(inUse(node)).toEqual([WIFI]);
    expect(names(node)).toContain('direct-path-lost');
  });

  it('[analysis-01 §6.1.3] silence of Echo alone is no failure while packets come', () => {
    const node = bound();
    node.deaf.add('lte0');
    node.receiveIcmpv6(unreachable(CARE_OF));
    node.now += 300;
    node.optimization.used([CORRESPONDENT], [CORRESPONDENT], node.now);
    for (let second = 0; second < 20; second++) node.look(true, true);
    expect(inUse(node)).toEqual([LTE]);
  });
});
