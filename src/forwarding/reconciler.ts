/**
 * Makes the kernel agree with the forwarding state that the engine wants, and keeps it so.
 *
 * It works on a live copy of the kernel's state, so a failover is one datagram with a message or two, sent before
 * `apply` returns. What it finds at the start it adopts. What others change of kedge's is put right again, ever
 * more slowly when they insist.
 */
import type { Level } from '../engine/types.ts';
import { NetlinkClient } from '../netlink/client.ts';
import { errorName, type NetlinkError } from '../netlink/error.ts';
import { KernelView } from '../netlink/kernel-view.ts';
import { ip6GreTrial } from '../netlink/link.ts';
import type { Request } from '../netlink/message.ts';
import { failedNeighbor, type NeighborOnLink } from '../netlink/neighbor.ts';
import type { XfrmReport } from '../netlink/xfrm.ts';
import { changeRequests, isAlreadySo, refusalText } from './change-request.ts';
import { changeText } from './change-text.ts';
import type { ClassifierLoader } from './classifier-loader.ts';
import { Comparison } from './comparison.ts';
import type { Change, XfrmChange } from './diff.ts';
import { FilterLoader } from './filter-loader.ts';
import { Lingering } from './lingering.ts';
import { localAddress } from './owned.ts';
import { RepairSchedule } from './repair-schedule.ts';
import { type ForwardingChanges, type ForwardingParts, ROUTE_PROTOCOL } from './state.ts';
import type { Xfrm } from './xfrm.ts';

/** What the reconciler needs of its host. */
export interface ReconcilerHost {
  /** Sends one datagram on a NETLINK_ROUTE socket that is in the groups of `netlink/groups.ts`. */
  send(datagram: Uint8Array): void;
  /** The same on a NETLINK_XFRM socket in `XFRM_GROUPS`. */
  sendXfrm(datagram: Uint8Array): void;
  /** Runs `nft -f -`; the text of the error, or undefined for success. */
  runNft(text: string): Promise<string | undefined>;
  /** Calls back after `delay` ms; the result cancels it. */
  schedule(delay: number, action: () => void): () => void;
  report(level: Level, text: string): void;
  /** Links, addresses or routes of the kernel changed: the uplinks may stand otherwise. */
  kernelChanged(): void;
  /** The kernel lacks what packets over several paths at once need. */
  cannotCopy(): void;
  /** Neighbor Unreachability Detection has given up. */
  neighborFailed(found: NeighborOnLink): void;
  /** Somebody has sent a Home Address option without binding. */
  unknownHomeAddress(report: XfrmReport): void;
}

/** ms. After a refusal: read the kernel's state anew and try again, the last of these for good. */
const RETRY_DELAYS = [100, 400, 1600, 10_000] as const;
/** Rounds without a refusal after which the kernel must agree: tunnels, then what uses them, and some to spare. */
const ROUNDS = 8;
const SHOWN_CHANGES = 3;

export class Reconciler {
  readonly view = new KernelView(ROUTE_PROTOCOL, object =>
    this.#comparison.mark('scope' in object ? localAddress(this.view, object) : object),
  );
  readonly #host: ReconcilerHost;
  readonly #client: NetlinkClient;
  /** Undefined: nobody has wanted it. */
  #xfrm: Xfrm | undefined;
  readonly #filter: FilterLoader;
  readonly #comparison = new Comparison(this.view);
  readonly #lingering: Lingering;
  readonly #repairs: RepairSchedule;
  /** Before it is known what is wanted, nothing that was found is taken away. */
  #told = false;
  /** The host wants something else since the round under way began. */
  #renewed = false;
  /** All was compared in the run under way or, without one, will be in the next. */
  #whole = false;
  #ready = false;
  #resyncing = false;
  #running = false;
  /** The latest run, under way or done. */
  #latestRun = Promise.resolve();
  #retries = 0;
  /** Sentences, by the command that was refused. */
  #refusals: ReadonlyMap<string, string> = new Map();
  #cancelRetry: (() => void) | undefined;
  /** A notification of the datagram at hand changed the view. */
  #changed = false;

