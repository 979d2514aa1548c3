/** Numbers, stamps and composes the Binding Updates of a mobile router, one after the other. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { SecurityAssociation } from '../authentication.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import { isNewerSequence, nextSequence } from '../sequence.ts';
import { isLater, type Timestamp, timestampDifference, timestampFromWall } from '../timestamp.ts';
import type { Now } from '../types.ts';
import type { BindingAcknowledgement } from './acknowledgement.ts';
import { type BindingUpdateFields, emitBindingUpdate, roomIn } from './binding-update.ts';

/**
 * Milliseconds that the clocks may differ without a correction. The home agent's seconds come without fractions and after
 * a trip through the network; when they agree this well, the timestamp was refused because another one overtook it.
 */
const CLOCK_TOLERANCE = 3000;

export class UpdateWriter {
  /** Of the latest message. */
  sequence: number;
  timestamps: boolean;
  /** Milliseconds that the home agent's clock is ahead of ours. */
  clockOffset = 0;
  /** Copies may be agreed upon: the kernel can make them. */
  copies = true;
  /** Monotonic time at which the home address ends, as far as that is to be heeded. */
  homeAddressUntil = Number.POSITIVE_INFINITY;

  readonly #config: MobileRouterConfig;
  readonly #association: SecurityAssociation | undefined;
  readonly #dialect: Dialect;
  #lastTimestamp: Timestamp | undefined;

  constructor(
    config: MobileRouterConfig,
    association: SecurityAssociation | undefined,
    dialect: Dialect,
    sequence: number,
  ) {
    this.#config = config;
    this.#association = association;
    this.#dialect = dialect;
    this.timestamps = config.auth.kind === 'rfc4285' && config.auth.replay === 'timestamp';
    this.sequence = sequence & 0xffff;
  }

  /** Of the latest message; undefined: it had none. */
  get timestamp(): Timestamp | undefined {
    return this.timestamps ? this.#lastTimestamp : undefined;
  }

  /**
   * Seconds to ask for: units of 4, not beyond the end of the home address (RFC 6275 §11.4.2) or of a care-of address
   * (§11.7.1).
   * @param careOfUntil when the first of the care-of addresses ends
   */
  lifetime(now: number, careOfUntil: number): number {
    const left = Math.floor((Math.min(this.homeAddressUntil, careOfUntil) - now) / 4000) * 4;
    return Math.max(Math.min(this.#config.lifetime, left), 4);
  }

  /** Octets for more options in the next message. */
  room(fields: Omit<BindingUpdateFields, 'sequence' | 'timestamp'>): number {
    return roomIn(this.#config, fields, this.#dialect);
  }

  /**
   * The whole packet of the next message.
   * @param clock milliseconds that the clock of this one's reader is ahead of ours, if it is not the home agent in use
   */
  write(fields: Omit<BindingUpdateFields, 'sequence' | 'timestamp'>, now: Now, clock?: number): Uint8Array {
    this.sequence = nextSequence(this.sequence);
    if (this.timestamps && clock === undefined) this.#stamp(now.wall);
    const timestamp =
      this.timestamps && clock !== undefined ? timestampFromWall(now.wall + clock) : this.timestamp;
    const { sequence, copies } = this;
    return emitBindingUpdate(
      this.#config,
      { ...fields, sequence, timestamp, copies },
      this.#association,
      this.#dialect,
    );
  }

  /** A home agent has accepted this number already (RFC 6275 §9.5.1): the next message is to have a greater one. */
  acceptSequence(sequence: number): void {
    if (isNewerSequence(sequence, this.sequence)) this.sequence = sequence;
  }

  /**
   * Milliseconds that a home agent's clock is ahead of ours, as it tells with a refused timestamp; undefined: it does not,
   * or as was assumed. Only the high-order half is its clock: at worst one second off (RFC 4285 §6).
   */
  clockError({ options }: BindingAcknowledgement, { wall }: Now): number | undefined {
    const echo = findOption(options, 'message-id');
    if (echo === undefined) return undefined;
    const ahead = timestampDifference({ ...echo, fraction: 0 }, { ...timestampFromWall(wall), fraction: 0 });
    return Math.abs(ahead - this.clockOffset) < CLOCK_TOLERANCE ? undefined : ahead;
  }

  /** Takes over the home agent's clock; what was stamped by the wrong one was never accepted and binds nobody. */
  correctClock(offset: number): void {
    this.clockOffset = offset;
    this.#lastTimestamp = undefined;
  }

  /** Greater than every one before it (RFC 4285 §6), whatever the clock does. */
  #stamp(wall: number): void {
    const current = timestampFromWall(wall + this.clockOffset);
    const last = this.#lastTimestamp;
    this.#lastTimestamp =
      last === undefined || isLater(current, last)
        ? current
        : {
            seconds: last.seconds + (last.fraction === 0xffffffff ? 1 : 0),
            fraction: (last.fraction + 1) >>> 0,
          };
  }
}
