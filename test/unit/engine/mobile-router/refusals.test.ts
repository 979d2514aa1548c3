/** What home agents refuse for good: the mobile network in this or that mode, the home address. */
import { describe, expect, it } from 'vitest';
import { reportMobileRouter } from '../../../../src/engine/mobile-router/report.ts';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { equalAddress, formatPrefix } from '../../../../src/wire/address.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { address, CARE_OF, HOME_AGENT, PREFIX_1, prefix } from '../anchor.ts';
import { type Responder, Router, type Update } from '../router.ts';

const HOUR = 3_600_000;
const SECOND = address('2001:db8:eeee::1');

const isExplicit = ({ message }: Update) =>
  message.options.some(({ kind }) => kind === 'mobile-network-prefix');
const says =
  (status: number): Responder =>
  () => ({ status });
/** Answers explicit registrations like this, implicit ones like that; `undefined` agrees. */
const byMode =
  (explicit: number | undefined, implicit: number | undefined): Responder =>
  update => {
    const status = isExplicit(update) ? explicit : implicit;
    return status === undefined ? {} : { status };
  };

function refused(responder: Responder, config: Partial<MobileRouterConfig> = {}): Router {
  const router = new Router(config);
  router.responder = responder;
  router.announce();
  router.wait(20_000);
  return router;
}

const names = ({ events }: Router) => events.map(({ name }) => name);
const report = ({ router, now }: Router) => reportMobileRouter(router, now, name => name);

