/** The command line's side of kedge: from the arguments to what is printed and the exit status. */
import type { DiffReport, EventReport, HistoryReport, Status } from '../engine/status.ts';
import type { JsonObject } from '../engine/types.ts';
import { type Loaded, loadConfig } from '../uci/config.ts';
import { type Fault, formatFault } from '../uci/fault.ts';
import { dialectCodec } from '../wire/draft/dialect.ts';
import { type Command, type Invocation, parseArguments } from './arguments.ts';
import { renderBindings } from './bindings-text.ts';
import { decode } from './decode.ts';
import { renderDiff } from './diff-text.ts';
import { renderEvent } from './event-line.ts';
import { EXIT } from './exit.ts';
import { renderHistory } from './history-text.ts';
import { colourScreen, plainScreen, printable, type Screen } from './layout.ts';
import { renderStatus } from './status-text.ts';
import { counted } from './units.ts';
import { USAGE } from './usage.ts';

/** What the commands need from the host. */
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

const NOT_UNDERSTOOD = "the daemon's answer is not understood: is it of another version?";

/** Runs one command and returns the exit status. Never rejects because of what the user or the daemon said. */
export async function runCommand(argv: readonly string[], host: CommandHost): Promise<number> {
  const parsed = parseArguments(argv);
  if (!parsed.ok) {
    host.printError(`kedge: ${printable(parsed.problem)}`);
    host.printError("Try 'kedge help'.");
    return EXIT.usage;
  }
  const { invocation } = parsed;
  const { command } = invocation;
  const screen = host.isTerminal ? colourScreen(host.width) : plainScreen(host.width);
  switch (command.name) {
    case 'help':
      host.print(USAGE.trimEnd());
      return EXIT.success;
    case 'version':
      host.print(`kedge ${host.version}`);
      return EXIT.success;
    case 'daemon':
      return host.daemon(invocation);
    case 'check':
      return check(command.file ?? invocation.config, host);
    case 'decode':
      return decodeIn(command, invocation.config, screen, host);
    case 'status':
      return ask(invocation, { command: 'status' }, host, result =>
        command.json ? json(result) : renderStatus(result as unknown as Status, screen),
      );
    case 'bindings':
      return ask(invocation, { command: 'status' }, host, result =>
        renderBindings(result as unknown as Status, screen),
      );
    case 'history':
      return ask(invocation, { command: 'history' }, host, result =>
        command.json ? json(result) : renderHistory(result as unknown as HistoryReport, screen),
      );
    case 'diff':
      return ask(invocation, { command: 'diff' }, host, result =>
        command.json ? json(result) : renderDiff(result as unknown as DiffReport, screen),
      );
    case 'prefer':
      return ask(invocation, { command: 'prefer', uplink: command.uplink ?? null }, host, () => []);
    case 'home-agent':
      return ask(invocation, { command: 'home_agent', address: command.address ?? null }, host, () => []);
    case 'call':
      return ask(invocation, { ...command.given, command: command.method }, host, json);
    case 'reload':
      return reload(invocation, host);
    case 'monitor':
      return monitor(invocation, command.json, screen, host);
  }
}

function json(value: JsonObject): string[] {
  return [JSON.stringify(value, undefined, 2)];
}

/** In the dialect that a section of the configuration states, or with assigned numbers only. */
function decodeIn(
  { source, json, dialect }: Extract<Command, { name: 'decode' }>,
  file: string,
  screen: Screen,
  host: CommandHost,
): number {
  if (dialect === undefined) return decode(source, json, screen, host);
  const text = host.readFile(file);
  if (text === undefined) return fail(`cannot read ${file}`, host);
  const { dialects, faults } = loadConfig({ file, text }, path => host.readFile(path));
  const numbers = dialects.get(dialect);
  if (numbers === undefined) return fail(`${file} has no dialect section '${dialect}'`, host);
  const codec = dialectCodec(numbers);
  if (codec.ok) return decode(source, json, screen, host, codec.codec);
  for (const fault of faults) host.printError(formatFault(fault));
  return EXIT.failure;
}

function check(file: string, host: CommandHost): number {
  const text = host.readFile(file);
  if (text === undefined) {
    host.printError(`kedge: cannot read ${printable(file)}`);
    return EXIT.failure;
  }
  const { faults, warnings } = loadConfig({ file, text }, path => host.readFile(path));
  if (!report(faults, warnings, 'this configuration would not be used', host)) return EXIT.failure;
  host.print(`${file}: in order`);
  return EXIT.success;
}

/** True without faults. */
function report(
  faults: readonly Fault[],
  warnings: readonly Fault[],
  consequence: string,
  host: CommandHost,
): boolean {
  for (const fault of faults) host.printError(formatFault(fault));
  for (const warning of warnings) host.printError(`${formatFault(warning)} (warning)`);
  if (faults.length > 0) host.printError(`kedge: ${counted(faults.length, 'fault')}: ${consequence}`);
  return faults.length === 0;
}

async function reload(invocation: Invocation, host: CommandHost): Promise<number> {
  let isUsed = true;
  const status = await ask(invocation, { command: 'reload' }, host, result => {
    const { faults, warnings } = result as unknown as Pick<Loaded, 'faults' | 'warnings'>;
    const placed = (fault: Omit<Fault, 'file'>) => ({ ...fault, file: invocation.config });
    isUsed = report(faults.map(placed), warnings.map(placed), 'the running configuration stays', host);
    return [];
  });
  return isUsed ? status : EXIT.failure;
}

/** One request with one answer, `{"ok":true,"result":{...}}` or `{"ok":false,"error":"..."}`. */
async function ask(
  invocation: Invocation,
  request: JsonObject,
  host: CommandHost,
  render: (result: JsonObject) => string[],
): Promise<number> {
  let answer: JsonObject | undefined;
  const problem = await converse(invocation, request, host, line => {
    answer ??= line;
  });
  if (problem !== undefined) return fail(problem, host);
  if (answer === undefined) return fail('the daemon gave no answer', host);
  if (answer.ok !== true) return fail(errorOf(answer), host);
  try {
    for (const line of render(answer.result as JsonObject)) host.print(line);
    return EXIT.success;
  } catch {
    return fail(NOT_UNDERSTOOD, host);
  }
}

async function monitor(
  invocation: Invocation,
  asJson: boolean,
  screen: Screen,
  host: CommandHost,
): Promise<number> {
  let refusal: string | undefined;
  const problem = await converse(invocation, { command: 'monitor' }, host, line => {
    const event = line.event as unknown as EventReport | undefined;
    if (event === undefined) {
      if (line.ok !== true) refusal = errorOf(line);
      return;
    }
    try {
      host.print(asJson ? JSON.stringify(event) : renderEvent(event, screen));
    } catch {
      refusal = NOT_UNDERSTOOD;
    }
  });
  return fail(problem ?? refusal ?? 'the daemon has ended', host);
}

/** Undefined, or why the conversation could not be had. */
async function converse(
  invocation: Invocation,
  request: JsonObject,
  host: CommandHost,
  onLine: (line: JsonObject) => void,
): Promise<string | undefined> {
  try {
    await host.request(invocation.runDirectory, request, onLine);
    return undefined;
  } catch (error) {
    return `the daemon cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function errorOf(answer: JsonObject): string {
  return typeof answer.error === 'string' ? answer.error : NOT_UNDERSTOOD;
}

function fail(problem: string, host: CommandHost): number {
  host.printError(`kedge: ${printable(problem)}`);
  return EXIT.failure;
}
