/** When the advertisements of defended addresses are due: each is repeated, for a multicast may be lost. */
import { Agenda } from '../../agenda.ts';
import type { MobileNode } from '../mobile-node.ts';

/** RFC 4861 §10: MAX_NEIGHBOR_ADVERTISEMENT, and RETRANS_TIMER in milliseconds. */
const TIMES = 3;
const INTERVAL = 1000;
/** Between the nodes when all are advertised anew, milliseconds: the home link has other uses. */
const SPACING = 10;

export class Advertiser {
  readonly #left = new Map<MobileNode, number>();
  readonly #agenda = new Agenda<MobileNode>();

  /** From now on the home agent defends addresses of the node. */
  begin(node: MobileNode, now: number): void {
    this.#left.set(node, TIMES);
    this.#agenda.set(node, now);
  }

  /** The link is another one, or was away: nobody on it may know of these nodes. */
  beginAll(nodes: readonly MobileNode[], now: number): void {
    for (const [index, node] of nodes.entries()) this.begin(node, now + index * SPACING);
  }

  /** A node whose addresses are to be advertised now. */
  takeDue(now: number): MobileNode | undefined {
    const node = this.#agenda.take(now);
    if (node === undefined) return undefined;
    const left = this.#left.get(node)! - 1;
    this.#left.set(node, left);
    if (left > 0) this.#agenda.set(node, now + INTERVAL);
    else this.#left.delete(node);
    return node;
  }

  end(node: MobileNode): void {
    this.#left.delete(node);
    this.#agenda.delete(node);
  }

  nextWake(): number {
    return this.#agenda.next();
  }
}
