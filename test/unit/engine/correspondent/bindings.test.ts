/** What a correspondent's Binding Cache holds, for how long, and what it says about it. */
import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/wire/address.ts';
import { enclose } from '../../../../src/wire/envelope.ts';
import { emitIcmpv6Error } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIpv6 } from '../../../../src/wire/ipv6.ts';
import { findOption, type MobilityOption } from '../../../../src/wire/mobility-option.ts';
import { parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, bid, CARE_OF, CARE_OF_2, CARE_OF_3, HOME, prefix } from '../anchor.ts';
import { COOKIE, CORRESPONDENT, Pair, type Said } from './mobile-node.ts';

const HOME_2 = address('2001:db8:100::2');
const OTHER_OWN = address('2001:db8:cc::6');

const identified = (number: number, careOf: Address, more: { priority?: number; home?: boolean } = {}) => ({
  source: careOf,
  options: [bid(number, careOf, more)],
});

describe('bindings', () => {
  it('[RFC 6275 §9.5.2] registration, refresh and another care-of address', () => {
    const pair = new Pair();
    expect(pair.status()).toBe(0);
    expect(pair.status()).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
    expect(pair.status({ source: CARE_OF_2 })).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:b::2']);
  });

  it('[RFC 6275 §9.5.2] a refresh with recent tokens, a handover with the care-of token new', () => {
    const pair = new Pair();
    const home = pair.homeTest();
    const careOf = pair.careOfTest();
    expect(pair.status({ home, careOf })).toBe(0);
    pair.now += 100_000;
    expect(pair.status({ home, careOf })).toBe(0);
    expect(pair.status({ home, source: CARE_OF_2 })).toBe(0);
    expect(pair.bindings()).toEqual(['0 2001:db8:b::2']);
  });

  it('[RFC 6275 §9.1] each of its addresses has a Binding Cache of its own', () => {
    const pair = new Pair();
    pair.update();
    pair.update({ destination: OTHER_OWN, source: CARE_OF_2 });
    expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
    expect(pair.bindings(HOME, OTHER_OWN)).toEqual(['0 2001:db8:b::2']);
  });

  it('[RFC 6275 §9.1] several home addresses are independent', () => {
    const pair = new Pair();
    pair.update();
    pair.update({ homeAddress: HOME_2, source: CARE_OF_2 });
    pair.update({ lifetime: 0 });
    expect(pair.bindings()).toEqual([]);
    expect(pair.bindings(HOME_2)).toEqual(['0 2001:db8:b::2']);
  });

  it.each([
    [424, 420],
    [600, 420],
    [262_140, 420],
    [420, 420],
    [4, 4],
  ])('[RFC 6275 §9.5.2] a lifetime of %i s is granted for %i s', (asked, granted) => {
    const pair = new Pair();
    expect(pair.update({ lifetime: asked })!.message.lifetime).toBe(granted);
    pair.now += 2000;
    expect(pair.update({ lifetime: asked })!.message.lifetime).toBe(granted);
    expect(pair.lifetime()).toBe(granted);
  });

  it('[RFC 6275 §9.5.2] [RFC 6275 §9.6] an entry goes when its lifetime ends, to the millisecond', () => {
    const pair = new Pair();
    pair.update({ lifetime: 20 });
    pair.wait(10_000);
    pair.update({ lifetime: 20 });
    pair.wait(19_999);
    expect(pair.bindings()).toHaveLength(1);
    pair.wait(1);
    expect(pair.bindings()).toEqual([]);
    expect(pair.output.map(output => output.kind)).toContain('forwarding');
    expect(pair.correspondent.view().peers).toEqual([]);
  });

  it.each([{ key: () => new Uint8Array(20) }, { authorized: false as const }])(
    '[RFC 6275 §9.5.1] an update that fails the tests leaves binding and lifetime: %#',
    wrong => {
      const pair = new Pair();
      pair.update({ lifetime: 40 });
      for (const said of [{}, { source: CARE_OF_2 }, { lifetime: 0 }]) pair.update({ ...said, ...wrong });
      expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
      expect(pair.lifetime()).toBe(40);
    },
  );

  it('[RFC 6275 §9.5.3] a deletion creates no entry', () => {
    const pair = new Pair();
    expect(pair.status({ lifetime: 0 })).toBe(0);
    expect(pair.correspondent.cache.size).toBe(0);
  });

  const away = { source: CARE_OF, homeAddress: HOME };
  const atHome = { source: HOME, homeAddress: undefined };
  const withOption = { source: HOME, homeAddress: HOME };
  it.each([
    ['away from home', { ...away, lifetime: 0 }],
    ['away from home, alternate', { ...away, lifetime: 0, alternate: CARE_OF_2 }],
    ['alternate that is the home address, with a lifetime', { ...away, lifetime: 420, alternate: HOME }],
    ['alternate that is the home address', { ...away, lifetime: 0, alternate: HOME }],
    ['at home', { ...atHome, lifetime: 0 }],
    ['at home, Home Address option', { ...withOption, lifetime: 0 }],
    ['at home, alternate', { ...atHome, lifetime: 0, alternate: HOME }],
    ['at home, both options', { ...withOption, lifetime: 0, alternate: HOME }],
    ['at home, with a lifetime', { ...atHome, lifetime: 420 }],
    ['at home, Home Address option, with a lifetime', { ...withOption, lifetime: 420 }],
    ['at home, alternate, with a lifetime', { ...atHome, lifetime: 420, alternate: HOME }],
    ['at home, both options, with a lifetime', { ...withOption, lifetime: 420, alternate: HOME }],
  ] as [string, Said & { alternate?: Address }][])(
    '[RFC 6275 §9.5.3] a deletion, tokens new and recent: %s',
    (_, { alternate, ...said }) => {
      for (const recent of [false, true]) {
        const pair = new Pair();
        const home = pair.homeTest();
        pair.update(recent ? { home } : {});
        const options: MobilityOption[] =
          alternate === undefined ? [] : [{ kind: 'alternate-care-of-address', address: alternate }];
        expect(pair.status({ ...said, options, ...(recent && { home }) })).toBe(0);
        expect(pair.bindings()).toEqual([]);
      }
    },
  );

  it('[RFC 6275 §9.5.1] bindings that refer to each other are refused', () => {
    const pair = new Pair();
    pair.update({ homeAddress: HOME, source: HOME_2 });
    expect(pair.status({ homeAddress: HOME_2, source: HOME })).toBe(128);
    expect(pair.bindings(HOME_2)).toEqual([]);
  });

  it('a configuration with home addresses refuses the others with 129', () => {
    const pair = new Pair({ mobileNodes: [prefix('2001:db8:100::1/128')] });
    expect(pair.status({ homeAddress: HOME_2 })).toBe(129);
    expect(pair.status()).toBe(0);
  });

  it('nothing is answered while the kernel cannot carry the packets', () => {
    const pair = new Pair();
    pair.update();
    pair.input({ kind: 'direct-path', obstacle: 'no mip6' });
    expect(pair.bindings()).toEqual([]);
    pair.say({ kind: 'home-test-init', cookie: COOKIE, options: [] }, HOME);
    expect(pair.sent).toEqual([]);
  });
});

