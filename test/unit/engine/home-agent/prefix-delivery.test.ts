/** Mobile prefix discovery, the home agent's end. */
import { describe, expect, it } from 'vitest';
import { HomeAgent } from '../../../../src/engine/home-agent/home-agent.ts';
import type { HomeAgentConfig } from '../../../../src/uci/types.ts';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import type { Icmpv6OfKind } from '../../../../src/wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../../../src/wire/icmpv6/nd-option.ts';
import { Anchor, AUTH, address, bid, CARE_OF, CARE_OF_2, HOME, HOME_AGENT, PEER, prefix } from '../anchor.ts';

const NET = prefix('2001:db8:100::/64');
const OTHER = prefix('2001:db8:200::/64');
const DAY = 86_400_000;

const INFINITE = 0xffffffff;
const NEW = prefix('2001:db8:300::/64');
const ROUTER = address('fe80::9');
const HOME_LINK = { device: 'br-lan', prefixes: [NET], homeBinding: 'proxy' } as const;

type PrefixInformation = Extract<NdOption, { kind: 'prefix-information' }>;
const INFORMATION: PrefixInformation = {
  kind: 'prefix-information',
  prefixLength: 64,
  onLink: true,
  autonomous: true,
  routerAddress: false,
  validLifetime: 86_400,
  preferredLifetime: 14_400,
  prefix: NEW.address,
};

class Host extends Anchor {
  constructor(config: Partial<HomeAgentConfig> = {}) {
    super({}, { homePrefixes: [NET, OTHER], ...config });
  }

  solicit(source: Address = CARE_OF, home: Address = HOME, spoil?: (packet: Uint8Array) => void) {
    const packet = emitIcmpv6Packet({
      source,
      destination: HOME_AGENT,
      homeAddress: home,
      message: { kind: 'mobile-prefix-solicitation', identifier: 0x4711, options: [] },
    });
    spoil?.(packet);
    this.receive(packet);
    return this.advertisements()[0];
  }

  /** Those that the latest input caused. */
  advertisements() {
    return this.sent.flatMap(packet => {
      const parsed = parseIcmpv6Packet(packet);
      if (!parsed.ok || parsed.value.message.kind !== 'mobile-prefix-advertisement') return [];
      const message = parsed.value.message as Icmpv6OfKind<'mobile-prefix-advertisement'>;
      return [{ ...parsed.value, message }];
    });
  }

  /** Times, in milliseconds from now, of the advertisements in that time. */
  listen(milliseconds: number): number[] {
    const start = this.now;
    const times: number[] = [];
    const end = this.now + milliseconds;
    for (let wake = this.agent.nextWake(); wake <= end; wake = this.agent.nextWake()) {
      this.now = Math.max(this.now, wake);
      this.input({ kind: 'timer' });
      for (const _ of this.advertisements()) times.push(this.now - start);
    }
    this.now = end;
    return times;
  }

  /** A Router Advertisement on the home link. */
  advertise(
    options: readonly Partial<PrefixInformation>[],
    more: { source?: Address; homeAgent?: boolean; managed?: boolean; device?: string } = {},
  ): void {
    const { source = ROUTER, homeAgent = true, managed = false, device = 'br-lan' } = more;
    const packet = emitIcmpv6Packet({
      source,
      destination: address('ff02::1'),
      hopLimit: 255,
      message: {
        kind: 'router-advertisement',
        currentHopLimit: 64,
        managed,
        otherConfiguration: false,
        homeAgent,
        preference: 0,
        routerLifetime: 1800,
        reachableTime: 0,
        retransmissionTimer: 0,
        options: options.map(option => ({ ...INFORMATION, ...option })),
      },
    });
    this.receive(packet, device);
  }

  link(validUntil: number, preferredUntil = validUntil): void {
    const prefixes = [{ prefix: NET, validUntil, preferredUntil }];
    const status = { linkLayerAddress: undefined, linkLocalAddress: undefined, prefixes };
    this.input({ kind: 'home-link', status });
  }
}

