import { describe, expect, it } from 'vitest';
import { addressKey, formatAddress } from '../../../../src/wire/address.ts';
import { Anchor, address, bid, CARE_OF, CARE_OF_2, HOME, PEER, PREFIX_1, prefix } from '../anchor.ts';
import {
  atNodeLinkLayer,
  HOME_PREFIX,
  HomeLinkAnchor,
  LINK,
  LINK_LAYER,
  LINK_LOCAL,
  NODE_LINK_LOCAL,
  neighborMessages,
} from './home-link-anchor.ts';

const HOME_TEXT = formatAddress(HOME);
const LINK_LOCAL_TEXT = formatAddress(NODE_LINK_LOCAL);

describe('[RFC 6275 §10.3.1] duplicate address detection before the first registration', () => {
  it('solicits the home address on the home link, and holds the answer back for a second', () => {
    const anchor = new HomeLinkAnchor();
    expect(anchor.update()).toBeUndefined();
    const [solicitation, ...others] = neighborMessages(anchor.output);
    expect(others).toEqual([]);
    expect(solicitation).toMatchObject({ device: LINK, hopLimit: 255 });
    expect(formatAddress(solicitation!.source)).toBe('::');
    expect(formatAddress(solicitation!.destination)).toBe('ff02::1:ff00:1');
    expect(solicitation!.message).toMatchObject({ kind: 'neighbor-solicitation', target: HOME, options: [] });
    expect([anchor.bindings, anchor.defended]).toEqual([[], []]);
    anchor.wait(999);
    expect(anchor.bindings).toEqual([]);
    anchor.wait(1);
    expect(anchor.answer?.message).toMatchObject({ status: 0, lifetime: 600, sequence: anchor.sequence });
    expect(anchor.bindings).toEqual(['0 2001:db8:a::2']);
  });

  it.each([
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ])('rejects with 134 when somebody has the address, A flag %s, L flag %s', (acknowledge, linkLocal) => {
    const anchor = new HomeLinkAnchor();
    anchor.update({ acknowledge, linkLocalCompatibility: linkLocal });
    anchor.advertise(HOME);
    expect(anchor.answer?.message).toMatchObject({ status: 134, lifetime: 0 });
    expect(anchor.bindings).toEqual([]);
    anchor.wait(2000);
    expect(anchor.bindings).toEqual([]);
  });

  it('rejects when somebody else tests the address at the same time', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update();
    anchor.contest(HOME);
    expect(anchor.answer?.message.status).toBe(134);
  });

  it('rejects the whole Binding Update, with every care-of address in it', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update({ options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] });
    anchor.advertise(HOME);
    expect(anchor.answer?.message.status).toBe(134);
    expect(anchor.bindings).toEqual([]);
  });

  it('L=0: only the home address is tested, and the link-local address may be somebody’s', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update({ linkLocalCompatibility: false });
    expect(anchor.solicitations).toEqual([HOME_TEXT]);
    anchor.advertise(NODE_LINK_LOCAL);
    anchor.wait(1000);
    expect(anchor.answer?.message.status).toBe(0);
  });

  it.each([
    [HOME, true],
    [HOME, false],
    [NODE_LINK_LOCAL, true],
    [NODE_LINK_LOCAL, false],
  ])('L=1: both addresses are tested, and either fails the test', (taken, acknowledge) => {
    const anchor = new HomeLinkAnchor();
    anchor.update({ linkLocalCompatibility: true, acknowledge });
    expect(anchor.solicitations).toEqual([HOME_TEXT, LINK_LOCAL_TEXT]);
    anchor.advertise(taken);
    expect(anchor.answer?.message.status).toBe(134);
  });

  it('L=1: the link-local address must not be the home agent’s own', () => {
    const anchor = new HomeLinkAnchor();
    anchor.link({ linkLocalAddress: NODE_LINK_LOCAL });
    expect(anchor.status({ linkLocalCompatibility: true })).toBe(134);
  });

  it('L=1: nor that of another mobile node with the same interface identifier', () => {
    const [other, otherPrefix] = [address('2001:db8:200::1'), prefix('2001:db8:200::/64')];
    const anchor = new HomeLinkAnchor({
      link: { prefixes: [HOME_PREFIX, otherPrefix] },
      config: { peers: [PEER, { ...PEER, name: 'other', homeAddress: other, prefixes: [] }] },
    });
    expect(anchor.register({ linkLocalCompatibility: true })!.message.status).toBe(0);
    const said = { homeAddress: other, mobileRouter: false, source: CARE_OF_2 };
    expect(anchor.status({ ...said, linkLocalCompatibility: true })).toBe(134);
    expect(anchor.register(said)!.message.status).toBe(0);
  });

  it('what other hosts say of other addresses, or on other links, does no harm', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update();
    anchor.advertise(address('2001:db8:100::2'));
    anchor.advertise(HOME, 'wan');
    anchor.wait(1000);
    expect(anchor.answer?.message.status).toBe(0);
  });

  it('a refresh, or another care-of address of a bound node, does not wait', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [bid(1, CARE_OF)] });
    expect(anchor.status({ options: [bid(1, CARE_OF)] })).toBe(0);
    expect(anchor.status({ options: [bid(2, CARE_OF_2)] })).toBe(0);
    expect(anchor.solicitations).toEqual([]);
  });

  it('a repeated Binding Update begins no other test and gets the only answer', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update();
    anchor.wait(600);
    anchor.update();
    expect(anchor.solicitations).toEqual([]);
    anchor.wait(399);
    expect(anchor.answer?.message.sequence).toBe(anchor.sequence);
    expect(anchor.output.filter(output => output.kind === 'send' && output.packet[6] === 43)).toHaveLength(1);
  });

  it('Binding Updates for several identifiers wait together and are answered in their order', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update({ options: [bid(1, CARE_OF)] });
    anchor.update({ options: [bid(2, CARE_OF_2)] });
    anchor.wait(1000);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2', '2 2001:db8:b::2']);
  });

  it('a de-registration ends the test', () => {
    const anchor = new HomeLinkAnchor();
    anchor.update();
    expect(anchor.status({ lifetime: 0 })).toBe(133);
    anchor.wait(2000);
    expect(anchor.bindings).toEqual([]);
  });

  it('there is none where the home network is virtual, and no delay', () => {
    const anchor = new Anchor();
    expect(anchor.agent.icmpv6Types).toEqual([1]);
    expect(anchor.status()).toBe(0);
  });

  it('there is none for a home address out of the mobile network prefix', () => {
    const homeAddress = address('2001:db8:100:1::1');
    const anchor = new HomeLinkAnchor({ peer: { homeAddress } });
    expect(anchor.status({ homeAddress })).toBe(0);
    expect([anchor.solicitations, anchor.advertised, anchor.defended]).toEqual([[], [], []]);
  });

  it('there is none while the home link is down: nobody is on it', () => {
    const anchor = new HomeLinkAnchor();
    anchor.link({ linkLayerAddress: undefined, linkLocalAddress: undefined, prefixes: [] });
    expect(anchor.status()).toBe(0);
    expect(anchor.solicitations).toEqual([]);
  });

  it('is not skipped while it is not known yet how the link stands, or while the home agent tests its own address', () => {
    const anchor = new HomeLinkAnchor({ unknown: true });
    expect(anchor.update()).toBeUndefined();
    expect(anchor.counter('home-link-unknown')).toBe(1);
    anchor.link({ linkLocalAddress: undefined });
    anchor.update();
    expect(anchor.solicitations).toEqual([HOME_TEXT]);
    anchor.wait(5000);
    expect([anchor.bindings.length, anchor.advertised]).toEqual([1, []]);
    anchor.link({ linkLocalAddress: LINK_LOCAL });
    expect(anchor.advertised).toEqual([HOME_TEXT]);
  });

  it('there is none for bindings that were adopted after a restart', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ linkLocalCompatibility: true });
    anchor.restart();
    anchor.link({});
    expect(anchor.status()).toBe(0);
    expect(anchor.defended).toEqual([HOME_TEXT, LINK_LOCAL_TEXT]);
  });
});

