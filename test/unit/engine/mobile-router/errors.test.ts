/** Faulty test messages, and what others say about messages of the mobile router. */
import { describe, expect, it } from 'vitest';
import type { Output } from '../../../../src/engine/types.ts';
import { UNSPECIFIED } from '../../../../src/wire/address.ts';
import { emitIcmpv6Error, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, CARE_OF, HOME, HOME_AGENT } from '../anchor.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { Router } from '../router.ts';

const CORRESPONDENT = address('2001:db8:cc::5');
const ALONE = { uplinks: [{ name: 'lte', device: 'lte0', priority: 1, bid: 1 }] };

type Sent = Extract<Output, { kind: 'send' }>;
const sends = (outputs: readonly Output[]) => outputs.filter((one): one is Sent => one.kind === 'send');
const inside = (packet: Uint8Array) => (packet[6] === 41 ? packet.slice(40) : packet);

/** A router that has asked the correspondent for both tokens. */
function asking() {
  const router = new Router({ ...ALONE, routeOptimization: { correspondents: [CORRESPONDENT] } }).start();
  const asked = sends(router.input({ kind: 'direct-path', obstacle: undefined }));
  const cookieOf = (kind: MobilityMessage['kind']) => {
    for (const { packet } of asked) {
      const parsed = parseMobilityPacket(inside(packet));
      if (parsed.ok && parsed.value.message.kind === kind) return parsed.value.message;
    }
    throw new Error(`no ${kind}`);
  };
  const answer = (kind: 'home-test' | 'care-of-test') => {
    const question = cookieOf(`${kind}-init`) as { cookie: Uint8Array };
    const fields = { nonceIndex: 1, cookie: question.cookie, keygenToken: new Uint8Array(8), options: [] };
    const destination = kind === 'home-test' ? HOME : CARE_OF;
    return emitMobilityPacket({ source: CORRESPONDENT, destination, message: { kind, ...fields } });
  };
  return { router, answer };
}

const hasToken = ({ router, now }: Router, kind: 'home-test' | 'care-of-test'): boolean => {
  const [entry] = [...router.routeOptimization!.entries.values()];
  const test = kind === 'home-test' ? entry!.home : [...entry!.paths.values()][0]!.test;
  return test.token(now) !== undefined;
};

describe.each(['home-test', 'care-of-test'] as const)('a faulty %s', kind => {
  it.each<[string, number, number, number]>([
    ['Payload Proto is not 59', 0, 58, 0],
    ['Header Len is too short', 1, 1, 1],
  ])(
    '[RFC 6275 §9.2] %s: Parameter Problem code 0 at that field, nothing changes',
    (_, at, octet, pointer) => {
      const { router, answer } = asking();
      const faulty = withMobilityHeader(answer(kind), header => header.fill(octet, at, at + 1));
      const [sent, ...others] = sends(router.receive(faulty));
      expect(others).toEqual([]);
      expect(hasToken(router, kind)).toBe(false);
      // What came to the home address is answered from there, through the tunnel.
      expect(sent!.packet[6] === 41).toBe(kind === 'home-test');
      expect(sent!.device).toBe('lte0');
      const error = parseIcmpv6Packet(inside(sent!.packet));
      expect(error.ok && error.value).toMatchObject({
        source: kind === 'home-test' ? HOME : CARE_OF,
        destination: CORRESPONDENT,
        message: { kind: 'parameter-problem', code: 0, pointer: 40 + pointer },
      });
    },
  );

  it('[RFC 6275 §9.2] with a wrong checksum it is dropped silently', () => {
    const { router, answer } = asking();
    const faulty = answer(kind);
    faulty[faulty.length - 1]! ^= 1;
    expect(sends(router.receive(faulty))).toEqual([]);
    expect(router.router.counters.get('checksum')).toBe(1);
    expect(hasToken(router, kind)).toBe(false);
  });

  it('[RFC 6275 §9.2] [RFC 6275 §11.6.2] with another MH Type it is no token', () => {
    const { router, answer } = asking();
    const [sent] = sends(router.receive(withMobilityHeader(answer(kind), header => header.fill(77, 2, 3))));
    const error = parseMobilityPacket(inside(sent!.packet));
    expect(error.ok && error.value).toMatchObject({
      destination: CORRESPONDENT,
      message: { kind: 'binding-error', status: 2 },
    });
    expect(hasToken(router, kind)).toBe(false);
    router.receive(answer(kind), kind === 'home-test' ? 'kdg-lte' : 'lte0');
    expect(hasToken(router, kind)).toBe(true);
  });

  it('no more than a few of the errors are sent, however many faults come', () => {
    const { router, answer } = asking();
    const faulty = withMobilityHeader(answer(kind), header => header.fill(58, 0, 1));
    let count = 0;
    for (let i = 0; i < 100; i++) count += sends(router.receive(faulty)).length;
    expect(count).toBe(5);
  });
});

