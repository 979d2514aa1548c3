/** What a mobile node tells a person about a correspondent. */
import { formatAddress } from '../../../wire/address.ts';
import { reportLifetime } from '../../report-parts.ts';
import type { DirectCorrespondentReport } from '../../status.ts';
import type { CorrespondentEntry } from './correspondent-entry.ts';

/** @param now monotonic, milliseconds */
export function reportEntry(entry: CorrespondentEntry, now: number): DirectCorrespondentReport {
  const bindings = [...entry.paths.values()].flatMap(({ bid, binding }) =>
    binding === undefined
      ? []
      : [
          {
            bid: entry.single ? 0 : bid,
            careOfAddress: formatAddress(binding.careOfAddress),
            lifetime: reportLifetime(binding, now),
          },
        ],
  );
  return { address: formatAddress(entry.address), state: stateOf(entry, bindings.length > 0, now), bindings };
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
