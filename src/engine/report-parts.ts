/** What the reports of both roles have in common. */
import type { ProbeProfileName } from '../uci/types.ts';
import type { PathProber } from './path-prober.ts';
import type { Lifetime, PathReport } from './status.ts';
import type { TrafficMeter } from './traffic-meter.ts';

export function reportPath(
  prober: PathProber,
  profile: ProbeProfileName,
  traffic: TrafficMeter | undefined,
): PathReport {
  return {
    state: prober.state,
    profile,
    rtt: prober.rtt ?? null,
    jitter: prober.rtt === undefined ? null : prober.jitter,
    loss: prober.loss * 100,
    quality: prober.quality?.grade ?? null,
    traffic: traffic?.report() ?? null,
  };
}

/** @param now monotonic, milliseconds */
export function reportLifetime(binding: { lifetime: number; expiresAt: number }, now: number): Lifetime {
  const remaining = Math.max(0, Math.round((binding.expiresAt - now) / 1000));
  return { granted: binding.lifetime, remaining };
}
