/** Dynamic Home Agent Address Discovery, the mobile router's end. */
import { describe, expect, it } from 'vitest';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { type Address, equalAddress, formatAddress } from '../../../../src/wire/address.ts';
import type { Icmpv6Message, Icmpv6OfKind } from '../../../../src/wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { address, CARE_OF, HOME, HOME_AGENT, prefix } from '../anchor.ts';
import { Router } from '../router.ts';

const SECOND = address('2001:db8:eeee::1');
const NET = prefix('2001:db8:100::/64');
const ANYCAST = '2001:db8:100:0:fdff:ffff:ffff:fffe';

const discovering = (config: Partial<MobileRouterConfig> = {}) =>
  new Router({ homeAgents: [], discovery: NET, ...config });

type Request = Icmpv6OfKind<'home-agent-address-discovery-request'>;

function requests(router: Router) {
  return router.others.flatMap(({ at, packet, device }) => {
    const parsed = parseIcmpv6Packet(packet);
    if (!parsed.ok || parsed.value.message.kind !== 'home-agent-address-discovery-request') return [];
    return [{ at, device, ...parsed.value, message: parsed.value.message as Request }];
  });
}

function reply(
  router: Router,
  homeAgents: readonly Address[],
  more: Partial<Icmpv6OfKind<'home-agent-address-discovery-reply'>> = {},
  destination = CARE_OF,
) {
  const { identifier } = requests(router).at(-1)!.message;
  const message: Icmpv6Message = {
    kind: 'home-agent-address-discovery-reply',
    identifier,
    mobileRouter: true,
    homeAgents,
    ...more,
  };
  router.receive(emitIcmpv6Packet({ source: SECOND, destination, message }));
}

