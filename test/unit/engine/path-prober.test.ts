import { describe, expect, it } from 'vitest';
import { PathProber } from '../../../src/engine/path-prober.ts';
import { PROBE_PROFILES } from '../../../src/engine/probe-profile.ts';

/** Runs the prober over a path that answers (or not) after `rtt`; returns the times of its probes. */
function run(
  prober: PathProber,
  from: number,
  until: number,
  answers: (at: number) => number | undefined,
  condemn = true,
): number[] {
  const probes: number[] = [];
  const pending: { at: number; sequence: number }[] = [];
  for (let now = from; now <= until; ) {
    const sequence = prober.poll(now, condemn);
    if (sequence !== undefined) {
      probes.push(now);
      const rtt = answers(now);
      if (rtt !== undefined) pending.push({ at: now + rtt, sequence });
    }
    const next = Math.min(prober.nextWake(), pending[0]?.at ?? Infinity);
    now = Math.max(next, sequence === undefined && next <= now ? now + 0.1 : now);
    if (pending[0] !== undefined && pending[0].at <= now) {
      prober.answer(pending.shift()!.sequence, now);
    }
  }
  return probes;
}

describe.each(['fast', 'normal', 'saver'] as const)('path prober, profile %s', name => {
  const profile = PROBE_PROFILES[name];

  it('probes once in an interval while all is answered', () => {
    const prober = new PathProber(profile, 0);
    const probes = run(prober, 0, 20 * profile.interval, () => 40);
    expect(prober.state).toBe('alive');
    expect(probes.length).toBe(21);
    expect(prober.rtt).toBeCloseTo(40, 1);
    expect(prober.loss).toBe(0);
  });

  it('declares a silent path dead in the time that the profile promises', () => {
    const prober = new PathProber(profile, 0);
    run(prober, 0, 10 * profile.interval, () => 40);
    let died: number | undefined;
    const start = 10 * profile.interval + 1;
    for (let now = start; died === undefined && now < start + 100_000; now++) {
      prober.poll(now, true);
      if (prober.state === 'dead') died = now - start;
    }
    expect(died).toBeLessThan(
      profile.interval + profile.misses * profile.confirmInterval + 2 * (40 + 20) + 10,
    );
    expect(prober.loss).toBeGreaterThan(0);
  });

  it('asks for so many answers in a row before it trusts a dead path again', () => {
    const prober = new PathProber(profile, 0, 'dead');
    let now = 0;
    for (let i = 0; i < profile.recoveries; i++) {
      expect(prober.state).toBe('dead');
      now = Math.max(now, prober.nextWake());
      let sequence = prober.poll(now, true);
      while (sequence === undefined) {
        now = Math.max(prober.nextWake(), now + 1);
        sequence = prober.poll(now, true);
      }
      prober.answer(sequence, now + 10);
      now += 10;
    }
    expect(prober.state).toBe('alive');
  });

  it('holds no silence against a peer that never answered any, and asks it seldom', () => {
    const prober = new PathProber(profile, 0);
    const probes = run(prober, 0, 3_600_000, () => undefined, false);
    expect(prober.state).toBe('unknown');
    expect(probes.length).toBeLessThan(200);
  });

  it('remembers a bounded number of probes', () => {
    const prober = new PathProber(profile, 0);
    const sequences: number[] = [];
    for (let now = 0; sequences.length < 200; now += profile.interval) {
      const sequence = prober.poll(now, false);
      if (sequence !== undefined) sequences.push(sequence);
      prober.hurry(now);
    }
    expect(prober.answer(sequences[0]!, 1e9)).toBe(false);
    expect(prober.answer(sequences.at(-1)!, 1e9)).toBe(true);
  });
});

describe('answers', () => {
  it('are taken once', () => {
    const prober = new PathProber(PROBE_PROFILES.normal, 1000);
    const sequence = prober.poll(1000, true)!;
    expect(prober.answer(sequence + 1, 1040)).toBe(false);
    expect(prober.answer(sequence, 1040)).toBe(true);
    expect(prober.answer(sequence, 1041)).toBe(false);
  });

  it('[RFC 5847 §3.2] belong to numbers that a restarted process does not repeat', () => {
    const before = new PathProber(PROBE_PROFILES.fast, 1000);
    const probes = new Set<number>();
    for (let now = 1000; now < 60_000; now++) {
      const sequence = before.poll(now, true);
      if (sequence !== undefined) probes.add(sequence);
    }
    expect(probes.has(new PathProber(PROBE_PROFILES.fast, 60_001).poll(60_001, true)!)).toBe(false);
  });

  it('[RFC 6298 §2] make the timeout follow the round-trip time', () => {
    const prober = new PathProber(PROBE_PROFILES.normal, 0);
    run(prober, 0, 100_000, () => 800);
    expect(prober.state).toBe('alive');
    expect(prober.loss).toBe(0);
    expect(prober.jitter).toBeLessThan(10);
  });

  it("a heard probe of the peer saves one's own", () => {
    const prober = new PathProber(PROBE_PROFILES.normal, 0);
    prober.answer(prober.poll(0, true)!, 40);
    for (let now = 1000; now < 60_000; now += 1000) {
      prober.heard(now);
      expect(prober.poll(now, true)).toBeUndefined();
    }
    expect(prober.poll(63_000, true)).toBeDefined();
  });
});
