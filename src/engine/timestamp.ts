/** 64-bit NTP timestamps of the message-id option (RFC 4285 §6), as one bigint-free ordered pair. */

export interface Timestamp {
  /** Seconds since 1900-01-01, 32 bits. */
  readonly seconds: number;
  /** 1/2^32 s. */
  readonly fraction: number;
}

/** Seconds from the NTP epoch (1900) to the Unix epoch (1970). */
const NTP_OFFSET = 2_208_988_800;
const TWO_32 = 2 ** 32;

/** @param wall milliseconds since 1970 */
export function timestampFromWall(wall: number): Timestamp {
  const whole = Math.floor(wall / 1000);
  const fraction = Math.floor(((wall - whole * 1000) / 1000) * TWO_32);
  return { seconds: (whole + NTP_OFFSET) % TWO_32, fraction };
}

/** Milliseconds from `b` to `a`, across an era of the NTP clock. */
export function timestampDifference(a: Timestamp, b: Timestamp): number {
  let seconds = (a.seconds - b.seconds) % TWO_32;
  if (seconds >= TWO_32 / 2) seconds -= TWO_32;
  if (seconds < -TWO_32 / 2) seconds += TWO_32;
  return seconds * 1000 + ((a.fraction - b.fraction) / TWO_32) * 1000;
}

export function isLater(a: Timestamp, b: Timestamp): boolean {
  if (a.seconds === b.seconds) return a.fraction > b.fraction;
  return timestampDifference({ ...a, fraction: 0 }, { ...b, fraction: 0 }) > 0;
}

export function equalTimestamp(a: Timestamp, b: Timestamp): boolean {
  return a.seconds === b.seconds && a.fraction === b.fraction;
}