  constructor(host: ReconcilerHost) {
    this.#host = host;
    this.#filter = new FilterLoader(host);
    this.#repairs = new RepairSchedule((delay, action) => host.schedule(delay, action));
    this.#lingering = new Lingering(
      (delay, action) => host.schedule(delay, action),
      places => {
        for (const place of places) this.#comparison.mark(place);
        this.#run();
      },
    );
    this.#client = new NetlinkClient(datagram => host.send(datagram), {
      notification: message => {
        if (this.view.notice(message)) this.#changed = true;
        const failed = failedNeighbor(message);
        if (failed !== undefined) host.neighborFailed(failed);
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
    if (this.#comparison.hasMarks) this.#scheduleRepair();
    this.#host.kernelChanged();
  }

  /** What the NETLINK_XFRM socket received. */
  receiveXfrm(datagram: Uint8Array): void {
    this.#xfrm?.receive(datagram);
    if (this.#xfrm?.view.stale) this.#resync();
    if (this.#comparison.hasMarks) this.#scheduleRepair();
  }

  /** What is wanted may tell flows apart from now on. */
  classify(Part: typeof ClassifierLoader): void {
    this.#filter.classify(Part);
  }

  /** The socket lost messages (ENOBUFS). */
  overrun(): void {
    this.#client.overrun();
  }

  /** The same of the NETLINK_XFRM socket. */
  overrunXfrm(): void {
    this.#xfrm?.overrun();
  }

  /**
   * Takes XFRM states and policies into care from now on, those that are there among them.
   * @returns why there cannot be any of Mobile IPv6; undefined: there can
   */
  async useXfrm(Part: typeof Xfrm): Promise<NetlinkError | undefined> {
    this.#xfrm ??= new Part({
      send: datagram => this.#host.sendXfrm(datagram),
      changed: place => this.#comparison.mark(place),
      lost: () => this.#resync(),
      unknownHomeAddress: report => this.#host.unknownHomeAddress(report),
    });
    this.#comparison.xfrm = this.#xfrm.view;
    this.#xfrm.open();
    await this.#resync();
    return this.#xfrm.trial();
  }

  /** Has the host hear of it if the kernel makes no GRE devices. The kernel loads its module. */
  async tryCopies(): Promise<void> {
    const [error] = await this.#client.batch([ip6GreTrial]);
    if (error !== undefined && errorName(error) === 'EOPNOTSUPP') this.#host.cannotCopy();
  }

  /** There is no NETLINK_XFRM socket: nothing of the kind can be done. */
  endXfrm(): void {
    this.#xfrm?.close();
  }

  /** True once the kernel's state is known. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Why the kernel does not agree, in sentences; empty when it does or is about to. */
  get refusals(): readonly string[] {
    return [...this.#refusals.values()];
  }

  /** Wants these parts, and nothing else, from now on. */
  apply(parts: ForwardingParts): void {
    this.#comparison.wantOnly(parts);
    this.#told = true;
    this.#wish();
  }

  /** Wants these parts in place of those with the same names; what is not theirs is not looked at. */
  change(parts: ForwardingChanges): void {
    this.#comparison.want(parts);
    this.#wish();
  }

  /** Takes away all that is kedge's: the orderly end. Resolves when it is done, or cannot be done. */
  async clear(): Promise<void> {
    this.#comparison.wantOnly(new Map());
    this.#told = true;
    await this.#latestRun;
    this.#lingering.end();
    this.#comparison.markAll();
    await this.#run();
    await this.#filter.want(undefined);
  }

  /** Loads the filter again, e.g. after somebody has flushed the whole ruleset. */
  reloadFilter(): void {
    this.#filter.reload();
  }

  /** What would still have to be changed. */
  pending(): Change[] {
    return this.#told && this.#ready ? this.#comparison.changes() : [];
  }

  #wish(): void {
    this.#renewed = true;
    this.#run();
    this.#filter.want(this.#comparison.filter, this.#comparison.takeClassifiers(), this.#comparison.copies);
  }

  async #resync(): Promise<void> {
    if (this.#resyncing) return;
    this.#resyncing = true;
    let error = await this.view.resync(this.#client);
    error ??= await this.#xfrm?.resync();
    this.#resyncing = false;
    if (error !== undefined) {
      this.#host.report('error', `cannot read the kernel's state: ${error.text ?? `error ${error.errno}`}`);
      this.#retryLater();
      return;
    }
    this.#ready = true;
    this.#whole = true;
    this.#comparison.markAll();
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
    /** Sentences, by the command that was refused. */
    const refusals = new Map<string, string>();
    let due = this.#due();
    for (let round = 0; ; round++, due = this.#due()) {
      this.#renewed = false;
      const changes = due.filter(change => refusals.size === 0 || !refusals.has(commandOf(change)));
      if (changes.length === 0) break;
      if (round === ROUNDS) {
        refusals.set('', `the kernel does not keep: ${show(changes)}`);
        break;
      }
      await this.#round(changes, refusals);
      if (this.#renewed) {
        round = -1;
        refusals.clear();
      }
    }
    for (const change of due) this.#comparison.unmark(change);
    this.#running = false;
    this.#lingering.forgetDue();
    this.#finish(refusals);
  }

  /** The changes to make now: all but what lingers. */
  #due(): Change[] {
    if (!this.#told) return [];
    const changes = this.#comparison.markedChanges();
    const lingering = this.#lingering.among(changes);
    for (const change of lingering) this.#comparison.unmark(change);
    return changes.filter(change => !lingering.has(change));
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
      const found = isXfrmChange(change)
        ? this.#xfrm?.requests(change)
        : changeRequests(change, name => this.view.linkNamed(name)?.index);
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
    const isXfrm = (at: number): boolean => isXfrmChange(causes[at]!);
    const [outcomes, xfrmOutcomes] = await Promise.all([
      this.#client.batch(requests.filter((_, at) => !isXfrm(at))),
      this.#xfrm?.batch(requests.filter((_, at) => isXfrm(at))) ?? [],
    ]);
    const left = [outcomes.values(), xfrmOutcomes.values()] as const;
    for (const [at, change] of causes.entries()) {
      const error = left[isXfrm(at) ? 1 : 0].next().value;
      if (error === undefined || isAlreadySo(change, error)) {
        // Of neighbours the kernel says nothing more, of an address it may do so after it has acknowledged it.
        if ('neighbor' in change || change.kind === 'address-add')
          this.view.notice({ ...requests[at]!, sequence: 0, port: 0 });
        continue;
      }
      // Of the requests of a change, the first that is refused says why.
      const command = commandOf(change);
      if (!refusals.has(command)) refusals.set(command, refusalText(change, error));
    }
  }

  /** @param refusals of the run that has ended */
  #finish(refusals: ReadonlyMap<string, string>): void {
    const known = this.#refusals;
    this.#refusals = this.#whole ? refusals : new Map([...known, ...refusals]);
    this.#whole = false;
    for (const [command, text] of refusals) {
      if (known.get(command) !== text) this.#host.report('warning', text);
    }
    if (this.#refusals.size > 0) {
      this.#retryLater();
    } else {
      this.#cancelRetry?.();
      this.#cancelRetry = undefined;
      this.#retries = 0;
    }
  }

  #retryLater(): void {
    const delay = RETRY_DELAYS[Math.min(this.#retries, RETRY_DELAYS.length - 1)]!;
    this.#cancelRetry ??= this.#host.schedule(delay, () => {
      this.#cancelRetry = undefined;
      this.#retries++;
      this.#resync();
    });
  }

  /** Something in the kernel changed, and not by our hand: look whether it was kedge's. */
  #scheduleRepair(): void {
    if (!this.#running && this.#ready) this.#repairs.request(() => this.#repair());
  }

  /** The result says whether there was anything to repair. */
  #repair(): boolean {
    const changes = this.#running ? [] : this.#due();
    if (changes.length === 0) return false;
    this.#host.report('notice', `somebody changed what is kedge's; repairing: ${show(changes)}`);
    this.#run();
    return true;
  }
}

const isXfrmChange = (change: Change): change is XfrmChange => 'state' in change || 'policy' in change;

/** The first of the commands that a change stands for: what it is called by. */
const commandOf = (change: Change): string => changeText(change)[0]!;

function show(changes: readonly Change[]): string {
  const shown = changes.slice(0, SHOWN_CHANGES).flatMap(changeText).join('; ');
  return changes.length > SHOWN_CHANGES ? `${shown}; … (${changes.length} changes)` : shown;
}
