/** Packets that go without the detour over a home agent: whether the kernel can do that, and which peers they are for. */

import type { TunneledTraffic } from '../engine/types.ts';
import type { Reconciler } from '../forwarding/reconciler.ts';
import { XFRM_OWNER } from '../forwarding/state.ts';
import { TunneledPeers } from '../forwarding/tunneled-peers.ts';
import { Xfrm } from '../forwarding/xfrm.ts';
import { isSent, peerOf } from '../forwarding/xfrm-request.ts';
import { now } from '../host/clock.ts';
import type { Helper, Socket } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import { Timer } from '../host/timer.ts';
import { NetlinkClient } from '../netlink/client.ts';
import { dumpXfrmStates, parseXfrmState, XFRM_GROUPS } from '../netlink/xfrm.ts';
import type { Config } from '../uci/types.ts';
import { type Address, addressKey } from '../wire/address.ts';
import type { Journal } from './journal.ts';
import { TunnelWatch } from './tunnel-watch.ts';

/** What an XFRM socket that cannot be opened says of the kernel. */
const NO_XFRM = 'this kernel has no XFRM (CONFIG_XFRM_USER)';
const NO_MIP6 = 'this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)';
/** In the journal: XFRM states of an earlier life may be there. */
const XFRM_RECORD = 'xfrm';

export interface DirectPathHost {
  readonly reconciler: Reconciler;
  /** Why packets cannot go directly, in words; undefined: they can. */
  found(obstacle: string | undefined): void;
  /**
   * What has gone the direct way since the last time; after something has, also that nothing has.
   * @param peers whose packets went or came
   * @param heard those of them that packets came from
   */
  used(peers: readonly Address[], heard: readonly Address[]): void;
  /** What has come through tunnels. */
  tunneled(traffic: readonly TunneledTraffic[]): void;
}

/** The kernel's XFRM, once it is wanted. */
export class DirectPath {
  readonly #helper: Helper;
  readonly #log: LogSink;
  readonly #journal: Journal;
  readonly #host: DirectPathHost;
  #xfrm: Socket | undefined;
  #use: DirectUse | undefined;
  readonly #tunnels: TunnelWatch;
  /** Home addresses that have direct ways to whoever talks to them. */
  #open: readonly Address[] = [];
  #questions = 0;
  #isAsking = false;

  constructor(helper: Helper, log: LogSink, journal: Journal, host: DirectPathHost) {
    this.#helper = helper;
    this.#log = log;
    this.#journal = journal;
    this.#host = host;
    this.#tunnels = new TunnelWatch(helper, log, journal, pairs =>
      host.tunneled((this.#use?.peers ?? new TunneledPeers()).traffic(pairs)),
    );
  }

  /** Until the kernel has said whether there are direct paths, what was found is left as it is. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /**
   * The kernel loads its module for Mobile IPv6 by itself; so it is asked only where somebody wants to know, or has.
   * The answer comes by `found`.
   */
  ask({ mobileRouters, correspondent }: Config): void {
    const optimizes = mobileRouters.some(({ routeOptimization }) => routeOptimization !== undefined);
    this.#open = mobileRouters.flatMap(({ homeAddress, routeOptimization }) =>
      (routeOptimization?.after ?? 0) > 0 ? [homeAddress] : [],
    );
    const wanted = optimizes || correspondent !== undefined;
    if (!wanted && !this.#journal.records.has(XFRM_RECORD)) return;
    this.#journal.set(XFRM_RECORD, {});
    this.#xfrm ??= this.#openXfrm();
    this.#isAsking = true;
    const question = ++this.#questions;
    this.#host.reconciler.useXfrm(Xfrm).then(error => {
      if (question === this.#questions) this.#found(error && NO_MIP6);
    });
  }

  send(datagram: Uint8Array): void {
    this.#xfrm?.send(datagram);
  }

  stop(): void {
    this.#use?.stop();
    this.#tunnels.watch([]);
  }

  #found(obstacle: string | undefined): void {
    this.#isAsking = false;
    this.#host.found(obstacle);
    this.#tunnels.watch(obstacle === undefined ? this.#open : []);
    if (obstacle === undefined) this.#use ??= new DirectUse(this.#helper, this.#host);
  }

  #openXfrm(): Socket {
    const { reconciler } = this.#host;
    return this.#helper.open(
      { kind: 'netlink-xfrm', groups: XFRM_GROUPS },
      {
        received: message => reconciler.receiveXfrm(message.bytes),
        lost: () => reconciler.overrunXfrm(),
        failed: reason => this.#log('debug', `XFRM: ${reason}`),
        closed: () => {
          reconciler.endXfrm();
          this.#xfrm = undefined;
          this.#questions++;
          this.#found(NO_XFRM);
        },
      },
    );
  }
}

/** ms between two looks at what is used: without any states, and with some, for each of which it is more. */
const IDLE_INTERVAL = 5000;
const INTERVAL = 1000;
const INTERVAL_PER_STATE = 20;

interface Count {
  readonly peer: Address;
  all: number;
  came: number;
}

/** Tells now and then what has gone the direct way since the last time. */
class DirectUse {
  readonly #client: NetlinkClient;
  readonly #timer = new Timer(() => this.#look());
  readonly #host: Pick<DirectPathHost, 'used'>;
  /** Packets by peer, and of these the ones that came. */
  #counts = new Map<string, Count>();
  #wasUsed = false;
  /** As the last look found them. */
  peers = new TunneledPeers();

  constructor(helper: Helper, host: Pick<DirectPathHost, 'used'>) {
    this.#host = host;
    this.#client = new NetlinkClient(datagram => socket.send(datagram), { notification() {}, overrun() {} });
    // A socket of its own: a failover must not wait for so many answers.
    const socket = helper.open(
      { kind: 'netlink-xfrm', groups: 0 },
      {
        received: message => this.#client.receive(message.bytes),
        failed: () => this.#client.overrun(),
        lost: () => this.#client.overrun(),
      },
    );
    this.#timer.set(now().monotonic + IDLE_INTERVAL);
  }

  stop(): void {
    this.#timer.set(undefined);
  }

  async #look(): Promise<void> {
    const counts = new Map<string, Count>();
    const peers = new TunneledPeers();
    let states = 0;
    await this.#client.dump(dumpXfrmStates, ({ type, body }) => {
      const state = parseXfrmState(type, body);
      const peer = state?.owner === XFRM_OWNER ? peerOf(state) : undefined;
      if (state === undefined || peer === undefined) return;
      states += 1;
      const key = addressKey(peer);
      const count = counts.get(key) ?? { peer, all: 0, came: 0 };
      counts.set(key, count);
      count.all += state.packets;
      if (!isSent(state)) count.came += state.packets;
      peers.note(state);
    });
    // With a state its count has gone: less than before says nothing.
    const grown = (what: 'all' | 'came') =>
      [...counts]
        .filter(([key, count]) => count[what] > (this.#counts.get(key)?.[what] ?? 0))
        .map(([, { peer }]) => peer);
    const used = grown('all');
    const heard = grown('came');
    this.#counts = counts;
    this.peers = peers;
    if (used.length > 0 || this.#wasUsed) this.#host.used(used, heard);
    this.#wasUsed = used.length > 0;
    const interval = states === 0 ? IDLE_INTERVAL : INTERVAL + INTERVAL_PER_STATE * states;
    this.#timer.set(now().monotonic + interval);
  }
}