describe('[RFC 6275 §10.4.1] the home agent begins to serve', () => {
  it('multicasts an advertisement with the fields that are demanded, before it answers', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ mobileRouter: false });
    const [advertisement] = neighborMessages(anchor.output);
    expect(advertisement).toMatchObject({ device: LINK, hopLimit: 255 });
    expect(formatAddress(advertisement!.destination)).toBe('ff02::1');
    expect(addressKey(advertisement!.source)).toBe(addressKey(LINK_LOCAL));
    expect(advertisement!.message).toEqual({
      kind: 'neighbor-advertisement',
      router: false,
      solicited: false,
      override: true,
      target: HOME,
      options: [{ kind: 'target-link-layer-address', address: LINK_LAYER }],
    });
    // RFC 4861 §4.4: type, code, checksum; flags; target; option of 8 octets.
    const octets = [...advertisement!.packet.subarray(40)];
    expect([octets[0], octets[1], ...octets.slice(4, 8)]).toEqual([136, 0, 0x20, 0, 0, 0]);
    expect(octets.slice(8, 24)).toEqual([...HOME]);
    expect(octets.slice(24)).toEqual([2, 1, ...LINK_LAYER]);
    const kinds = anchor.output.flatMap(output =>
      output.kind === 'send' ? [output.destination[0] === 0xff ? 'advertisement' : 'answer'] : [],
    );
    expect(kinds.slice(0, 2)).toEqual(['advertisement', 'answer']);
    const first = anchor.output.find(output => output.kind === 'forwarding' || output.kind === 'send');
    expect(first!.kind).toBe('forwarding');
  });

  it('[RFC 3963 §6.2] the R bit is set for a mobile router', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ mobileRouter: true });
    expect(neighborMessages(anchor.output)[0]!.message).toMatchObject({ router: true, override: true });
    expect(anchor.node.home).toMatchObject({ router: true });
  });

  it.each([
    [false, [HOME_TEXT]],
    [true, [HOME_TEXT, LINK_LOCAL_TEXT]],
  ])('the link-local address too if the L flag is %s', (linkLocalCompatibility, expected) => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ linkLocalCompatibility });
    expect(anchor.advertised).toEqual(expected);
    expect(anchor.defended).toEqual(expected);
  });

  it('repeats it twice, a second apart, and not again for a refresh', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    const times: number[] = [];
    const start = anchor.now;
    for (let step = 0; step < 50; step++) {
      anchor.output = [];
      anchor.wait(100);
      if (anchor.advertised.length > 0) times.push(anchor.now - start);
    }
    expect(times).toEqual([1000, 2000]);
    anchor.update();
    expect(anchor.advertised).toEqual([]);
  });

  it('stops when the binding ends', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    anchor.update({ lifetime: 0 });
    expect(anchor.defended).toEqual([]);
    anchor.output = [];
    anchor.wait(5000);
    expect(anchor.advertised).toEqual([]);
  });

  it('the link is another one, or comes back: all are advertised anew', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    anchor.wait(5000);
    const newAddress = Uint8Array.of(2, 0, 0, 0, 0, 2);
    anchor.link({ linkLayerAddress: newAddress });
    expect(anchor.advertised).toEqual([HOME_TEXT]);
    anchor.link({ linkLayerAddress: undefined, linkLocalAddress: undefined });
    expect(anchor.advertised).toEqual([]);
    anchor.wait(5000);
    anchor.link({ linkLayerAddress: newAddress, linkLocalAddress: LINK_LOCAL });
    expect(anchor.advertised).toEqual([HOME_TEXT]);
  });

  it('says nothing for a home address that is on no link', () => {
    const anchor = new Anchor();
    anchor.update();
    expect(neighborMessages(anchor.output)).toEqual([]);
    expect(anchor.agent.view().nodes[0]!.home).toBeUndefined();
  });
});

