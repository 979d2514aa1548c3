/** What most scenarios begin and end with: both daemons, an echo stream, and a look at what the kernel keeps. */
import { now, sleep } from './clock.ts';
import { anchorConfig, Kedge, type KedgeOptions, routerConfig } from './kedge.ts';
import { MAIN } from './main-topology.ts';
import type { Network, NetworkPlan } from './network.ts';
import { record } from './scenario.ts';
import { Echo, type EchoOptions, startServers } from './traffic.ts';

export type Uplink = 'lte' | 'wifi';
export const UPLINKS = ['lte', 'wifi'] as const;

export interface RouterStatus {
  readonly mobileRouter: {
    readonly active: { readonly uplink: string | null };
    readonly uplinks: readonly {
      readonly name: string;
      readonly state: string;
      readonly path: { readonly state: string } | null;
    }[];
  };
}

/** Waits until every uplink of a router is alive and the given one carries the traffic. */
export function settled(router: Kedge, active: string, limit?: number): Promise<void> {
  return router.until<RouterStatus>(status => isSettled(status, active), limit);
}

export function isSettled({ mobileRouter }: RouterStatus, active: string): boolean {
  return mobileRouter.active.uplink === active && mobileRouter.uplinks.every(u => u.path?.state === 'alive');
}

/** Something happens, and what it costs is over after `span` milliseconds: one `event` record. */
export async function event(what: string, act: () => Promise<unknown>, span = 700): Promise<void> {
  const from = now();
  await act();
  await sleep(Math.max(0, from + span - now()));
  record('event', { what, from, to: now() });
}

/** Records what each kedge would still have to change in its kernel: nothing, unless something is wrong. */
export async function compare(daemons: readonly Kedge[]): Promise<void> {
  for (const daemon of daemons) {
    record('diff', { host: daemon.host, text: (await daemon.command('diff')).trim() });
  }
}

/** The plan with captures of these links alone: a capture costs more time than the packets. */
export function watching(links: readonly string[], plan: NetworkPlan): NetworkPlan {
  const watched = Object.entries(plan.links).map(([name, link]) => [
    name,
    links.includes(name) ? link : { ...link, capture: false },
  ]);
  return { ...plan, links: Object.fromEntries(watched) };
}

export class Stage {
  private constructor(
    readonly network: Network,
    readonly router: Kedge,
    readonly anchor: Kedge,
    readonly echo: Echo,
  ) {}

  /** Starts everything and waits until both uplinks carry probes and the preferred one carries the echoes. */
  static async set(network: Network, options: KedgeOptions = {}, echo: EchoOptions = {}): Promise<Stage> {
    await startServers(network, 'peer');
    const anchor = new Kedge(network, 'anchor', anchorConfig(options));
    const router = new Kedge(network, 'router', routerConfig(options));
    anchor.start();
    router.start();
    await settled(router, 'lte');
    const stream = new Echo(network, 'lan', MAIN.peer, echo);
    await stream.first();
    return new Stage(network, router, anchor, stream);
  }

  /** Waits until every uplink is alive and the given one carries the traffic; then all is calm for a while. */
  async settled(active: Uplink, calm = 200): Promise<void> {
    await settled(this.router, active);
    await sleep(calm);
  }

  /** Waits until this uplink carries the traffic, whatever the others do. */
  async carriedBy(active: string | null, limit?: number): Promise<void> {
    await this.router.until<RouterStatus>(({ mobileRouter }) => mobileRouter.active.uplink === active, limit);
  }

  /** An {@link event}, to which the test assigns the echoes that were lost. */
  event(what: string, act: () => Promise<unknown>, span?: number): Promise<void> {
    return event(what, act, span);
  }

  /** Makes this uplink the one in use, without any failure. */
  async prefer(uplink: Uplink | '--none', span?: number): Promise<void> {
    await this.event(`prefer ${uplink}`, () => this.router.command('prefer', uplink), span);
  }

  /** The last figures, and what `kedge diff` says at both ends. */
  async finish(): Promise<void> {
    record('echo', { report: await this.echo.stop() });
    await this.compare();
  }

  compare(): Promise<void> {
    return compare([this.router, this.anchor]);
  }
}
