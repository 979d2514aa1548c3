/** The parts of the daemon that not every configuration needs: only those it needs are read, compiled and kept in memory. */
import type { Config } from '../uci/types.ts';

export type Parts = Awaited<ReturnType<typeof loadParts>>;

/** Rejects when a file is missing: the installed files are not of one version. */
export async function loadParts({ mobileRouters, homeAgent, correspondent, logLevel }: Config) {
  return {
    mobileRouter: mobileRouters.length > 0 ? await import('./parts/mobile-router.ts') : undefined,
    homeAgent: homeAgent && (await import('./parts/home-agent.ts')),
    correspondent: correspondent && (await import('./parts/correspondent.ts')),
    /** Decoding costs more than the message itself. */
    trace: logLevel === 'debug' ? await import('./trace.ts') : undefined,
  };
}
