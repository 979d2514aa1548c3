/** The composition root: `qjs kedge.js COMMAND`, started by kedged, as daemon or command line. */
import type { Invocation } from './cli/arguments.ts';
import { EXIT } from './cli/exit.ts';
import { runCommand } from './cli/run.ts';
import { Daemon } from './daemon/daemon.ts';
import { HelperChannel } from './host/channel.ts';
import { requestControl } from './host/control-socket.ts';
import { readOctets, readText } from './host/file.ts';
import { Helper } from './host/helper.ts';
import { createLog, type LogSink, stderrSink, syslogSink } from './host/log.ts';
import { commandLine, environment, exit, print, printError, terminalColumns } from './host/process.ts';
import { type Loaded, loadConfig } from './uci/config.ts';
import { formatFault } from './uci/fault.ts';

declare const KEDGE_VERSION: string;

const SIGHUP = 1;
/** Octets of a capture file that is read. */
const LARGEST_CAPTURE = 256 * 1024 * 1024;

function readFile(path: string): string | undefined {
  const text = readText(path);
  return text.ok ? text.value : undefined;
}

/** The file, or `text` in its place. One that cannot be read is a fault. */
function load(file: string, text = readFile(file)): Loaded {
  if (text !== undefined) return loadConfig({ file, text }, readFile);
  const fault = { file, line: 0, message: 'the file cannot be read' };
  return { config: undefined, faults: [fault], warnings: [], dialects: new Map() };
}

function logSink(helper: Helper): LogSink {
  return environment('KEDGE_LOG') === 'syslog' ? syslogSink(helper, stderrSink()) : stderrSink();
}

/** Resolves with the exit status. */
function runDaemon(invocation: Invocation, helper: Helper): Promise<number> {
  const sink = logSink(helper);
  const { config: file, runDirectory } = invocation;
  const loaded = load(file);
  if (loaded.config === undefined) {
    for (const fault of loaded.faults) sink('error', formatFault(fault));
    return Promise.resolve(EXIT.failure);
  }
  const { config } = loaded;
  if (config.mobileRouter === undefined && config.homeAgent === undefined) {
    sink('error', `${file}: nothing to do: no enabled mobile_router or home_agent section`);
    return Promise.resolve(EXIT.failure);
  }
  const warnings = loaded.warnings.map(formatFault);
  for (const warning of warnings) sink('warning', warning);
  const log = createLog(config.logLevel, sink);
  return new Promise(resolve => {
    const fail = (reason: string) => {
      sink('error', reason);
      resolve(EXIT.failure);
    };
    const options = {
      version: KEDGE_VERSION,
      runDirectory,
      config,
      warnings,
      load: (text?: string) => load(file, text),
    };
    const daemon = new Daemon(options, helper, log, fail);
    helper.onSignal = number => {
      if (number === SIGHUP) daemon.reload();
      else daemon.stop().then(() => resolve(EXIT.success));
    };
  });
}

const helper = new Helper(new HelperChannel());
helper.onEnd = () => exit(EXIT.failure);
const columns = terminalColumns();
runCommand(commandLine(), {
  version: KEDGE_VERSION,
  isTerminal: columns !== undefined,
  width: columns ?? 80,
  print: line => print(`${line}\n`),
  printError: line => printError(`${line}\n`),
  readFile,
  readOctets: path => {
    const octets = readOctets(path, LARGEST_CAPTURE);
    return octets.ok ? octets.value : octets.reason;
  },
  request: (runDirectory, request, onLine) =>
    requestControl(helper, `${runDirectory}/control`, request, onLine),
  daemon: invocation => runDaemon(invocation, helper),
}).then(exit);
