/**
 * Makes the kernel agree with the forwarding state that the engine wants, and keeps it so.
 *
 * It works on a live copy of the kernel's state, so a failover is one datagram with a message or two, sent before
 * `apply` returns. What it finds at the start it adopts. What others change of kedge's is put right again, ever
 * more slowly when they insist.
 */
import type { Level } from '../engine/types.ts';
import { NetlinkClient } from '../netlink/client.ts';
import { KernelView } from '../netlink/kernel-view.ts';
import type { Request } from '../netlink/message.ts';
import { changeRequests, isAlreadyGone, refusalText } from './change-request.ts';
import { changeText } from './change-text.ts';
import { type Change, diffForwarding } from './diff.ts';
import { FilterLoader } from './filter-loader.ts';
import { ownedState } from './owned.ts';
import { EMPTY_STATE, type ForwardingState, ROUTE_PROTOCOL } from './state.ts';

/** What the reconciler needs of its host. */
export interface ReconcilerHost {
  /** Sends one datagram on a NETLINK_ROUTE socket that is in the groups of `netlink/groups.ts`. */
  send(datagram: Uint8Array): void;
  /** Runs `nft -f -`; the text of the error, or undefined for success. */
  runNft(text: string): Promise<string | undefined>;
  /** Calls back after `delay` ms; the result cancels it. */
  schedule(delay: number, action: () => void): () => void;
  report(level: Level, text: string): void;
  /** Links, addresses or routes of the kernel changed: the uplinks may stand otherwise. */
  kernelChanged(): void;
}

/** ms. After a refusal: read the kernel's state anew and try again, the last of these for good. */
const RETRY_DELAYS = [100, 400, 1600, 10_000] as const;
/** ms. What others change is repaired soon so many times, then twice as late each time, until there is calm. */
const FIRST_REPAIR = 50;
const QUICK_REPAIRS = 8;
const SLOWEST_REPAIR = 30_000;
/** It is calm when nothing had to be repaired for this long: ms, and times the latest delay. */
const CALM = 10_000;
const CALM_DELAYS = 4;
/** Rounds without a refusal after which the kernel must agree: tunnels, then what uses them, and some to spare. */
const ROUNDS = 8;
/**
 * ms that a tunnel outlives its use: packets are on their way in it, and the kernel takes tens of milliseconds to
 * delete one, in which the helper could send nothing else.
 */
const LINGER = 500;
const SHOWN_CHANGES = 3;

export class Reconciler {
  readonly view = new KernelView(ROUTE_PROTOCOL);
  readonly #host: ReconcilerHost;
  readonly #client: NetlinkClient;
  readonly #filter: FilterLoader;
  #desired: ForwardingState | undefined;
  #ready = false;
  #resyncing = false;
  #running = false;
  /** The latest run, under way or done. */
  #latestRun = Promise.resolve();
  /** Surplus tunnels may go now. */
  #lingered = false;
  #cancelLinger: (() => void) | undefined;
  #retries = 0;
  #refusals: readonly string[] = [];
  #cancelRetry: (() => void) | undefined;
  #cancelRepair: (() => void) | undefined;
  /** Repairs since it was last calm. */
  #repairs = 0;
  #cancelCalm: (() => void) | undefined;
  /** A notification of the datagram at hand changed the view. */
  #changed = false;

