import { describe, expect, it } from 'vitest';
import { PathQuality } from '../../../src/engine/path-quality.ts';
import { PROBE_PROFILES } from '../../../src/engine/probe-profile.ts';
import { QUALITY_PROFILES } from '../../../src/engine/quality-profile.ts';
import { randomSource } from '../../simulation/network.ts';

const judged = (conviction = 12) => new PathQuality(QUALITY_PROFILES.normal, conviction);

/** Probes until the path has that grade; Infinity: never. */
function until(
  quality: PathQuality,
  grade: string,
  rtt: (probe: number) => number | undefined,
  most = 100_000,
) {
  for (let probe = 1; probe <= most; probe++) {
    quality.judge(rtt(probe));
    if (quality.grade === grade) return probe;
  }
  return Infinity;
}

describe('a path whose probes are', () => {
  it.each([
    ['fast', 18],
    ['normal', 15],
    ['saver', 12],
  ] as const)('all bad is degraded after (%s) %i of them, whatever was before', (name, count) => {
    const { conviction } = PROBE_PROFILES[name];
    for (const before of [0, 10_000]) {
      const lost = judged(conviction);
      until(lost, 'degraded', () => 40, before);
      expect(until(lost, 'degraded', () => undefined)).toBe(count);
      const slow = judged(conviction);
      expect(until(slow, 'degraded', () => 2001)).toBe(count);
    }
  });

  it('good again is good after 34 of them, and after 74 for what is sensitive', () => {
    const quality = judged();
    until(quality, 'degraded', () => undefined);
    expect(until(quality, 'impaired', () => 40)).toBe(34);
    expect(until(quality, 'good', () => 40)).toBe(74 - 34);
  });

  it('just within every limit is never degraded, and impaired', () => {
    const quality = judged();
    expect(until(quality, 'degraded', () => 2000)).toBe(Infinity);
    expect(quality.grade).toBe('impaired');
    for (let i = 0; i < 1000; i++) quality.judge(40, 501);
    expect(quality.grade).toBe('degraded');
  });
});

it('chance convicts nobody: a million probes at 4 %', () => {
  const random = randomSource(5);
  const quality = judged();
  expect(until(quality, 'impaired', () => (random() < 0.0396 ? undefined : 40), 1_000_000)).toBe(Infinity);
});

it.each([
  [0.5, 80],
  [0.3, 250],
])('a share of %d is seen within %i probes, ninety times of a hundred', (share, most) => {
  const counts = Array.from({ length: 100 }, (_, run) => {
    const random = randomSource(run + 1);
    for (let i = 0; i < 8; i++) random();
    return until(judged(), 'degraded', () => (random() < share ? undefined : 40));
  });
  expect(counts.filter(count => count <= most).length).toBeGreaterThanOrEqual(90);
});

it('with a limit of 100 % nothing is judged', () => {
  const quality = new PathQuality(QUALITY_PROFILES.off, 12);
  expect(until(quality, 'impaired', () => undefined, 1000)).toBe(Infinity);
});