describe('a solicitation', () => {
  it('[RFC 6275 §10.6.2] [RFC 6275 §10.6.3] is answered at once, where it came from, with the routing header and all prefixes', () => {
    const host = new Host();
    host.update({ options: [bid(1, CARE_OF)] });
    host.update({ source: CARE_OF_2, options: [bid(2, CARE_OF_2)] });
    const answer = host.solicit(CARE_OF_2);
    expect(formatAddress(answer!.source)).toBe(formatAddress(HOME_AGENT));
    expect(formatAddress(answer!.destination)).toBe(formatAddress(CARE_OF_2));
    expect(formatAddress(answer!.routingHome!)).toBe(formatAddress(HOME));
    expect(answer!.message).toMatchObject({
      identifier: 0x4711,
      managed: false,
      otherConfiguration: false,
      options: [
        { kind: 'prefix-information', prefix: NET.address, prefixLength: 64, validLifetime: INFINITE },
        { kind: 'prefix-information', prefix: OTHER.address, prefixLength: 64, validLifetime: INFINITE },
      ],
    });
  });

  it('[RFC 6275 §10.6.3] without registration, of a stranger or from elsewhere has no answer', () => {
    const host = new Host();
    expect(host.solicit()).toBeUndefined();
    host.update();
    expect(host.solicit(CARE_OF_2)).toBeUndefined();
    expect(host.solicit(CARE_OF, CARE_OF_2)).toBeUndefined();
    expect(host.counter('prefix-solicitation-without-binding')).toBe(2);
    expect(host.counter('prefix-solicitation-unknown-home-address')).toBe(1);
    expect(host.solicit()).toBeDefined();
  });

  it('[RFC 6275 §6.7] is answered whatever its reserved bits are', () => {
    const host = new Host();
    host.update();
    const answer = host.solicit(CARE_OF, HOME, packet => {
      const at = 40 + 24;
      packet[at + 7] = 0xff;
      const sum = ((packet[at + 2]! << 8) | packet[at + 3]!) - 0xff;
      packet[at + 2] = (sum >> 8) & 0xff;
      packet[at + 3] = sum & 0xff;
    });
    expect(answer).toBeDefined();
  });

  it('of which there are many has few answers', () => {
    const host = new Host();
    host.update();
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      host.now += 1;
      if (host.solicit() !== undefined) answers += 1;
    }
    expect(answers).toBe(2);
  });

  it('[RFC 6275 §10.6.2] hears what remains of the lifetimes on the home link', () => {
    const host = new Host();
    host.update();
    host.link(host.now + 100_000, host.now + 50_000);
    host.now += 20_000;
    expect(host.solicit()!.message.options[0]).toMatchObject({ validLifetime: 80, preferredLifetime: 30 });
  });
});

describe('what nobody has asked for', () => {
  it('[RFC 6275 §10.6.2] is sent when nothing was for a day, and repeated after 3, 6 and 12 s', () => {
    const host = new Host({ maxLifetime: 262_140 });
    host.update({ lifetime: 262_140 });
    const times = host.listen(DAY);
    const [first = 0] = times;
    // Lowest end of the formula: the random source of this test is 0.
    expect(first).toBe(600_000);
    expect(times.map(at => at - first)).toEqual([0, 3000, 9000, 21_000]);
  });

  it('[RFC 6275 §10.6.2] is not repeated once a solicitation has acknowledged it', () => {
    const host = new Host();
    host.update({ lifetime: 1200 });
    expect(host.listen(600_000)).toHaveLength(1);
    host.now += 1000;
    host.solicit();
    expect(host.listen(60_000)).toEqual([]);
  });

  it('[RFC 6275 §10.6.2] begins again with the next Binding Update when nothing has acknowledged it', () => {
    const host = new Host({ maxLifetime: 262_140 });
    host.update({ lifetime: 262_140 });
    expect(host.listen(800_000)).toHaveLength(4);
    host.update({ lifetime: 262_140 });
    expect(host.advertisements()).toHaveLength(1);
    expect(host.listen(60_000)).toEqual([3000, 9000, 21_000]);
  });

  it('[RFC 6275 §10.6.2] ends with the registration', () => {
    const host = new Host();
    host.update({ lifetime: 604 });
    expect(host.listen(600_000)).toHaveLength(1);
    expect(host.listen(DAY)).toEqual([3000]);
    const other = new Host();
    other.update();
    other.update({ lifetime: 0 });
    expect(other.listen(DAY)).toEqual([]);
  });

  it('[RFC 6275 §10.6.2] is sent when the lifetime of the home prefix changes, other than by time', () => {
    const host = new Host();
    host.update({ lifetime: 3600 });
    host.link(host.now + 100 * DAY);
    host.solicit();
    // The day begins anew; what changes now comes at the time that is scheduled.
    host.now += 300_000;
    host.link(host.now - 300_000 + 100 * DAY);
    expect(host.listen(299_000)).toEqual([]);
    host.link(host.now + 2000_000);
    expect(host.listen(30_000)).toHaveLength(4);
    expect(host.solicit()!.message.options[0]).toMatchObject({ validLifetime: 1970 });
  });

  it('a home network that nobody has configured is never told of', () => {
    const host = new Host({ homePrefixes: [] });
    host.update({ lifetime: 3600 });
    expect(host.listen(DAY)).toEqual([]);
  });
});

