/** Dynamic Home Agent Address Discovery, the home agent's end. */
import { describe, expect, it } from 'vitest';
import { HomeAgent } from '../../../../src/engine/home-agent/home-agent.ts';
import { addressesFor, HomeAgentsList } from '../../../../src/engine/home-agent/home-agents-list.ts';
import type { HomeAgentConfig } from '../../../../src/uci/types.ts';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import { homeAgentsAnycast } from '../../../../src/wire/home-agents-anycast.ts';
import type { Icmpv6OfKind } from '../../../../src/wire/icmpv6/icmpv6-message.ts';
import {
  emitIcmpv6Packet,
  parseIcmpv6Packet,
  parseIcmpv6Payload,
} from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../../../src/wire/icmpv6/nd-option.ts';
import { randomSource } from '../../../simulation/network.ts';
import { address, CARE_OF, HOME_AGENT, PEER, prefix } from '../anchor.ts';

const NET = prefix('2001:db8:ffff::/64');
const ANYCAST = homeAgentsAnycast(NET);
const ALL_NODES = address('ff02::1');
const linkLocal = (number: number) => address(`fe80::${number}`);
const global = (number: number, more = 0) => address(`2001:db8:ffff::${number}:${more}`);

type Reply = Icmpv6OfKind<'home-agent-address-discovery-reply'>;

/** What a Router Advertisement of home agent `number` says otherwise than usual. */
interface Said {
  readonly preference?: number;
  readonly lifetime?: number;
  readonly mobileRouter?: boolean;
  /** Without Home Agent Information option. */
  readonly plain?: boolean;
  readonly homeAgent?: boolean;
  readonly routerLifetime?: number;
  readonly addresses?: readonly Address[];
  readonly routerAddress?: boolean;
  readonly validLifetime?: number;
  readonly device?: string;
  readonly hopLimit?: number;
}

class Host {
  now = 1_000_000;
  readonly agent: HomeAgent;

  constructor(config: Partial<HomeAgentConfig> = {}, random = randomSource(1)) {
    this.agent = new HomeAgent(
      {
        name: 'anchor',
        address: HOME_AGENT,
        maxLifetime: 3600,
        probe: 'saver',
        peers: [PEER],
        homePrefixes: [NET],
        homeLink: { device: 'home', prefixes: [NET], homeBinding: 'proxy' },
        ...config,
      },
      this.clock,
      new Map(),
      undefined,
      random,
    );
  }

  get clock() {
    return { monotonic: this.now, wall: 1_760_000_000_000 + this.now };
  }

  input(packet: Uint8Array, device: string, hopLimit = packet[7]!) {
    const header = { source: packet.slice(8, 24), destination: packet.slice(24, 40) };
    const output = this.agent.handle(
      { kind: 'packet', packet: { ...header, nextHeader: 58, bytes: packet.slice(40), device, hopLimit } },
      this.clock,
    );
    return output.flatMap(one => (one.kind === 'send' ? [one] : []));
  }

  advertise(number: number, said: Said = {}): void {
    const { preference = 0, lifetime = 1800, mobileRouter = true, addresses = [global(number)] } = said;
    const information: NdOption[] =
      said.plain === true
        ? []
        : lifetime === 0
          ? [{ kind: 'opaque', type: 8, data: Uint8Array.of(0, 0, 0, 0, 0, 0) }]
          : [{ kind: 'home-agent-information', mobileRouter, preference, lifetime }];
    const packet = emitIcmpv6Packet({
      source: linkLocal(number),
      destination: ALL_NODES,
      message: {
        kind: 'router-advertisement',
        currentHopLimit: 64,
        homeAgent: said.homeAgent ?? true,
        preference: 0,
        routerLifetime: said.routerLifetime ?? 900,
        reachableTime: 0,
        retransmissionTimer: 0,
        options: [
          ...information,
          ...addresses.map(
            (one): NdOption => ({
              kind: 'prefix-information',
              prefixLength: 64,
              onLink: true,
              autonomous: true,
              routerAddress: said.routerAddress ?? true,
              validLifetime: said.validLifetime ?? 86_400,
              preferredLifetime: 3600,
              prefix: one,
            }),
          ),
        ],
      },
    });
    this.input(packet, said.device ?? 'home', said.hopLimit);
  }