describe('room', () => {
  const node = (index: number) => ({
    homeAddress: address(`2001:db8:200::${(index + 1).toString(16)}`),
    source: address(`2001:db8:300::${(index + 1).toString(16)}`),
  });

  it('[RFC 6275 §9.5.2] is refused with 130 while all others are in use, A flag or not', () => {
    const pair = new Pair({ maxBindings: 3 });
    for (let i = 0; i < 3; i++) expect(pair.status(node(i))).toBe(0);
    pair.wait(59_000);
    expect(pair.status({ ...node(3), acknowledge: false })).toBe(130);
    expect(pair.correspondent.cache.size).toBe(3);
    expect(pair.status(node(0))).toBe(0);
  });

  it('[RFC 6275 §9.1] [RFC 6275 §9.6] is made by the entry that was used longest ago, idle for a minute', () => {
    const pair = new Pair({ maxBindings: 3 });
    for (let i = 0; i < 3; i++) pair.update(node(i));
    pair.wait(60_000);
    pair.input({ kind: 'used', peers: [node(0).homeAddress], heard: [node(0).homeAddress] });
    const packet = pair.emit(node(1));
    expect(pair.status(node(3))).toBe(0);
    expect(pair.bindings(node(1).homeAddress)).toEqual([]);
    expect(pair.bindings(node(0).homeAddress)).toHaveLength(1);
    pair.receive(packet);
    expect(pair.counter('replayed')).toBe(0);
    expect(pair.correspondent.cache.size).toBe(3);
  });

  it("[RFC 6275 §9.6] a dropped entry's Binding Update cannot be replayed", () => {
    const pair = new Pair({ maxBindings: 1 });
    const packet = pair.emit(node(0));
    pair.receive(packet);
    pair.wait(60_000);
    pair.update(node(1));
    pair.wait(60_000);
    pair.receive(packet);
    expect(pair.counter('replayed')).toBe(1);
    expect(pair.bindings(node(1).homeAddress)).toHaveLength(1);
  });

  it('[RFC 6275 §9.1] below the limit no entry goes before its time', () => {
    const pair = new Pair({ maxBindings: 50 });
    for (let i = 0; i < 50; i++) pair.update(node(i));
    pair.wait(400_000);
    expect(pair.correspondent.cache.size).toBe(50);
  });

  it('what is remembered of deletions is bounded too', () => {
    const pair = new Pair({ maxBindings: 2 });
    for (let i = 0; i < 10; i++) {
      pair.update(node(i));
      pair.update({ ...node(i), lifetime: 0 });
    }
    expect(pair.counter('refused-130')).toBeGreaterThan(0);
    pair.wait(240_000);
    expect(pair.status(node(11))).toBe(0);
  });
});

