/** What the nftables objects of a mobile network's rules are called. */

/** @param slot place of the mobile router among those of the host, from 0 */
export const routerScope = (slot: number): string => `r${slot}`;

/** @param rank place of the node in the configuration of the anchor, from 0 */
export const nodeScope = (rank: number): string => `n${rank}`;

export const counterName = (scope: string, rule: number): string => `${scope}_${rule}`;
