/** A daemon whose answers were recorded; what a configuration is like it says by itself. */
import { loadConfig } from '../../src/uci/config.ts';
import type { Fault } from '../../src/uci/fault.ts';
import type { Call, Daemon } from './router.ts';

/** By method and arguments, as `flows {}`. */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * @param now the answers of the moment; undefined: the daemon does not run
 * @param readFile the router's files
 * @param prefer what is changed by a call of `prefer`
 */
export function recorded(
  now: () => Answers | undefined,
  readFile: (path: string) => string | undefined,
  prefer: () => unknown,
): Daemon {
  return (method: string, given: Call) => {
    const answers = now();
    if (answers === undefined) return undefined;
    if (method === 'check') {
      const file = { file: '/etc/config/kedge', text: String(given.text) };
      const { faults, warnings } = loadConfig(file, readFile);
      const plain = ({ line, message }: Fault) => ({ line, message });
      return { faults: faults.map(plain), warnings: warnings.map(plain) };
    }
    return method === 'prefer' ? prefer() : answers[`${method} ${JSON.stringify(given)}`];
  };
}
