/** What a home agent may answer, however often: no storm, and never giving up for good. */
import { describe, expect, it } from 'vitest';
import { AUTH, address, CARE_OF } from '../anchor.ts';
import { busiestSecond, type Reply, type Responder, Router, summary } from '../router.ts';

const LONG = 1_200_000;

const STUBBORN: readonly (readonly [string, Responder])[] = [
  ['nothing', () => undefined],
  ['without the R flag', () => ({ mobileRouter: false })],
  ['lifetime 0', () => ({ lifetime: 0 })],
  ...[128, 129, 130, 133, 135, 139, 144, 145, 146, 164, 165, 166, 167, 168, 169, 174, 255].map(
    status => [`${status}`, () => ({ status })] as const,
  ),
  ['144 with a clock years off', () => ({ status: 144, clock: 100_000_000 })],
  ['144 with another clock each time', update => ({ status: 144, clock: update.message.sequence * 100 })],
  [
    '135 with another number each time',
    update => ({ status: 135, sequence: (update.message.sequence * 7) & 0xffff }),
  ],
  ['without Binding Identifier options', () => ({ bidStatus: undefined })],
  ['4 with 129 for every BID', () => ({ status: 4, bidStatus: () => 129 })],
  ['4 with lifetime 0', () => ({ status: 4, lifetime: 0 })],
  ['a lifetime of 4 s', () => ({ lifetime: 4 })],
  ['to refresh every 4 s', () => ({ more: [{ kind: 'binding-refresh-advice', interval: 4 }] })],
  ['alternately 135 and 165', update => ({ status: update.message.sequence % 2 === 0 ? 135 : 165 })],
  ['alternately 0 and 144', update => ({ status: update.message.sequence % 2 === 0 ? 0 : 144 })],
];

describe.each(['single', 'bulk'] as const)('stubborn answers to %s registrations', registration => {
  it.each(STUBBORN)(
    '[RFC 6275 §11.8] %s: no storm, and the router recovers when the answers do',
    (name, responder) => {
      const router = new Router({ registration });
      router.responder = responder;
      router.start();
      router.wait(LONG);
      expect(busiestSecond(router.updates)).toBeLessThanOrEqual(3);
      const recurring = name.includes('4 s');
      expect(router.updates.length).toBeLessThan(recurring ? 900 : 300);
      router.forgetUpdates();
      router.wait(600_000);
      expect(router.updates.length).toBeGreaterThan(0);
      router.responder = () => ({});
      router.wait(70_000);
      // RFC 5648 §5.7: it MUST stop, or SHOULD.
      const single = name === '166' || name === 'without Binding Identifier options';
      expect(router.registered).toEqual(single ? ['lte'] : ['lte', 'wifi']);
      expect(router.active).toBe('lte');
    },
  );

  it('[RFC 6275 §11.8] stubborn refreshes and de-registrations make no storm either', () => {
    for (const [, responder] of STUBBORN) {
      const router = new Router({ registration }).start();
      router.forgetUpdates();
      router.responder = responder;
      router.wait(500_000);
      for (let i = 0; i < 20; i++) {
        router.set('lte', i % 2 === 0);
        router.wait(100 * i);
      }
      router.wait(LONG);
      expect(busiestSecond(router.updates)).toBeLessThanOrEqual(3);
    }
  });
});

