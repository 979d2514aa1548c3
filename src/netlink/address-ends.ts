/** When addresses end: the kernel says how long one lasts from the moment on in which it says so, and that is noted here. */
import { addressKey } from '../wire/address.ts';
import { FOREVER, type LinkAddress } from './address.ts';

/** The kernel counts whole seconds: ends that differ by no more than this are the same, milliseconds. */
const PRECISION = 2000;
/** Addresses that are remembered. */
const MOST = 256;

/** Monotonic, milliseconds; Infinity: for ever. */
export interface Ends {
  /** What the kernel said. */
  readonly found: LinkAddress;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

export class AddressEnds {
  readonly #ends = new Map<string, Ends>();

  /**
   * Call it soon after each change of the view.
   * @param now monotonic, milliseconds
   */
  of(found: LinkAddress, now: number): Ends {
    const key = addressKey(found.address);
    const known = this.#ends.get(key);
    if (known?.found === found) return known;
    const ends = {
      found,
      preferredUntil: steady(endOf(found.preferred, now), known?.preferredUntil),
      validUntil: steady(endOf(found.valid, now), known?.validUntil),
    };
    this.#ends.delete(key);
    this.#ends.set(key, ends);
    if (this.#ends.size > MOST) this.#ends.delete(this.#ends.keys().next().value!);
    return ends;
  }
}

function endOf(seconds: number, now: number): number {
  return seconds === FOREVER ? Number.POSITIVE_INFINITY : now + seconds * 1000;
}

const steady = (end: number, known: number | undefined): number =>
  known !== undefined && Math.abs(end - known) <= PRECISION ? known : end;
