/**
 * The load balancing options of draft-montavont-mip6-mmi-02 §7: every Binding Update says how what no flow binding matches
 * is divided between care-of addresses that are bound by identifiers. The draft has no answer to them.
 */
import { type Address, formatAddress } from '../../../wire/address.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import type { Steering } from '../../steering.ts';
import { wantedShares } from './wanted-flows.ts';

export class LoadBalance {
  /** What was said last, and its message until that is acknowledged. */
  #said = '';
  #sequence: number | undefined;
  #options: readonly MobilityOption[] = [];
  #wanted = '';

  /** @param bound care-of addresses by BID */
  want(steering: Steering | undefined, bound: ReadonlyMap<number, Address>): void {
    const shares = steering === undefined ? [] : wantedShares(steering);
    this.#options = shares.flatMap(({ bid, weight }, index): MobilityOption[] => {
      const careOfAddress = bound.get(bid);
      if (careOfAddress === undefined) return [];
      // Identifier 0 is that of the source of the message (§7.1).
      const careOfAddressId = index + 1;
      return [{ kind: 'load-balancing', source: 1, destination: weight, careOfAddressId, careOfAddress }];
    });
    this.#wanted = shares
      .map(({ bid, weight }) => `${formatAddress(bound.get(bid) ?? new Uint8Array(16))}*${weight}`)
      .join();
  }

  /** @param retryAt when what was said is said again */
  dueAt(retryAt: number): number {
    if (this.#said !== this.#wanted) return 0;
    return this.#sequence === undefined ? Number.POSITIVE_INFINITY : retryAt;
  }

  compose(): readonly MobilityOption[] {
    return this.#options;
  }

  sent(sequence: number): void {
    // A message that repeats what is acknowledged needs no acknowledgement of its own.
    if (this.#said === this.#wanted && this.#sequence === undefined) return;
    this.#said = this.#wanted;
    this.#sequence = sequence;
  }

  answered(sequence: number): void {
    if (this.#sequence === sequence) this.#sequence = undefined;
  }

  /** The home agent knows nothing of it any more. */
  forget(): void {
    this.#said = '';
    this.#sequence = undefined;
  }
}
