/** Mobile prefix discovery, the mobile router's end. */
import { describe, expect, it } from 'vitest';
import { reportMobileRouter } from '../../../../src/engine/mobile-router/report.ts';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import type { Icmpv6OfKind } from '../../../../src/wire/icmpv6/icmpv6-message.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { NdOption } from '../../../../src/wire/icmpv6/nd-option.ts';
import { address, CARE_OF, HOME, HOME_AGENT, prefix } from '../anchor.ts';
import { Router } from '../router.ts';

const NET = prefix('2001:db8:100::/64');
const NEW = prefix('2001:db8:300::/64');
const INFINITE = 0xffffffff;

const information = (net = NET, valid = INFINITE, preferred = valid): NdOption => ({
  kind: 'prefix-information',
  prefixLength: net.length,
  onLink: true,
  autonomous: true,
  routerAddress: false,
  validLifetime: valid,
  preferredLifetime: preferred,
  prefix: net.address,
});

function solicitations({ others }: Router) {
  return others.flatMap(({ at, packet, device }) => {
    const parsed = parseIcmpv6Packet(packet);
    if (!parsed.ok || parsed.value.message.kind !== 'mobile-prefix-solicitation') return [];
    const message = parsed.value.message as Icmpv6OfKind<'mobile-prefix-solicitation'>;
    return [{ at, device, ...parsed.value, message }];
  });
}

interface Said {
  readonly identifier?: number;
  readonly source?: Address;
  readonly routingHome?: Address | undefined;
  readonly options?: readonly NdOption[];
  readonly managed?: boolean;
}

function advertise(router: Router, said: Said = {}): void {
  const { source = HOME_AGENT, options = [information()] } = said;
  const identifier = said.identifier ?? solicitations(router).at(-1)?.message.identifier ?? 0;
  const packet = emitIcmpv6Packet({
    source,
    destination: CARE_OF,
    ...('routingHome' in said
      ? said.routingHome && { routingHome: said.routingHome }
      : { routingHome: HOME }),
    message: {
      kind: 'mobile-prefix-advertisement',
      identifier,
      managed: said.managed === true,
      otherConfiguration: false,
      options,
    },
  });
  router.receive(packet);
}

/** One that has asked: an unsolicited advertisement makes it. */
function asking(config: Partial<MobileRouterConfig> = {}): Router {
  const router = new Router(config).start();
  advertise(router, { identifier: 1 });
  router.wait(1);
  return router;
}

const known = ({ router, now }: Router) =>
  reportMobileRouter(router, now, name => name).homePrefixes?.map(({ prefix, valid }) => [prefix, valid]);

describe('a Mobile Prefix Solicitation', () => {
  it('[RFC 6275 §11.4.2] goes to the home agent from the care-of address, with the home address and a random identifier', () => {
    const router = asking();
    const [one] = solicitations(router);
    expect(formatAddress(one!.source)).toBe(formatAddress(CARE_OF));
    expect(formatAddress(one!.destination)).toBe(formatAddress(HOME_AGENT));
    expect(formatAddress(one!.homeAddress!)).toBe(formatAddress(HOME));
    expect(one!.device).toBe('lte0');
    expect(one!.message.identifier).toBe(0x8000);
  });

  it('[RFC 6275 §11.8] is repeated after 3, 6, 12, 24 and 32 s, and not for ever', () => {
    const router = asking();
    router.wait(3_600_000);
    const times = solicitations(router).map(({ at }) => at);
    expect(times.map(at => at - times[0]!)).toEqual([0, 3, 9, 21, 45, 77, 109, 141].map(s => s * 1000));
  });

  it('[RFC 6275 §11.7.3] follows an acceptance with status 1', () => {
    const router = new Router();
    router.responder = () => ({ status: 1 });
    router.start();
    expect(solicitations(router).length).toBeGreaterThan(0);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 6275 §11.4.3] follows an unsolicited advertisement, but not every one of a flood', () => {
    const router = asking();
    advertise(router);
    for (let i = 0; i < 600; i++) {
      router.wait(100);
      advertise(router, { identifier: 3 });
    }
    expect(solicitations(router).length).toBeLessThan(12);
  });

  it('[RFC 6275 §11.4.2] comes again before the prefix of the home address ends', () => {
    const router = asking();
    const begin = router.now;
    advertise(router, { options: [information(NET, 4000)] });
    router.wait(2_900_000);
    expect(solicitations(router)).toHaveLength(1);
    router.wait(200_000);
    expect(solicitations(router)[1]!.at - begin).toBe(3_000_000);
  });

  it('is not sent while nothing is registered, or for a home agent that has been left', () => {
    const router = new Router({ homeAgents: [HOME_AGENT, address('2001:db8:eeee::1')] });
    router.responder = () => undefined;
    router.announce();
    advertise(router, { identifier: 1 });
    router.wait(2000);
    expect(solicitations(router)).toEqual([]);
    const left = asking({ homeAgents: [HOME_AGENT, address('2001:db8:eeee::1')] });
    left.input({ kind: 'home-agent', address: address('2001:db8:eeee::1') });
    left.wait(60_000);
    expect(solicitations(left)).toHaveLength(1);
  });
});