describe('[RFC 6275 §10.3.1] a home address that is not on-link', () => {
  it.each([true, false])('is refused with 132, with A flag %s', acknowledge => {
    const anchor = new HomeLinkAnchor({ link: { prefixes: [prefix('2001:db8:7::/64')] } });
    expect(anchor.status({ acknowledge })).toBe(132);
    expect(anchor.bindings).toEqual([]);
  });

  it('is refused with 132 when its prefix is not valid any more', () => {
    const anchor = new HomeLinkAnchor();
    anchor.lifetimes(1, 3);
    expect(anchor.status()).toBe(132);
    anchor.lifetimes(100, 200);
    expect(anchor.register()!.message.status).toBe(1);
  });

  it('of a stranger gets no answer', () => {
    const anchor = new HomeLinkAnchor();
    expect(anchor.update({ homeAddress: address('2001:db8:100::77') })).toBeUndefined();
    expect(anchor.counter('unknown-home-address')).toBe(1);
  });
});

describe('the lifetimes of the home prefix', () => {
  it.each([
    [400, 400],
    [401, 400],
    [403, 400],
    [404, 404],
  ])('[RFC 6275 §10.3.1] of %i s valid at most %i s are granted', (valid, granted) => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    anchor.lifetimes(valid, valid + 0.001);
    expect(anchor.update({ lifetime: 600 })!.message.lifetime).toBe(granted);
  });

  it.each([
    ['without end', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0],
    ['preferred beyond the binding', 604, 1000, 0],
    ['preferred as long as the binding', 600, 1000, 0],
    ['preferred for a unit less', 599, 1000, 1],
    ['deprecated', 0, 1000, 1],
    ['valid as long as the binding', 600, 600, 1],
    ['valid for less than another unit', 603, 603, 1],
    ['valid for another unit', 604, 604, 0],
  ])('[RFC 6275 §10.3.1] status 0 or 1: %s', (_, preferred, valid, status) => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    anchor.now += 10;
    anchor.link({
      prefixes: [
        {
          prefix: HOME_PREFIX,
          preferredUntil: anchor.now + 1 + preferred * 1000,
          validUntil: anchor.now + 1 + valid * 1000,
        },
      ],
    });
    expect(anchor.update({ lifetime: 600 })!.message).toMatchObject({ status, lifetime: 600 });
  });

  it('[RFC 6275 §10.3.1] the preferred lifetime does not shorten what is granted', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    anchor.lifetimes(0, 10_000);
    expect(anchor.update({ lifetime: 600 })!.message).toMatchObject({ status: 1, lifetime: 600 });
  });

  it('[RFC 6275 §10.3.1] a binding ends with the prefix, also when that is shortened later', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ lifetime: 600 });
    anchor.lifetimes(10, 20);
    expect(anchor.records.get('node/2001:db8:100::1')).toMatchObject({
      bindings: [{ expiresAt: anchor.now + 20_000 }],
    });
    anchor.wait(19_999);
    expect(anchor.bindings.length).toBe(1);
    anchor.wait(1);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.output).toContainEqual({ kind: 'forwarding', homeAddress: HOME });
  });

  it('[RFC 6275 §10.3.1] a longer lifetime of the prefix lets the binding live as long as it was granted', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ lifetime: 600 });
    anchor.lifetimes(5000, 6000);
    anchor.wait(598_000);
    expect(anchor.bindings.length).toBe(1);
  });

  it('a prefix that was taken from the device goes on to its end', () => {
    const anchor = new HomeLinkAnchor();
    anchor.lifetimes(100, 100);
    anchor.link({ prefixes: [] });
    expect(anchor.register({ lifetime: 600 })!.message.lifetime).toBe(96);
  });
});

