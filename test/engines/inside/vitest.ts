/**
 * What test bodies import as `vitest` when they run under QuickJS: the part of it that they use, with Vitest's own
 * matchers. Tests are collected here and run by main.ts.
 */

import {
  addCustomEqualityTesters,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';

interface Test {
  /** Its file, its groups and its own title. */
  readonly path: readonly string[];
  readonly run: () => unknown;
}

export const tests: Test[] = [];
let path: readonly string[] = [];
/** Of the file at hand. */
let preparations: (() => void)[] = [];

/** Collects what `define` defines under a title. */
export function describe(title: string, define: () => void): void {
  const outer = path;
  path = [...outer, title];
  define();
  path = outer;
}

/** Files define their tests in their top level, which may await. */
export async function collectFile(name: string, load: () => Promise<unknown>): Promise<void> {
  path = [name];
  preparations = [];
  await load();
}

export function it(title: string, run: () => unknown): void {
  const before = preparations;
  const prepared = () => {
    for (const prepare of before) prepare();
    return run();
  };
  tests.push({ path: [...path, title], run: prepared });
}

/** For all tests of the file. */
export function beforeEach(prepare: () => void): void {
  preparations.push(prepare);
}

type Case = unknown;
type Body = (...values: Case[]) => void;

/** One definition for each case; an array is the list of arguments. */
const each =
  (define: (title: string, run: () => void) => void) =>
  (cases: readonly Case[]) =>
  (title: string, run: Body) => {
    for (const one of cases) {
      const values = Array.isArray(one) ? one : [one];
      define(titleOf(title, values), () => run(...values));
    }
  };

function titleOf(title: string, values: readonly Case[]): string {
  let next = 0;
  return title.replace(/%[sidj]/g, format =>
    format === '%j' ? JSON.stringify(values[next++]) : String(values[next++]),
  );
}

describe.each = each(describe);
it.each = each(it);

export { it as test };

chai.config.truncateThreshold = 2000;
chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
);
setState({}, expect as never);
(globalThis as Record<symbol, unknown>)[GLOBAL_EXPECT] = expect;

// The general comparison takes a millisecond for a packet, and ten on emulated MIPS.
addCustomEqualityTesters([
  (a, b) =>
    a instanceof Uint8Array && b instanceof Uint8Array
      ? a.length === b.length && a.every((octet, at) => octet === b[at])
      : undefined,
]);
