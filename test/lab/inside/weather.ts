/**
 * Failures by chance, from a seed: uplinks lose their carrier, go silent one way or both, are renumbered; daemons are
 * killed at both ends; home agents are cut off. One uplink is always left alone.
 */
import { now, sleep } from './clock.ts';
import type { Kedge } from './kedge.ts';
import type { Direction, Network } from './network.ts';
import { Random } from './random.ts';
import { record } from './scenario.ts';
import { renumber, THREE, type Three } from './three-uplinks.ts';

/** Milliseconds: between two things that happen, from the beginning of a fault to its end. */
const PAUSE = [100, 8000] as const;
const FAULT = [200, 30_000] as const;
/** As procd waits before it starts a service again. */
const RESPAWN = 1000;
/** An uplink can be relied upon so long after it has come back. */
const TRUST = 4000;

export interface Climate {
  readonly seed: number;
  readonly router: Kedge;
  /** Home agents, and the links that they are behind. */
  readonly anchors: readonly { readonly daemon: Kedge; readonly link: string }[];
  /** Milliseconds that a home agent is cut off. */
  readonly cut: readonly [number, number];
  /** Uplinks also lose packets, at random, while they seem to work. */
  readonly degrades?: boolean;
  /** Somebody changes the policy of the router. */
  readonly reload?: (random: Random) => void;
}

/** What happens, and what goes on meanwhile. */
export class Weather {
  readonly #network: Network;
  readonly #climate: Climate;
  readonly #random: Random;
  /** Until when the uplink has a fault or is not yet relied upon, monotonic milliseconds. */
  readonly #doubtful = new Map<Three, number>();
  readonly #subnets = new Map<Three, number>();
  /** What comes to its end by itself. */
  readonly #pending = new Set<Promise<void>>();
  /** One of these at a time. */
  readonly #busy = new Set<string>();

  constructor(network: Network, climate: Climate) {
    this.#network = network;
    this.#climate = climate;
    this.#random = new Random(climate.seed);
  }

  async rage(until: number): Promise<void> {
    while (now() < until) {
      await sleep(this.#random.between(...PAUSE));
      if (this.#policyChanges()) continue;
      const dice = this.#random.next();
      if (dice < 0.35) this.#carrier();
      else if (dice < 0.7) this.#silence();
      else if (dice < 0.82) this.#renumber();
      else if (dice < 0.94) this.#kill();
      else this.#cut();
    }
    await Promise.all(this.#pending);
  }

  /** A third of all that happens, where there is a policy. */
  #policyChanges(): boolean {
    const { reload } = this.#climate;
    if (reload === undefined || this.#random.next() > 0.33) return false;
    reload(this.#random);
    record('reload', {});
    return true;
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
    const loss =
      this.#climate.degrades && this.#random.next() < 0.5 ? Math.ceil(this.#random.between(5, 50)) : 100;
    const uplink = this.#victim(duration);
    if (uplink === undefined) return;
    const what = loss === 100 ? 'silence' : `loss ${loss}`;
    this.#begin(uplink, `${what} ${uplink} ${direction}`, async () => {
      const link = this.#network.link(uplink);
      await link.impair(direction, { loss });
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
    const daemon = this.#random.pick([
      this.#climate.router,
      ...this.#climate.anchors.map(each => each.daemon),
    ]);
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
    const duration = this.#random.between(...this.#climate.cut);
    const { link } = this.#random.pick(this.#climate.anchors);
    if (this.#busy.has(link)) return;
    this.#begin(link, `cut ${link}`, async () => {
      await this.#network.link(link).silence();
      await sleep(duration);
      await this.#network.link(link).restore();
    });
  }
}
