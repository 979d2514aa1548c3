import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../../src/engine/agenda.ts';
import { Counters } from '../../../src/engine/counters.ts';
import { choosePath } from '../../../src/engine/path-choice.ts';
import { RateLimit } from '../../../src/engine/rate-limit.ts';
import { isNewerSequence, nextSequence } from '../../../src/engine/sequence.ts';
import {
  equalTimestamp,
  isLater,
  timestampDifference,
  timestampFromWall,
} from '../../../src/engine/timestamp.ts';
import { seed } from '../wire/seed.ts';

describe('agenda', () => {
  it('behaves like a sorted list of deadlines', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        key: fc.nat(20),
        at: fc.oneof(fc.nat(50), fc.constant(Infinity)),
      }),
      fc.record({ kind: fc.constant('delete' as const), key: fc.nat(20) }),
      fc.record({ kind: fc.constant('take' as const), now: fc.nat(50) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), steps => {
        const agenda = new Agenda<number>();
        const model = new Map<number, number>();
        for (const one of steps) {
          if (one.kind === 'set') {
            agenda.set(one.key, one.at);
            if (one.at === Infinity) model.delete(one.key);
            else model.set(one.key, one.at);
          } else if (one.kind === 'delete') {
            agenda.delete(one.key);
            model.delete(one.key);
          } else {
            const next = Math.min(Infinity, ...model.values());
            expect(agenda.next()).toBe(next);
            const key = agenda.take(one.now);
            if (next > one.now) expect(key).toBeUndefined();
            else expect(model.get(key!)).toBe(next);
            if (key !== undefined) model.delete(key);
          }
        }
      }),
      { seed },
    );
  });

  it('finds the next of many, moved again and again, at once', () => {
    const agenda = new Agenda<number>();
    const began = performance.now();
    for (let i = 0; i < 200_000; i++) agenda.set(i % 1000, i);
    expect(agenda.take(1e9)).toBe(0);
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});

describe('sequence numbers', () => {
  it('[RFC 6275 §9.5.1] 15 is not followed by 0..15 nor 32783..65535', () => {
    const newer = Array.from({ length: 65_536 }, (_, i) => i).filter(i => isNewerSequence(i, 15));
    expect([newer[0], newer.at(-1), newer.length]).toEqual([16, 32_782, 32_767]);
  });

  it('wrap around', () => {
    expect(nextSequence(65_535)).toBe(0);
    expect(isNewerSequence(0, 65_535)).toBe(true);
  });
});

describe('timestamps', () => {
  it('[RFC 4285 §6] count NTP seconds since 1900', () => {
    expect(timestampFromWall(0)).toEqual({ seconds: 2_208_988_800, fraction: 0 });
    expect(timestampFromWall(1500)).toEqual({ seconds: 2_208_988_801, fraction: 2 ** 31 });
  });

  it('go on after the era of 2036', () => {
    const last = Date.UTC(2036, 1, 7, 6, 28, 15);
    expect(timestampFromWall(last).seconds).toBe(2 ** 32 - 1);
    expect(timestampFromWall(last + 1000).seconds).toBe(0);
    expect(timestampDifference(timestampFromWall(last + 1000), timestampFromWall(last))).toBe(1000);
    expect(isLater(timestampFromWall(last + 1000), timestampFromWall(last))).toBe(true);
  });

  it('are ordered as the clock is', () => {
    const wall = fc.integer({ min: 0, max: 2 ** 41 });
    fc.assert(
      fc.property(wall, fc.integer({ min: 1, max: 1e9 }), (a, more) => {
        const [early, late] = [timestampFromWall(a), timestampFromWall(a + more)];
        expect(isLater(late, early)).toBe(true);
        expect(isLater(early, late)).toBe(false);
        expect(isLater(early, early)).toBe(false);
        expect(equalTimestamp(early, { ...early })).toBe(true);
        expect(timestampDifference(late, early)).toBeCloseTo(more, 2);
      }),
      { seed },
    );
  });
});

describe('rate limit', () => {
  it('lets a burst through, then so many a second, whatever the schedule', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 300 }), pauses => {
        const limit = new RateLimit(10, 20);
        let now = 5000;
        let allowed = 0;
        for (const pause of pauses) {
          now += pause;
          if (limit.allow(now)) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(20 + (now - 5000) / 100);
        expect(allowed).toBeGreaterThanOrEqual(Math.min(pauses.length, 20));
      }),
      { seed },
    );
  });

  it('does not fill when the clock stands', () => {
    const limit = new RateLimit(1, 2);
    expect([1, 2, 3].map(() => limit.allow(10_000))).toEqual([true, true, false]);
    expect(limit.allow(10_999)).toBe(false);
    expect(limit.allow(11_000)).toBe(true);
  });
});

describe('path choice', () => {
  const path = (state: 'alive' | 'unknown' | 'dead', priority: number, answeredAt = 0) => ({
    state,
    priority,
    answeredAt,
  });

  it('[RFC 6089 §4.1] the lowest priority value; 0, not stated, comes last', () => {
    const paths = [path('alive', 0), path('alive', 5), path('alive', 2), path('alive', 127)];
    expect(choosePath(paths)).toBe(paths[2]);
    expect(choosePath(paths.slice(0, 1))).toBe(paths[0]);
    expect(choosePath([paths[0]!, paths[3]!])).toBe(paths[3]);
  });

  it('an answering path before an unproven one before a dead one', () => {
    const paths = [path('dead', 1), path('unknown', 2), path('alive', 3)];
    expect(choosePath(paths)).toBe(paths[2]);
    expect(choosePath(paths.slice(0, 2))).toBe(paths[1]);
    expect(choosePath(paths.slice(0, 1))).toBe(paths[0]);
    expect(choosePath([])).toBeUndefined();
  });

  it('of dead paths the one that lived last', () => {
    const paths = [path('dead', 1, 100), path('dead', 2, 200), path('dead', 3, 200)];
    expect(choosePath(paths)).toBe(paths[1]);
    expect(choosePath([...paths, path('unknown', 9, 0)])?.state).toBe('unknown');
  });

  it('the earlier one of equals', () => {
    const paths = [path('alive', 2), path('alive', 2)];
    expect(choosePath(paths)).toBe(paths[0]);
  });
});

describe('counters', () => {
  it('count by reason, told in order', () => {
    const counters = new Counters();
    for (const reason of ['b', 'a', 'b']) counters.add(reason);
    expect(JSON.stringify(counters.toJson())).toBe('{"a":1,"b":2}');
    expect(counters.get('c')).toBe(0);
  });
});
