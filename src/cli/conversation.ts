/** Commands that ask the daemon. */
import type {
  DiffReport,
  EventReport,
  FlowReport,
  HistoryReport,
  Status,
  WhyReport,
} from '../engine/status.ts';
import type { JsonObject } from '../engine/types.ts';
import type { Loaded } from '../uci/config.ts';
import type { Fault } from '../uci/fault.ts';
import type { Command, Invocation } from './arguments.ts';
import { renderBindings } from './bindings-text.ts';
import { renderDiff } from './diff-text.ts';
import { renderEvent } from './event-line.ts';
import { EXIT } from './exit.ts';
import { reportFaults } from './faults.ts';
import { type CommandHost, fail } from './host.ts';
import type { Screen } from './layout.ts';
import { optionalPart } from './optional-part.ts';
import { renderStatus } from './status-text.ts';

const NOT_UNDERSTOOD = "the daemon's answer is not understood: is it of another version?";

type Question = Exclude<Command, { name: 'help' | 'version' | 'daemon' | 'check' | 'decode' | 'pair' }>;

/** The exit status. */
export function converse(
  command: Question,
  invocation: Invocation,
  screen: Screen,
  host: CommandHost,
): Promise<number> {
  switch (command.name) {
    case 'status':
      return ask(invocation, { command: 'status' }, host, result =>
        command.json ? json(result) : renderStatus(result as unknown as Status, screen),
      );
    case 'bindings':
      return ask(invocation, { command: 'status' }, host, result =>
        renderBindings(result as unknown as Status, screen),
      );
    case 'metrics':
      return withPart(import('./metrics-text.ts'), 'metrics', 'kedge-monitoring', host, ({ renderMetrics }) =>
        ask(invocation, { command: 'status' }, host, result => renderMetrics(result as unknown as Status)),
      );
    case 'history':
      return withPart(import('./history-text.ts'), 'history', 'kedge-monitoring', host, ({ renderHistory }) =>
        ask(invocation, { command: 'history', router: command.router ?? null }, host, result =>
          command.json ? json(result) : renderHistory(result as unknown as HistoryReport, screen),
        ),
      );
    case 'flows':
    case 'why':
      return withPart(import('./flows-text.ts'), command.name, 'kedge-policy', host, text =>
        askOfFlows(command, invocation, text, screen, host),
      );
    case 'diff':
      return ask(invocation, { command: 'diff' }, host, result =>
        command.json ? json(result) : renderDiff(result as unknown as DiffReport, screen),
      );
    case 'prefer':
      return ask(
        invocation,
        { command: 'prefer', uplink: command.uplink ?? null, router: command.router ?? null },
        host,
        () => [],
      );
    case 'home-agent':
      return ask(
        invocation,
        { command: 'home_agent', address: command.address ?? null, router: command.router ?? null },
        host,
        () => [],
      );
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

async function reload(invocation: Invocation, host: CommandHost): Promise<number> {
  let isUsed = true;
  const status = await ask(invocation, { command: 'reload' }, host, result => {
    const { faults, warnings } = result as unknown as Pick<Loaded, 'faults' | 'warnings'>;
    const placed = (fault: Omit<Fault, 'file'>) => ({ ...fault, file: invocation.config });
    isUsed = reportFaults(faults.map(placed), warnings.map(placed), 'the running configuration stays', host);
    return [];
  });
  return isUsed ? status : EXIT.failure;
}

/** What a command does with its part, which the package `name` brings. */
async function withPart<T>(
  part: Promise<T>,
  command: string,
  name: string,
  host: CommandHost,
  use: (part: T) => Promise<number>,
): Promise<number> {
  const found = await optionalPart(part);
  if (found !== undefined) return use(found);
  return fail(`'${command}' is not installed: on OpenWrt it is the package ${name}`, host);
}

function askOfFlows(
  command: Extract<Question, { name: 'flows' | 'why' }>,
  invocation: Invocation,
  { renderFlows, renderWhy }: typeof import('./flows-text.ts'),
  screen: Screen,
  host: CommandHost,
): Promise<number> {
  if (command.name === 'why') {
    return ask(invocation, { ...command.packet, command: 'why' }, host, result =>
      command.json ? json(result) : renderWhy(result as unknown as WhyReport, screen),
    );
  }
  return ask(invocation, { command: 'flows', node: command.node ?? null }, host, result =>
    command.json ? json(result) : renderFlows(result as unknown as { flows: FlowReport[] }, screen),
  );
}

/** One request with one answer, `{"ok":true,"result":{...}}` or `{"ok":false,"error":"..."}`. */
async function ask(
  invocation: Invocation,
  request: JsonObject,
  host: CommandHost,
  render: (result: JsonObject) => string[] | Promise<string[]>,
): Promise<number> {
  let answer: JsonObject | undefined;
  const problem = await talk(invocation, request, host, line => {
    answer ??= line;
  });
  if (problem !== undefined) return fail(problem, host);
  if (answer === undefined) return fail('the daemon gave no answer', host);
  if (answer.ok !== true) return fail(errorOf(answer), host);
  try {
    for (const line of await render(answer.result as JsonObject)) host.print(line);
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
  const problem = await talk(invocation, { command: 'monitor' }, host, line => {
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
async function talk(
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
