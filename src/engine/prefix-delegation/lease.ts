/** Delegated prefixes: from what a delegating router says, and in records. Times are monotonic, milliseconds. */
import type { Lease } from '../../uci/types.ts';
import {
  type Address,
  formatPrefix,
  isGlobalUnicast,
  parsePrefix,
  prefixContains,
} from '../../wire/address.ts';
import type { Dhcpv6OptionOfKind } from '../../wire/dhcpv6/options.ts';
import { asArray } from '../record-values.ts';
import type { JsonValue } from '../types.ts';

/** Most prefixes that are taken. */
const MOST_LEASES = 16;
/** Shorter ones would have it renewed all the time, seconds. */
const SHORTEST_LIFETIME = 120;
/** Longest prefix that a link can be made of. */
const LONGEST_PREFIX = 64;
const FOR_EVER = 0xffffffff;
/** Shares of the shortest preferred lifetime (RFC 8415 §14.2). */
const T1_SHARE = 0.5;
const T2_SHARE = 0.8;

type Association = Dhcpv6OptionOfKind<'ia-pd'>;

export interface Grant {
  readonly leases: readonly Lease[];
  /** Those that must not be used any more. */
  readonly withdrawn: readonly string[];
  /** When it is to be renewed with the same delegating router, and with any. */
  readonly renewAt: number;
  readonly rebindAt: number;
}

/**
 * What of an association can be used (RFC 8415 §18.2.10.1); undefined: it contradicts itself.
 * @param outside no prefix may contain one of these addresses: packets to them would be led astray
 */
export function grantIn(
  { t1, t2, options }: Association,
  outside: readonly Address[],
  now: number,
): Grant | undefined {
  if (t1 > t2 && t2 > 0) return undefined;
  const leases: Lease[] = [];
  const withdrawn: string[] = [];
  let shortest = FOR_EVER;
  for (const option of options) {
    if (option.kind !== 'ia-prefix') continue;
    const { prefix, preferredLifetime, validLifetime } = option;
    if (validLifetime === 0) withdrawn.push(formatPrefix(prefix));
    const isUsable =
      preferredLifetime <= validLifetime &&
      validLifetime >= SHORTEST_LIFETIME &&
      prefix.length > 0 &&
      prefix.length <= LONGEST_PREFIX &&
      isGlobalUnicast(prefix.address) &&
      !outside.some(address => prefixContains(prefix, address));
    if (!isUsable || leases.length === MOST_LEASES) continue;
    leases.push({
      prefix,
      preferredUntil: end(preferredLifetime, now),
      validUntil: end(validLifetime, now),
    });
    shortest = Math.min(shortest, preferredLifetime || validLifetime);
  }
  const share = (part: number) => (shortest === FOR_EVER ? FOR_EVER : shortest * part);
  const renewAt = end(Math.max(t1 || share(T1_SHARE), SHORTEST_LIFETIME * T1_SHARE), now);
  const rebinding = t2 || share(T2_SHARE);
  return { leases, withdrawn, renewAt, rebindAt: Math.max(end(rebinding, now), renewAt) };
}

const end = (seconds: number, now: number): number =>
  seconds === FOR_EVER ? Number.POSITIVE_INFINITY : now + seconds * 1000;

export const leaseNames = (leases: readonly Lease[]): string[] =>
  leases.map(({ prefix }) => formatPrefix(prefix));

export const saveLeases = (leases: readonly Lease[]): JsonValue =>
  leases.map(({ prefix, preferredUntil, validUntil }) => [
    formatPrefix(prefix),
    saveTime(preferredUntil),
    saveTime(validUntil),
  ]);

/** Those that have not ended. One that ends later than it could is from before the machine, and its clock, restarted. */
export function restoreLeases(value: JsonValue | undefined, now: number): Lease[] {
  return asArray(value).flatMap(item => {
    const [text, preferred, valid] = asArray(item);
    const prefix = typeof text === 'string' ? parsePrefix(text) : undefined;
    const validUntil = restoreTime(valid);
    if (prefix === undefined || validUntil <= now) return [];
    return [{ prefix, preferredUntil: restoreTime(preferred), validUntil }];
  });
}

/** Null: never. */
export const saveTime = (time: number): JsonValue => (time === Number.POSITIVE_INFINITY ? null : time);

export const restoreTime = (value: JsonValue | undefined): number =>
  typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
