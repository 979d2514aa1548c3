/** The configuration of a mobile router with the prefixes that are delegated to it now. */
import type { MobileRouterConfig } from '../../uci/types.ts';
import { formatAddress } from '../../wire/address.ts';
import type { JsonObject } from '../types.ts';
import { restoreLeases } from './lease.ts';

/**
 * Without a prefix there is nothing that a registration could name: the home agent knows what the router may have.
 * @param record of {@link RequestingRouter}
 * @param now monotonic, milliseconds
 */
export function leasedConfig(
  config: MobileRouterConfig,
  record: JsonObject | undefined,
  now: number,
): MobileRouterConfig {
  const { delegation, homeAddress } = config;
  if (delegation === undefined) return config;
  const isOwn = record?.homeAddress === formatAddress(homeAddress) && record.releasing === false;
  const leases = isOwn ? restoreLeases(record.leases, now) : [];
  return {
    ...config,
    prefixes: leases.map(({ prefix }) => prefix),
    delegation: { ...delegation, leases },
    mode: leases.length > 0 ? delegation.mode : 'implicit',
  };
}
