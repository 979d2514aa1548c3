/** Programs inside the lab: run to the end, or started and left running with their output in log files. */
import * as os from 'os';
import * as std from 'std';
import type { Json } from '../record.ts';
import { sleep } from './clock.ts';

export const CHECKOUT = '/run/lab/checkout';
export const RESULTS = '/run/lab/results';
export const LABTOOL = `${CHECKOUT}/build/labtool`;

export interface Outcome {
  /** Exit status; 128 + signal number when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const exitHandlers = new Map<number, (status: number) => void>();

function ended(pid: number, status: number): void {
  exitHandlers.get(pid)?.(status & 0x7f ? 128 + (status & 0x7f) : (status >> 8) & 0xff);
  exitHandlers.delete(pid);
}

function reap(): void {
  for (;;) {
    const [pid, status] = os.waitpid(-1, os.WNOHANG);
    if (pid <= 0) return;
    ended(pid, status);
  }
}

os.signal(os.SIGCHLD, reap);

/**
 * QuickJS looks for signals before it sleeps: one that comes just between waits for the next event. So there is an
 * event now and then (milliseconds) while a program runs.
 */
const HEARTBEAT = 50;
let beating = false;

function beat(): void {
  beating = exitHandlers.size > 0;
  if (beating) os.setTimeout(beat, HEARTBEAT);
}
// A handler, not "ignore": programs that are started inherit the latter.
os.signal(os.SIGPIPE, () => {});

/** UTF-8 is not needed here: programs in the lab speak ASCII. */
function octets(text: string): ArrayBuffer {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

/** Calls back with each piece of text, then closes the descriptor and resolves. */
function readToEnd(fd: number, piece: (text: string) => void): Promise<void> {
  const buffer = new Uint8Array(16384);
  return new Promise(resolve => {
    os.setReadHandler(fd, () => {
      const length = os.read(fd, buffer.buffer, 0, buffer.length);
      if (length > 0) {
        piece(String.fromCharCode(...buffer.subarray(0, length)));
        return;
      }
      os.setReadHandler(fd, null);
      os.close(fd);
      resolve();
    });
  });
}

function pipe(): [number, number] {
  const ends = os.pipe();
  if (!ends) throw new Error('pipe failed');
  return ends;
}

interface Spawn {
  readonly stdin?: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly env?: Record<string, string>;
}

function spawn(command: readonly string[], options: Spawn): { pid: number; exited: Promise<number> } {
  const pid = os.exec([...command], { block: false, usePath: true, ...options });
  if (pid < 0) throw new Error(`cannot start ${command[0]}`);
  const exited = new Promise<number>(resolve => exitHandlers.set(pid, resolve));
  if (!beating) beat();
  return { pid, exited };
}

/** Runs a program to its end. */
export async function run(command: readonly string[], stdin = ''): Promise<Outcome> {
  const [stdinRead, stdinWrite] = pipe();
  const [stdoutRead, stdoutWrite] = pipe();
  const [stderrRead, stderrWrite] = pipe();
  const { pid, exited } = spawn(command, { stdin: stdinRead, stdout: stdoutWrite, stderr: stderrWrite });
  for (const fd of [stdinRead, stdoutWrite, stderrWrite]) os.close(fd);
  let stdout = '';
  let stderr = '';
  const reading = Promise.all([
    readToEnd(stdoutRead, text => {
      stdout += text;
    }),
    readToEnd(stderrRead, text => {
      stderr += text;
    }),
  ]);
  // A pipe takes 64 KiB; no batch of the lab is longer.
  os.write(stdinWrite, octets(stdin), 0, stdin.length);
  os.close(stdinWrite);
  await reading;
  // It has closed its output: it is ending now, and waiting here is exact.
  if (exitHandlers.has(pid)) ended(...os.waitpid(pid, 0));
  return { status: await exited, stdout, stderr };
}

/** Runs a program that must succeed and returns its standard output. */
export async function must(command: readonly string[], stdin = ''): Promise<string> {
  const { status, stdout, stderr } = await run(command, stdin);
  if (status !== 0)
    throw new Error(`${command.join(' ')}: status ${status}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** A program that runs beside the scenario. Its standard error, and each line of its output, go to `<name>.log`. */
export class Process {
  readonly pid: number;
  /** Resolves with the exit status (128 + signal number when killed). */
  readonly exited: Promise<number>;
  status: number | undefined;
  readonly #stdin: number;
  #partial = '';
  readonly #lines: Json[] = [];
  #waiting: { line: (line: Json) => void; ended: (reason: Error) => void }[] = [];
  #ended = false;

  constructor(
    readonly name: string,
    command: readonly string[],
    env?: Record<string, string>,
  ) {
    const log = os.open(`${RESULTS}/${name}.log`, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644);
    if (log < 0) throw new Error(`cannot write ${name}.log`);
    const [stdinRead, stdinWrite] = pipe();
    const [stdoutRead, stdoutWrite] = pipe();
    const { pid, exited } = spawn(command, {
      stdin: stdinRead,
      stdout: stdoutWrite,
      stderr: log,
      ...(env && { env: { ...std.getenviron(), ...env } }),
    });
    os.close(stdinRead);
    os.close(stdoutWrite);
    this.pid = pid;
    this.#stdin = stdinWrite;
    const reading = readToEnd(stdoutRead, text => {
      os.write(log, octets(text), 0, text.length);
      this.#read(text);
    }).then(() => {
      this.#ended = true;
      for (const waiting of this.#waiting.splice(0)) waiting.ended(this.#silent());
    });
    this.exited = exited.then(status => {
      this.status = status;
      os.close(stdinWrite);
      reading.then(() => os.close(log));
      return status;
    });
  }

  #read(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop()!;
    for (const line of lines) {
      if (!line.startsWith('{')) continue;
      const value: Json = JSON.parse(line);
      const waiting = this.#waiting.shift();
      if (waiting) waiting.line(value);
      else this.#lines.push(value);
    }
  }

  #silent(): Error {
    return new Error(`${this.name} ended its output; see ${this.name}.log`);
  }

  /** The next JSON line of its output. Throws when there will be none. */
  next<T = Json>(): Promise<T> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line as T);
    if (this.#ended) return Promise.reject(this.#silent());
    return new Promise((resolve, ended) => this.#waiting.push({ line: line => resolve(line as T), ended }));
  }

  /** The next JSON line whose `event` is the given one; the lines before it are dropped. */
  async nextEvent<T = Json>(event: string): Promise<T> {
    for (;;) {
      const line = await this.next<{ event?: string }>();
      if (line.event === event) return line as T;
    }
  }

  /** Writes one line to its standard input. */
  send(line: string): void {
    os.write(this.#stdin, octets(`${line}\n`), 0, line.length + 1);
  }

  kill(signal: number = os.SIGTERM): void {
    if (this.status === undefined) os.kill(this.pid, signal);
  }

  /** SIGTERM, and SIGKILL if that has not helped after `grace` ms. */
  async stop(grace = 2000): Promise<number> {
    this.kill();
    await Promise.race([this.exited, sleep(grace)]);
    this.kill(9);
    return this.exited;
  }

  /** The text of its log so far. */
  log(): string {
    return std.loadFile(`${RESULTS}/${this.name}.log`) ?? '';
  }
}