describe('several care-of addresses', () => {
  function three(): Pair {
    const pair = new Pair();
    pair.update(identified(1, CARE_OF, { priority: 20 }));
    pair.update(identified(2, CARE_OF_2, { priority: 10 }));
    pair.update(identified(3, CARE_OF_3, { priority: 30 }));
    return pair;
  }

  it('[RFC 5648 §6.1] [multiplecoa-00 §6.1] home address and BID find the entry: update and removal of one of three', () => {
    const pair = three();
    expect(pair.bindings()).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2', '3 2001:db8:c::2']);
    const moved = address('2001:db8:d::2');
    expect(pair.status(identified(2, moved))).toBe(0);
    expect(pair.bindings()).toEqual(['1 2001:db8:a::2', '2 2001:db8:d::2', '3 2001:db8:c::2']);
    expect(pair.status({ ...identified(1, CARE_OF), lifetime: 0 })).toBe(0);
    expect(pair.bindings()).toEqual(['2 2001:db8:d::2', '3 2001:db8:c::2']);
  });

  it('[RFC 5648 §6.1] [multiplecoa-00 §6.1] data takes the one of best priority', () => {
    const pair = three();
    expect(pair.correspondent.view().peers[0]).toMatchObject({ homeAddress: HOME, active: CARE_OF_2 });
    expect(pair.correspondent.view().peers[0]!.careOfAddresses).toHaveLength(3);
    pair.update({ ...identified(2, CARE_OF_2), lifetime: 0 });
    expect(pair.correspondent.view().peers[0]!.active).toEqual(CARE_OF);
    pair.update(identified(1, CARE_OF, { priority: 30 }));
    expect(pair.correspondent.view().peers[0]!.active).toEqual(CARE_OF);
    pair.update(identified(3, CARE_OF_3, { priority: 30 }));
    expect(pair.correspondent.view().peers[0]!.active).toEqual(CARE_OF_3);
  });

  it('[RFC 5648 §4.1] [RFC 5648 §6.2] all bindings of a home address share the sequence number', () => {
    const pair = three();
    const last = pair.sequence;
    pair.sequence -= 2;
    expect(pair.update(identified(1, CARE_OF))!.message).toMatchObject({ status: 135, sequence: last });
  });

  it('[RFC 5648 §6.2] [multiplecoa-00 §6.2] a regular Binding Update replaces all, a regular deletion removes all', () => {
    const pair = three();
    expect(pair.status({ lifetime: 0 })).toBe(0);
    expect(pair.bindings()).toEqual([]);
    const again = three();
    expect(again.status({ source: CARE_OF_2 })).toBe(0);
    expect(again.bindings()).toEqual(['0 2001:db8:b::2']);
  });

  it('[RFC 5648 §6.2] 165 to an identifier beside a regular binding, which the O flag replaces', () => {
    const pair = new Pair();
    pair.update();
    expect(pair.status(identified(1, CARE_OF_2))).toBe(165);
    expect(pair.bindings()).toEqual(['0 2001:db8:a::2']);
    expect(pair.status({ ...identified(1, CARE_OF_2), bulkOrOverwrite: true })).toBe(0);
    expect(pair.bindings()).toEqual(['1 2001:db8:b::2']);
    pair.update(identified(2, CARE_OF_3));
    expect(pair.status({ ...identified(7, CARE_OF), bulkOrOverwrite: true })).toBe(0);
    expect(pair.bindings()).toEqual(['7 2001:db8:a::2']);
  });

  it('[RFC 5648 §6.2] [multiplecoa-00 §3.1] two identifiers are answered with 168 and bind nothing', () => {
    const pair = new Pair();
    const options = [bid(1, CARE_OF), bid(2, CARE_OF_2)];
    expect(pair.status({ options })).toBe(168);
    expect(pair.bindings()).toEqual([]);
  });

  it.each([
    ['IPv4', Uint8Array.of(192, 0, 2, 1)],
    ['multicast', address('ff02::1')],
    ['link-local', address('fe80::1')],
  ])('[RFC 5648 §6.2] [RFC 5648 §4.3] 164 to a care-of address that is %s', (_, careOf) => {
    const pair = new Pair();
    const answer = pair.update({ options: [bid(1, careOf)], careOf: pair.careOfTest(), bound: CARE_OF })!;
    expect(answer.message.status).toBe(164);
    expect(pair.bindings()).toEqual([]);
  });

  it.each([0, 3, 5, 19])('[RFC 5648 §6.2] 164 to an identifier of length %i', length => {
    const pair = new Pair();
    const options = [{ kind: 'opaque', type: 35, data: new Uint8Array(length) } as const];
    expect(pair.status({ options })).toBe(164);
  });

  it('[RFC 5648 §6.2] 164 to the BID 0', () => {
    const pair = new Pair();
    expect(pair.status(identified(0, CARE_OF))).toBe(164);
  });

  it('[RFC 5648 §6.2] an identifier without address updates the binding that is there, else 167', () => {
    const pair = new Pair();
    expect(pair.status({ options: [bid(1, undefined)] })).toBe(167);
    pair.update(identified(1, CARE_OF));
    expect(pair.status({ options: [bid(1, undefined)], lifetime: 80 })).toBe(0);
    expect(pair.bindings()).toEqual(['1 2001:db8:a::2']);
    expect(pair.lifetime(1)).toBe(80);
  });

  it('[RFC 5648 §6.2] a deletion of an unknown BID has the answer 133', () => {
    const pair = three();
    expect(pair.status({ ...identified(9, CARE_OF), lifetime: 0 })).toBe(133);
    expect(pair.bindings()).toHaveLength(3);
  });

  it('[RFC 5648 §6.2] the status stands in the message, never in the option', () => {
    const pair = new Pair();
    const own = (said: Parameters<Pair['update']>[0]) =>
      findOption(pair.update(said)!.message.options, 'binding-identifier')!;
    const noisy = { ...bid(1, CARE_OF), status: 9 } as MobilityOption;
    expect(own({ options: [noisy] })).toMatchObject({ bid: 1, status: 0 });
    expect(own({ ...identified(9, CARE_OF), lifetime: 0 })).toMatchObject({ bid: 9, status: 0 });
  });

  it('[RFC 5648 §4.3] the H flag of an identifier means nothing here', () => {
    const pair = new Pair();
    expect(pair.status(identified(1, CARE_OF, { home: true }))).toBe(0);
    expect(pair.bindings()).toEqual(['1 2001:db8:a::2']);
  });

  it('[multiplecoa-00 §3.1] a changed BID is refused', () => {
    const pair = new Pair();
    const packet = pair.emit(identified(1, CARE_OF));
    const at = packet.findIndex((octet, i) => i > 64 && octet === 35 && packet[i + 1] === 20);
    packet[at + 3]! ^= 4;
    packet[69]! ^= 4;
    pair.receive(packet);
    expect(pair.bindings()).toEqual([]);
  });

  it('[multiplecoa-00 §6.2] sequence number, nonces and authenticator come before the identifier', () => {
    const pair = three();
    const wrong = [bid(0, CARE_OF)];
    const never = { nonceIndex: 0xbeef, keygenToken: new Uint8Array(8) };
    expect(pair.status({ options: wrong, home: never })).toBe(136);
    expect(pair.update({ options: wrong, key: () => new Uint8Array(20) })).toBeUndefined();
    expect(pair.status({ options: wrong, sequence: 1 })).toBe(135);
    expect(pair.status({ options: wrong })).toBe(164);
  });

  it('[multiplecoa-00 §6.1] who wants one binding only skips the identifier', () => {
    const pair = new Pair({ multiple: false });
    const answer = pair.update(identified(1, CARE_OF))!;
    expect(answer.message.options.map(option => option.kind)).toEqual(['binding-authorization-data']);
    pair.update(identified(2, CARE_OF_2));
    expect(pair.bindings()).toEqual(['0 2001:db8:b::2']);
  });

  it('no home address has more than eight', () => {
    const pair = new Pair();
    for (let i = 1; i <= 8; i++) expect(pair.status(identified(i, address(`2001:db8:a::${i}`)))).toBe(0);
    expect(pair.status(identified(9, CARE_OF_2))).toBe(130);
  });
});

