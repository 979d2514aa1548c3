/** The bodies of the unit tests and of the simulation under another engine: each test there is a test here. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleTests, portableTestFiles } from './bundle.ts';

export interface Engine {
  readonly name: string;
  /** Program and arguments; those of QuickJS and the script follow. */
  readonly command: readonly [string, ...string[]];
  /** How often a property is tried at most. */
  readonly maxRuns: number;
  /** How long random schedules are played, in seconds. */
  readonly simulationSeconds: number;
  /** Files that would take minutes, and folders of which some would. */
  readonly leftOut: readonly string[];
}

/** What came of a test inside; without `error` it passed. */
interface Outcome {
  readonly error?: string;
}

const MINUTE = 60_000;
const BUILD = join(import.meta.dirname, '../../build');

/** A program of the build directory. */
export const built = (name: string): string => join(BUILD, name);

/** Defines a test for each one of the bundle. */
export async function testUnder(engine: Engine): Promise<void> {
  const script = built(`engines/${engine.name.replace(/\W+/g, '-')}.js`);
  const files = await portableTestFiles();
  const isLeftOut = (file: string): boolean => engine.leftOut.some(path => file.startsWith(path));
  for (const path of engine.leftOut)
    expect(
      files.some(file => file.startsWith(path)),
      path,
    ).toBe(true);
  await bundleTests(
    files.filter(file => !isLeftOut(file)),
    script,
    engine.maxRuns,
    {
      SEED: process.env.SEED,
      WIRE_SEED: process.env.WIRE_SEED,
      SIMULATION_SECONDS: String(engine.simulationSeconds),
    },
  );
  const [paths] = (await told(engine, script, 'list')) as string[][][];
  describe(engine.name, () => {
    let outcomes: Outcome[] = [];
    beforeAll(async () => {
      outcomes = (await told(engine, script, 'run')) as Outcome[];
    }, 6 * MINUTE);
    for (const [at, path] of paths!.entries()) {
      it(path.join(' > '), () => {
        const { error } = outcomes[at] ?? { error: 'the engine ended before' };
        if (error !== undefined) throw new Error(error);
      });
    }
  });
}

/** Runs the script; returns what its lines for the outside say, up to the end of the engine, whatever that was. */
async function told(engine: Engine, script: string, task: 'list' | 'run'): Promise<unknown[]> {
  const [program, ...rest] = engine.command;
  // Under Vitest an unhandled rejection is an error; QuickJS sees one too early, before an await has been reached.
  const args = [...rest, '--no-unhandled-rejection', '-m', script, task];
  const options = { timeout: 5 * MINUTE, maxBuffer: 1 << 26 };
  const { stdout, stderr } = await promisify(execFile)(program, args, options).catch(
    error => error as { stdout: string; stderr: string },
  );
  const lines = stdout
    .split('\n')
    .slice(0, -1)
    .filter(line => line.startsWith('\x1e'));
  if (lines.length === 0) throw new Error(`${engine.command.join(' ')}: ${stderr || 'no output'}`);
  return lines.map(line => JSON.parse(line.slice(1)) as unknown);
}
