/** Boots the lab's kernel on one scenario and returns what it told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Json, LabRecord } from '../record.ts';

export const CHECKOUT = resolve(fileURLToPath(import.meta.url), '../../../..');

export interface ScenarioOptions {
  /**
   * `virtual`: the clock stands still while anything computes; exact and repeatable. `real`: the machine's time, to
   * measure the cost of computing.
   */
  readonly time: 'virtual' | 'real';
  /** What `parameters()` returns inside. */
  readonly params?: { readonly [name: string]: Json };
  /** Name of the directory below results/; default: the scenario's name. */
  readonly label?: string;
  /** Wall-clock limit, milliseconds (120 000). */
  readonly timeout?: number;
  /** Names of test/lab/programs that are in the results directory, bundled for QuickJS. */
  readonly programs?: readonly string[];
  /** Which kernel: `linux-mip6` has Mobile IPv6 of its own. Default: $LAB_KERNEL or `linux`. */
  readonly kernel?: 'linux' | 'linux-mip6';
  /** Memory of the kernel, MiB (256). */
  readonly memory?: number;
  /** Called with each record as it comes. */
  readonly onRecord?: (record: LabRecord) => void;
}

export interface ScenarioResult {
  readonly records: readonly LabRecord[];
  /** Directory of captures and logs. */
  readonly dir: string;
}

/** Kernels that run now; they end with this process. */
const kernels = new Set<ChildProcess>();
process.on('exit', () => {
  for (const kernel of kernels) end(kernel);
});

/** The kernel and the processes that carry its programs are one process group. */
function end(kernel: ChildProcess): void {
  try {
    process.kill(-kernel.pid!, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function bundle(source: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [resolve(CHECKOUT, 'test/lab', source)],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['std', 'os'],
    logLevel: 'error',
  });
}

function commandLine(dir: string, options: ScenarioOptions): string[] {
  for (const path of [CHECKOUT, dir]) {
    if (/[\s,"']/.test(path)) throw new Error(`the lab's kernel cannot take this path: ${path}`);
  }
  return [
    ...(options.time === 'virtual' ? ['time-travel=inf-cpu'] : []),
    `mem=${options.memory ?? 256}M`,
    'root=none',
    'rootfstype=hostfs',
    'rootflags=/',
    'ro',
    `init=${CHECKOUT}/test/lab/inside/init.sh`,
    'con=null',
    'con0=null,fd:1',
    'quiet',
    `uml_dir=${dir}/uml`,
    `LAB_CHECKOUT=${CHECKOUT}`,
    `LAB_RESULTS=${dir}`,
  ];
}

function isRecord(value: Json): value is LabRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'record' in value;
}

/**
 * Plays test/lab/scenarios/<name>.ts. Throws when the scenario failed, ended without `done` or took too long; captures
 * and logs are then in `results/<label>/`, and console.log there has what the kernel said.
 */
export async function runScenario(name: string, options: ScenarioOptions): Promise<ScenarioResult> {
  const kernelFile = `build/${options.kernel ?? process.env.LAB_KERNEL ?? 'linux'}`;
  for (const file of [kernelFile, 'build/qjs', 'build/labtool']) {
    if (!existsSync(resolve(CHECKOUT, file))) throw new Error(`${file} is missing: run make build`);
  }
  const dir = resolve(CHECKOUT, 'results', options.label ?? name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  await bundle(`scenarios/${name}.ts`, resolve(dir, 'scenario.js'));
  for (const program of options.programs ?? []) {
    await bundle(`programs/${program}.ts`, resolve(dir, `${program}.js`));
  }
  writeFileSync(resolve(dir, 'parameters.json'), JSON.stringify(options.params ?? {}));

  const kernel = spawn(resolve(CHECKOUT, kernelFile), commandLine(dir, options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  kernels.add(kernel);
  const records: LabRecord[] = [];
  const console: string[] = [];
  const read = (line: string): void => {
    console.push(line);
    if (!line.startsWith('{')) return;
    try {
      const value: Json = JSON.parse(line);
      if (!isRecord(value)) return;
      records.push(value);
      options.onRecord?.(value);
    } catch {
      // A torn line stays in console.log.
    }
  };
  createInterface({ input: kernel.stdout! }).on('line', read);
  createInterface({ input: kernel.stderr! }).on('line', line => console.push(line));

  const limit = options.timeout ?? 120_000;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end(kernel);
  }, limit);
  await new Promise((ended, failed) => kernel.on('close', ended).on('error', failed));
  clearTimeout(timer);
  end(kernel);
  kernels.delete(kernel);
  writeFileSync(resolve(dir, 'console.log'), `${console.join('\n')}\n`);

  const failure = records.find(r => r.record === 'failed');
  if (failure) throw new Error(`scenario ${name}: ${failure.message} (see ${dir})\n${failure.stack}`);
  if (late) throw new Error(`scenario ${name}: not finished after ${limit / 1000} s (see ${dir})`);
  if (!records.some(r => r.record === 'done')) {
    const errors = resolve(dir, 'console.err');
    const said = existsSync(errors) ? readFileSync(errors, 'utf8') : console.slice(-10).join('\n');
    throw new Error(`scenario ${name}: ended early (see ${dir})\n${said}`);
  }
  return { records, dir };
}

/** The one record of that name. */
export function theRecord<T = LabRecord>(result: ScenarioResult, name: string): T {
  const found = result.records.filter(r => r.record === name);
  if (found.length !== 1) throw new Error(`${found.length} records named ${name}`);
  return found[0] as T;
}
