/** A message of a DHCPv6 client until its answer comes: when it is sent, and sent again (RFC 8415 §7.6, §15). Times in milliseconds. */

export type ExchangeKind = 'solicit' | 'request' | 'renew' | 'rebind' | 'release';

/** First timeout, longest one, transmissions. */
const TIMES: Record<ExchangeKind, readonly [first: number, longest: number, most: number]> = {
  solicit: [1000, 3_600_000, Number.POSITIVE_INFINITY],
  request: [1000, 30_000, 10],
  renew: [10_000, 600_000, Number.POSITIVE_INFINITY],
  rebind: [10_000, 600_000, Number.POSITIVE_INFINITY],
  release: [1000, 600_000, 4],
};
/** Of the timeout: that much longer or shorter, by chance. */
const SPREAD = 0.1;
/** Elapsed time is counted in hundredths of a second, of 16 bits. */
const MOST_ELAPSED = 0xffff;

export class Exchange {
  readonly kind: ExchangeKind;
  /** 24 bits. */
  readonly transaction: number;
  /** What only who has seen the message can send back. */
  readonly secret: Uint8Array;
  /** Transmissions so far. */
  sent = 0;
  dueAt: number;
  /** Timeout. */
  longest: number;
  readonly #random: () => number;
  #timeout = 0;
  #beganAt = 0;

  /** @param longest timeout, in place of the usual one */
  constructor(
    kind: ExchangeKind,
    secret: Uint8Array,
    random: () => number,
    dueAt: number,
    longest: number | undefined,
  ) {
    this.kind = kind;
    this.transaction = Math.floor(random() * 2 ** 24);
    this.secret = secret;
    this.dueAt = dueAt;
    this.#random = random;
    this.longest = longest ?? TIMES[kind][1];
  }

  get isOver(): boolean {
    return this.sent >= TIMES[this.kind][2];
  }

  /** Since the first transmission, in hundredths of a second. */
  elapsed(now: number): number {
    return this.sent === 0 ? 0 : Math.min(Math.floor((now - this.#beganAt) / 10), MOST_ELAPSED);
  }

  /** The message leaves. */
  transmitted(now: number): void {
    if (this.sent === 0) this.#beganAt = now;
    // The first timeout of a Solicit is never shorter: that long Advertise messages are gathered.
    const chance = this.kind === 'solicit' && this.sent === 0 ? this.#random() : 2 * this.#random() - 1;
    const base = Math.min(this.sent === 0 ? TIMES[this.kind][0] : 2 * this.#timeout, this.longest);
    this.#timeout = base * (1 + SPREAD * chance);
    this.sent += 1;
    this.dueAt = now + this.#timeout;
  }
}
