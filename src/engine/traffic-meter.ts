/** How much a device carries, from what the kernel counts now and then. */
import type { TrafficReport } from './status.ts';
import type { Octets } from './types.ts';

export class TrafficMeter {
  /** Octets since the first reading. */
  readonly total = { received: 0, sent: 0 };
  /** Bits a second between the two latest readings. */
  readonly rate = { received: 0, sent: 0 };
  #latest: (Octets & { readonly at: number }) | undefined;

  /**
   * Takes a reading and returns what has come since the one before.
   * @param now monotonic, milliseconds
   */
  note({ received, sent }: Octets, now: number): Octets {
    const before = this.#latest;
    this.#latest = { received, sent, at: now };
    const growth =
      before === undefined
        ? { received: 0, sent: 0 }
        : { received: grown(before.received, received), sent: grown(before.sent, sent) };
    const seconds = before === undefined ? 0 : (now - before.at) / 1000;
    for (const way of ['received', 'sent'] as const) {
      this.total[way] += growth[way];
      this.rate[way] = seconds > 0 ? (growth[way] * 8) / seconds : 0;
    }
    return growth;
  }

  /** Null before the first reading. */
  report(): TrafficReport | null {
    if (this.#latest === undefined) return null;
    const { total, rate } = this;
    return {
      rxOctets: total.received,
      txOctets: total.sent,
      rxBitRate: Math.round(rate.received),
      txBitRate: Math.round(rate.sent),
    };
  }
}

/** A device that has been made anew counts from 0. */
function grown(before: number, after: number): number {
  return after >= before ? after - before : after;
}