  /** The packets that answer a request. */
  ask(mobileRouter = true, destination = ANYCAST, source = CARE_OF) {
    const message = {
      kind: 'home-agent-address-discovery-request',
      identifier: 0x1234,
      mobileRouter,
    } as const;
    return this.input(emitIcmpv6Packet({ source, destination, message }), 'wan');
  }

  reply(mobileRouter = true): Reply {
    const [answer] = this.ask(mobileRouter);
    const parsed = parseIcmpv6Packet(answer!.packet);
    if (!parsed.ok) throw new Error(parsed.error.rule);
    return parsed.value.message as Reply;
  }

  list(mobileRouter = true): string[] {
    return this.reply(mobileRouter).homeAgents.map(formatAddress);
  }
}

const texts = (...addresses: Address[]) => addresses.map(formatAddress);

describe('a request', () => {
  it('[RFC 6275 §10.5] is answered with its identifier, from the home agent, to where it came from', () => {
    const host = new Host();
    const [answer] = host.ask();
    const parsed = parseIcmpv6Packet(answer!.packet);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        source: HOME_AGENT,
        destination: CARE_OF,
        message: {
          kind: 'home-agent-address-discovery-reply',
          identifier: 0x1234,
          mobileRouter: true,
          homeAgents: [HOME_AGENT],
        },
      },
    });
  });

  it('[RFC 6275 §6.5] is answered whatever its reserved bits are', () => {
    const host = new Host();
    const message = {
      kind: 'home-agent-address-discovery-request',
      identifier: 7,
      mobileRouter: false,
    } as const;
    const packet = emitIcmpv6Packet({ source: CARE_OF, destination: ANYCAST, message });
    packet[47] = 0xff;
    const sum = ((packet[42]! << 8) | packet[43]!) - 0xff;
    packet[42] = (sum >> 8) & 0xff;
    packet[43] = sum & 0xff;
    expect(host.input(packet, 'wan')).toHaveLength(1);
  });

  it('[RFC 6275 §10.5.1] for another subnet, to another address or from no unicast address has no answer', () => {
    const host = new Host();
    expect(host.ask(true, homeAgentsAnycast(prefix('2001:db8:fffe::/64')))).toEqual([]);
    expect(host.ask(true, HOME_AGENT)).toEqual([]);
    expect(host.ask(true, ANYCAST, address('fe80::5'))).toEqual([]);
    expect(new Host({ homePrefixes: [] }).ask()).toEqual([]);
  });

  it('[RFC 4443 §2.4] of which there are many has a bounded number of answers', () => {
    const host = new Host();
    let answers = 0;
    for (let i = 0; i < 1000; i++) {
      host.now += 1;
      answers += host.ask().length;
    }
    expect(answers).toBeLessThanOrEqual(30);
    expect(answers).toBeGreaterThan(20);
  });

  it('[RFC 2526 §2] goes to an address that the host must have', () => {
    const host = new Host();
    expect(texts(...host.agent.view().anycastAddresses)).toEqual(['2001:db8:ffff:0:fdff:ffff:ffff:fffe']);
    expect(formatAddress(homeAgentsAnycast(prefix('2001:db8::/48')))).toBe('2001:db8::fdff:ffff:ffff:fffe');
    expect(formatAddress(homeAgentsAnycast(prefix('2001:db8::/96')))).toBe('2001:db8::ffff:fffe');
    expect(host.agent.icmpv6Types).toEqual(expect.arrayContaining([134, 144]));
  });
});

