/** The named profiles of path quality. An uplink may have limits of its own. */
import type { QualityProfileName } from '../uci/types.ts';
import type { QualityLimits } from './path-quality.ts';

/**
 * `normal` is for uplinks that cannot be used any more: neither 2 % of random loss each way nor a geostationary satellite
 * are degraded by it, nor impaired. `strict` is for calls. `off` judges nothing.
 */
export const QUALITY_PROFILES: Readonly<Record<QualityProfileName, QualityLimits>> = {
  normal: { rtt: 2000, jitter: 500, loss: 0.2 },
  strict: { rtt: 400, jitter: 100, loss: 0.1 },
  off: { rtt: Number.POSITIVE_INFINITY, jitter: Number.POSITIVE_INFINITY, loss: 1 },
};
