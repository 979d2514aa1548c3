/** Uplinks that go bad without dying, and uplinks that come and go: what carries the traffic, and how often it moves. */
import { describe, expect, it } from 'vitest';
import type { ProbeProfileName } from '../../src/uci/types.ts';
import { type Link, type Network, randomSource, twoUplinks } from './network.ts';

const seed = Number(process.env.SEED ?? 20261128);

function started(changes: Parameters<typeof twoUplinks>[1] = {}): Network {
  const network = twoUplinks(seed, changes);
  network.run(3000);
  return network;
}

const inUse = (network: Network) => network.router!.active.entry?.uplink.name;
/** The uplink that the home agent sends over. */
function inUseAtAnchor(network: Network) {
  const bid = [...network.anchor!.cache.nodes()][0]?.active?.bid;
  return network.routerConfig.uplinks.find(uplink => uplink.bid === bid)?.name;
}
const eventsOf = (network: Network, name: string) => network.events.filter(event => event.name === name);
const moves = (network: Network, since = 0) =>
  eventsOf(network, 'active-uplink').filter(({ at }) => at >= since);
/** Share of the time in which both ends use the uplink. */
function share(network: Network, uplink: string, milliseconds: number): number {
  const step = 100;
  let count = 0;
  for (let at = 0; at < milliseconds; at += step) {
    network.run(step);
    if (inUse(network) === uplink && inUseAtAnchor(network) === uplink) count++;
  }
  return count / (milliseconds / step);
}
const probesOf = (network: Network) => network.sent.filter(({ packet }) => packet[6] === 41).length;

/** Long runs do without authentication, which would be most of the work. */
const UNSIGNED = { auth: { kind: 'none' } } as const;

const both = (loss: number): Partial<Link> => ({ lossUp: loss, lossDown: loss });

/**
 * Milliseconds until an uplink is left that goes so bad, and until it is taken back when it is good again. What is usual takes half
 * of that; chance may favour the uplink for a while.
 */
const BOUNDS: Readonly<Record<ProbeProfileName, { readonly left: number; readonly back: number }>> = {
  fast: { left: 20_000, back: 110_000 },
  normal: { left: 90_000, back: 110_000 },
  saver: { left: 900_000, back: 600_000 },
};

describe.each(['fast', 'normal', 'saver'] as const)(
  '[analysis-01 §A] [mmi-02 §3] network capabilities, %s',
  probe => {
    it.each([
      ['a third of the packets lost each way', both(0.33), both(0)],
      ['round trips of 2.6 s', { delay: 1300 }, { delay: 20 }],
      ['delays that differ by two seconds', { jitter: 2000 }, { jitter: 0 }],
    ])('%s: the uplink is left at both ends, and taken back', (_, bad, good) => {
      const network = started({ router: { probe }, anchor: { probe } });
      expect(inUse(network)).toBe('lte');
      Object.assign(network.link('lte'), bad);
      network.run(BOUNDS[probe].left);
      expect([inUse(network), inUseAtAnchor(network)]).toEqual(['wifi', 'wifi']);
      Object.assign(network.link('lte'), good);
      network.run(BOUNDS[probe].back);
      expect([inUse(network), inUseAtAnchor(network)]).toEqual(['lte', 'lte']);
      // The jump itself may look like several short failures.
      expect(moves(network).length).toBeLessThanOrEqual(10);
    });
  },
);

it('a move away from a slow uplink, and back, loses nothing', () => {
  const network = started({ lte: { jitter: 20 } });
  const lost = network.echo(30_000, 10, [
    ...Array.from({ length: 130 }, (_, i) => ({
      at: 1000 + 100 * i,
      run: () => Object.assign(network.link('lte'), { delay: 20 + 10 * (i + 1) }),
    })),
    { at: 20_000, run: () => Object.assign(network.link('lte'), { delay: 20 }) },
  ]);
  expect(lost).toBe(0);
  expect(eventsOf(network, 'path-degraded')).toHaveLength(1);
  // It is late before it is slow, which may look like a short failure first.
  expect(moves(network, network.now - 31_000).length).toBeLessThanOrEqual(4);
  expect([inUse(network), inUseAtAnchor(network)]).toEqual(['lte', 'lte']);
});