describe('the Home Agents List', () => {
  it('[RFC 6275 §10.5.1] has who advertises with the H bit, and no other', () => {
    const host = new Host();
    host.advertise(2);
    host.advertise(3, { homeAgent: false });
    expect(host.list().sort()).toEqual(texts(HOME_AGENT, global(2)).sort());
    host.advertise(2, { homeAgent: false });
    expect(host.list()).toEqual(texts(HOME_AGENT));
  });

  it('[RFC 4861 §6.1.2] takes no advertisement that came through a router, or from another link', () => {
    const host = new Host();
    host.advertise(2, { hopLimit: 254 });
    host.advertise(3, { device: 'wan' });
    expect(host.list()).toEqual(texts(HOME_AGENT));
  });

  it('[RFC 6275 §10.5.1] forgets a home agent when its lifetime has ended: of the option, or of the router', () => {
    for (const said of [{ lifetime: 30 }, { plain: true, routerLifetime: 30 }]) {
      const host = new Host();
      host.advertise(2, said);
      host.now += 29_999;
      expect(host.list(false)).toHaveLength(2);
      host.now += 1;
      expect(host.list(false)).toHaveLength(1);
    }
  });

  it('[RFC 6275 §10.5.1] lifetime 0 ends it at once, with and without the option', () => {
    for (const said of [{ lifetime: 0 }, { plain: true, routerLifetime: 0 }]) {
      const host = new Host();
      host.advertise(2);
      expect(host.list()).toHaveLength(2);
      host.advertise(2, said);
      expect(host.list()).toHaveLength(1);
      host.advertise(4, said);
      expect(host.list()).toHaveLength(1);
    }
  });

  it('[RFC 6275 §10.5.1] [RFC 6275 §10.1] takes a new preference and a new lifetime', () => {
    const host = new Host({ preference: 5 });
    host.advertise(2, { preference: 4 });
    expect(host.list()).toEqual(texts(HOME_AGENT, global(2)));
    host.advertise(2, { preference: 6, lifetime: 60 });
    expect(host.list()).toEqual(texts(global(2), HOME_AGENT));
    host.now += 60_000;
    expect(host.list()).toEqual(texts(HOME_AGENT));
  });

  it('[RFC 6275 §7.2] has no address of a prefix without R bit, and none whose lifetime has ended', () => {
    const host = new Host();
    host.advertise(2, { routerAddress: false });
    expect(host.list()).toEqual(texts(HOME_AGENT));
    host.advertise(2, { validLifetime: 10 });
    expect(host.list()).toHaveLength(2);
    host.now += 10_000;
    expect(host.list()).toHaveLength(1);
    host.advertise(2);
    host.advertise(2, { validLifetime: 0 });
    expect(host.list()).toHaveLength(1);
  });

  it('[RFC 6275 §10.1] tells two links apart, though the link-local addresses are the same', () => {
    const list = new HomeAgentsList([]);
    const advertisement = (preference: number) =>
      ({
        kind: 'router-advertisement',
        homeAgent: true,
        routerLifetime: 900,
        options: [
          { kind: 'home-agent-information', preference, lifetime: 60 },
          {
            kind: 'prefix-information',
            routerAddress: true,
            validLifetime: 0xffffffff,
            prefix: global(preference),
          },
        ],
      }) as unknown as Parameters<HomeAgentsList['receive']>[2];
    list.receive('a', linkLocal(1), advertisement(1), 0);
    list.receive('b', linkLocal(1), advertisement(2), 0);
    expect(list.others(0).map(({ preference }) => preference)).toEqual([1, 2]);
    expect(list.others(60_000)).toEqual([]);
  });

  it('has at most 32 home agents of a link, and 8 addresses of one', () => {
    const host = new Host();
    for (let i = 0; i < 100; i++) host.advertise(1000 + i);
    expect(host.list()).toHaveLength(33);
    const other = new Host();
    other.advertise(2, { addresses: Array.from({ length: 20 }, (_, i) => global(2, i)) });
    expect(other.list()).toHaveLength(9);
  });

  it('has what the configuration says, without end, once, and not itself', () => {
    const host = new Host({ peerHomeAgents: [{ address: global(7), preference: 3 }] });
    host.advertise(1, { addresses: [HOME_AGENT] });
    host.now += 365 * 86_400_000;
    expect(host.list()).toEqual(texts(global(7), HOME_AGENT));
    host.advertise(7, { preference: 0 });
    host.advertise(8, { preference: 1 });
    expect(host.list()[0]).toBe(formatAddress(global(8)));
    expect(host.list()).toHaveLength(3);
  });
});

