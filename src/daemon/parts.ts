/** The parts of the daemon that not every configuration needs: only those it needs are read, compiled and kept in memory. */
import type { Config } from '../uci/types.ts';

export type Parts = Awaited<ReturnType<typeof loadParts>>;

/** Rejects with an Error that says what is not installed. */
export async function loadParts({ mobileRouters, homeAgent, correspondent, logLevel }: Config) {
  const flows = () => import('./parts/flows.ts');
  return {
    mobileRouter: mobileRouters.length > 0 ? await import('./parts/mobile-router.ts') : undefined,
    homeAgent: homeAgent && (await installed('home_agent', 'kedge-anchor', import('./parts/home-agent.ts'))),
    correspondent:
      correspondent &&
      (await installed('correspondent', 'kedge-route-optimization', import('./parts/correspondent.ts'))),
    flows: await (mobileRouters.some(({ flows = [] }) => flows.length > 0) || homeAgent
      ? installed('flow', 'kedge-policy', flows())
      : flows().catch(() => undefined)),
    /** Wherever it is installed: an earlier configuration may have left something in the kernel. */
    directPaths: await import('./parts/direct-paths.ts').catch(() => undefined),
    budgets: mobileRouters.some(({ uplinks }) => uplinks.some(({ budget }) => budget !== undefined))
      ? await installed('budget', 'kedge-policy', import('./budgets.ts'))
      : undefined,
    history: await import('./uplink-history.ts').catch(() => undefined),
    /** Decoding costs more than the message itself. Undefined also where it is not installed. */
    trace: logLevel === 'debug' ? await import('./trace.ts').catch(() => undefined) : undefined,
  };
}

async function installed<T>(what: string, name: string, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch {
    throw new Error(`what '${what}' needs is not installed: on OpenWrt it is the package ${name}`);
  }
}
