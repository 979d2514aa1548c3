/** The process itself. */
import * as os from 'os';
import * as std from 'std';

/** The command line after the script's name. */
export function commandLine(): string[] {
  return scriptArgs.slice(1);
}

export function environment(name: string): string | undefined {
  return std.getenv(name);
}

/** Ends the process, and with it the helper, which ends with the same status (0..255). */
export function exit(status: number): never {
  std.out.flush();
  std.exit(status);
}

/** Standard output. Throws nothing: a reader that went away ends the process by SIGPIPE, as it should. */
export function print(text: string): void {
  std.out.puts(text);
  std.out.flush();
}

export function printError(text: string): void {
  std.err.puts(text);
  std.err.flush();
}

/** The next line of standard input; undefined at its end. */
export function readLine(): string | undefined {
  return std.in.getline() ?? undefined;
}

/** Width of the terminal on standard output in columns; undefined when it is none. */
export function terminalColumns(): number | undefined {
  return os.isatty(1) ? os.ttyGetWinSize(1)?.[0] : undefined;
}
