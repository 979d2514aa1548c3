/** Route optimisation at the mobile node: return routability, registration, movement. */
import { describe, expect, it } from 'vitest';
import { equalAddress, formatAddress } from '../../../../src/wire/address.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { emitMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, bid, CARE_OF, CARE_OF_2, HOME, HOME_AGENT } from '../anchor.ts';
import { CORRESPONDENT, hmacSha1, sha1 } from '../correspondent/mobile-node.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { busiestSecond } from '../router.ts';
import { CARE_OF_TOKEN, DirectNode, HOME_TOKEN, INDICES, OTHER, PATHS } from './direct-node.ts';

const kinds = (sent: readonly { message: { kind: string } }[]) => sent.map(({ message }) => message.kind);
/** Octets 4 and 5 of the care-of addresses, as `bindings` shows them. */
const LTE = '1 0.10 420';
const WIFI = '2 0.11 420';

describe('test messages', () => {
  it('[RFC 6275 §11.6.1] Home Test Init and Care-of Test Init are sent in parallel', () => {
    const node = new DirectNode();
    expect(kinds(node.step())).toEqual(['home-test-init', 'care-of-test-init']);
  });

  it('[RFC 6275 §11.6.1] [RFC 5648 §9.3.1] the Home Test Init goes through the tunnel of the active uplink, from the home address', () => {
    const node = new DirectNode();
    node.paths = [PATHS.wifi, PATHS.lte];
    node.step();
    const { tunnel, received, device } = node.last('home-test-init');
    expect(tunnel).toEqual({ source: CARE_OF_2, destination: HOME_AGENT });
    expect(device).toBe('wifi0');
    expect(received).toMatchObject({ source: HOME, destination: CORRESPONDENT });
    expect(received.homeAddress).toBeUndefined();
    expect(received.routingHome).toBeUndefined();
  });

  it('[RFC 6275 §11.6.1] [RFC 5648 §3] [RFC 5648 §4.3] [multiplecoa-00 §3.1] a Care-of Test Init from each care-of address, out of its uplink, with its BID', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.step();
    node.homeTest();
    node.careOfTest();
    node.acknowledge();
    const inits = node.sent.filter(({ message }) => message.kind === 'care-of-test-init');
    expect(
      inits.map(({ received, device, message }) => [
        formatAddress(received.source),
        device,
        'options' in message && findOption(message.options, 'binding-identifier')?.bid,
      ]),
    ).toEqual([
      ['2001:db8:a::2', 'lte0', 1],
      ['2001:db8:b::2', 'wifi0', 2],
    ]);
    expect(inits.map(({ received }) => [...received.header.subarray(16, 20)])).toEqual([
      [35, 4, 0, 1],
      [35, 4, 0, 2],
    ]);
    expect(inits.every(({ tunnel }) => tunnel === undefined)).toBe(true);
  });

  it('[RFC 6275 §11.7.2] nothing is sent before the home agent has accepted', () => {
    const node = new DirectNode();
    node.paths = [];
    expect(node.step()).toEqual([]);
    node.wait(100_000);
    expect(node.sent).toEqual([]);
  });

  it('[RFC 6275 §8.5] nothing is sent while the kernel cannot carry the packets', () => {
    const node = new DirectNode();
    node.optimization.setObstacle('no mip6', node.now);
    node.step();
    node.wait(100_000);
    expect(node.sent).toEqual([]);
    expect(node.optimization.nextWake()).toBe(Number.POSITIVE_INFINITY);
  });

  it('[RFC 6275 §11.8] they are repeated after 1, 2 and 4 s with new cookies, then there is a pause', () => {
    const node = new DirectNode();
    node.step();
    node.wait(30_000);
    for (const kind of ['home-test-init', 'care-of-test-init'] as const) {
      const sent = node.sent.filter(({ message }) => message.kind === kind);
      expect(sent.map(({ at }) => at - 1_000_000)).toEqual([0, 1000, 3000, 7000]);
      const cookies = sent.map(({ message }) => ('cookie' in message ? message.cookie.join() : ''));
      expect(new Set(cookies).size).toBe(4);
    }
  });

  it('[RFC 6275 §5.2.7] the pauses grow to ten minutes; nothing storms and nothing is given up for good', () => {
    const node = new DirectNode();
    node.step();
    node.wait(4 * 3_600_000);
    const hours = [0, 1, 2, 3].map(
      hour =>
        node.sent.filter(
          ({ at, message }) =>
            message.kind === 'home-test-init' && Math.floor((at - 1_000_000) / 3_600_000) === hour,
        ).length,
    );
    expect(hours[0]).toBeLessThan(44);
    for (const count of hours.slice(1)) {
      expect(count).toBeGreaterThan(15);
      expect(count).toBeLessThan(30);
    }
  });

  it('[RFC 6275 §11.8] three messages of a type a second to one correspondent, over all BIDs', () => {
    const node = new DirectNode();
    node.paths = [1, 2, 3, 4, 5, 6].map(number => ({
      ...PATHS.lte,
      bid: number,
      careOfAddress: address(`2001:db8:a::${number}`),
    }));
    node.step();
    node.homeTest();
    for (const { careOfAddress } of node.paths) node.careOfTest(careOfAddress);
    node.acknowledge();
    for (let i = 0; i < 100; i++) {
      node.paths = node.paths.map(path => ({ ...path, priority: path.priority + 1 }));
      for (const { careOfAddress } of node.paths) node.careOfTest(careOfAddress);
      node.wait(50);
    }
    for (const kind of ['home-test-init', 'care-of-test-init', 'binding-update']) {
      const times = node.sent.filter(({ message }) => message.kind === kind);
      expect(busiestSecond(times as never), kind).toBeLessThanOrEqual(3);
    }
    expect(node.count('binding-update')).toBeGreaterThan(9);
  });
});