describe('Parameter Problem code 1 about a Binding Update to the home agent', () => {
  it('[RFC 6275 §11.3.5] [RFC 6275 §11.8] a lone home agent is asked on, at last each 32 s', () => {
    const router = new Router(ALONE);
    router.responder = () => undefined;
    router.announce();
    const complain = () => {
      const invoking = router.emit(router.updates.at(-1)!);
      const mine = withEnds(invoking);
      router.receive(
        emitIcmpv6Error(HOME_AGENT, CARE_OF, {
          kind: 'parameter-problem',
          code: 1,
          pointer: 6,
          invoking: mine,
        }),
      );
    };
    for (let i = 0; i < 300; i++) {
      complain();
      router.wait(1000);
    }
    const gaps = router.updates.slice(1).map(({ at }, index) => at - router.updates[index]!.at);
    expect(gaps.slice(0, 5)).toEqual([1500, 3000, 6000, 12_000, 24_000]);
    expect(gaps.slice(5).every(gap => gap === 32_000)).toBe(true);
    router.responder = () => ({});
    router.wait(33_000);
    expect(router.registered).toEqual(['lte']);
  });
});

/** The beginning of a Binding Update: from the care-of address to the home agent, with the home address. */
function withEnds(like: Uint8Array): Uint8Array {
  const message = {
    kind: 'binding-update',
    sequence: 1,
    acknowledge: true,
    homeRegistration: true,
    linkLocalCompatibility: false,
    keyManagement: false,
    lifetime: 600,
    options: [],
  } as const;
  expect(like.length).toBeGreaterThan(0);
  return emitMobilityPacket({ source: CARE_OF, destination: HOME_AGENT, homeAddress: HOME, message });
}

describe('a Binding Error of status 2 about Heartbeats', () => {
  const error = (homeAddress = UNSPECIFIED) =>
    ({ kind: 'binding-error', status: 2, homeAddress, options: [] }) as const;

  it.each([
    ['', HOME],
    [' (the home address is not named)', UNSPECIFIED],
  ])(
    '[RFC 6275 §11.3.6] from a home agent that has never answered one: no more of them%s',
    (_, homeAddress) => {
      const router = new Router(ALONE).start();
      router.say(error(homeAddress));
      const { probes } = router;
      for (let i = 0; i < 20; i++) {
        router.wait(10_000);
        router.input({ kind: 'timer' });
      }
      expect(router.probes).toBe(probes);
      expect(router.registered).toEqual(['lte']);
      expect(router.active).toBe('lte');
    },
  );

  it('of somebody else changes nothing', () => {
    const router = new Router(ALONE).start();
    router.say(error(), CORRESPONDENT);
    const { probes } = router;
    router.wait(200_000);
    expect(router.probes).toBeGreaterThan(probes);
  });

  it('[RFC 6275 §11.3.6] its own Heartbeat shows that it knows them', () => {
    const router = new Router({ ...ALONE, auth: { kind: 'none' } }).start();
    router.say(error());
    const { probes } = router;
    router.wait(60_000);
    const options = [
      { kind: 'binding-identifier', bid: 1, status: 0, home: false, priority: 0, careOfAddress: undefined },
    ] as const;
    const message = { kind: 'heartbeat', response: false, unsolicited: false, sequence: 7, options } as const;
    router.receive(emitMobilityPacket({ source: HOME_AGENT, destination: HOME, message }));
    expect(router.probes).toBeGreaterThan(probes);
    router.wait(60_000);
    expect(router.probes).toBeGreaterThan(probes + 1);
  });
});
