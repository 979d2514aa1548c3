/** The parts of the daemon that not every configuration needs: only those it needs are read, compiled and kept in memory. */
import { optionalPart } from '../cli/optional-part.ts';
import type { Config } from '../uci/types.ts';

export type Parts = Awaited<ReturnType<typeof loadParts>>;

const DELEGATION = 'kedge-prefix-delegation';

/**
 * Rejects with an Error that says what is not installed or cannot be loaded.
 * @param warn gets what is wrong with a part that the configuration can do without
 */
export async function loadParts(
  { mobileRouters, homeAgent, correspondent, logLevel }: Config,
  warn: (text: string) => void,
) {
  const flows = () => import('./parts/flows.ts');
  const renumbered = () => import('./parts/renumbering.ts');
  const spare = <T>(part: Promise<T>): Promise<T | undefined> =>
    optionalPart(part).catch(error => {
      warn(`goes on without a part: ${error}`);
      return undefined;
    });
  return {
    mobileRouter: mobileRouters.length > 0 ? await import('./parts/mobile-router.ts') : undefined,
    homeAgent: homeAgent && (await installed('home_agent', 'kedge-anchor', import('./parts/home-agent.ts'))),
    correspondent:
      correspondent &&
      (await installed('correspondent', 'kedge-route-optimization', import('./parts/correspondent.ts'))),
    flows: await (mobileRouters.some(({ flows = [] }) => flows.length > 0) || homeAgent || correspondent
      ? installed('flow', 'kedge-policy', flows())
      : spare(flows())),
    /** Wherever it is installed: an earlier configuration may have left something in the kernel. */
    directPaths: await spare(import('./parts/direct-paths.ts')),
    renumbering:
      mobileRouters.length === 0
        ? undefined
        : await (mobileRouters.some(({ renumbering = 'report' }) => renumbering !== 'report')
            ? installed('renumbering', 'kedge-renumbering', renumbered())
            : spare(renumbered())),
    requestingRouter: mobileRouters.some(({ delegation }) => delegation)
      ? await installed('delegation', DELEGATION, import('./parts/requesting-router.ts'))
      : undefined,
    delegatingRouter: homeAgent?.peers.some(({ delegation }) => delegation)
      ? await installed('delegation', DELEGATION, import('./parts/delegating-router.ts'))
      : undefined,
    budgets: mobileRouters.some(({ uplinks }) => uplinks.some(({ budget }) => budget !== undefined))
      ? await installed('budget', 'kedge-policy', import('./budgets.ts'))
      : undefined,
    history: await spare(import('./uplink-history.ts')),
    /** Decoding costs more than the message itself. Undefined also where it is not installed. */
    trace: logLevel === 'debug' ? await spare(import('./trace.ts')) : undefined,
  };
}

async function installed<T>(what: string, name: string, part: Promise<T>): Promise<T> {
  const found = await optionalPart(part).catch(error => {
    throw new Error(`what '${what}' needs cannot be loaded: ${error}`);
  });
  if (found !== undefined) return found;
  throw new Error(`what '${what}' needs is not installed: on OpenWrt it is the package ${name}`);
}
