/** From the kernel's links and addresses to what the engine has to know of the home link. */
import type { HomeLinkStatus, OnLinkPrefix } from '../engine/types.ts';
import {
  type Address,
  addressKey,
  equalAddress,
  equalPrefix,
  formatPrefix,
  isGlobalUnicast,
  prefixAround,
} from '../wire/address.ts';
import { FOREVER, type LinkAddress } from './address.ts';
import type { KernelView } from './kernel-view.ts';
import { hasCarrier, isOwnLinkLocal } from './uplink-status.ts';

const HOST_LENGTH = 128;
/** The kernel counts whole seconds: ends that differ by no more than this are the same, milliseconds. */
const PRECISION = 2000;

interface Ends {
  /** What the kernel said. */
  readonly found: LinkAddress;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** The kernel says how long an address lasts from the moment on in which it says so: that is noted here. */
export class HomeLinkWatch {
  readonly #ends = new Map<string, Ends>();

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
      const { preferredUntil, validUntil } = this.#endsOf(found, now);
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

  #endsOf(found: LinkAddress, now: number): Ends {
    const key = addressKey(found.address);
    const known = this.#ends.get(key);
    if (known?.found === found) return known;
    const ends = {
      found,
      preferredUntil: steady(endOf(found.preferred, now), known?.preferredUntil),
      validUntil: steady(endOf(found.valid, now), known?.validUntil),
    };
    this.#ends.set(key, ends);
    return ends;
  }
}

function endOf(seconds: number, now: number): number {
  return seconds === FOREVER ? Number.POSITIVE_INFINITY : now + seconds * 1000;
}

const steady = (end: number, known: number | undefined): number =>
  known !== undefined && Math.abs(end - known) <= PRECISION ? known : end;

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
