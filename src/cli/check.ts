/** `kedge check`. */
import { loadConfig } from '../uci/config.ts';
import { EXIT } from './exit.ts';
import { reportFaults } from './faults.ts';
import { type CommandHost, fail } from './host.ts';

/** All faults of a configuration; the exit status. */
export function check(file: string, host: CommandHost): number {
  const text = host.readFile(file);
  if (text === undefined) return fail(`cannot read ${file}`, host);
  const { faults, warnings } = loadConfig({ file, text }, path => host.readFile(path));
  if (!reportFaults(faults, warnings, 'this configuration would not be used', host)) return EXIT.failure;
  host.print(`${file}: in order`);
  return EXIT.success;
}
