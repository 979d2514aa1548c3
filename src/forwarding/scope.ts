/** What the nftables objects of a mobile network's rules are called. */
import type { Address } from '../wire/address.ts';

/** @param slot place of the mobile router among those of the host, from 0 */
export const routerScope = (slot: number): string => `r${slot}`;

/** @param rank place of the node in the configuration of the anchor, from 0 */
export const nodeScope = (rank: number): string => `n${rank}`;

/** At a correspondent. */
export const directScope = (homeAddress: Address): string =>
  `d${[...homeAddress].map(octet => octet.toString(16).padStart(2, '0')).join('')}`;

export const counterName = (scope: string, rule: number): string => `${scope}_${rule}`;