describe('the order of a reply', () => {
  it('[RFC 6275 §10.5.1] is that of the preferences: every order of three', () => {
    for (const order of [
      [1, 2, 3],
      [1, 3, 2],
      [2, 1, 3],
      [2, 3, 1],
      [3, 1, 2],
      [3, 2, 1],
    ]) {
      const host = new Host({ preference: 2 });
      const preferences = order.filter(one => one !== 2);
      for (const preference of preferences) host.advertise(preference, { preference });
      expect(host.list()).toEqual(texts(global(3), HOME_AGENT, global(1)));
    }
  });

  it.each([
    [0, 1],
    [1, 0],
    [0x7fff, 0],
    [0x8000, 0],
    [0xffff, 0],
  ])('[RFC 6275 §7.4] preference %i is unsigned', (preference, own) => {
    const host = new Host({ preference: own });
    host.advertise(2, { preference });
    const expected = preference > own ? [global(2), HOME_AGENT] : [HOME_AGENT, global(2)];
    expect(host.list()).toEqual(texts(...expected));
  });

  it('[RFC 6275 §10.5.1] without Home Agent Information option the preference is 0', () => {
    const host = new Host({ preference: 1 });
    host.advertise(2, { plain: true });
    expect(host.list(false)).toEqual(texts(HOME_AGENT, global(2)));
  });

  it('[RFC 6275 §10.5.1] is another one each time for home agents of equal preference, and for addresses of one', () => {
    const equal = new Host();
    equal.advertise(2);
    const several = new Host({ preference: 1 });
    several.advertise(2, { addresses: [global(2, 1), global(2, 2)] });
    for (const host of [equal, several]) {
      const orders = new Set<string>();
      for (let i = 0; i < 40; i++) {
        host.now += 1000;
        orders.add(host.list().join());
      }
      expect(orders.size).toBe(2);
    }
    expect(several.list()[0]).toBe(formatAddress(HOME_AGENT));
  });

  it('[RFC 6275 §10.5.1] the reply fits the minimum MTU, and those of highest preference stay', () => {
    const host = new Host({ preference: 100 });
    for (let i = 0; i < 32; i++) {
      const addresses = Array.from({ length: 8 }, (_, more) => global(1000 + i, more));
      host.advertise(1000 + i, { preference: i, addresses });
    }
    const [answer] = host.ask();
    expect(answer!.packet).toHaveLength(40 + 8 + 77 * 16);
    expect(answer!.packet.length).toBeLessThanOrEqual(1280);
    const { homeAgents } = host.reply();
    expect(formatAddress(homeAgents[0]!)).toBe(formatAddress(HOME_AGENT));
    const numbers = homeAgents.slice(1).map(one => formatAddress(one).split(':')[4]);
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 10 }, (_, i) => `${1031 - i}`)));
  });
});

describe('mobile routers', () => {
  it('[RFC 3963 §7.2] are told of home agents that support them, with R flag', () => {
    const host = new Host();
    host.advertise(2, { mobileRouter: false });
    host.advertise(3, { mobileRouter: true });
    expect(host.reply()).toMatchObject({ mobileRouter: true });
    expect(host.list().sort()).toEqual(texts(HOME_AGENT, global(3)).sort());
  });

  it('[RFC 3963 §7.2] who asks without R flag hears of all, without R flag', () => {
    const host = new Host();
    host.advertise(2, { mobileRouter: false });
    expect(host.reply(false).mobileRouter).toBe(false);
    expect(host.list(false)).toHaveLength(2);
  });

  it('[RFC 3963 §7.2] without any that supports them all are listed, without R flag', () => {
    const listed = [{ addresses: [global(2)], preference: 0, mobileRouter: false }];
    expect(addressesFor(true, listed, () => 0)).toEqual({ mobileRouter: false, addresses: [global(2)] });
  });

  it('[RFC 3963 §7.3] follow the H bit and the R flag as they come and go', () => {
    const host = new Host();
    const steps: [Said, boolean][] = [
      [{ mobileRouter: true }, true],
      [{ mobileRouter: false }, false],
      [{ mobileRouter: true }, true],
      [{ homeAgent: false, plain: true }, false],
      [{ mobileRouter: false }, false],
      [{ homeAgent: false, plain: true }, false],
      [{ mobileRouter: true }, true],
      [{ plain: true }, false],
      [{ mobileRouter: true }, true],
      [{ lifetime: 0 }, false],
    ];
    for (const [said, listed] of steps) {
      host.now += 1000;
      host.advertise(2, said);
      expect(host.list().includes(formatAddress(global(2))), JSON.stringify(said)).toBe(listed);
    }
  });
});

it('a reply is what a mobile router can read', () => {
  const [answer] = new Host().ask();
  const { packet } = answer!;
  const outer = { source: packet.slice(8, 24), destination: packet.slice(24, 40), hopLimit: 64 };
  expect(parseIcmpv6Payload(58, packet.slice(40), outer).ok).toBe(true);
});