describe('[RFC 6275 §10.3.2] returning home', () => {
  const leaving = { source: HOME, homeAddress: undefined, lifetime: 0 } as const;

  it('ends the bindings and the defence, and answers on the link without a routing header', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] });
    const answer = anchor.update(leaving, LINK)!;
    expect(answer.message).toMatchObject({ status: 0, lifetime: 0 });
    expect(answer.routingHome).toBeUndefined();
    expect([anchor.bindings, anchor.defended]).toEqual([[], []]);
    const order = anchor.output.filter(output => output.kind === 'forwarding' || output.kind === 'send');
    expect(order.map(output => output.kind)).toEqual(['forwarding', 'send']);
    expect(order[1]).toMatchObject({ device: LINK, onLink: true });
  });

  it('[RFC 3963 §6.7] the node is on the link from then on, until it registers from abroad', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    expect(anchor.node.home!.present).toBe(false);
    anchor.update(leaving, LINK);
    expect(anchor.node.home!.present).toBe(true);
    anchor.restart();
    anchor.link({});
    expect(anchor.node.home!.present).toBe(true);
    anchor.register();
    expect(anchor.node.home!.present).toBe(false);
  });

  it('a de-registration through the tunnel or from abroad does not say that the node is at home', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register();
    anchor.update(leaving, 'kdg-vessel.0');
    expect([anchor.bindings, anchor.node.home!.present]).toEqual([[], false]);
    anchor.register();
    anchor.update({ lifetime: 0 });
    expect([anchor.bindings, anchor.node.home!.present]).toEqual([[], false]);
  });

  it('a refusal goes to the node on the link too', () => {
    const anchor = new HomeLinkAnchor();
    expect(anchor.update(leaving, LINK)!.message.status).toBe(133);
    expect(anchor.output).toContainEqual(expect.objectContaining({ device: LINK, onLink: true }));
    anchor.register({ options: [bid(1, CARE_OF)] });
    expect(anchor.update({ ...leaving, options: [bid(7, undefined)] }, LINK)!.message.status).toBe(133);
    expect(anchor.output).toContainEqual(expect.objectContaining({ device: LINK, onLink: true }));
  });

  it('of one interface only leaves the other bindings and the defence', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [bid(1, CARE_OF), bid(2, CARE_OF_2)] });
    expect(anchor.status({ lifetime: 0, options: [bid(1, CARE_OF)] })).toBe(0);
    expect([anchor.bindings, anchor.defended]).toEqual([['2 2001:db8:b::2'], [HOME_TEXT]]);
    anchor.update({ lifetime: 0, options: [bid(2, CARE_OF_2)] });
    expect([anchor.bindings, anchor.defended]).toEqual([[], []]);
  });
});