describe('the prefixes of the home link', () => {
  const onLink = () => {
    const host = new Host({ homeLink: HOME_LINK, maxLifetime: 262_140, homePrefixes: [OTHER] });
    host.link(Number.POSITIVE_INFINITY);
    host.update({ lifetime: 262_140 });
    host.wait(10_000);
    return host;
  };
  const prefixes = (host: Host) =>
    host
      .solicit()!
      .message.options.flatMap(option =>
        option.kind === 'prefix-information'
          ? [`${formatAddress(option.prefix)} ${option.validLifetime}`]
          : [],
      );
  it('[RFC 6275 §10.6.1] are those of the configuration, of the device and of all home agents there, each once', () => {
    const host = onLink();
    host.advertise([{}, { prefix: NET.address }]);
    host.advertise([{}, { prefix: address('2001:db8:400::7') }], { source: address('fe80::8') });
    expect(prefixes(host)).toEqual([
      '2001:db8:200:: 4294967295',
      '2001:db8:100:: 4294967295',
      '2001:db8:300:: 86400',
      '2001:db8:400:: 86400',
    ]);
    host.now += 86_500_000;
    expect(prefixes(host)).toHaveLength(2);
  });

  it.each([
    ['of a router that is no home agent', [{}], { homeAgent: false }],
    ['of another link', [{}], { device: 'wan' }],
    ['whose lifetimes contradict themselves', [{ validLifetime: 10 }], {}],
    ['of the link only', [{ prefix: address('fe80::') }], {}],
    ['without a length', [{ prefixLength: 0 }], {}],
  ])('[RFC 4861 §6.3.4] are not those %s', (_, options, more) => {
    const host = onLink();
    host.advertise(options, more);
    expect(prefixes(host)).toHaveLength(2);
  });

  it('a flood of them takes no more than so much memory', () => {
    const host = onLink();
    for (let i = 0; i < 1000; i++) {
      host.advertise([{ prefix: address(`2001:db8:${(i + 0x1000).toString(16)}::`) }]);
    }
    expect(prefixes(host)).toHaveLength(2 + 64);
  });

  /** Nothing is scheduled but what comes once a day, in nearly a day; the next random time is the least one. */
  const quiet = (before: readonly Partial<PrefixInformation>[] = [], isOnDevice = true) => {
    const random = { value: 0.999 };
    const host = onLink();
    host.agent = new HomeAgent(host.config, host.clock, new Map(), undefined, () => random.value);
    if (isOnDevice) host.link(Number.POSITIVE_INFINITY);
    else {
      const status = { linkLayerAddress: undefined, linkLocalAddress: undefined, prefixes: [] };
      host.input({ kind: 'home-link', status });
    }
    host.advertise(before);
    host.update({ lifetime: 262_140 });
    host.now += 1000;
    expect(host.solicit()).toBeDefined();
    random.value = 0;
    return host;
  };

  it('what comes once a day is scheduled late in it', () => {
    expect(quiet().listen(DAY / 2)).toEqual([]);
    expect(quiet().listen(DAY)[0]).toBeGreaterThan(0.99 * DAY);
  });

  it('[RFC 6275 §10.6.2] [RFC 6275 §10.3.1] a new one is told to each node, with all others', () => {
    const host = quiet();
    host.advertise([{}]);
    expect(host.listen(DAY / 2)).toEqual([600_000, 603_000, 609_000, 621_000]);
    expect(prefixes(host)).toHaveLength(3);
    const device = quiet();
    const more = [NET, NEW].map(one => ({ prefix: one, validUntil: DAY * 99, preferredUntil: DAY * 99 }));
    device.input({
      kind: 'home-link',
      status: { linkLayerAddress: undefined, linkLocalAddress: undefined, prefixes: more },
    });
    expect(device.listen(DAY / 2)[0]).toBe(600_000);
  });

  it('[RFC 6275 §10.6.2] a change of the flags of the home prefix is told', () => {
    const host = quiet([{ prefix: NET.address }]);
    host.advertise([{ prefix: NET.address, autonomous: false }]);
    expect(host.listen(DAY / 2)[0]).toBe(600_000);
    const [, home] = host.solicit()!.message.options;
    expect(home).toMatchObject({ prefix: NET.address, onLink: true, autonomous: false });
  });

  it('[RFC 6275 §10.6.2] what becomes of a prefix without binding waits for the next delivery, which has it', () => {
    const host = quiet([{}]);
    host.advertise([{ validLifetime: 40_000, autonomous: false }]);
    expect(host.listen(DAY / 4)).toEqual([]);
    expect(prefixes(host)).toContain(`2001:db8:300:: ${40_000 - DAY / 4 / 1000}`);
  });

  it('time that passes between two Router Advertisements is no change', () => {
    const host = quiet([{ prefix: NET.address }, {}], false);
    const times: number[] = [];
    for (let i = 0; i < 100; i++) {
      times.push(...host.listen(50_000));
      host.advertise([{ prefix: NET.address }, {}]);
    }
    expect(times).toEqual([]);
  });

  it('[RFC 6275 §10.6.3] M is set when a Router Advertisement behind it has it', () => {
    const host = onLink();
    expect(host.solicit()!.message.managed).toBe(false);
    host.advertise([{}], { managed: true });
    host.now += 1000;
    expect(host.solicit()!.message).toMatchObject({ managed: true, otherConfiguration: false });
  });
});

