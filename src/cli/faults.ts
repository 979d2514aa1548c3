/** How faults and warnings of a configuration are told. */
import { type Fault, formatFault } from '../uci/fault.ts';
import { type CommandHost, fail } from './host.ts';
import { counted } from './units.ts';

/** True without faults. */
export function reportFaults(
  faults: readonly Fault[],
  warnings: readonly Fault[],
  consequence: string,
  host: CommandHost,
): boolean {
  for (const fault of faults) host.printError(formatFault(fault));
  for (const warning of warnings) host.printError(`${formatFault(warning)} (warning)`);
  if (faults.length > 0) fail(`${counted(faults.length, 'fault')}: ${consequence}`, host);
  return faults.length === 0;
}
