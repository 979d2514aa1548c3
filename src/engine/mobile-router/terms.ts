/** How a mobile router registers with its present home agent: what is wanted, less what that one turned out not to know. */
import type { MobileRouterConfig, PrefixMode } from '../../uci/types.ts';
import type { Prefix } from '../../wire/address.ts';

export class Terms {
  /** How the prefixes are told now; it stays with a change of the home agent. */
  mode: PrefixMode;
  /** Several care-of addresses with identifiers (RFC 5648); false also once the home agent turned out not to know them. */
  multiple: boolean;
  bulk: boolean;
  /**
   * Nothing is known about bindings of an earlier life, which are still to be replaced: by the O flag (RFC 5648 §5.9) or,
   * in the draft, by a de-registration of all before.
   */
  bootstrapping = true;
  /** The bindings were made with the other R flag, which the home agent must not change: they go first (RFC 3963 §5.2). */
  startingOver = false;
  /** The home agent takes copies, and drops all but the first. */
  copies = false;

  readonly #config: MobileRouterConfig;

  constructor(config: MobileRouterConfig) {
    this.#config = config;
    this.mode = firstMode(config);
    this.multiple = this.wantsSeveral;
    this.bulk = this.wantsBulk;
  }

  /** What a registration names as the mobile network. */
  get namedPrefixes(): readonly Prefix[] {
    return this.mode === 'explicit' ? this.#config.prefixes : [];
  }

  /** The configuration asks for several care-of addresses. */
  get wantsSeveral(): boolean {
    return this.#config.registration !== 'regular';
  }

  /** The configuration asks for one message about all of them. */
  get wantsBulk(): boolean {
    return this.#config.registration === 'bulk' || this.aloneFirst;
  }

  /** What is new to the home agent is told by itself, one message for all is for refreshes (RFC 5648 §10). */
  get aloneFirst(): boolean {
    return this.#config.registration === 'alone-first';
  }

  /** Another home agent, which knows nothing of the router yet, and of whose ways nothing is known. */
  startAnew(): void {
    this.multiple = this.wantsSeveral;
    this.bulk = this.wantsBulk;
    this.bootstrapping = true;
    this.startingOver = false;
    this.copies = false;
  }
}

/** R flag of registrations (RFC 3963 §4.1). */
export function isMobileRouter({ prefixes, delegation }: MobileRouterConfig): boolean {
  return delegation !== undefined || prefixes.length > 0;
}

/** What is tried first. */
export function firstMode({ mode }: MobileRouterConfig): PrefixMode {
  return mode === 'auto' ? 'explicit' : mode;
}