describe('[RFC 5648 §5.6] home and foreign links at once', () => {
  const home = bid(9, HOME, { home: true });
  const foreign = bid(1, CARE_OF);
  const atHome = { source: HOME, homeAddress: undefined } as const;
  const statuses = (anchor: HomeLinkAnchor) =>
    anchor.answer?.message.options.flatMap(option =>
      option.kind === 'binding-identifier' ? [[option.bid, option.status, option.home]] : [],
    );

  it('[RFC 5648 §6.3] a home binding is answered with 5, in the option too, on the link', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    const answer = anchor.update({ ...atHome, options: [home, atNodeLinkLayer] }, LINK)!;
    expect(answer.message.status).toBe(5);
    expect(statuses(anchor)).toEqual([[9, 5, true]]);
    expect(anchor.output).toContainEqual(expect.objectContaining({ device: LINK, onLink: true }));
    // RFC 5648 §6.2: the home address is the care-of address.
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2', '9 2001:db8:100::1']);
    expect(anchor.node.home).toMatchObject({ present: true, linkLayerAddress: atNodeLinkLayer.address });
    expect(anchor.defended).toEqual([HOME_TEXT]);
  });

  it('[RFC 5648 §6.3] with the home agent as the only router it is answered with 0, and the node defends its address', () => {
    const anchor = new HomeLinkAnchor({ link: { homeBinding: 'direct' } });
    anchor.register({ options: [foreign] });
    expect(anchor.defended).toEqual([HOME_TEXT]);
    expect(anchor.status({ options: [foreign, home] })).toBe(0);
    expect(statuses(anchor)).toEqual([
      [1, 0, false],
      [9, 0, true],
    ]);
    expect(anchor.defended).toEqual([]);
    // The node leaves the home link: the home agent defends again, and says so.
    anchor.update({ options: [foreign] });
    expect([anchor.defended, anchor.advertised]).toEqual([[HOME_TEXT], [HOME_TEXT]]);
  });

  it('[RFC 5648 §5.6.3] comes in a bulk registration as well, is refreshed and expires like others', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    expect(anchor.status({ options: [foreign, home, atNodeLinkLayer], lifetime: 100 })).toBe(4);
    expect(statuses(anchor)).toEqual([
      [1, 0, false],
      [9, 5, true],
    ]);
    anchor.wait(90_000);
    anchor.update({ options: [foreign, home], lifetime: 100 });
    expect(anchor.node.home!.linkLayerAddress).toEqual(atNodeLinkLayer.address);
    anchor.wait(90_000);
    expect(anchor.bindings.length).toBe(2);
    anchor.wait(20_000);
    expect(anchor.bindings).toEqual([]);
    expect(anchor.node.home).toMatchObject({ present: false, linkLayerAddress: undefined, defended: [] });
  });

  it('[RFC 5648 §6.3] is refused with 169 where the configuration says so, and where the home network is virtual', () => {
    const anchor = new HomeLinkAnchor({ link: { homeBinding: 'none' } });
    anchor.register({ options: [foreign] });
    expect(anchor.status({ options: [home, atNodeLinkLayer] })).toBe(169);
    const virtual = new Anchor();
    virtual.update({ options: [foreign] });
    expect(virtual.status({ options: [home, atNodeLinkLayer] })).toBe(169);
  });

  it('[RFC 5648 §6.3] is refused when the home agent could not tell where the node is', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    expect(anchor.status({ options: [home] })).toBe(128);
    expect(anchor.status({ options: [home, { ...atNodeLinkLayer, address: new Uint8Array(3) }] })).toBe(128);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
  });

  it('[RFC 5648 §5.6.3] has the home address as care-of address, or none, and there is one at a time', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    expect(anchor.status({ options: [bid(9, CARE_OF_2, { home: true }), atNodeLinkLayer] })).toBe(164);
    expect(anchor.status({ options: [bid(9, undefined, { home: true }), atNodeLinkLayer] })).toBe(5);
    const second = bid(8, HOME, { home: true });
    anchor.update({ options: [home, second, atNodeLinkLayer] });
    expect(statuses(anchor)).toEqual([
      [9, 5, true],
      [8, 164, true],
    ]);
    expect(anchor.status({ options: [second, atNodeLinkLayer] })).toBe(5);
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2', '8 2001:db8:100::1']);
  });

  it('[RFC 5648 §5.6.5] a registration without the H flag ends it', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    anchor.update({ options: [home, foreign, atNodeLinkLayer] });
    expect(anchor.bindings.length).toBe(2);
    anchor.update({ options: [foreign] });
    expect(anchor.bindings).toEqual(['1 2001:db8:a::2']);
    expect(anchor.node.home).toMatchObject({ present: false, linkLayerAddress: undefined });
  });

  it('[RFC 5648 §6.2] a de-registration with the H flag removes the home binding alone', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    anchor.update({ options: [home, foreign, atNodeLinkLayer] });
    expect(anchor.status({ lifetime: 0, options: [home] })).toBe(0);
    expect([anchor.bindings, anchor.defended]).toEqual([['1 2001:db8:a::2'], [HOME_TEXT]]);
  });

  it('[RFC 5648 §5.6.2] the home agent chooses between the links by priority', () => {
    const anchor = new HomeLinkAnchor({ link: { homeBinding: 'direct' } });
    const at = (priorities: [number, number]) => [
      bid(1, CARE_OF, { priority: priorities[0] }),
      bid(9, HOME, { home: true, priority: priorities[1] }),
    ];
    anchor.update({ options: at([1, 2]) });
    expect(anchor.node.active).toBe(9);
    anchor.update({ options: at([2, 1]) });
    expect(anchor.node.active).toBe(9);
  });

  it('is probed by nobody, and its place on the link outlives a restart', () => {
    const anchor = new HomeLinkAnchor();
    anchor.register({ options: [foreign] });
    anchor.update({ options: [home, atNodeLinkLayer] });
    anchor.restart();
    expect(anchor.node.home).toMatchObject({ present: true, linkLayerAddress: atNodeLinkLayer.address });
    const probes: number[] = [];
    for (let step = 0; step < 100; step++) {
      anchor.wait(1000);
      for (const output of anchor.output) {
        if (output.kind === 'send' && addressKey(output.destination) === addressKey(HOME)) probes.push(step);
      }
    }
    expect(probes).toEqual([]);
  });

  it('the first registration of all may be that of the home link, and is not tested against the node itself', () => {
    const anchor = new HomeLinkAnchor();
    const said = { ...atHome, mobileRouter: true, options: [home, atNodeLinkLayer] };
    expect(anchor.update(said, LINK)!.message.status).toBe(5);
    expect(anchor.solicitations).toEqual([]);
    expect(anchor.prefixes).toHaveLength(2);
    expect(PREFIX_1.length).toBe(64);
  });
});