describe('Binding Refresh Requests', () => {
  const kinds = (packets: readonly Uint8Array[]) =>
    packets.map(packet => {
      const parsed = parseMobilityPacket(packet);
      return parsed.ok ? parsed.value : undefined;
    });

  it('[RFC 6275 §9.5.5] three at most, with growing pauses, to the home address, while the binding is in use', () => {
    const pair = new Pair();
    pair.update({ lifetime: 400 });
    pair.wait(299_000);
    pair.input({ kind: 'used', peers: [HOME], heard: [HOME] });
    const times: number[] = [];
    const start = pair.now;
    for (let i = 0; i < 100; i++) for (const _ of pair.wait(1000)) times.push(pair.now - start);
    expect(times).toEqual([1000, 3000, 7000]);
    const again = new Pair();
    again.update({ lifetime: 400 });
    again.wait(299_000);
    again.input({ kind: 'used', peers: [HOME], heard: [HOME] });
    const [request] = kinds(again.wait(2000));
    expect(request).toMatchObject({ source: CORRESPONDENT, destination: HOME });
    expect(request?.routingHome).toBeUndefined();
    expect(request?.message).toMatchObject({ kind: 'binding-refresh-request', options: [] });
  });

  it('[RFC 6275 §9.5.5] none for a binding that is not in use', () => {
    const pair = new Pair();
    pair.update({ lifetime: 400 });
    pair.wait(100_000);
    pair.input({ kind: 'used', peers: [HOME], heard: [HOME] });
    expect(pair.wait(400_000)).toEqual([]);
  });

  it('[RFC 6275 §9.5.5] none after the Binding Update has come', () => {
    const pair = new Pair();
    pair.update({ lifetime: 400 });
    pair.wait(299_000);
    pair.input({ kind: 'used', peers: [HOME], heard: [HOME] });
    expect(pair.wait(1500)).toHaveLength(1);
    pair.update({ lifetime: 400 });
    expect(pair.wait(200_000)).toEqual([]);
  });

  it('[RFC 5648 §4.3] [RFC 5648 §6.4] [multiplecoa-00 §6.4] names the BID, without a care-of address: length 4', () => {
    const pair = new Pair();
    pair.update({ ...identified(5, CARE_OF), lifetime: 400 });
    pair.wait(299_000);
    pair.input({ kind: 'used', peers: [HOME], heard: [HOME] });
    const [request] = kinds(pair.wait(1500));
    expect(request?.message).toMatchObject({ options: [{ kind: 'binding-identifier', bid: 5 }] });
    const option = request!.header.indexOf(35);
    expect([...request!.header.subarray(option, option + 4)]).toEqual([35, 4, 0, 5]);
  });
});

