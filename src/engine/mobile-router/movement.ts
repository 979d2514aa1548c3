/** Movement detection (RFC 6275 §11.5.1): what the kernel would choose anew is not a movement by itself. */
import { type Address, equalAddress } from '../../wire/address.ts';
import type { UplinkStatus } from '../types.ts';
import type { Entry } from './binding-update-list.ts';

/**
 * The status with the care-of address that is in use and its router, while both are still there, beside another router
 * with another prefix. A new prefix of the same router is a movement, for it has renumbered the link; and so is
 * everything else while nothing is heard over the path.
 */
export function steadyStatus(entry: Entry, status: UplinkStatus): UplinkStatus {
  const { careOfAddress, gateway } = entry.status ?? {};
  const { candidates } = status;
  if (careOfAddress === undefined || gateway === undefined || candidates === undefined) return status;
  if (entry.place !== 'foreign' || entry.prober.state === 'dead') return status;
  const { careOfAddresses, gateways } = candidates;
  const isOneOfSeveral = gateways.length > 1 && includes(gateways, gateway);
  return isOneOfSeveral && includes(careOfAddresses, careOfAddress)
    ? { ...status, careOfAddress, gateway }
    : status;
}

/** The path died over an address that was kept though the kernel would have chosen another one. */
export function mustMove({ status, prober }: Entry, chosen: UplinkStatus | undefined): boolean {
  const isDead = prober.state === 'dead' && status?.careOfAddress !== undefined;
  return (
    isDead && chosen?.careOfAddress !== undefined && !equalAddress(status.careOfAddress, chosen.careOfAddress)
  );
}

const includes = (addresses: readonly Address[], address: Address): boolean =>
  addresses.some(other => equalAddress(other, address));
