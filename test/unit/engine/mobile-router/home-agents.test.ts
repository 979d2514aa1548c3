/** A mobile router with several home agents: when it goes on to the next one, and what it leaves behind. */
import { describe, expect, it } from 'vitest';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { type Address, equalAddress, formatAddress, formatPrefix } from '../../../../src/wire/address.ts';
import { STATUS } from '../../../../src/wire/binding-status.ts';
import { emitIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIpv6 } from '../../../../src/wire/ipv6.ts';
import { findOption } from '../../../../src/wire/mobility-option.ts';
import { AUTH, address, CARE_OF, CARE_OF_2, HOME, HOME_AGENT } from '../anchor.ts';
import { type Reply, Router, type Update } from '../router.ts';

/** Seconds from 1900 to 1970. */
const NTP_OFFSET = 2_208_988_800;
const SECOND = address('2001:db8:eeee::1');
const THIRD = address('2001:db8:dddd::1');

const several = (config: Partial<MobileRouterConfig> = {}) =>
  new Router({ homeAgents: [HOME_AGENT, SECOND, THIRD], ...config });

const inUse = ({ router }: Router) => formatAddress(router.homeAgents.current!);
const told = (updates: readonly Update[], homeAgent: Address) =>
  updates.filter(({ destination }) => equalAddress(destination, homeAgent));
const isRegistration = ({ message }: Update) => message.lifetime > 0;

/** Answers as each home agent does; one without an entry is silent. */
function answers(...list: [Address, (update: Update) => Reply | undefined][]) {
  return (update: Update) =>
    list.find(([homeAgent]) => equalAddress(homeAgent, update.destination))?.[1](update);
}
const agrees = () => ({});

