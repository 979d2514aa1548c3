/** Duplicate address detection for mobile nodes (RFC 6275 §10.3.1), and what waits for its outcome. */
import { type Address, addressKey } from '../../../wire/address.ts';
import { Agenda } from '../../agenda.ts';
import type { MobileNode } from '../mobile-node.ts';

/** RETRANS_TIMER (RFC 4861 §10): silence for so long shows that nobody has the address, milliseconds. */
const SILENCE = 1000;

interface Test<Held> {
  readonly addresses: readonly Address[];
  readonly held: Map<string, Held>;
}

export class AddressTests<Held> {
  readonly #tests = new Map<MobileNode, Test<Held>>();
  readonly #owners = new Map<string, MobileNode>();
  readonly #agenda = new Agenda<MobileNode>();

  /**
   * Holds something back until the addresses of the node have been tested.
   * @param key what was held before with the same one is forgotten
   * @returns the addresses for which a test begins now
   */
  hold(
    node: MobileNode,
    addresses: readonly Address[],
    key: string,
    held: Held,
    now: number,
  ): readonly Address[] {
    const test = this.#tests.get(node);
    // Another key follows those before: the answers keep the order of the questions.
    test?.held.delete(key);
    test?.held.set(key, held);
    if (test !== undefined && test.addresses.length >= addresses.length) return [];
    const untested = addresses.filter(address => !this.#owners.has(addressKey(address)));
    for (const address of untested) this.#owners.set(addressKey(address), node);
    this.#tests.set(node, { addresses, held: test?.held ?? new Map([[key, held]]) });
    this.#agenda.set(node, now + SILENCE);
    return untested;
  }

  /** For whom the address is being tested. */
  owner(address: Address): MobileNode | undefined {
    return this.#owners.get(addressKey(address));
  }

  /** Ends the test of the node, if there is one, and gives what was held back. */
  end(node: MobileNode): Held[] {
    const test = this.#tests.get(node);
    if (test === undefined) return [];
    this.#tests.delete(node);
    this.#agenda.delete(node);
    for (const address of test.addresses) this.#owners.delete(addressKey(address));
    return [...test.held.values()];
  }

  /** A node whose addresses nobody else has; {@link end} follows. */
  takeDue(now: number): MobileNode | undefined {
    return this.#agenda.take(now);
  }

  nextWake(): number {
    return this.#agenda.next();
  }
}
