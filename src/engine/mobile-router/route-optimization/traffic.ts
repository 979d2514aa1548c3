/** Whose packets out of the tunnel make route optimisation worth while (RFC 6275 §11.7.2). */
import type { RouteOptimizationConfig } from '../../../uci/types.ts';
import { equalAddress, isGlobalUnicast, prefixContains } from '../../../wire/address.ts';
import type { TunneledTraffic } from '../../types.ts';
import type { CorrespondentEntry } from './correspondent-entry.ts';
import type { HomeRegistration } from './registration.ts';

/** How long a correspondent of no list is remembered after its last packet, milliseconds. */
export const IDLE = 60_000;

/** Whether somebody who is not known yet shall be asked. */
export function isWorthAsking(
  { peer, packets }: TunneledTraffic,
  { homeAgent }: HomeRegistration,
  { after = 0, except = [] }: RouteOptimizationConfig,
): boolean {
  if (after === 0 || packets < after || !isGlobalUnicast(peer)) return false;
  if (homeAgent !== undefined && equalAddress(peer, homeAgent)) return false;
  return !except.some(prefix => prefixContains(prefix, peer));
}

/** The correspondent that makes way for another one: of no list, and unused for the longest time. */
export function leastUsed(
  entries: Iterable<CorrespondentEntry>,
  now: number,
): CorrespondentEntry | undefined {
  const idle = [...entries].filter(({ configured, usedAt }) => !configured && now - usedAt >= IDLE);
  return idle.sort((a, b) => a.usedAt - b.usedAt)[0];
}
