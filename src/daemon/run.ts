/** The life of the daemon: reads the configuration, starts, reads it again on SIGHUP, ends. */
import { readText } from '../host/file.ts';
import type { Helper } from '../host/helper.ts';
import { createLog, stderrSink, syslogSink } from '../host/log.ts';
import { environment } from '../host/process.ts';
import { type Loaded, loadConfig } from '../uci/config.ts';
import { formatFault } from '../uci/fault.ts';
import { Daemon } from './daemon.ts';
import { loadParts } from './parts.ts';

const SIGHUP = 1;

export interface RunOptions {
  readonly version: string;
  /** The configuration. */
  readonly file: string;
  /** Where the control socket and the journal are. */
  readonly runDirectory: string;
  /** What a reboot must not lose. */
  readonly stateDirectory: string;
}

/** Resolves with the exit status. */
export async function runDaemon(
  { version, file, runDirectory, stateDirectory }: RunOptions,
  helper: Helper,
): Promise<number> {
  const sink = environment('KEDGE_LOG') === 'syslog' ? syslogSink(helper, stderrSink()) : stderrSink();
  const { config, faults, warnings } = load(file);
  for (const fault of faults) sink('error', formatFault(fault));
  if (config === undefined) return 1;
  const { mobileRouters, homeAgent, correspondent } = config;
  if (mobileRouters.length === 0 && homeAgent === undefined && correspondent === undefined) {
    sink('error', `${file}: nothing to do: no enabled mobile_router, home_agent or correspondent section`);
    return 1;
  }
  const texts = warnings.map(formatFault);
  for (const warning of texts) sink('warning', warning);
  const parts = await loadParts(config, text => sink('warning', text)).catch((error: Error) =>
    sink('error', error.message),
  );
  if (parts === undefined) return 1;
  return new Promise(resolve => {
    const fail = (reason: string) => {
      sink('error', reason);
      resolve(1);
    };
    const options = {
      version,
      runDirectory,
      stateDirectory,
      config,
      parts,
      warnings: texts,
      load: (text?: string) => load(file, text),
    };
    let daemon: Daemon | undefined;
    const log = createLog(() => daemon?.logLevel ?? config.logLevel, sink);
    const running = new Daemon(options, helper, log, fail);
    daemon = running;
    helper.onSignal = number => {
      if (number === SIGHUP) running.reload();
      else running.stop().then(() => resolve(0));
    };
  });
}

/** The file, or `text` in its place. One that cannot be read is a fault. */
function load(file: string, text = textOf(file)): Loaded {
  if (text !== undefined) return loadConfig({ file, text }, textOf);
  const fault = { file, line: 0, message: 'the file cannot be read' };
  return { config: undefined, faults: [fault], warnings: [], dialects: new Map() };
}

function textOf(path: string): string | undefined {
  const text = readText(path);
  return text.ok ? text.value : undefined;
}