  constructor(host: ReconcilerHost) {
    this.#host = host;
    this.#filter = new FilterLoader(host);
    this.#client = new NetlinkClient(datagram => host.send(datagram), {
      notification: message => {
        if (this.view.notice(message)) this.#changed = true;
      },
      overrun: () => this.#resync(),
    });
  }

  /** Reads the kernel's state; what `apply` was given meanwhile follows. */
  start(): void {
    this.#resync();
  }

  /** What the socket received. */
  receive(datagram: Uint8Array): void {
    this.#changed = false;
    this.#client.receive(datagram);
    if (this.view.stale) this.#resync();
    if (!this.#changed) return;
    this.#scheduleRepair();
    this.#host.kernelChanged();
  }

  /** The socket lost messages (ENOBUFS). */
  overrun(): void {
    this.#client.overrun();
  }

  /** True once the kernel's state is known. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Why the kernel does not agree, in sentences; empty when it does or is about to. */
  get refusals(): readonly string[] {
    return this.#refusals;
  }

  /** Wants this state from now on; it takes the place of one that is being applied. */
  apply(state: ForwardingState): void {
    this.#desired = state;
    this.#retries = 0;
    this.#run();
    this.#filter.want(state.filter);
  }

  /** Takes away all that is kedge's: the orderly end. Resolves when it is done, or cannot be done. */
  async clear(): Promise<void> {
    this.#desired = EMPTY_STATE;
    await this.#latestRun;
    this.#lingered = true;
    await this.#run();
    await this.#filter.want(undefined);
  }

  /** Loads the filter again, e.g. after somebody has flushed the whole ruleset. */
  reloadFilter(): void {
    this.#filter.reload();
  }

  /** What would still have to be changed. */
  pending(): Change[] {
    if (this.#desired === undefined || !this.#ready) return [];
    return diffForwarding(this.#desired, ownedState(this.view, this.#desired.addresses));
  }

  async #resync(): Promise<void> {
    if (this.#resyncing) return;
    this.#resyncing = true;
    const error = await this.view.resync(this.#client);
    this.#resyncing = false;
    if (error !== undefined) {
      this.#host.report('error', `cannot read the kernel's state: ${error.text ?? `error ${error.errno}`}`);
      this.#retryLater(() => this.#resync());
      return;
    }
    this.#ready = true;
    this.#host.kernelChanged();
    this.#run();
  }

  /** One run at a time; a run under way sees what is wanted now. */
  #run(): Promise<void> {
    if (this.#ready && !this.#running) {
      this.#running = true;
      this.#latestRun = this.#rounds();
    }
    return this.#latestRun;
  }

  /**
   * Rounds of changes until there is nothing left but what was refused. The first leaves before this returns.
   */
  async #rounds(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    /** Sentences, by the command that was refused. */
    const refusals = new Map<string, string>();
    for (let round = 0; ; round++) {
      const state = this.#desired;
      const changes = this.#due().filter(change => refusals.size === 0 || !refusals.has(commandOf(change)));
      if (changes.length === 0) break;
      if (round === ROUNDS) {
        refusals.set('', `the kernel does not keep: ${show(changes)}`);
        break;
      }
      await this.#round(changes, refusals);
      if (this.#desired !== state) {
        round = -1;
        refusals.clear();
      }
    }
    this.#running = false;
    this.#lingered = false;
    if (refusals.size > 0) {
      this.#refuse([...refusals.values()]);
    } else {
      this.#refusals = [];
      this.#retries = 0;
    }
  }

  /** The changes to make now: all but the surplus tunnels that linger, which are the last ones. */
  #due(): Change[] {
    const changes = this.pending();
    const due = this.#lingered ? changes : changes.slice(0, afterLastOther(changes));
    if (due.length < changes.length) {
      this.#cancelLinger ??= this.#host.schedule(LINGER, () => {
        this.#cancelLinger = undefined;
        this.#lingered = true;
        this.#run();
      });
    }
    return due;
  }

  /**
   * Sends what can be sent now. What needs a device that this very round makes waits for the next one, and with it
   * all that takes away.
   */
  async #round(changes: readonly Change[], refusals: Map<string, string>): Promise<void> {
    const requests: Request[] = [];
    const causes: Change[] = [];
    const coming = new Set<string>();
    let waiting = false;
    for (const change of changes) {
      const found = changeRequests(change, name => this.view.linkNamed(name)?.index);
      if (found === undefined) {
        const device = 'route' in change ? change.route.device : undefined;
        if (device !== undefined && coming.has(device)) waiting = true;
        else refusals.set(commandOf(change), `${commandOf(change)}: the device does not exist`);
      } else if (!waiting || !change.kind.endsWith('-delete')) {
        if (change.kind === 'tunnel-add') coming.add(change.tunnel.name);
        requests.push(...found);
        causes.push(...found.map(() => change));
      }
    }
    const outcomes = await this.#client.batch(requests);
    for (const [at, error] of outcomes.entries()) {
      const change = causes[at]!;
      if (error === undefined || isAlreadyGone(change, error)) continue;
      // Of the requests of a change, the first that is refused says why.
      const command = commandOf(change);
      if (!refusals.has(command)) refusals.set(command, refusalText(change, error));
    }
  }

  #refuse(refusals: readonly string[]): void {
    const news = refusals.filter(text => !this.#refusals.includes(text));
    for (const text of news) this.#host.report('warning', text);
    this.#refusals = refusals;
    this.#retryLater(() => this.#resync());
  }

  #retryLater(action: () => void): void {
    this.#cancelRetry?.();
    const delay = RETRY_DELAYS[Math.min(this.#retries++, RETRY_DELAYS.length - 1)]!;
    this.#cancelRetry = this.#host.schedule(delay, action);
  }

  /** Something in the kernel changed, and not by our hand: look whether it was kedge's. */
  #scheduleRepair(): void {
    if (this.#running || !this.#ready || this.#cancelRepair !== undefined) return;
    const doublings = Math.max(0, this.#repairs - QUICK_REPAIRS);
    const delay = Math.min(FIRST_REPAIR * 2 ** doublings, SLOWEST_REPAIR);
    this.#cancelRepair = this.#host.schedule(delay, () => {
      this.#cancelRepair = undefined;
      if (!this.#running) this.#repair(delay);
    });
  }

  #repair(delay: number): void {
    const changes = this.#due();
    if (changes.length === 0) return;
    this.#repairs++;
    this.#cancelCalm?.();
    this.#cancelCalm = this.#host.schedule(Math.max(CALM, CALM_DELAYS * delay), () => {
      this.#repairs = 0;
    });
    this.#host.report('notice', `somebody changed what is kedge's; repairing: ${show(changes)}`);
    this.#run();
  }
}

/** Where the deletions of tunnels begin that stand last. A tunnel that is in the way of another is deleted before. */
function afterLastOther(changes: readonly Change[]): number {
  let end = changes.length;
  while (end > 0 && changes[end - 1]!.kind === 'tunnel-delete') end--;
  return end;
}

/** The first of the commands that a change stands for: what it is called by. */
const commandOf = (change: Change): string => changeText(change)[0]!;

function show(changes: readonly Change[]): string {
  const shown = changes.slice(0, SHOWN_CHANGES).flatMap(changeText).join('; ');
  return changes.length > SHOWN_CHANGES ? `${shown}; … (${changes.length} changes)` : shown;
}