describe('a mobile router without a configured home agent', () => {
  it('[RFC 6275 §11.4.1] [RFC 3963 §7.1] asks the anycast address of its home prefix, from a care-of address, with R flag', () => {
    const router = discovering();
    router.announce();
    const [first] = requests(router);
    expect(formatAddress(first!.destination)).toBe(ANYCAST);
    expect(formatAddress(first!.source)).toBe(formatAddress(CARE_OF));
    expect(first!.device).toBe('lte0');
    expect(first!.message.mobileRouter).toBe(true);
    expect(router.updates).toEqual([]);
    expect(router.router.view().homeAgent).toBeUndefined();
  });

  it('[RFC 3963 §7.1] a single host asks without R flag, and takes any answer', () => {
    const router = discovering({ prefixes: [] });
    router.announce();
    expect(requests(router)[0]!.message.mobileRouter).toBe(false);
    reply(router, [HOME_AGENT], { mobileRouter: false });
    router.wait(1000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 6275 §11.4.1] repeats the same request after 3, 6, 12 and 24 s over every uplink in turn, then rests', () => {
    const router = discovering();
    router.announce();
    router.wait(500_000);
    const sent = requests(router);
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 3000, 9000, 21_000, 45_000]);
    expect(new Set(sent.map(({ message }) => message.identifier)).size).toBe(1);
    expect(sent.map(({ device }) => device)).toEqual(['lte0', 'wifi0', 'lte0', 'wifi0', 'lte0']);
    router.wait(24 * 3_600_000);
    expect(requests(router).length).toBeLessThan(24 * 6 * 5);
    expect(requests(router).length).toBeGreaterThan(24 * 5 * 4);
  });

  it('an uplink that comes up while it rests makes it ask again', () => {
    const router = discovering();
    router.set('wifi', false);
    router.wait(500_000);
    router.set('wifi', true);
    router.wait(1);
    expect(requests(router)).toHaveLength(6);
  });

  it('[RFC 6275 §11.4.1] registers with the first one of the reply, whoever has sent it', () => {
    const router = discovering();
    router.announce();
    reply(router, [HOME_AGENT, SECOND]);
    router.wait(1000);
    expect(formatAddress(router.router.homeAgents.current!)).toBe(formatAddress(HOME_AGENT));
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 6275 §11.4.1] goes on to the second one of the reply when the first one fails, and remembers both', () => {
    const router = discovering();
    router.responder = ({ destination }) => (equalAddress(destination, SECOND) ? {} : undefined);
    router.announce();
    reply(router, [HOME_AGENT, SECOND]);
    router.wait(20_000);
    expect(formatAddress(router.router.homeAgents.current!)).toBe(formatAddress(SECOND));
    router.restart();
    router.wait(1000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.router.homeAgents.candidates.map(formatAddress)).toEqual(
      [HOME_AGENT, SECOND].map(formatAddress),
    );
  });

  it('[RFC 6275 §11.4.1] another identifier, or no request at all: not taken', () => {
    const router = discovering();
    router.announce();
    const { identifier } = requests(router)[0]!.message;
    reply(router, [HOME_AGENT], { identifier: identifier ^ 1 });
    router.wait(1000);
    expect(router.router.homeAgents.current).toBeUndefined();
    reply(router, [HOME_AGENT]);
    router.wait(1000);
    reply(router, [SECOND]);
    expect(router.router.homeAgents.candidates.map(formatAddress)).toEqual([formatAddress(HOME_AGENT)]);
    expect(router.router.counters.get('discovery-reply-unmatched')).toBe(2);
  });

  it('[RFC 3963 §7.2] a reply without R flag names nobody for a mobile router: it goes on asking', () => {
    const router = discovering();
    router.announce();
    reply(router, [HOME_AGENT, SECOND], { mobileRouter: false });
    router.wait(3000);
    expect(router.updates).toEqual([]);
    expect(requests(router)).toHaveLength(2);
    reply(router, [SECOND]);
    router.wait(1000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('addresses that cannot be a home agent are left out', () => {
    const router = discovering();
    router.announce();
    const bad = ['::', 'ff02::1', 'fe80::1', '::1', '2001:db8:100:1::9'].map(address);
    reply(router, [...bad, HOME]);
    expect(router.router.counters.get('discovery-reply-empty')).toBe(1);
    reply(router, [...bad, SECOND]);
    expect(router.router.homeAgents.candidates.map(formatAddress)).toEqual([formatAddress(SECOND)]);
  });

  it('[RFC 6275 §6.6] reserved bits of the reply do not matter', () => {
    const router = discovering();
    router.announce();
    const { identifier } = requests(router)[0]!.message;
    const message = { kind: 'home-agent-address-discovery-reply', identifier, mobileRouter: true } as const;
    const packet = emitIcmpv6Packet({
      source: SECOND,
      destination: CARE_OF,
      message: { ...message, homeAgents: [HOME_AGENT] },
    });
    packet[40 + 7] = 0xff;
    const sum = ((packet[42]! << 8) | packet[43]!) - 0xff;
    packet[42] = (sum >> 8) & 0xff;
    packet[43] = sum & 0xff;
    router.receive(packet);
    expect(formatAddress(router.router.homeAgents.current!)).toBe(formatAddress(HOME_AGENT));
  });
});

describe.each([
  ['a router', {}],
  ['a host', { prefixes: [] }],
] as const)('%s on its home link without a configured home agent', (_, config) => {
  it('[RFC 6275 §11.4.1] asks there, takes the answer, and is at home', () => {
    const router = discovering({ homePrefix: NET, ...config });
    const own = address('2001:db8:100::abc');
    router.status.lte.up = false;
    router.status.wifi = { up: true, careOfAddress: own, onLinkPrefixes: [NET] };
    router.responder = () => ({ status: 133 });
    router.announce();
    router.wait(2000);
    const [first] = requests(router);
    expect(first).toMatchObject({ source: own, device: 'wifi0' });
    expect(formatAddress(first!.destination)).toBe(ANYCAST);
    expect(router.updates).toEqual([]);
    reply(router, [address('2001:db8:100::ff')], {}, own);
    router.wait(2000);
    expect(router.updates).toHaveLength(1);
    expect(router.updates[0]).toMatchObject({ source: HOME, message: { lifetime: 0 } });
    expect(router.active).toBe('wifi');
    router.wait(3_600_000);
    expect(requests(router)).toHaveLength(1);
  });
});

describe('a mobile router with configured home agents', () => {
  it('[RFC 6275 §11.4.1] asks for others when all that it knows have failed, and not before', () => {
    const router = discovering({ homeAgents: [HOME_AGENT] }).start();
    router.wait(3_600_000);
    expect(requests(router)).toEqual([]);
    router.responder = ({ destination }) => (equalAddress(destination, SECOND) ? {} : undefined);
    router.wait(470_000);
    expect(requests(router).length).toBeGreaterThan(0);
    reply(router, [SECOND]);
    router.wait(40_000);
    expect(formatAddress(router.router.homeAgents.current!)).toBe(formatAddress(SECOND));
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('what discovery finds stands behind what is configured, and changes nothing while that works', () => {
    const router = discovering({ homeAgents: [HOME_AGENT] });
    router.responder = () => ({ status: 129 });
    router.announce();
    router.wait(100);
    router.responder = () => ({});
    router.wait(20_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    reply(router, [SECOND, HOME_AGENT]);
    router.wait(60_000);
    expect(router.router.homeAgents.candidates.map(formatAddress)).toEqual(
      [HOME_AGENT, SECOND].map(formatAddress),
    );
    expect(formatAddress(router.router.homeAgents.current!)).toBe(formatAddress(HOME_AGENT));
  });
});