it('what is sensitive to quality is told first, and last', () => {
  const network = started();
  const grades = () =>
    network.events.flatMap(({ name }) => (/^path-(good|impaired|degraded)$/.test(name) ? [name] : []));
  Object.assign(network.link('lte'), both(0.06));
  network.run(120_000);
  // Near the limit it may look good for a moment.
  const impaired = grades();
  expect(impaired[0]).toBe('path-impaired');
  expect(impaired.length).toBeLessThanOrEqual(5);
  expect(impaired).not.toContain('path-degraded');
  expect(inUse(network)).toBe('lte');
  Object.assign(network.link('lte'), both(0.3));
  network.run(30_000);
  expect(inUse(network)).toBe('wifi');
  Object.assign(network.link('lte'), both(0));
  network.run(30_000);
  expect(grades().slice(-3)).toEqual(['path-degraded', 'path-impaired', 'path-good']);
});

it('with all uplinks degraded the most preferred one goes on', () => {
  const network = started({ lte: both(0.3), wifi: both(0.3) });
  network.run(120_000);
  expect(eventsOf(network, 'path-degraded').length).toBeGreaterThanOrEqual(2);
  // With half of the probes lost each of them is dead now and then.
  expect(share(network, 'lte', 60_000)).toBeGreaterThan(share(network, 'wifi', 60_000));
});

it('an operator who prefers a degraded uplink gets it', () => {
  const network = started({ lte: both(0.2) });
  network.run(30_000);
  expect(inUse(network)).toBe('wifi');
  network.prefer('lte');
  // Whenever it is not dead, which with a third of the probes lost it is now and then.
  expect(share(network, 'lte', 20_000)).toBeGreaterThan(0.3);
  network.prefer(undefined);
  network.run(2000);
  expect(share(network, 'lte', 20_000)).toBe(0);
  expect(share(network, 'wifi', 20_000)).toBeGreaterThan(0.9);
});

it('limits of an uplink go before those of the profile; off judges nothing', () => {
  const uplinks = [
    { name: 'lte', device: 'lte0', priority: 1, bid: 1, limits: { rtt: 100 } },
    { name: 'wifi', device: 'wifi0', priority: 2, bid: 2 },
  ];
  for (const [changes, expected] of [
    [{ uplinks }, 'wifi'],
    [{ uplinks, quality: 'off' }, 'lte'],
    [{ quality: 'strict' }, 'lte'],
  ] as const) {
    const network = started({ router: changes, lte: { delay: 80 } });
    network.run(20_000);
    expect(inUse(network)).toBe(expected);
  }
  const network = started({ router: { quality: 'strict' }, lte: { delay: 230 } });
  network.run(20_000);
  expect(inUse(network)).toBe('wifi');
});

describe('flapping', () => {
  it('an uplink that comes and goes every three seconds is used five times, and again when it is calm', () => {
    const network = started();
    const from = network.now;
    for (let i = 0; i < 100; i++) {
      network.setCarrier('lte', i % 2 === 1);
      network.run(3000);
    }
    expect(moves(network, from).length).toBeLessThanOrEqual(9);
    expect(eventsOf(network, 'uplink-unsteady')).toHaveLength(1);
    expect(inUse(network)).toBe('wifi');
    network.run(105_000);
    expect([inUse(network), inUseAtAnchor(network)]).toEqual(['lte', 'lte']);
    expect(moves(network, from).length).toBeLessThanOrEqual(10);
  });

  it.each(['fast', 'normal'] as const)(
    'a home agent that comes and goes is not held against the uplinks, %s',
    probe => {
      const network = started({ router: { probe }, anchor: { probe } });
      network.run(10_000);
      for (let i = 0; i < 20; i++) {
        for (const { uplink } of network.links) network.setSilent(uplink, i % 2 === 0);
        network.run(5000);
      }
      expect(eventsOf(network, 'path-dead').length).toBeGreaterThanOrEqual(10);
      expect(eventsOf(network, 'uplink-unsteady')).toEqual([]);
      expect([inUse(network), inUseAtAnchor(network)]).toEqual(['lte', 'lte']);
    },
  );

  it('without any other uplink it is used whenever it is there', () => {
    const network = started({ wifi: { carrier: false } });
    for (let i = 0; i < 20; i++) {
      network.setCarrier('lte', i % 2 === 1);
      network.run(2000);
      expect(inUse(network)).toBe(i % 2 === 1 ? 'lte' : undefined);
    }
  });

  it('an uplink that its own traffic spoils moves at most 80 times in a quarter of an hour', () => {
    const network = started({ router: UNSIGNED });
    const from = network.now;
    while (network.now < from + 900_000) {
      // Congestion comes with the traffic.
      Object.assign(network.link('lte'), both(inUse(network) === 'lte' ? 0.4 : 0));
      network.run(500);
    }
    expect(moves(network, from).length).toBeGreaterThan(4);
    expect(moves(network, from).length).toBeLessThanOrEqual(80);
  }, 60_000);
});

