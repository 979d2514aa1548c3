/** The product inside the lab: configuration, daemons, command line. */

import * as os from 'os';
import * as std from 'std';
import { sleep } from './clock.ts';
import { anchorText, type Probe, routerText } from './configuration.ts';
import { childOf, processorTime, residentMemory } from './daemon-figures.ts';
import { MAIN } from './main-topology.ts';
import type { Network } from './network.ts';
import { CHECKOUT, LABTOOL, must, type Process, RESULTS } from './process.ts';

export interface KedgeOptions {
  readonly probe?: Probe;
  /** In place of the usual home address. */
  readonly homeAddress?: string;
  /** More lines for the mobile_router section. */
  readonly router?: readonly string[];
  /** More lines for the home_agent section. */
  readonly anchor?: readonly string[];
  /** More lines for the peer section. */
  readonly peer?: readonly string[];
  /** Names of the router's uplinks and their devices; lte and wifi unless given. */
  readonly uplinks?: readonly string[];
  /** More sections for the router. */
  readonly sections?: string;
  /** Number of the sub-option of draft-ietf-monami6-multiplecoa-00, which both speak then. */
  readonly dialect?: number;
}

const DIALECT_LINE = "option dialect 'draft'";
const dialectLines = ({ dialect }: KedgeOptions) => (dialect === undefined ? [] : [DIALECT_LINE]);
const dialectSection = ({ dialect }: KedgeOptions) =>
  dialect === undefined ? '' : `config dialect 'draft'\n\toption monami6_binding_identifier '${dialect}'\n\n`;

const vessel = ({ homeAddress = MAIN.homeAddress }: KedgeOptions) => ({
  name: 'vessel',
  homeAddress,
  prefixes: [MAIN.mobileNetworkPrefix],
});

export function routerConfig(options: KedgeOptions = {}): string {
  const { probe = 'fast', router: lines = [], uplinks = ['lte', 'wifi'], sections = '' } = options;
  const text = routerText({
    ...vessel(options),
    homeAgents: [MAIN.anchor],
    uplinks,
    probe,
    lines: [...lines, ...dialectLines(options)],
  });
  return text + sections + dialectSection(options);
}

export function anchorConfig(options: KedgeOptions = {}): string {
  const { probe = 'fast', anchor: lines = [], peer = [] } = options;
  const peers = [{ ...vessel(options), lines: [...peer, ...dialectLines(options)] }];
  return anchorText({ address: MAIN.anchor, peers, probe, lines }) + dialectSection(options);
}

/** A daemon in one of the hosts, with a run directory of its own. */
export class Kedge {
  process: Process | undefined;
  readonly runDirectory: string;
  /** What a reboot does not empty. */
  readonly stateDirectory: string;
  readonly #config: string;

  constructor(
    readonly network: Network,
    readonly host: string,
    config: string,
    /** Of kedged. */
    readonly helperOptions: readonly string[] = [],
  ) {
    this.runDirectory = `/run/kedge-${host}`;
    this.stateDirectory = `/run/state-${host}`;
    this.#config = `${RESULTS}/${host}.uci`;
    this.writeConfig(config);
  }

  writeConfig(config: string): void {
    const file = std.open(this.#config, 'w');
    if (!file) throw new Error(`cannot write ${this.#config}`);
    file.puts(config);
    file.close();
  }

  /** @param by a program that runs the daemon, with its arguments */
  start(by: readonly string[] = []): Process {
    const words = ['--config', this.#config, '--state-dir', this.stateDirectory, 'daemon'];
    const command = [...by, ...this.#kedged(this.helperOptions, words)];
    this.process = this.network.start(this.host, `kedge-${this.host}`, command);
    return this.process;
  }

  /** SIGKILL to the helper or to the script: the other one follows. */
  async kill(what: 'helper' | 'script' = 'helper'): Promise<void> {
    if (what === 'helper') this.process?.kill(9);
    else os.kill(this.script(), 9);
    await this.process?.exited;
  }

  /** Process id of the script, the helper's child. */
  script(): number {
    const script = childOf(this.process!.pid);
    if (script === undefined) throw new Error(`kedge in ${this.host} has no script`);
    return script;
  }

  /** Resident memory of helper and script together, KiB. */
  memory(): number {
    return this.#pids().reduce((sum, pid) => sum + residentMemory(pid), 0);
  }

  /** Processor time that helper and script have used, milliseconds, as exact as the kernel's tick. */
  processorTime(): number {
    return this.#pids().reduce((sum, pid) => sum + processorTime(pid), 0);
  }

  #pids(): number[] {
    return [this.process!.pid, this.script()];
  }

  /** The text of its log so far. */
  log(): string {
    return this.process?.log() ?? '';
  }

  /** Runs a command of the command line in the host and returns its standard output. */
  command(...words: string[]): Promise<string> {
    return must([LABTOOL, 'in', this.host, ...this.commandLine(...words)]);
  }

  /** What runs a command of the command line, once in the host. */
  commandLine(...words: string[]): string[] {
    return this.#kedged(['--cli', ...this.helperOptions], words);
  }

  async status<T = Record<string, never>>(): Promise<T> {
    return JSON.parse(await this.command('status', '--json'));
  }

  /** Polls the status until it is as wanted, at most `limit` milliseconds of the lab's clock. */
  async until<T>(wanted: (status: T) => boolean, limit = 10_000): Promise<void> {
    for (let waited = 0; waited < limit; waited += 100) {
      const status = await this.status<T>().catch(() => undefined);
      if (status !== undefined && wanted(status)) return;
      await sleep(100);
    }
    throw new Error(`kedge in ${this.host} did not come to be as wanted: ${await this.command('status')}`);
  }

  #kedged(options: readonly string[], words: readonly string[]): string[] {
    const script = ['--qjs', `${CHECKOUT}/build/qjs`, '--script', `${CHECKOUT}/dist/kedge.js`];
    const run = ['--run-dir', this.runDirectory];
    return [`${CHECKOUT}/dist/kedged`, ...options, ...script, ...run, '--', ...run, ...words];
  }
}