describe.each([
  ['implicit', 140],
  ['implicit', 141],
  ['implicit', 142],
  ['implicit', 143],
  ['explicit', 140],
  ['explicit', 141],
  ['explicit', 142],
  ['explicit', 143],
] as const)('[RFC 3963 §5.4] %s mode, %i from every home agent', (mode, status) => {
  it.each([[[HOME_AGENT]], [[HOME_AGENT, SECOND]]])('is not asked for again, for an hour: %#', homeAgents => {
    const router = refused(says(status), { mode, homeAgents });
    expect(router.updates).toHaveLength(homeAgents.length);
    expect(report(router)).toMatchObject({
      refused: { status },
      uplinks: [{ state: 'refused' }, { state: 'refused' }],
    });
    // Whatever the uplinks do meanwhile.
    for (let i = 0; i < 30; i++) {
      router.set('lte', i % 2 === 1);
      router.status.wifi.careOfAddress = address(`2001:db8:b::${i + 3}`);
      router.announce();
      router.wait(100_000);
    }
    expect(router.updates).toHaveLength(homeAgents.length);
    expect(names(router).filter(name => name === 'registration-refused')).toHaveLength(1);
    router.wait(HOUR);
    expect(router.updates).toHaveLength(2 * homeAgents.length);
    router.responder = () => ({});
    router.wait(HOUR);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(report(router).refused).toBeNull();
  });

  it('is over with a reload, and when an operator asks', () => {
    const router = refused(says(status), { mode });
    router.responder = () => ({});
    router.input({ kind: 'home-agent', address: undefined });
    router.wait(3000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    const other = refused(says(status), { mode });
    other.responder = () => ({});
    other.restart();
    other.wait(3000);
    expect(other.registered).toEqual(['lte', 'wifi']);
  });

  it('of a refresh: the bindings are gone, and are not refreshed', () => {
    const router = new Router({ mode }).start();
    router.responder = says(status);
    router.wait(HOUR / 2);
    const last = router.updates.at(-1)!;
    expect(router.now - last.at).toBeGreaterThan(1_000_000);
    expect(router.registered).toEqual([]);
    expect(router.active).toBeUndefined();
  });
});

describe('refusals of the mobile network', () => {
  it.each([
    ['implicit', 141],
    ['implicit', 142],
    ['explicit', 143],
  ] as const)('[RFC 3963 §5.4] %s mode, %i: told as an error of the home agent', (mode, status) => {
    const text = refused(says(status), { mode }).events.find(({ name }) => name === 'binding-refused')?.text;
    expect(text).toContain(`which is no answer to the ${mode} mode`);
  });

  it('[RFC 3963 §5.4] one that has not answered yet is asked on, the one that refuses is not', () => {
    const router = refused(
      ({ destination }) => (equalAddress(destination, HOME_AGENT) ? { status: 140 } : undefined),
      { homeAgents: [HOME_AGENT, SECOND] },
    );
    router.wait(HOUR / 2);
    const [here, there] = [HOME_AGENT, SECOND].map(one =>
      router.updates.filter(({ destination }) => equalAddress(destination, one)),
    );
    expect(here).toHaveLength(1);
    expect(there!.length).toBeGreaterThan(20);
    router.responder = () => ({});
    router.wait(64_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 3963 §5.4] a home agent that discovery finds meanwhile is asked', () => {
    const router = refused(says(140), { discovery: prefix('2001:db8:100::/64') });
    router.responder = () => ({});
    const request = router.others.map(({ packet }) => parseIcmpv6Packet(packet)).find(({ ok }) => ok);
    if (!request?.ok || request.value.message.kind !== 'home-agent-address-discovery-request') throw Error();
    const { identifier } = request.value.message;
    router.receive(
      emitIcmpv6Packet({
        source: SECOND,
        destination: CARE_OF,
        message: {
          kind: 'home-agent-address-discovery-reply',
          identifier,
          mobileRouter: true,
          homeAgents: [HOME_AGENT, SECOND],
        },
      }),
    );
    router.wait(3000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.updates.slice(1).every(({ destination }) => equalAddress(destination, SECOND))).toBe(true);
  });

  it('a host, which has none, goes on asking', () => {
    const router = refused(says(140), { prefixes: [] });
    router.responder = () => ({});
    router.wait(60_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('on the home link the router needs nobody', () => {
    const router = refused(says(140), { homePrefix: prefix('2001:db8:100::/64') });
    router.status.wifi = { ...router.status.wifi, onLinkPrefixes: [prefix('2001:db8:100::/64')] };
    router.announce();
    router.wait(10_000);
    expect(router.active).toBe('wifi');
    expect(router.updates).toHaveLength(1);
  });
});

describe('prefixes that are refused', () => {
  const advertised = ({ router }: Router) => router.advertised;
  const withdrawn = ({ events }: Router) =>
    events.filter(({ name }) => name === 'registration-refused').map(({ data }) => data.prefixes);

  it.each([141, 142])(
    '[RFC 3963 §5.4.2] %i from all: advertised no longer, until one accepts them',
    status => {
      const router = refused(says(status), { homeAgents: [HOME_AGENT, SECOND] });
      expect(withdrawn(router)).toEqual([[formatPrefix(PREFIX_1)]]);
      expect(router.events.at(-1)?.text).toContain(`advertise ${formatPrefix(PREFIX_1)} no longer`);
      expect(report(router).prefixesRefused).toBe(true);
      for (let hour = 0; hour < 3; hour++) {
        router.wait(HOUR);
        expect(advertised(router)).toEqual([]);
      }
      router.responder = () => ({});
      router.wait(HOUR);
      expect(advertised(router)).toEqual([PREFIX_1]);
      expect(report(router).prefixesRefused).toBe(false);
    },
  );

  it('[RFC 3963 §5.4.2] by one home agent, and another one takes none: the same', () => {
    const router = refused(
      ({ destination }) => ({ status: equalAddress(destination, HOME_AGENT) ? 142 : 140 }),
      { homeAgents: [HOME_AGENT, SECOND] },
    );
    expect(advertised(router)).toEqual([]);
  });

  it.each([
    ['that one accepts', says(142), () => ({})],
    ['that one does not answer', says(142), () => undefined],
    ['that none serves a mobile router', says(140), says(140)],
  ] as [string, Responder, Responder][])('%s: they stay', (_, here, there) => {
    const router = refused(update => (equalAddress(update.destination, HOME_AGENT) ? here : there)(update), {
      homeAgents: [HOME_AGENT, SECOND],
    });
    router.wait(HOUR / 2);
    expect(advertised(router)).toEqual([PREFIX_1]);
  });

  it('[RFC 3963 §5.4.2] in mode auto only when the implicit mode is of no use either', () => {
    expect(advertised(refused(byMode(142, undefined), { mode: 'auto' }))).toEqual([PREFIX_1]);
    expect(advertised(refused(byMode(142, 143), { mode: 'auto' }))).toEqual([]);
    expect(advertised(refused(says(143), { mode: 'auto' }))).toEqual([PREFIX_1]);
  });
});

describe('mode auto', () => {
  it('[RFC 3963 §5.4.2] goes to implicit mode when all refuse the prefixes', () => {
    for (const status of [141, 142]) {
      const router = refused(byMode(status, undefined), { mode: 'auto', homeAgents: [HOME_AGENT, SECOND] });
      expect(router.registered).toEqual(['lte', 'wifi']);
      expect(router.updates.slice(0, 3).map(isExplicit)).toEqual([true, true, false]);
      expect(names(router)).toContain('registration-mode');
      expect(report(router).mode).toBe('implicit');
      // What was found out outlives the process, and the bindings do not change.
      router.forgetUpdates();
      router.restart();
      router.wait(HOUR);
      expect(router.updates.map(isExplicit)).not.toContain(true);
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
  });

  it('[RFC 3963 §5.4.1] goes back to explicit mode after 143', () => {
    const router = refused(byMode(142, undefined), { mode: 'auto' });
    router.responder = byMode(undefined, 143);
    router.wait(600_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(report(router).mode).toBe('explicit');
  });

  it('[RFC 3963 §5.4.2] tries both once, then neither for an hour', () => {
    const router = refused(byMode(142, 143), { mode: 'auto' });
    router.wait(HOUR - 30_000);
    expect(router.updates.map(isExplicit)).toEqual([true, false]);
    expect(names(router)).toContain('registration-refused');
    router.wait(60_000);
    expect(router.updates.map(isExplicit)).toEqual([true, false, true, false]);
  });

  it.each([140, 143])('[RFC 3963 §5.4.2] tries no other one after %i to the first', status => {
    const router = refused(says(status), { mode: 'auto' });
    expect(router.updates.map(isExplicit)).toEqual([true]);
    expect(router.config.prefixes).toEqual([PREFIX_1]);
  });
});

describe('status 134', () => {
  it.each(['single', 'bulk'] as const)(
    '[RFC 6275 §11.7.1] is final for the home address, at every home agent: %s',
    registration => {
      const router = refused(says(134), { homeAgents: [HOME_AGENT, SECOND], registration });
      router.wait(24 * HOUR);
      router.status.lte.careOfAddress = address('2001:db8:a::9');
      router.announce();
      router.wait(HOUR);
      expect(router.updates).toHaveLength(1);
      expect(report(router).refused).toMatchObject({ status: 134, retryIn: null });
      router.responder = () => ({});
      router.restart();
      router.wait(3000);
      expect(router.registered).toEqual(['lte', 'wifi']);
    },
  );

  it('is not, while a home agent that was left may defend it for us', () => {
    const router = new Router({ homeAgents: [HOME_AGENT, SECOND] }).start();
    router.responder = ({ destination, message }) =>
      equalAddress(destination, SECOND) && message.lifetime > 0 ? { status: 134 } : undefined;
    router.wait(500_000);
    expect(names(router)).toContain('home-agent-changed');
    expect(names(router)).not.toContain('registration-refused');
    router.responder = () => ({});
    router.wait(64_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });
});