describe('answers to them', () => {
  it.each([
    ['Home Test first', true],
    ['Care-of Test first', false],
  ])('[RFC 6275 §11.6.2] with both tokens a Binding Update is sent: %s', (_, homeFirst) => {
    const node = new DirectNode();
    node.step();
    if (homeFirst) node.homeTest();
    else node.careOfTest();
    expect(node.count('binding-update')).toBe(0);
    if (homeFirst) node.careOfTest();
    else node.homeTest();
    expect(node.count('binding-update')).toBe(1);
  });

  it('[RFC 6275 §11.6.2] another cookie is ignored', () => {
    const node = new DirectNode();
    node.step();
    expect(node.homeTest({ cookie: new Uint8Array(8) })).toBe('home-test-unmatched');
    expect(node.careOfTest(CARE_OF, { cookie: new Uint8Array(8) })).toBe('care-of-test-unmatched');
    expect(node.count('binding-update')).toBe(0);
  });

  it('[RFC 6275 §11.6.2] an answer that comes late, to a cookie that has been replaced, is ignored', () => {
    const node = new DirectNode();
    node.step();
    const old = node.sent.map(({ message }) => ('cookie' in message ? message.cookie : new Uint8Array(8)));
    node.wait(1000);
    expect(node.homeTest({ cookie: old[0]! })).toBe('home-test-unmatched');
    expect(node.careOfTest(CARE_OF, { cookie: old[1]! })).toBe('care-of-test-unmatched');
    expect(node.homeTest()).toBeUndefined();
    expect(node.careOfTest()).toBeUndefined();
  });

  it('[RFC 6275 §11.6.2] of an unknown node: ignored', () => {
    const node = new DirectNode();
    node.step();
    expect(node.homeTest({ source: OTHER })).toBe('not-from-correspondent');
    expect(node.careOfTest(CARE_OF, { source: OTHER })).toBe('not-from-correspondent');
  });

  it('[RFC 6275 §11.6.2] a second one changes nothing, nor does one that nobody asked for', () => {
    const node = new DirectNode().register();
    const before = node.sent.length;
    expect(node.homeTest()).toBe('home-test-unmatched');
    expect(node.careOfTest()).toBe('care-of-test-unmatched');
    expect(node.sent.length).toBe(before);
    expect(node.bindings).toEqual([LTE]);
  });

  it('[RFC 6275 §11.6.2] a Home Test comes to the home address, in a tunnel', () => {
    const node = new DirectNode();
    node.step();
    expect(node.homeTest({ device: 'lte0' })).toBe('home-test-outside-tunnel');
    expect(node.homeTest({ destination: CARE_OF })).toBe('home-test-elsewhere');
    expect(node.homeTest()).toBeUndefined();
  });

  it('[RFC 5648 §9.3.1] a Home Test may come by any tunnel', () => {
    const node = new DirectNode();
    node.step();
    expect(node.homeTest({ device: 'kdg-wifi' })).toBeUndefined();
  });

  it('[RFC 6275 §11.6.2] a Care-of Test comes to the current care-of address', () => {
    const node = new DirectNode();
    node.step();
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    node.step();
    expect(node.careOfTest(CARE_OF)).toBe('care-of-test-unmatched');
    expect(node.careOfTest(CARE_OF_2)).toBeUndefined();
  });

  it('[RFC 6275 §6.1.5] [RFC 6275 §6.1.6] options that do not belong there are skipped', () => {
    const node = new DirectNode();
    node.step();
    node.homeTest();
    expect(node.careOfTest(CARE_OF, { options: [{ kind: 'binding-refresh-advice', interval: 4 }] })).toBe(
      undefined,
    );
    expect(node.count('binding-update')).toBe(1);
  });

  it('[RFC 6275 §6.1.1] reserved octets mean nothing', () => {
    const node = new DirectNode();
    node.step();
    const change = (packet: Uint8Array) =>
      withMobilityHeader(packet, header => {
        header[3] = 0xff;
      });
    expect(node.homeTest({ change })).toBeUndefined();
    expect(node.careOfTest(CARE_OF, { change })).toBeUndefined();
    expect(node.count('binding-update')).toBe(1);
  });

  it('[RFC 5648 §4.3] a Care-of Test whose identifier has a status of 128 or more gives no token', () => {
    const node = new DirectNode();
    node.step();
    node.homeTest();
    const option = bid(1, undefined);
    node.careOfTest(CARE_OF, { options: [{ ...option, status: 129 } as typeof option] });
    expect(node.count('binding-update')).toBe(0);
    expect(node.events.map(({ name }) => name)).toContain('care-of-test-refused');
  });

  it('[RFC 5648 §5.2] [multiplecoa-00 §3.1] a care-of address without Care-of Test is not registered, the others are', () => {
    const node = new DirectNode().register();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.wait(100_000);
    expect(node.bindings).toEqual([LTE]);
    node.careOfTest(CARE_OF_2, { cookie: new Uint8Array(8) });
    node.wait(700_000);
    expect(
      node.sent.filter(({ received }) => equalAddress(received.source, CARE_OF_2)).length,
    ).toBeGreaterThan(4);
  });
});