describe('a Mobile Prefix Advertisement', () => {
  it('[RFC 6275 §11.4.3] that was asked for says which prefixes there are: event and status', () => {
    const router = asking();
    advertise(router, { options: [information(), information(NEW, 7200)] });
    expect(known(router)).toEqual([
      ['2001:db8:100::/64', null],
      ['2001:db8:300::/64', 7200],
    ]);
    expect(router.events.at(-1)).toMatchObject({ name: 'home-prefixes', level: 'notice' });
    router.wait(60_000);
    advertise(router, { identifier: 2 });
    router.wait(1);
    advertise(router, { options: [information(), information(NEW, 7100)] });
    expect(router.events.filter(({ name }) => name === 'home-prefixes')).toHaveLength(1);
  });

  it('[RFC 6275 §11.4.3] that speaks of DHCPv6 is reported with its prefixes: that gives no home address', () => {
    const router = asking();
    advertise(router, { managed: true });
    const { text, data } = router.events.at(-1)!;
    expect(text).toBe('the home network has 2001:db8:100::/64, DHCPv6, which is not asked');
    expect(data).toMatchObject({ managed: true, otherConfiguration: false });
  });

  it.each<[string, Said]>([
    ['of another source', { source: address('2001:db8:eeee::1') }],
    ['without type 2 routing header', { routingHome: undefined }],
    ['for another home address', { routingHome: address('2001:db8:100::2') }],
    ['with another identifier', { identifier: 0x1234 }],
  ])('[RFC 6275 §11.4.3] %s is discarded', (_, said) => {
    const router = asking();
    advertise(router, said);
    expect(known(router)).toBeUndefined();
    expect(router.events.map(({ name }) => name)).not.toContain('home-prefixes');
    advertise(router);
    expect(known(router)).toHaveLength(1);
  });

  it('[RFC 6275 §11.4.3] is taken once for an identifier', () => {
    const router = asking();
    advertise(router);
    advertise(router, { options: [] });
    expect(known(router)).toHaveLength(1);
  });

  it('[RFC 6275 §11.4.3] before any home agent is known is discarded', () => {
    const router = new Router({ homeAgents: [], discovery: NET });
    router.announce();
    advertise(router, { identifier: 0x8000 });
    expect(known(router)).toBeUndefined();
  });

  it('[RFC 4861 §6.3.4] has options that are skipped: unknown ones, and those that contradict themselves', () => {
    const router = asking();
    advertise(router, {
      options: [
        { kind: 'opaque', type: 200, data: new Uint8Array(6) },
        information(NEW, 10, 20),
        information(),
      ],
    });
    expect(known(router)).toEqual([['2001:db8:100::/64', null]]);
  });

  it('[RFC 6275 §11.4.2] that says when the home prefix ends is reported, and followed only where that is configured', () => {
    for (const renumbering of ['report', 'follow'] as const) {
      const router = asking({ renumbering });
      router.forgetUpdates();
      advertise(router, { options: [information(NET, 400)] });
      expect(router.events.map(({ name, level }) => `${name} ${level}`)).toContain('home-prefixes warning');
      router.set('lte', false);
      router.set('lte', true);
      router.wait(500);
      const lifetimes = router.updates
        .map(({ message }) => message.lifetime)
        .filter(lifetime => lifetime > 0);
      expect(lifetimes[0]).toBe(renumbering === 'follow' ? 400 : 600);
    }
  });

  it('[RFC 6275 §11.4.2] that shortens the life of the home prefix causes Binding Updates at once, where that is followed', () => {
    const lifetimes = (renumbering: 'report' | 'follow', valid: number) => {
      const router = asking({ renumbering });
      router.wait(1000);
      router.forgetUpdates();
      advertise(router, { options: [information(NET, valid)] });
      router.wait(1000);
      return router.updates.map(({ message }) => message.lifetime);
    };
    expect(lifetimes('follow', 300)).toEqual([300, 300]);
    expect(lifetimes('follow', 700)).toEqual([]);
    expect(lifetimes('report', 300)).toEqual([]);
  });

  it('[RFC 6275 §6.8] has reserved bits that mean nothing', () => {
    const router = asking();
    const identifier = solicitations(router).at(-1)!.message.identifier;
    const packet = emitIcmpv6Packet({
      source: HOME_AGENT,
      destination: CARE_OF,
      routingHome: HOME,
      message: {
        kind: 'mobile-prefix-advertisement',
        identifier,
        managed: false,
        otherConfiguration: false,
        options: [information()],
      },
    });
    // Flags and Reserved, behind IPv6 header and routing header; the checksum is made up for.
    const at = 40 + 24 + 6;
    packet[at]! |= 0x3f;
    packet[at + 1] = 0xff;
    const sum = new DataView(packet.buffer);
    const before = 0xffff & ~sum.getUint16(at - 4);
    const total = before + 0x3fff;
    sum.setUint16(at - 4, 0xffff & ~((total & 0xffff) + (total >> 16)));
    router.receive(packet);
    expect(known(router)).toEqual([['2001:db8:100::/64', null]]);
  });
});