describe('several home agents', () => {
  it('[RFC 6275 §11.4.1] the first of the list is tried first, and kept while it works', () => {
    const router = several().start();
    router.wait(2 * 3_600_000);
    expect(told(router.updates, HOME_AGENT)).toHaveLength(router.updates.length);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 6275 §11.4.1] [RFC 6275 §11.8] without any answer the next ones are tried in their order', () => {
    const router = several();
    router.responder = answers([THIRD, agrees]);
    router.announce();
    router.wait(20_000);
    expect(inUse(router)).toBe(formatAddress(THIRD));
    expect(router.registered).toEqual(['lte', 'wifi']);
    const first = [HOME_AGENT, SECOND, THIRD].map(one => told(router.updates, one).find(isRegistration)!.at);
    expect(first[1]! - first[0]!).toBe(6000);
    expect(first[2]! - first[1]!).toBe(6000);
  });

  it.each([1, 2])(
    '[RFC 6275 §11.4.1] no registration comes sooner than 1.5 s after one elsewhere: code %i',
    code => {
      const router = several();
      router.responder = () => undefined;
      router.announce();
      router.wait(100);
      // Somebody says that there is no Mobile IPv6 at the home agent.
      const invoking = emitIpv6(CARE_OF, HOME_AGENT, 60, homeAddressHeader(HOME));
      const error = { kind: 'parameter-problem', code, pointer: 40, invoking } as const;
      router.receive(emitIcmpv6Packet({ source: HOME_AGENT, destination: CARE_OF, message: error }));
      router.wait(5000);
      const [last, next] = [HOME_AGENT, SECOND].map(one => told(router.updates, one).filter(isRegistration));
      expect(next![0]!.at - last!.at(-1)!.at).toBe(1500);
      expect(next![0]!.at - last![0]!.at).toBeLessThanOrEqual(3000);
    },
  );

  it('[RFC 6275 §11.4.1] no registration comes sooner than 1.5 s after one elsewhere: a refusal', () => {
    const router = several();
    router.responder = () => ({ status: 129 });
    router.announce();
    router.wait(60_000);
    const sent = router.updates.filter(isRegistration);
    const moves = sent.flatMap(({ at, destination }, index) => {
      const before = sent[index - 1];
      return before === undefined || equalAddress(before.destination, destination) ? [] : [at - before.at];
    });
    expect(moves.length).toBeGreaterThan(5);
    expect(Math.min(...moves)).toBe(1500);
  });

  it('[RFC 4443 §2.4] an error about something else, or while all is well, changes nothing', () => {
    const router = several().start();
    const lie = (source: Address, destination: Address, home: Address) => {
      const invoking = emitIpv6(source, destination, 60, homeAddressHeader(home));
      const message = { kind: 'parameter-problem', code: 2, pointer: 40, invoking } as const;
      router.receive(emitIcmpv6Packet({ source: HOME_AGENT, destination: CARE_OF, message }));
    };
    lie(CARE_OF, HOME_AGENT, HOME);
    router.wait(20_000);
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
    router.responder = () => undefined;
    router.input({ kind: 'prefer', uplink: 'wifi' });
    lie(CARE_OF, SECOND, HOME);
    lie(SECOND, HOME_AGENT, HOME);
    lie(CARE_OF, HOME_AGENT, SECOND);
    router.wait(5000);
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
  });

  it.each([128, 129, 130, 131, 132, 133, 140, 141, 142, 143])(
    '[RFC 3963 §5.4] [RFC 6275 §11.7.3] status %i makes the next one tried: explicit and implicit',
    status => {
      for (const mode of ['explicit', 'implicit'] as const) {
        const router = several({ mode });
        router.responder = answers([HOME_AGENT, () => ({ status })], [SECOND, agrees]);
        router.announce();
        router.wait(5000);
        expect(inUse(router)).toBe(formatAddress(SECOND));
        expect(router.registered).toEqual(['lte', 'wifi']);
        expect(told(router.updates, HOME_AGENT).filter(isRegistration)).toHaveLength(1);
        // Whom it has refused has nothing to take back.
        expect(told(router.updates, HOME_AGENT)).toHaveLength(1);
      }
    },
  );

  it('one uplink that is refused beside another that is not makes no other one tried', () => {
    const router = several();
    router.responder = ({ message }) =>
      message.options.some(option => option.kind === 'binding-identifier' && option.bid === 2)
        ? { status: 130, bidStatus: () => 130 }
        : {};
    router.announce();
    router.wait(60_000);
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
    expect(router.registered).toEqual(['lte']);
  });

  it('[RFC 3963 §5.3] an acceptance without R flag is taken back before another one is tried', () => {
    const router = several();
    router.responder = answers([HOME_AGENT, () => ({ mobileRouter: false })], [SECOND, agrees]);
    router.announce();
    router.wait(5000);
    const order = router.updates.map(({ destination, message }) => [
      formatAddress(destination),
      message.lifetime,
    ]);
    expect(order.slice(0, 3)).toEqual([
      [formatAddress(HOME_AGENT), 600],
      [formatAddress(HOME_AGENT), 0],
      [formatAddress(SECOND), 600],
    ]);
    expect(told(router.updates, HOME_AGENT)).toHaveLength(2);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 3963 §5.3] a refresh that is answered without R flag: the tunnels go, and the next one is tried', () => {
    const router = several().start();
    router.responder = answers([HOME_AGENT, () => ({ mobileRouter: false })], [SECOND, agrees]);
    router.wait(600_000);
    expect(inUse(router)).toBe(formatAddress(SECOND));
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('[RFC 3963 §5.3] an acceptance without R flag is taken back when there is no other one', () => {
    const router = new Router();
    router.responder = () => ({ mobileRouter: false });
    router.announce();
    router.wait(5000);
    const order = router.updates.map(({ source, message }) => [formatAddress(source), message.lifetime]);
    expect(order).toEqual([
      [formatAddress(CARE_OF), 600],
      [formatAddress(CARE_OF), 0],
      [formatAddress(CARE_OF_2), 600],
      [formatAddress(CARE_OF), 0],
    ]);
    router.responder = agrees;
    router.wait(64_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it.each([
    ['does not know', {}],
    ['refuses', { status: 166 }],
  ] as const)(
    '[RFC 5648 §3, §5.7] [multiplecoa-00 §5.7] one that %s identifiers is left for one that does, and told so',
    (_, reply) => {
      const router = several();
      router.responder = answers([HOME_AGENT, () => ({ ...reply, bidStatus: undefined })], [SECOND, agrees]);
      router.announce();
      router.wait(5000);
      expect(inUse(router)).toBe(formatAddress(SECOND));
      expect(router.registered).toEqual(['lte', 'wifi']);
      expect(told(router.updates, HOME_AGENT).map(({ message }) => message.lifetime)).toEqual([600, 0]);
      router.forgetUpdates();
      router.wait(3_600_000);
      expect(told(router.updates, SECOND)).toHaveLength(router.updates.length);
    },
  );

  it('[RFC 5648 §5.7] when no other one is better, one of them serves a single binding', () => {
    const router = several();
    router.responder = answers([HOME_AGENT, () => ({ bidStatus: undefined })]);
    router.announce();
    router.wait(60_000);
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
    expect(router.registered).toEqual(['lte']);
    router.forgetUpdates();
    router.wait(3_600_000);
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
    expect(router.updates.length).toBeLessThan(60);
  });

  it('a home agent that falls silent is left, told so when it is back, and not returned to', () => {
    const router = several().start();
    router.responder = answers([SECOND, agrees]);
    router.wait(460_000);
    expect(inUse(router)).toBe(formatAddress(SECOND));
    const before = told(router.updates, HOME_AGENT).filter(({ message }) => message.lifetime === 0);
    expect(before.length).toBeGreaterThan(0);
    router.responder = answers([HOME_AGENT, agrees], [SECOND, agrees]);
    router.wait(40_000);
    expect(router.events.map(({ name }) => name)).toContain('home-agent-left');
    router.forgetUpdates();
    router.wait(2 * 3_600_000);
    expect(inUse(router)).toBe(formatAddress(SECOND));
    expect(told(router.updates, HOME_AGENT)).toEqual([]);
  });

  it('[RFC 4285 §6] [RFC 6275 §11.7.3] a farewell that is to be corrected is not done, and corrects nothing elsewhere', () => {
    const secondsOf = ({ message }: Update) => {
      const stamp = findOption(message.options, 'message-id')!;
      return stamp.seconds + stamp.fraction / 2 ** 32;
    };
    const router = several().start();
    router.responder = answers([SECOND, agrees]);
    router.wait(460_000);
    const { sequence } = router.updates.at(-1)!.message;
    router.forgetUpdates();
    // Behind by an hour, and with a number of a life that the router has forgotten.
    const isInOrder = (update: Update) =>
      Math.abs(secondsOf(update) + 3600 - (update.at + router.wallOffset) / 1000 - NTP_OFFSET) < 5;
    router.responder = answers(
      [
        HOME_AGENT,
        update => {
          if (!isInOrder(update)) return { status: STATUS.idMismatch, clock: -3600 };
          const isNewer = update.message.sequence > sequence + 1000;
          return isNewer ? {} : { status: STATUS.sequenceOutOfWindow, sequence: sequence + 1000 };
        },
      ],
      [SECOND, agrees],
    );
    router.wait(300_000);
    const farewells = told(router.updates, HOME_AGENT);
    expect(farewells.map(isInOrder)).toEqual([false, true, true]);
    expect(farewells.at(-1)!.message.sequence).toBe(sequence + 1001);
    expect(router.events.map(({ name }) => name)).toContain('home-agent-left');
    router.wait(3_600_000);
    const others = told(router.updates, SECOND);
    expect(others.length).toBeGreaterThan(5);
    for (const update of others)
      expect(secondsOf(update)).toBeCloseTo((update.at + router.wallOffset) / 1000 + NTP_OFFSET, 0);
  });

  it('farewells end when the bindings there have ended by themselves', () => {
    const router = several({ lifetime: 120 }).start();
    router.responder = answers([SECOND, agrees]);
    router.wait(1_000_000);
    const farewells = told(router.updates, HOME_AGENT).filter(({ message }) => message.lifetime === 0);
    expect(farewells.length).toBeGreaterThan(3);
    expect(farewells.at(-1)!.at - farewells[0]!.at).toBeLessThanOrEqual(120_000);
  });

  const farewellsTo = (router: Router, homeAgent = HOME_AGENT) =>
    told(router.updates, homeAgent).filter(({ message }) => message.lifetime === 0);

  it('a farewell goes on after a restart, and is said once more when the process ends', () => {
    const router = several().start();
    router.responder = answers([SECOND, agrees]);
    router.wait(460_000);
    router.forgetUpdates();
    router.restart();
    router.wait(1000);
    expect(farewellsTo(router)).toHaveLength(1);
    router.input({ kind: 'shutdown' });
    expect(farewellsTo(router)).toHaveLength(2);
    router.restart();
    router.responder = answers([HOME_AGENT, agrees], [SECOND, agrees]);
    router.wait(5000);
    expect(router.events.map(({ name }) => name)).toContain('home-agent-left');
    router.restart();
    router.forgetUpdates();
    router.wait(60_000);
    expect(farewellsTo(router)).toEqual([]);
  });

  it('a home agent that the configuration has no more is told so', () => {
    const router = several().start();
    router.forgetUpdates();
    router.responder = answers([HOME_AGENT, agrees], [SECOND, agrees]);
    router.restart({ ...router.config, homeAgents: [SECOND, THIRD] });
    router.wait(10_000);
    expect(inUse(router)).toBe(formatAddress(SECOND));
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(farewellsTo(router)).toHaveLength(1);
  });

  it('a farewell goes out at once when an uplink comes that may reach the home agent, and never twice within 1.5 s', () => {
    const router = several().start();
    router.set('wifi', false);
    router.responder = answers([SECOND, agrees]);
    router.wait(520_000);
    router.forgetUpdates();
    const { now } = router;
    for (let change = 0; change < 10; change++) router.set('wifi', change % 2 === 0);
    router.set('wifi', true);
    router.wait(4000);
    const times = farewellsTo(router).map(({ at }) => at - now);
    expect(times[0]).toBeLessThanOrEqual(1500);
    expect(times.every((at, index) => index === 0 || at - times[index - 1]! >= 1500)).toBe(true);
  });

  it('with another SPI or an unknown sequence number nobody ends a farewell', () => {
    const router = several().start();
    router.responder = answers([SECOND, agrees]);
    router.wait(460_000);
    const farewell = told(router.updates, HOME_AGENT).at(-1)!;
    router.receive(router.emit(farewell, { auth: { ...AUTH, spi: 999 } }));
    router.receive(router.emit(farewell, { sequence: farewell.message.sequence ^ 1 }));
    router.receive(router.emit({ ...farewell, destination: THIRD }));
    expect(router.events.map(({ name }) => name)).not.toContain('home-agent-left');
    router.receive(router.emit(farewell));
    expect(router.events.map(({ name }) => name)).toContain('home-agent-left');
  });

  it('an operator moves the router to another one and back without waiting', () => {
    const router = several().start();
    for (const [wanted, expected] of [
      [THIRD, THIRD],
      [undefined, HOME_AGENT],
    ] as const) {
      router.input({ kind: 'home-agent', address: wanted });
      router.wait(1000);
      expect(inUse(router)).toBe(formatAddress(expected));
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
    // What was said to the one that is in use again ended with its return.
    router.wait(60_000);
    const since = router.now - 50_000;
    expect(
      told(router.updates, HOME_AGENT).filter(({ at, message }) => at > since && message.lifetime === 0),
    ).toEqual([]);
    router.input({ kind: 'home-agent', address: CARE_OF });
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
  });

  it('[RFC 6275 §11.4.1] a restart goes on with the home agent in use', () => {
    const router = several();
    router.responder = answers([SECOND, agrees]);
    router.announce();
    router.wait(20_000);
    router.forgetUpdates();
    router.restart();
    router.wait(1000);
    expect(inUse(router)).toBe(formatAddress(SECOND));
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(told(router.updates, SECOND)).toEqual([]);
    // A configuration that does not have it any more begins with its own first one.
    router.restart({ ...router.config, homeAgents: [THIRD] });
    expect(inUse(router)).toBe(formatAddress(THIRD));
    expect(router.registered).toEqual([]);
  });

  it('nothing is blamed on a home agent while there is no uplink', () => {
    const router = several().start();
    router.set('lte', false);
    router.set('wifi', false);
    router.wait(400_000);
    router.set('wifi', true);
    router.wait(1000);
    expect(inUse(router)).toBe(formatAddress(HOME_AGENT));
    expect(router.registered).toEqual(['wifi']);
  });

  it('what the forwarding state is made of names the home agent in use and all that may be', () => {
    const router = several();
    router.responder = answers([SECOND, agrees]);
    router.announce();
    router.wait(20_000);
    const view = router.router.view();
    expect(formatAddress(view.homeAgent!)).toBe(formatAddress(SECOND));
    expect(view.homeAgents.map(formatAddress)).toEqual([HOME_AGENT, SECOND, THIRD].map(formatAddress));
    expect(view.prefixes.map(formatPrefix)).toEqual(router.config.prefixes.map(formatPrefix));
  });
});

/** An hour with home agents of no use, and then one that works. Messages a second, over the hour. */
describe('no storm', () => {
  const kinds: Record<string, (update: Update) => Reply | undefined> = {
    'no answer': () => undefined,
    'no R flag': () => ({ mobileRouter: false }),
    'lifetime 0': () => ({ lifetime: 0 }),
    'status 130': () => ({ status: 130 }),
    'status 135 for ever': ({ message }) => ({ status: 135, sequence: (message.sequence + 100) & 0xffff }),
    'status 144 for ever': () => ({ status: 144, clock: 1_000_000 }),
    'an unknown status': () => ({ status: 255 }),
    'another sequence number': ({ message }) => ({ sequence: message.sequence ^ 1 }),
    'an authenticator of somebody else': () => ({ auth: { ...AUTH, key: new Uint8Array(16) } }),
  };

  it.each(Object.keys(kinds))('[RFC 6275 §11.8] %s at all home agents', kind => {
    for (const homeAgents of [[HOME_AGENT], [HOME_AGENT, SECOND, THIRD]]) {
      const router = new Router({ homeAgents });
      router.responder = kinds[kind]!;
      router.announce();
      router.wait(3_600_000);
      expect(router.updates.length).toBeLessThan(3600 * 0.6);
      expect(router.updates.length).toBeGreaterThan(60);
      expect(busiestSecond(router.updates)).toBeLessThanOrEqual(6);
      router.responder = agrees;
      router.wait(64_000);
      expect(router.registered).toEqual(['lte', 'wifi']);
    }
  });
});

/** The most updates within any second, whatever they are about. */
function busiestSecond(updates: readonly Update[]): number {
  return Math.max(
    ...updates.map(
      ({ at }, index) => updates.slice(index, index + 50).filter(other => other.at < at + 1000).length,
    ),
  );
}

/** Destination Options header with the Home Address option, before a Mobility Header. */
function homeAddressHeader(home: Address): Uint8Array {
  return Uint8Array.of(135, 2, 1, 2, 0, 0, 0xc9, 16, ...home, 59, 0, 5, 0, 0, 0, 0, 0);
}