describe('the Binding Update', () => {
  it('[RFC 6275 §11.7.2] [RFC 6275 §6.2.7] [RFC 5648 §5.2] has what the correspondent needs, the authenticator last', () => {
    const node = new DirectNode();
    node.step();
    node.homeTest();
    node.careOfTest();
    const { received, message, device } = node.update;
    expect(received).toMatchObject({ source: CARE_OF, destination: CORRESPONDENT, homeAddress: HOME });
    expect(device).toBe('lte0');
    expect(message).toMatchObject({ acknowledge: true, homeRegistration: false, lifetime: 420 });
    expect(message.options.map(option => option.kind)).toEqual([
      'binding-identifier',
      'nonce-indices',
      'binding-authorization-data',
    ]);
    expect(findOption(message.options, 'nonce-indices')).toMatchObject(INDICES);
    expect(findOption(message.options, 'binding-identifier')).toMatchObject({
      bid: 1,
      home: false,
      priority: 2,
      careOfAddress: CARE_OF,
    });
    const data = received.header.slice(0, -12);
    data.fill(0, 4, 6);
    const expected = hmacSha1(sha1(HOME_TOKEN, CARE_OF_TOKEN), CARE_OF, CORRESPONDENT, data).slice(0, 12);
    expect(received.header.slice(-12)).toEqual(expected);
  });

  it('[RFC 6275 §11.7.2] [RFC 6275 §11.4.2] its lifetime is no greater than what remains of the home registration', () => {
    const node = new DirectNode();
    node.renewing = false;
    node.paths = [{ ...PATHS.lte, expiresAt: node.now + 99_900 }];
    node.step();
    node.homeTest();
    node.careOfTest();
    expect(node.update.message.lifetime).toBe(96);
  });

  it('[RFC 5648 §2] [multiplecoa-00 §5.3] each care-of address has a message of its own, with the BID of the home registration', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    expect(node.bindings).toEqual([LTE, WIFI]);
    const updates = node.sent.filter(({ message }) => message.kind === 'binding-update');
    for (const { message, received } of updates) {
      if (message.kind !== 'binding-update') continue;
      const named = message.options.filter(option => option.kind === 'binding-identifier');
      expect(named).toHaveLength(1);
      expect(named[0]!.careOfAddress).toEqual(received.source);
    }
  });

  it('[RFC 5648 §4.1] all Binding Updates to one correspondent share a sequence number', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    const numbers = node.sent.flatMap(({ message }) =>
      message.kind === 'binding-update' ? [message.sequence] : [],
    );
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0]! + index) & 0xffff));
  });

  it('[RFC 5648 §5.9] the first one replaces what an earlier life has left, the others wait for it and add', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.step();
    node.homeTest();
    node.careOfTest();
    expect(node.count('care-of-test-init')).toBe(1);
    expect(node.update.message.bulkOrOverwrite).toBe(true);
    node.acknowledge();
    node.careOfTest(CARE_OF_2);
    expect(node.update.message.bulkOrOverwrite).toBe(false);
  });

  it('[RFC 6275 §11.7.2] [RFC 6275 §11.8] is repeated with back-off until it is acknowledged, with new tokens from the third time', () => {
    const node = new DirectNode();
    node.step();
    node.homeTest();
    node.careOfTest();
    node.wait(2999);
    const updates = () => node.sent.filter(({ message }) => message.kind === 'binding-update');
    expect(updates().map(({ at }) => at - 1_000_000)).toEqual([0, 1000]);
    node.wait(1);
    expect(updates()).toHaveLength(2);
    expect(node.homeTest()).toBeUndefined();
    expect(node.careOfTest()).toBeUndefined();
    expect(updates().map(({ at }) => at - 1_000_000)).toEqual([0, 1000, 3000]);
    const numbers = updates().map(({ message }) => ('sequence' in message ? message.sequence : -1));
    expect(new Set(numbers).size).toBe(3);
    node.acknowledge();
    expect(node.bindings).toEqual([LTE]);
    node.wait(60_000);
    expect(updates()).toHaveLength(3);
  });

  it('[RFC 6275 §5.2.7] after four without an answer there is a pause', () => {
    const node = new DirectNode();
    node.step();
    for (let i = 0; i < 60; i++) {
      if (node.optimization.entries.values().next().value!.home.isOutstanding) node.homeTest();
      node.careOfTest();
      node.wait(500);
    }
    expect(node.count('binding-update')).toBe(4);
  });
});