describe('Home Address options in other packets', () => {
  const UDP = 17;
  const data = (source: Address, homeAddress: Address, protocol = UDP) =>
    enclose(new Uint8Array(16), protocol, 6, { source, destination: CORRESPONDENT, homeAddress });

  it('[RFC 6275 §9.3.1] [RFC 5648 §6.5] [multiplecoa-00 §6.5] without a binding: Binding Error 1 with the home address, no options', () => {
    const pair = new Pair();
    pair.receive(data(CARE_OF, HOME));
    expect(pair.answer).toMatchObject({ source: CORRESPONDENT, destination: CARE_OF });
    expect(pair.answer?.message).toEqual({
      kind: 'binding-error',
      status: 1,
      homeAddress: HOME,
      options: [],
    });
    expect(pair.correspondent.cache.size).toBe(0);
  });

  it('[RFC 6275 §9.3.1] [RFC 5648 §6.5] the source is one of the care-of addresses, or the same answer', () => {
    const pair = new Pair();
    pair.update(identified(1, CARE_OF));
    pair.update(identified(2, CARE_OF_2));
    for (const source of [CARE_OF, CARE_OF_2]) {
      pair.receive(data(source, HOME));
      expect(pair.sent).toEqual([]);
    }
    pair.receive(data(CARE_OF_3, HOME));
    expect(pair.answer?.message).toMatchObject({ kind: 'binding-error', status: 1 });
  });

  it('[RFC 6275 §9.3.1] ESP is left to its own proof', () => {
    const pair = new Pair();
    pair.receive(data(CARE_OF, HOME, 50));
    expect(pair.sent).toEqual([]);
  });

  it.each(['ff02::1', '::'])('[RFC 6275 §9.3.3] silence for the source %s', source => {
    const pair = new Pair();
    pair.receive(data(address(source), HOME));
    expect(pair.sent).toEqual([]);
  });

  it('[RFC 6275 §9.3.3] these answers are limited to 10 a second', () => {
    const pair = new Pair();
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      pair.now += 10;
      pair.receive(data(CARE_OF, HOME));
      answers += pair.sent.length;
    }
    expect(answers).toBeGreaterThan(100);
    expect(answers).toBeLessThanOrEqual(121);
  });

  it('[RFC 6275 §9.2] Binding Error 2 for an unknown MH Type', () => {
    const pair = new Pair();
    pair.say({ kind: 'opaque', type: 99, data: new Uint8Array(2) }, CARE_OF);
    expect(pair.answer?.message).toMatchObject({ kind: 'binding-error', status: 2 });
  });

  it('messages for mobile nodes and home agents change nothing and have no answer', () => {
    const pair = new Pair();
    pair.update();
    pair.say({ kind: 'binding-error', status: 1, homeAddress: HOME, options: [] }, CARE_OF);
    expect(pair.sent).toEqual([]);
    pair.say({ kind: 'binding-refresh-request', options: [] }, CARE_OF);
    expect(pair.sent).toEqual([]);
    expect(pair.bindings()).toHaveLength(1);
  });
});

