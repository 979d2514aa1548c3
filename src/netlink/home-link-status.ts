/** From the kernel's links and addresses to what the engine has to know of the home link. */
import type { HomeLinkStatus, OnLinkPrefix } from '../engine/types.ts';
import {
  type Address,
  equalAddress,
  equalPrefix,
  formatPrefix,
  isGlobalUnicast,
  prefixAround,
} from '../wire/address.ts';
import type { LinkAddress } from './address.ts';
import { AddressEnds } from './address-ends.ts';
import type { KernelView } from './kernel-view.ts';
import { hasCarrier, isOwnLinkLocal } from './uplink-status.ts';

const HOST_LENGTH = 128;
export class HomeLinkWatch {
  readonly #ends = new AddressEnds();

  /**
   * Call it soon after each change of the view.
   * @param now monotonic, milliseconds
   */
  status(view: KernelView, device: string, now: number): HomeLinkStatus {
    const link = view.linkNamed(device);
    const addresses = [...view.addresses].filter(found => found.link === link?.index);
    const isUp = link !== undefined && hasCarrier(link);
    return {
      linkLayerAddress: isUp ? link.linkLayerAddress : undefined,
      linkLocalAddress: isUp ? addresses.find(isOwnLinkLocal)?.address : undefined,
      prefixes: this.#prefixes(addresses, now),
    };
  }

  #prefixes(addresses: readonly LinkAddress[], now: number): OnLinkPrefix[] {
    const prefixes = new Map<string, OnLinkPrefix>();
    for (const found of addresses) {
      if (!isGlobalUnicast(found.address) || found.length >= HOST_LENGTH) continue;
      const prefix = prefixAround(found.address, found.length);
      const { preferredUntil, validUntil } = this.#ends.of(found, now);
      const key = formatPrefix(prefix);
      const other = prefixes.get(key);
      prefixes.set(key, {
        prefix,
        preferredUntil: Math.max(preferredUntil, other?.preferredUntil ?? 0),
        validUntil: Math.max(validUntil, other?.validUntil ?? 0),
      });
    }
    return [...prefixes.values()];
  }
}

/** Whether nothing changed that the home agent has to hear of. */
export function equalHomeLinks(a: HomeLinkStatus, b: HomeLinkStatus): boolean {
  return (
    String(a.linkLayerAddress) === String(b.linkLayerAddress) &&
    isSame(a.linkLocalAddress, b.linkLocalAddress) &&
    a.prefixes.length === b.prefixes.length &&
    a.prefixes.every((one, index) => {
      const other = b.prefixes[index]!;
      const ends = one.preferredUntil === other.preferredUntil && one.validUntil === other.validUntil;
      return ends && equalPrefix(one.prefix, other.prefix);
    })
  );
}

function isSame(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalAddress(a, b);
}