describe('keeping the binding', () => {
  it('[RFC 6275 §11.6.1] a new care-of address causes a Care-of Test Init only, for the home token is recent', () => {
    const node = new DirectNode().register();
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    const sent = node.step();
    expect(kinds(sent)).toEqual(['care-of-test-init']);
    node.careOfTest(CARE_OF_2);
    expect(node.update.received.source).toEqual(CARE_OF_2);
    node.acknowledge();
    expect(node.bindings).toEqual(['1 0.11 420']);
  });

  it('[RFC 6275 §5.2.7] after 210 s a token is asked for anew', () => {
    const node = new DirectNode().register();
    node.wait(209_999 - (node.now - 1_000_000));
    expect(node.count('home-test-init')).toBe(1);
    node.wait(1);
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    expect(kinds(node.step())).toEqual(['home-test-init', 'care-of-test-init']);
  });

  it('[RFC 6275 §11.7.2] is refreshed after three quarters of the lifetime, by return routability', () => {
    const node = new DirectNode().register();
    const before = node.sent.length;
    node.wait(1_000_000 + 314_999 - node.now);
    expect(node.sent.length).toBe(before);
    node.wait(1);
    expect(kinds(node.sent.slice(before))).toEqual(['home-test-init', 'care-of-test-init']);
    node.homeTest();
    node.careOfTest();
    expect(node.count('binding-update')).toBe(2);
    node.acknowledge();
    expect(node.bindings).toEqual([LTE]);
  });

  it('[RFC 6275 §11.5.1] [RFC 6275 §11.7.2] each correspondent is told of a new care-of address', () => {
    const node = new DirectNode([CORRESPONDENT, OTHER]);
    node.step();
    expect(node.count('care-of-test-init')).toBe(2);
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    node.step();
    const told = node.sent
      .filter(({ received }) => equalAddress(received.source, CARE_OF_2))
      .map(({ received }) => formatAddress(received.destination));
    expect(told).toEqual([formatAddress(CORRESPONDENT), formatAddress(OTHER)]);
  });

  it('[RFC 6275 §11.6.1] [RFC 6275 §11.7.2] each is asked for both tokens again when those of before are too old', () => {
    const peers = [CORRESPONDENT, OTHER];
    const node = new DirectNode(peers);
    node.step();
    for (const source of peers) {
      const { message } = node.last('home-test-init', source);
      if (message.kind === 'home-test-init') node.homeTest({ source, cookie: message.cookie });
    }
    node.now += 215_000;
    node.paths = [{ ...PATHS.lte, careOfAddress: CARE_OF_2 }];
    const asked = node
      .step()
      .map(({ message, received }) => `${message.kind} ${formatAddress(received.destination)}`);
    for (const peer of peers.map(formatAddress)) {
      expect(asked).toContain(`home-test-init ${peer}`);
      expect(asked).toContain(`care-of-test-init ${peer}`);
    }
  });

  it('[RFC 5648 §5.4] [multiplecoa-00 §5.4] a lost care-of address is taken back by its BID, over another uplink', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    node.paths = [PATHS.wifi];
    node.step();
    const { message, received, device } = node.update;
    expect(message.lifetime).toBe(0);
    expect(received.source).toEqual(CARE_OF_2);
    expect(device).toBe('wifi0');
    expect(findOption(message.options, 'binding-identifier')).toMatchObject({ bid: 1 });
    expect(findOption(message.options, 'nonce-indices')).toMatchObject({ home: INDICES.home, careOf: 0 });
    const data = received.header.slice(0, -12);
    data.fill(0, 4, 6);
    expect(received.header.slice(-12)).toEqual(
      hmacSha1(sha1(HOME_TOKEN), HOME, CORRESPONDENT, data).slice(0, 12),
    );
    node.acknowledge();
    expect(node.bindings).toEqual([WIFI]);
    node.wait(20_000);
    expect(node.update.message.sequence).toBe(message.sequence);
  });

  it('moves what is used when the active uplink changes: the priorities say so', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    node.paths = [{ ...PATHS.wifi, priority: 1 }, PATHS.lte];
    node.step();
    expect(node.update.received.source).toEqual(CARE_OF_2);
    expect(findOption(node.update.message.options, 'binding-identifier')).toMatchObject({ priority: 1 });
  });

  it('[RFC 6275 §11.7.2] [multiplecoa-00 §5.5] at home all bindings are deleted: Home Test Init only, from the home address', () => {
    const node = new DirectNode().register();
    node.now += 220_000;
    node.paths = [];
    node.homeLink = 'home0';
    expect(kinds(node.step())).toEqual(['home-test-init']);
    const init = node.last('home-test-init');
    expect(init.tunnel).toBeUndefined();
    expect(init.device).toBe('home0');
    node.homeTest({ device: 'home0' });
    const { message, received, device } = node.update;
    expect(message.lifetime).toBe(0);
    expect(received.source).toEqual(HOME);
    expect(received.homeAddress).toBeUndefined();
    expect(device).toBe('home0');
    node.acknowledge({ routingHome: undefined });
    expect(node.bindings).toEqual([]);
  });

  it('[RFC 5648 §3] [RFC 5648 §5.5.1] [multiplecoa-00 §5.5] at home bindings of foreign links stay and are refreshed', () => {
    const node = new DirectNode();
    node.paths = [PATHS.lte, PATHS.wifi];
    node.register();
    node.paths = [PATHS.wifi];
    node.homeLink = 'home0';
    node.step();
    node.acknowledge({ routingHome: undefined });
    expect(node.bindings).toEqual([WIFI]);
    node.wait(315_000);
    expect(node.last('care-of-test-init').received.source).toEqual(CARE_OF_2);
  });

  it('[RFC 6275 §11.7.2] shutdown and switching off take the bindings back', () => {
    for (const off of [true, false]) {
      const node = new DirectNode().register();
      if (off) node.optimization.setObstacle('switched off', node.now);
      else node.optimization.leave(node.now);
      node.step();
      expect(node.update.message.lifetime).toBe(0);
      expect(findOption(node.update.message.options, 'binding-identifier')).toBeUndefined();
      expect(node.bindings).toEqual([]);
    }
  });

  it('a binding ends with its lifetime when nobody answers any more', () => {
    const node = new DirectNode().register();
    node.wait(430_000);
    expect(node.bindings).toEqual([]);
  });
});

it('a packet for somebody else is not taken for an answer', () => {
  const node = new DirectNode();
  node.step();
  const message = {
    kind: 'heartbeat',
    unsolicited: false,
    response: false,
    sequence: 1,
    options: [],
  } as const;
  const packet = emitMobilityPacket({ source: CORRESPONDENT, destination: CARE_OF, message });
  expect(node.receive(packet)).toBe('unexpected-message');
});
