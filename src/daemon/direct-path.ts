/** Packets that go without the detour over a home agent: whether the kernel can do that, and which peers they are for. */
import type { Reconciler } from '../forwarding/reconciler.ts';
import { XFRM_OWNER } from '../forwarding/state.ts';
import { peerOf } from '../forwarding/xfrm-change.ts';
import { now } from '../host/clock.ts';
import type { Helper } from '../host/helper.ts';
import { Timer } from '../host/timer.ts';
import { NetlinkClient } from '../netlink/client.ts';
import { dumpXfrmStates, parseXfrmState } from '../netlink/xfrm.ts';
import { type Address, addressKey } from '../wire/address.ts';

/** What an XFRM socket that cannot be opened says of the kernel. */
export const NO_XFRM = 'this kernel has no XFRM (CONFIG_XFRM_USER)';
const NO_MIP6 = 'this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)';

/** Why packets cannot, in words; undefined: they can. The kernel loads its module for Mobile IPv6 by itself. */
export async function directPathObstacle(reconciler: Reconciler): Promise<string | undefined> {
  const error = await reconciler.useXfrm();
  return error && NO_MIP6;
}

/** ms between two looks at what is used, and more for each state. */
const INTERVAL = 5000;
const INTERVAL_PER_STATE = 20;

/** Tells now and then which peers' packets have gone the direct way since the last time. */
export class DirectUse {
  readonly #client: NetlinkClient;
  readonly #timer = new Timer(() => this.#look());
  readonly #used: (peers: readonly Address[]) => void;
  /** Packets by peer. */
  #counts = new Map<string, number>();

  constructor(helper: Helper, used: (peers: readonly Address[]) => void) {
    this.#used = used;
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
    this.#timer.set(now().monotonic + INTERVAL);
  }

  stop(): void {
    this.#timer.set(undefined);
  }

  async #look(): Promise<void> {
    const counts = new Map<string, number>();
    const peers = new Map<string, Address>();
    let states = 0;
    await this.#client.dump(dumpXfrmStates, ({ type, body }) => {
      const state = parseXfrmState(type, body);
      const peer = state?.owner === XFRM_OWNER ? peerOf(state) : undefined;
      if (state === undefined || peer === undefined) return;
      states += 1;
      const key = addressKey(peer);
      peers.set(key, peer);
      counts.set(key, (counts.get(key) ?? 0) + state.packets);
    });
    // With a state its count has gone: less than before says nothing.
    const used = [...peers].filter(([key]) => counts.get(key)! > (this.#counts.get(key) ?? 0));
    this.#counts = counts;
    if (used.length > 0) this.#used(used.map(([, peer]) => peer));
    this.#timer.set(now().monotonic + INTERVAL + INTERVAL_PER_STATE * states);
  }
}
