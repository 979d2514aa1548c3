/** What the commands need from the host. */
import type { JsonObject } from '../engine/types.ts';
import type { Invocation } from './arguments.ts';
import { EXIT } from './exit.ts';
import { printable } from './layout.ts';

export interface CommandHost {
  readonly version: string;
  /** Standard output is a terminal: colours are welcome. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 when there is none. */
  readonly width: number;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error. */
  printError(line: string): void;
  /** Content of a file; undefined when it cannot be read. */
  readFile(path: string): string | undefined;
  /** Replaces a file, for its owner and group alone; a string says why it cannot. */
  writeFile(path: string, text: string): string | undefined;
  /** The next line of standard input; undefined: there is none. */
  readLine(): string | undefined;
  /** Octets that nobody can predict. */
  random(length: number): Uint8Array;
  /** Octets of a file; a string says why they cannot be had. */
  readOctets(path: string): Uint8Array | string;
  /**
   * Sends a request to the daemon's control socket; `onLine` gets each object of the answer. Resolves at its end,
   * rejects with an Error that says why the daemon could not be asked.
   */
  request(runDirectory: string, request: JsonObject, onLine: (line: JsonObject) => void): Promise<void>;
  /** Runs the daemon to its end; returns the exit status. */
  daemon(invocation: Invocation): Promise<number>;
}

/** Says what went wrong; the exit status. */
export function fail(problem: string, host: Pick<CommandHost, 'printError'>): number {
  host.printError(`kedge: ${printable(problem)}`);
  return EXIT.failure;
}
