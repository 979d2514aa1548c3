/**
 * Failures by chance, from a seed: uplinks lose their carrier, go silent one way or both, are renumbered; daemons are
 * killed at both ends; home agents are cut off. One uplink is always left alone.
 */
import { now, sleep } from '../inside/clock.ts';
import { anchorText, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import type { Direction, Network } from '../inside/network.ts';
import { Random } from '../inside/random.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, settled } from '../inside/stage.ts';
import {
  followRoutes,
  renumber,
  SECOND_ANCHOR,
  THREE,
  type Three,
  threeUplinks,
} from '../inside/three-uplinks.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

interface Parameters {
  readonly seed: number;
  readonly minutes: number;
  /** Home agents: 1 or 2. */
  readonly agents: number;
}

const { seed, minutes, agents } = parameters<Parameters>();
/** Milliseconds between echoes. */
const INTERVAL = 200;
/** Bits a second of each transfer. */
const RATE = 16_000;
/** Milliseconds: between two things that happen, from the beginning of a fault to its end, of a home agent cut off. */
const PAUSE = [100, 8000] as const;
const FAULT = [200, 30_000] as const;
const CUT = [500, agents === 1 ? 15_000 : 60_000] as const;
/** As procd waits before it starts a service again. */
const RESPAWN = 1000;
/** An uplink can be relied upon so long after it has come back. */
const TRUST = 4000;
const VESSEL = {
  name: 'vessel',
  homeAddress: MAIN.homeAddress,
  prefixes: [MAIN.mobileNetworkPrefix],
};

const AGENTS = [
  { host: 'anchor', link: 'home', address: MAIN.anchor },
  { host: 'second', link: 'second', address: SECOND_ANCHOR },
].slice(0, agents);

interface RouterBindings {
  readonly mobileRouter: {
    readonly homeAgent: string;
    readonly uplinks: readonly { readonly bid: number; readonly careOfAddress: string }[];
  };
}
interface AnchorBindings {
  readonly homeAgent: {
    readonly nodes: readonly [{ readonly bindings: readonly { bid: number; careOfAddress: string }[] }];
  };
}

/** What happens, and what goes on meanwhile. */
class Weather {
  readonly #network: Network;
  readonly #router: Kedge;
  readonly #anchors: readonly Kedge[];
  readonly #random = new Random(seed);
  /** Until when the uplink has a fault or is not yet relied upon, monotonic milliseconds. */
  readonly #doubtful = new Map<Three, number>();
  readonly #subnets = new Map<Three, number>();
  /** What comes to its end by itself. */
  readonly #pending = new Set<Promise<void>>();
  /** One of these at a time. */
  readonly #busy = new Set<string>();

  constructor(network: Network, router: Kedge, anchors: readonly Kedge[]) {
    this.#network = network;
    this.#router = router;
    this.#anchors = anchors;
  }

  async rage(until: number): Promise<void> {
    while (now() < until) {
      await sleep(this.#random.between(...PAUSE));
      const dice = this.#random.next();
      if (dice < 0.35) this.#carrier();
      else if (dice < 0.7) this.#silence();
      else if (dice < 0.82) this.#renumber();
      else if (dice < 0.94) this.#kill();
      else this.#cut();
    }
    await Promise.all(this.#pending);
  }

  /** Begins what ends by itself; `key` keeps it from being begun twice. */
  #begin(key: string, what: string, act: () => Promise<void>): void {
    this.#busy.add(key);
    const from = now();
    record('began', { what });
    const done = act().then(() => {
      this.#busy.delete(key);
      this.#pending.delete(done);
      record('fault', { what, from, to: now() });
    });
    this.#pending.add(done);
  }

  /** An uplink that may fail: there is another one to rely upon. */
  #victim(duration: number): Three | undefined {
    const sound = THREE.filter(uplink => (this.#doubtful.get(uplink) ?? 0) <= now());
    const able = THREE.filter(uplink => !this.#busy.has(uplink) && sound.some(another => another !== uplink));
    if (able.length === 0) return undefined;
    const victim = this.#random.pick(able);
    this.#doubtful.set(victim, now() + duration + TRUST);
    return victim;
  }

  #carrier(): void {
    const duration = this.#random.between(...FAULT);
    const uplink = this.#victim(duration);
    if (uplink === undefined) return;
    this.#begin(uplink, `carrier ${uplink}`, async () => {
      const link = this.#network.link(uplink);
      await link.carrier('near', false);
      await sleep(duration);
      await link.carrier('near', true);
    });
  }

  #silence(): void {
    const duration = this.#random.between(...FAULT);
    const direction = this.#random.pick<Direction>(['both', 'toFar', 'toNear']);
    const uplink = this.#victim(duration);
    if (uplink === undefined) return;
    this.#begin(uplink, `silence ${uplink} ${direction}`, async () => {
      const link = this.#network.link(uplink);
      await link.silence(direction);
      await sleep(duration);
      await link.impair('both', {});
    });
  }

  #renumber(): void {
    const gently = this.#random.next() < 0.5;
    const uplink = this.#victim(0);
    if (uplink === undefined) return;
    const from = this.#subnets.get(uplink) ?? 0;
    const to = (from + 1) % 256;
    this.#subnets.set(uplink, to);
    this.#begin(uplink, `renumber ${uplink} ${gently ? 'gently' : 'roughly'}`, () =>
      renumber(this.#network, uplink, from, to, gently),
    );
  }

  #kill(): void {
    const daemon = this.#random.pick([this.#router, ...this.#anchors]);
    const what = this.#random.pick(['helper', 'script'] as const);
    if (this.#busy.has(daemon.host)) return;
    this.#begin(daemon.host, `kill ${daemon.host} ${what}`, async () => {
      await daemon.kill(what);
      await sleep(RESPAWN);
      daemon.start();
      // Long enough for it to have a script to kill.
      await sleep(RESPAWN);
    });
  }

  /** A home agent is there and cannot be reached. */
  #cut(): void {
    const duration = this.#random.between(...CUT);
    const link = this.#random.pick(AGENTS).link;
    if (this.#busy.has(link)) return;
    this.#begin(link, `cut ${link}`, async () => {
      await this.#network.link(link).silence();
      await sleep(duration);
      await this.#network.link(link).restore();
    });
  }
}