describe('retransmission', () => {
  it('[RFC 6275 §11.8] doubles the pause up to 32 s, and goes on for ever', () => {
    const router = new Router({ uplinks: [{ name: 'lte', device: 'lte0', priority: 1, bid: 1 }] });
    router.responder = () => undefined;
    router.start();
    router.wait(3 * LONG);
    const times = router.updates.map(({ at }) => at);
    const pauses = times.slice(1).map((at, i) => at - times[i]!);
    expect(pauses.slice(0, 7)).toEqual([1500, 3000, 6000, 12_000, 24_000, 32_000, 32_000]);
    expect(pauses.at(-1)).toBe(32_000);
  });

  it('[RFC 6275 §11.8] a retransmission has a new sequence number and a new timestamp', () => {
    const router = new Router();
    router.responder = () => undefined;
    router.start();
    router.wait(10_000);
    const seen = router.updates.map(({ message }) => message.sequence);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('an uplink that hears nothing does not delay the others while bootstrapping', () => {
    const router = new Router();
    router.responder = update => (update.device === 'lte0' ? undefined : {});
    router.start();
    router.wait(1000);
    expect(router.registered).toEqual(['wifi']);
  });
});

describe('acknowledgements that are not for this router', () => {
  const foreign: readonly (readonly [string, Reply, string])[] = [
    ['another sequence number', { sequence: 7 }, 'acknowledgement-unmatched'],
    [
      'another home address',
      { routingHome: address('2001:db8:100::2') },
      'acknowledgement-without-home-address',
    ],
    ['no routing header', { routingHome: undefined }, 'acknowledgement-without-home-address'],
    ['another timestamp', { clock: 1 }, 'acknowledgement-timestamp'],
    ['no timestamp', { clock: undefined }, 'acknowledgement-timestamp'],
    ['no authentication', { auth: undefined }, 'acknowledgement-unsigned'],
    ['another SPI', { auth: { ...AUTH, spi: 300 } }, 'acknowledgement-unknown-spi'],
    ['another key', { auth: { ...AUTH, key: new Uint8Array(16) } }, 'acknowledgement-forged'],
    ['another source', { source: address('2001:db8:bad::1') }, 'not-from-home-agent'],
  ];

  it.each(foreign)('[RFC 6275 §11.7.3, RFC 4285 §6] %s: ignored', (_, reply, reason) => {
    const router = new Router();
    router.responder = () => reply;
    router.announce();
    router.wait(1400);
    expect(router.registered).toEqual([]);
    expect(router.updates.length).toBe(1);
    expect(router.router.counters.get(reason)).toBe(1);
  });

  it('[RFC 4285 §6] 146 without an authenticator is ignored as well', () => {
    const router = new Router();
    router.responder = () => ({ status: 146, auth: undefined });
    router.start();
    expect(router.updates.length).toBe(1);
    expect(router.router.view().paths.length).toBe(2);
  });

  it('a duplicate of an acknowledgement is ignored', () => {
    const router = new Router().start();
    router.receive(router.emit(router.updates[0]!, { lifetime: 4 }));
    router.wait(10_000);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.updates.length).toBe(2);
  });

  it('[RFC 6275 §9.5.1] 135 is corrected at once with the number after the one it names', () => {
    const router = new Router({ auth: { ...AUTH, replay: 'sequence' } });
    router.responder = ({ message }) =>
      message.sequence === 40_001 ? {} : { status: 135, sequence: 40_000 };
    router.announce();
    router.wait(200);
    expect(router.updates.map(({ message }) => message.sequence).slice(0, 2)).toEqual([32_769, 40_001]);
    expect(router.registered).not.toEqual([]);
  });

  it('[RFC 6275 §9.5.1] 135 does not concern what was sent after the number it names', () => {
    const router = new Router({ auth: { ...AUTH, replay: 'sequence' } }).start();
    router.responder = () => undefined;
    router.status.lte.careOfAddress = address('2001:db8:a::3');
    router.status.wifi.careOfAddress = address('2001:db8:b::3');
    router.forgetUpdates();
    router.announce();
    const [overtaken, accepted] = router.updates;
    router.receive(router.emit(overtaken!, { status: 135, sequence: accepted!.message.sequence }));
    expect(router.updates.slice(2).map(summary)).toEqual(['600 1=2001:db8:a::3']);
    router.receive(router.emit(accepted!));
    expect(router.registered).toEqual(['wifi']);
    expect(router.updates[2]!.message.sequence).toBe(accepted!.message.sequence + 1);
  });

  it('a flood of foreign packets makes few lines in the log', () => {
    const router = new Router().start();
    const before = router.events.length;
    for (let i = 0; i < 1000; i++) {
      router.say({ kind: 'opaque', type: 99, data: new Uint8Array(2) }, CARE_OF);
      router.wait(10);
    }
    expect(router.events.length - before).toBeLessThanOrEqual(8);
  });
});