describe('Destination Unreachable', () => {
  const ROUTER = address('2001:db8:a::ff');
  const error = (pair: Pair, invoking: Uint8Array, destination = CORRESPONDENT) =>
    pair.receive(
      emitIcmpv6Error(ROUTER, destination, { kind: 'destination-unreachable', code: 3, invoking }),
    );
  const direct = (routingHome: Address | undefined, destination = CARE_OF, length = 16) =>
    enclose(new Uint8Array(length), 17, 6, { source: CORRESPONDENT, destination, routingHome });

  it('[RFC 6275 §9.3.4] three within 30 s delete the binding, one does not', () => {
    const pair = new Pair();
    pair.update();
    error(pair, direct(HOME));
    expect(pair.bindings()).toHaveLength(1);
    pair.now += 10_000;
    error(pair, direct(HOME, CARE_OF, 1400));
    expect(pair.bindings()).toHaveLength(1);
    error(pair, direct(HOME));
    expect(pair.bindings()).toEqual([]);
  });

  it('[RFC 6275 §9.3.4] not while packets come from there, and not over a long time', () => {
    const pair = new Pair();
    pair.update();
    for (let i = 0; i < 10; i++) {
      error(pair, direct(HOME));
      pair.now += 16_000;
    }
    for (let i = 0; i < 10; i++) {
      error(pair, direct(HOME));
      pair.input({ kind: 'used', peers: [HOME], heard: [HOME] });
    }
    expect(pair.bindings()).toHaveLength(1);
  });

  it('[RFC 6275 §9.3.4] nor when the packet in error was not led there by the binding', () => {
    const pair = new Pair();
    pair.update();
    for (let i = 0; i < 10; i++) {
      error(pair, direct(undefined));
      error(pair, direct(HOME_2));
      error(pair, direct(HOME, CARE_OF_2));
      error(pair, emitIpv6(CORRESPONDENT, CARE_OF, 17, new Uint8Array(8)));
      error(pair, new Uint8Array(3));
    }
    expect(pair.bindings()).toHaveLength(1);
  });
});

it('[RFC 6275 §8.2] a lifetime of a mobile node: tests, registration, movement, deletion', () => {
  const pair = new Pair();
  expect(pair.status()).toBe(0);
  expect(pair.status({ source: CARE_OF_2 })).toBe(0);
  expect(pair.status({ source: HOME, homeAddress: undefined, lifetime: 0 })).toBe(0);
  expect(pair.correspondent.cache.size).toBe(0);
});