describe('when it is sent', () => {
  const firstOf = (random: number, preferred: number) => {
    const host = new Host({ maxLifetime: 262_140 });
    host.agent = new HomeAgent(host.config, host.clock, new Map(), undefined, () => random);
    host.link(Number.POSITIVE_INFINITY, host.now + preferred);
    host.update({ lifetime: 262_140 });
    return host.listen(2 * DAY)[0];
  };

  it.each([
    ['at the least', 0, 2 * DAY, 600_000],
    ['at the most, of a day', 0.999_999_999, 2 * DAY, DAY],
    ['at the most, of a preferred lifetime', 0.999_999_999, 7_200_000, 7_200_000],
    ['of a preferred lifetime below the least interval', 0.999_999_999, 100_000, 1_100_000],
  ])(
    '[RFC 6275 §10.6.2] after the least interval and a random part: %s',
    (_, random, preferred, expected) => {
      expect(Math.abs(firstOf(random, preferred)! - expected)).toBeLessThan(10);
    },
  );

  it('[RFC 6275 §10.6.2] no more than so many at once, the others follow', () => {
    const peers = Array.from({ length: 150 }, (_, i) => ({
      ...PEER,
      name: `n${i}`,
      auth: AUTH,
      homeAddress: address(`2001:db8:100::${(i + 1).toString(16)}`),
    }));
    const host = new Host({ peers, maxLifetime: 262_140 });
    for (const [i, { homeAddress }] of peers.entries()) {
      const source = address(`2001:db8:a::${(i + 1).toString(16)}`);
      expect(host.status({ homeAddress, source, lifetime: 262_140, mobileRouter: false })).toBe(0);
    }
    const times = host.listen(605_000).filter(at => at >= 599_000);
    const seconds = new Map<number, number>();
    for (const at of times) seconds.set(Math.floor(at / 1000), (seconds.get(Math.floor(at / 1000)) ?? 0) + 1);
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(150);
    expect(times.filter(at => at < 600_500).length).toBeLessThan(150);
    expect(times.length).toBeGreaterThanOrEqual(150);
  });

  it('[RFC 6275 §10.6.2] what is unacknowledged is combined with what is new, and is repeated again', () => {
    const host = new Host({ maxLifetime: 262_140 });
    host.update({ lifetime: 262_140 });
    host.listen(604_000);
    const identifiers = () => host.advertisements().map(({ message }) => message.identifier);
    host.link(host.now + 2_000_000);
    const first = identifiers();
    expect(first).toEqual([]);
    expect(host.listen(60_000)).toEqual([5000, 8000, 14_000, 26_000]);
    expect(host.solicit()!.message.options).toHaveLength(2);
  });

  it('[RFC 6275 §10.6.3] goes to the home address of the binding, over the care-of address that is in use', () => {
    const host = new Host();
    host.update({ options: [bid(1, CARE_OF, { priority: 5 })], lifetime: 1200 });
    host.update({ source: CARE_OF_2, options: [bid(2, CARE_OF_2, { priority: 9 })], lifetime: 1200 });
    const end = host.now + 600_000;
    while (host.advertisements().length === 0 && host.now < end) host.wait(host.agent.nextWake() - host.now);
    const [one] = host.advertisements();
    expect(formatAddress(one!.routingHome!)).toBe(formatAddress(HOME));
    expect(formatAddress(one!.destination)).toBe(formatAddress(CARE_OF));
  });
});