describe('2 % loss each way', () => {
  it.each([
    ['fast', 15],
    ['normal', 360],
    ['saver', 1440],
  ] as const)(
    '%s, %i min: no uplink is left, and not a packet more is sent',
    (probe, minutes) => {
      const played = (['normal', 'off'] as const).map(quality => {
        const network = started({
          router: { ...UNSIGNED, probe, quality },
          anchor: { probe },
          lte: both(0.02),
          wifi: both(0.02),
        });
        network.run(minutes * 60_000);
        return network;
      });
      for (const network of played) {
        for (const name of ['path-dead', 'path-degraded']) expect(eventsOf(network, name)).toEqual([]);
        // Chance, in some days of thirty.
        expect(eventsOf(network, 'path-impaired').length).toBeLessThanOrEqual(1);
      }
      expect(played[0]!.sent.length).toBe(played[1]!.sent.length);
      expect(probesOf(played[0]!)).toBeGreaterThan(400);
    },
    120_000,
  );
});

/** One weather after the other on each uplink, for hours. */
function weather(run: number, probe: ProbeProfileName) {
  const random = randomSource(seed + run);
  for (let i = 0; i < 8; i++) random();
  const network = started({ router: { ...UNSIGNED, probe }, anchor: { probe } });
  const { left, back } = BOUNDS[probe];
  /** Since when each uplink has been plainly bad or plainly good; undefined: neither. */
  const since = new Map<string, { kind: 'good' | 'bad' | 'between'; at: number }>();
  const faults: string[] = [];
  /** While an uplink is there that is not bad; two that are half dead take turns. */
  let avoidable = 0;
  const from = network.now;
  const span = { fast: 0.2, normal: 3, saver: 12 }[probe] * 3_600_000;
  while (network.now < from + span) {
    const link = network.links[Math.floor(random() * 2)]!;
    const kind = (['good', 'good', 'bad', 'between'] as const)[Math.floor(random() * 4)]!;
    const loss =
      kind === 'good' ? random() * 0.015 : kind === 'bad' ? 0.3 + random() * 0.2 : 0.05 + random() * 0.1;
    Object.assign(link, both(loss), {
      delay: kind === 'bad' && random() < 0.3 ? 1200 : 10 + random() * 80,
      jitter: kind === 'between' ? random() * 300 : random() * 10,
    });
    since.set(link.uplink, { kind, at: network.now });
    // It may be that nothing is to be seen before the bounds; then it must be seen.
    const end = network.now + random() * 3 * Math.max(left, back, 180_000);
    while (network.now < end) {
      const before = moves(network, from).length;
      network.run(Math.max(1000, left / 20));
      if (network.links.some(({ uplink }) => since.get(uplink)?.kind !== 'bad'))
        avoidable += moves(network, from).length - before;
      const good = network.links.filter(({ uplink }) => is(uplink, 'good', Math.max(1.5 * back, 180_000)));
      const active = inUse(network)!;
      if (good.length > 0 && is(active, 'bad', left)) {
        faults.push(`${(network.now - from) / 1000} s: on ${active} while ${good[0]!.uplink} is good`);
      }
      // On a bad path each end may see the other one die by chance.
      const calm = network.links.every(({ uplink }) => is(uplink, 'good', Math.max(1.5 * back, 180_000)));
      if (calm && inUseAtAnchor(network) !== active)
        faults.push(`${(network.now - from) / 1000} s: the ends differ`);
      network.sent.length = 0;
    }
  }
  function is(uplink: string, kind: string, span: number): boolean {
    const known = since.get(uplink) ?? { kind: 'good', at: from };
    return known.kind === kind && network.now - known.at >= span;
  }
  const hours = (network.now - from) / 3_600_000;
  return { faults, movesAnHour: avoidable / hours };
}

describe(`hours of random quality (seed ${seed})`, () => {
  it.each([
    [1, 'fast'],
    [2, 'normal'],
    [3, 'normal'],
    [4, 'normal'],
    [5, 'saver'],
    [6, 'saver'],
    [7, 'saver'],
  ] as const)(
    '%i, %s: never long on a bad uplink while another is good, and few moves',
    (run, probe) => {
      const { faults, movesAnHour } = weather(run, probe);
      expect(faults).toEqual([]);
      expect(movesAnHour).toBeLessThanOrEqual(60);
    },
    120_000,
  );
});
