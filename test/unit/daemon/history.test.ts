import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History, OCTETS_PER_UPLINK, type Sample } from '../../../src/daemon/history.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const sample = (rtt: number | undefined): Sample => ({ rtt, loss: 0, received: 1e6, sent: 2e6 });
const one = (rtt: number | undefined) => new Map([['lte', sample(rtt)]]);

/** A sample every ten seconds; `rtt` says what it is at a time in seconds. */
function play(history: History, from: number, to: number, rtt: (at: number) => number | undefined): void {
  for (let at = from; at < to; at += 10) history.sample(one(rtt(at)), at * SECOND);
}
const numbers = (series: string) => series.split(',').map(word => (word === '' ? null : Number(word)));

describe('the history of the uplinks', () => {
  it('answers in the finest resolution that reaches back far enough', () => {
    const history = new History();
    const steps = [1, 900, 901, 7200, 7201, 86_400, 1e9].map(span => history.report(span, 0).step);
    expect(steps).toEqual([10, 10, 60, 60, 300, 300, 300]);
  });

  it('has the mean of each point, the one that is being made too, and nothing where nothing was sampled', () => {
    const history = new History();
    play(history, 6000, 6120, at => at - 6000);
    play(history, 6300, 6340, () => 77);
    const { step, age, uplinks } = history.report(7200, 6341 * SECOND);
    expect([step, age]).toEqual([60, 41]);
    const minutes = numbers(uplinks.lte!.rtt);
    expect(minutes).toHaveLength(120);
    expect(minutes.slice(-6)).toEqual([25, 85, null, null, null, 77]);
    expect(numbers(uplinks.lte!.sent).slice(-6)).toEqual([2e6, 2e6, null, null, null, 2e6]);
    expect(minutes.slice(0, -6).every(value => value === null)).toBe(true);
  });

  it('remembers 24 hours in steps of five minutes and forgets what is older', () => {
    const history = new History();
    play(history, 0, 30 * 3600, at => Math.floor(at / 300) % 1000);
    const { uplinks, age } = history.report(86_400, 30 * HOUR - SECOND);
    const points = numbers(uplinks.lte!.rtt);
    const last = 30 * 12 - 1;
    expect(age).toBe(299);
    expect(points).toEqual(Array.from({ length: 288 }, (_, index) => last - 287 + index));
  });

  it('means what was sampled, whenever that was', () => {
    const anySamples = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 3000 })),
      {
        minLength: 1,
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(anySamples, steps => {
        const history = new History();
        const buckets = new Map<number, number[]>();
        let at = 0;
        for (const [gap, rtt] of steps) {
          at += gap;
          history.sample(one(rtt), at * SECOND);
          const bucket = Math.floor(at / 300);
          buckets.set(bucket, [...(buckets.get(bucket) ?? []), rtt]);
        }
        const points = numbers(history.report(86_400, at * SECOND).uplinks.lte!.rtt);
        const latest = Math.floor(at / 300);
        for (const [index, point] of points.entries()) {
          const samples = buckets.get(latest - 287 + index);
          if (samples === undefined) expect(point).toBeNull();
          else expect(point).toBeCloseTo(samples.reduce((a, b) => a + b) / samples.length, 0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes a fixed number of octets for an uplink, and has sixteen of them at most', () => {
    expect(OCTETS_PER_UPLINK).toBe(7968);
    const history = new History();
    for (let index = 0; index < 40; index++) {
      history.sample(new Map([[`uplink${index}`, sample(1)]]), index * 10 * SECOND);
    }
    const names = Object.keys(history.report(900, 400 * SECOND).uplinks);
    expect(names).toHaveLength(16);
    expect(names).toContain('uplink39');
  });

  it('has the moves of the traffic in the time that was asked for, a hundred at most', () => {
    const history = new History();
    expect(history.carrier).toBeNull();
    for (let index = 0; index < 150; index++) {
      const [from, to] = index % 2 ? ['lte', 'wifi'] : ['wifi', 'lte'];
      history.handover({
        at: index * 60 * SECOND,
        from,
        to,
        reason: 'only-one-alive',
        left: 'dead',
      } as never);
    }
    expect(history.carrier).toBe('wifi');
    const { handovers } = history.report(86_400, 150 * 60 * SECOND);
    expect(handovers).toHaveLength(100);
    expect(handovers.at(-1)).toEqual({
      ago: 60,
      from: 'lte',
      to: 'wifi',
      reason: 'only-one-alive',
      left: 'dead',
    });
    expect(history.report(900, 150 * 60 * SECOND).handovers).toHaveLength(15);
  });
});
