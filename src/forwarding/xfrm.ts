/** The reconciler's hand on the kernel's XFRM: a part of its own, for hosts that take direct ways. */
import { NetlinkClient } from '../netlink/client.ts';
import type { NetlinkError } from '../netlink/error.ts';
import type { Request } from '../netlink/message.ts';
import { parseXfrmReport, type XfrmReport, XfrmType } from '../netlink/xfrm.ts';
import { XfrmView } from '../netlink/xfrm-view.ts';
import type { XfrmChange } from './diff.ts';
import type { Place } from './identity.ts';
import { XFRM_OWNER, XFRM_PRIORITY } from './state.ts';
import { trialRequests, xfrmRequests } from './xfrm-request.ts';

export interface XfrmHost {
  /** Sends one datagram on a NETLINK_XFRM socket in `XFRM_GROUPS`. */
  send(datagram: Uint8Array): void;
  /** One of ours is another one, or gone. */
  changed(place: Place): void;
  /** Notifications are missing: call {@link Xfrm.resync}. */
  lost(): void;
  /** Somebody has sent a Home Address option without binding. */
  unknownHomeAddress(report: XfrmReport): void;
}

export class Xfrm {
  readonly view: XfrmView;
  readonly #client: NetlinkClient;
  /** There is a socket. */
  #isOpen = true;

  constructor(host: XfrmHost) {
    this.view = new XfrmView({ owner: XFRM_OWNER, priorities: XFRM_PRIORITY }, object =>
      host.changed(object),
    );
    this.#client = new NetlinkClient(datagram => host.send(datagram), {
      notification: message => {
        if (message.type !== XfrmType.report) {
          this.view.notice(message);
          return;
        }
        const report = parseXfrmReport(message.body);
        if (report !== undefined) host.unknownHomeAddress(report);
      },
      overrun: () => host.lost(),
    });
  }

  receive(datagram: Uint8Array): void {
    this.#client.receive(datagram);
  }

  /** The socket lost messages (ENOBUFS). */
  overrun(): void {
    this.#client.overrun();
  }

  open(): void {
    this.#isOpen = true;
  }

  /** There is no socket: nothing of the kind can be done. */
  close(): void {
    this.#isOpen = false;
    this.#client.overrun();
  }

  async resync(): Promise<NetlinkError | undefined> {
    if (!this.#isOpen) return undefined;
    const error = await this.view.resync(this.#client);
    return this.#isOpen ? error : undefined;
  }

  /** Why the kernel has no Mobile IPv6; undefined: it has. */
  async trial(): Promise<NetlinkError | undefined> {
    const [error] = await this.#client.batch(trialRequests());
    return error;
  }

  requests(change: XfrmChange): Request[] {
    return xfrmRequests(change);
  }

  batch(requests: readonly Request[]): Promise<readonly (NetlinkError | undefined)[]> {
    return this.#client.batch(requests);
  }
}
