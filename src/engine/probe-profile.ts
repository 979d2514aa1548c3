/** The named profiles of path probing. One probe and its answer are about 240 octets on the access link. */
import type { ProbeProfileName } from '../uci/types.ts';

/** All times in milliseconds. */
export interface ProbeProfile {
  /** Between probes while every answer comes. */
  readonly interval: number;
  /** Between probes while an answer is missing. */
  readonly confirmInterval: number;
  /** Consecutive unanswered probes after which the path counts as dead. */
  readonly misses: number;
  /** Consecutive answers after which a dead path counts as alive. */
  readonly recoveries: number;
  /** Evidence that the quality is bad, see path-quality.ts: the more probes, the more chances for an error. */
  readonly conviction: number;
}

/**
 * With loss p each way a probe fails with about 2p; a false alarm needs `misses` of them in a row. At 2 % each
 * way that is 0.04^6 for `fast`: once in half a year of steady probing. Silence is detected after about
 * interval + misses x confirmInterval + 2 x (round-trip time + margin).
 *
 * Cost per path and month: `fast` 7.8 GB, `normal` 310 MB, `saver` 41 MB.
 */
export const PROBE_PROFILES: Readonly<Record<ProbeProfileName, ProbeProfile>> = {
  fast: { interval: 80, confirmInterval: 10, misses: 6, recoveries: 5, conviction: 12 },
  normal: { interval: 2000, confirmInterval: 100, misses: 6, recoveries: 3, conviction: 10 },
  saver: { interval: 15_000, confirmInterval: 1000, misses: 5, recoveries: 2, conviction: 8 },
};
