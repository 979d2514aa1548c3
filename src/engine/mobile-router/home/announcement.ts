/**
 * RFC 6275 §11.5.5: says on the home link that the home address is ours now, for all there that know the home agent's
 * link-layer address for it. Times are monotonic, milliseconds.
 */

import { ALL_NODES, emitProxyAdvertisement } from '../../neighbor-messages.ts';
import type { Entry } from '../binding-update-list.ts';
import type { MobileRouter } from '../mobile-router.ts';
import { isMobileRouter } from '../terms.ts';

/** RETRANS_TIMER and MAX_NEIGHBOR_ADVERTISEMENT (RFC 4861 §10). */
export const RETRANS_TIMER = 1000;
const MAX_NEIGHBOR_ADVERTISEMENT = 3;

export class Announcement {
  readonly #router: MobileRouter;
  #left = 0;
  #nextAt = Number.POSITIVE_INFINITY;

  constructor(router: MobileRouter) {
    this.#router = router;
  }

  begin(now: number): void {
    this.#left = MAX_NEIGHBOR_ADVERTISEMENT;
    this.#nextAt = now;
  }

  end(): void {
    this.#nextAt = Number.POSITIVE_INFINITY;
  }

  nextWake(): number {
    return this.#nextAt;
  }

  /** @param entry the uplink on the home link */
  step(entry: Entry | undefined, now: number): void {
    if (now < this.#nextAt) return;
    this.#left -= 1;
    this.#nextAt = this.#left > 0 ? now + RETRANS_TIMER : Number.POSITIVE_INFINITY;
    const { linkLayerAddress, linkLocalAddress } = entry?.status ?? {};
    if (linkLayerAddress === undefined || entry === undefined) return;
    const { config } = this.#router;
    const { homeAddress } = config;
    for (const target of [homeAddress, linkLocalAddress]) {
      if (target === undefined) continue;
      const fields = { source: target, linkLayerAddress, target, router: isMobileRouter(config) };
      this.#router.sendPacket(emitProxyAdvertisement(fields), ALL_NODES, entry.uplink.device);
    }
  }
}
