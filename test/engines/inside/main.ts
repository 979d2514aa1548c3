/**
 * Runs inside the engine. `list` tells the path of every test; `run` runs them in that order and tells what came of
 * each. A line for the outside begins with a record separator (RFC 7464) and is JSON.
 */
import { clearTimeout, setTimeout } from 'os';
import { err, exit, out } from 'std';
import { collectFile, tests } from './vitest.ts';

// For fast-check, and for bodies that let the event loop go on.
Object.assign(globalThis, {
  setTimeout,
  clearTimeout,
  setImmediate: (run: () => void) => setTimeout(run, 0),
});

// QuickJS writes 2n ** 127n with a zero before it in base 2; the package ip-address, which is asked for a second
// opinion, trusts the length.
const bigintToString = BigInt.prototype.toString;
BigInt.prototype.toString = function (this: bigint, radix?: number): string {
  return bigintToString.call(this, radix).replace(/^0+(?=.)/, '');
};

type Loaders = Readonly<Record<string, () => Promise<unknown>>>;

export async function main(files: Loaders): Promise<void> {
  try {
    for (const [name, load] of Object.entries(files)) await collectFile(name, load);
  } catch (error) {
    err.puts(text(error));
    exit(1);
  }
  if (scriptArgs[1] === 'list') tell(tests.map(test => test.path));
  else for (const test of tests) tell(await outcome(test.run));
}

/** Without `error` the test passed. */
async function outcome(run: () => unknown): Promise<{ error?: string }> {
  try {
    await run();
    return {};
  } catch (error) {
    return { error: text(error) };
  }
}

function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}\n${error.stack}${error.cause === undefined ? '' : `\n${text(error.cause)}`}`;
}

function tell(value: unknown): void {
  out.puts(`\x1e${JSON.stringify(value)}\n`);
  out.flush();
}
