/** What a mobile node tells a person about a correspondent. */
import { formatAddress } from '../../../wire/address.ts';
import { reportLifetime } from '../../report-parts.ts';
import type { DirectCorrespondentReport } from '../../status.ts';
import type { CorrespondentEntry } from './correspondent-entry.ts';

/** @param now monotonic, milliseconds */
export function reportEntry(
  entry: CorrespondentEntry,
  now: number,
): Omit<DirectCorrespondentReport, 'flowBindings'> {
  const paths = [...entry.paths.values()];
  const bindings = paths.flatMap(({ bid, binding, lost }) =>
    binding === undefined || lost
      ? []
      : [
          {
            bid: entry.single ? 0 : bid,
            careOfAddress: formatAddress(binding.careOfAddress),
            lifetime: reportLifetime(binding, now),
          },
        ],
  );
  const lost = paths
    .filter(path => path.lost)
    .map(({ careOfAddress, pausedUntil }) => ({
      careOfAddress: formatAddress(careOfAddress),
      again: Math.max(0, Math.ceil((pausedUntil - now) / 1000)),
    }));
  const state = stateOf(entry, bindings.length > 0, now);
  return { address: formatAddress(entry.address), state, bindings, lost };
}

function stateOf(
  { unsupported, pausedUntil, paths }: CorrespondentEntry,
  isRegistered: boolean,
  now: number,
): DirectCorrespondentReport['state'] {
  if (unsupported) return 'unable';
  if (isRegistered) return 'registered';
  const waits = pausedUntil > now || [...paths.values()].some(path => path.pausedUntil > now);
  return waits ? 'waiting' : 'testing';
}