/** Everything in a host that bears kedge's marks. */
async function belongings(network: Network, host: string): Promise<string[]> {
  const show = async (...command: string[]): Promise<string[]> =>
    (await network.run(host, command)).split('\n').filter(line => line.trim() !== '');
  const tunnels = await show('ip', '-o', 'link', 'show', 'type', 'ip6tnl');
  return [
    ...tunnels.filter(line => line.includes('kdg-')),
    // Without rules of that protocol `ip` shows all.
    ...(await show('ip', '-6', 'rule', 'show')).filter(line => line.includes('proto 135')),
    ...(await show('ip', '-6', 'route', 'show', 'table', 'all', 'protocol', '135')),
    ...(await show('ip', '-6', '-o', 'address', 'show', 'dev', 'lo', 'scope', 'global')),
    ...(await show('nft', 'list', 'tables')).filter(line => line.includes('kedge')),
  ];
}

async function tunnelEnds(network: Network, host: string): Promise<string[]> {
  const text = await network.run(host, ['ip', '-o', 'link', 'show', 'type', 'ip6tnl']);
  return [...text.matchAll(/ kdg-[^:]+:.*link\/tunnel6 ([0-9a-f:]+) peer ([0-9a-f:]+)/g)].map(match =>
    host === 'router' ? match[1]! : match[2]!,
  );
}

scenario(threeUplinks(), async network => {
  record('seed', { seed, minutes });
  for (const host of ['peer', 'lan']) await startServers(network, host);
  const anchors = AGENTS.map(
    ({ host, address }) => new Kedge(network, host, anchorText({ address, peers: [VESSEL] })),
  );
  const router = new Kedge(
    network,
    'router',
    routerText({ ...VESSEL, homeAgents: AGENTS.map(({ address }) => address), uplinks: THREE }),
  );
  for (const daemon of [...anchors, router]) daemon.start();
  let over = false;
  const following = followRoutes(network, AGENTS, () => over);
  await settled(router, 'lte');
  const echo = new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL });
  const up = new Transfer(network, 'lan', MAIN.peer, { rate: RATE }, 'transfer-up');
  const down = new Transfer(network, 'peer', MAIN.lanHost, { rate: RATE }, 'transfer-down');
  await echo.first();

  await new Weather(network, router, anchors).rage(now() + minutes * 60_000);

  await settled(router, 'lte', 120_000);
  await sleep(2000);
  record('echo', { report: await echo.stop() });
  for (const [name, transfer] of [
    ['up', up],
    ['down', down],
  ] as const) {
    record('transfer', { name, report: await transfer.stop() });
  }
  over = true;
  await following;
  await compare([router, ...anchors]);
  const { mobileRouter } = await router.status<RouterBindings>();
  const inUse = AGENTS.findIndex(({ address }) => address === mobileRouter.homeAgent);
  const { homeAgent } = await anchors[inUse]!.status<AnchorBindings>();
  const careOf = (bindings: readonly { bid: number; careOfAddress: string }[]): string[] =>
    bindings.map(binding => `${binding.bid} ${binding.careOfAddress}`).sort();
  record('agreement', {
    router: careOf(mobileRouter.uplinks),
    anchor: careOf(homeAgent.nodes[0].bindings),
    tunnels: {
      router: (await tunnelEnds(network, 'router')).sort(),
      anchor: (await tunnelEnds(network, AGENTS[inUse]!.host)).sort(),
    },
  });
  for (const daemon of [router, ...anchors]) {
    await daemon.process?.stop(5000);
    record('left', { host: daemon.host, what: await belongings(network, daemon.host) });
  }
});
