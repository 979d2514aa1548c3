/** Runs test files with Vitest and reads what became of each test. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { SEPARATOR, type TestResult } from './references.ts';

const OUTPUT = 'build/conformance.json';

/** The part of Vitest's JSON report that counts here. */
interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** @param files paths from the checkout; their projects follow from them */
export function runTests(files: readonly string[]): TestResult[] {
  if (files.length === 0) return [];
  mkdirSync(dirname(OUTPUT), { recursive: true });
  rmSync(OUTPUT, { force: true });
  // The status of Vitest says no more than the report: a test that failed has not passed.
  spawnSync('npx', ['vitest', 'run', '--reporter=json', `--outputFile=${OUTPUT}`, ...files], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, KEDGE_QJS: 'build/qjs' },
  });
  const report = JSON.parse(readFileSync(OUTPUT, 'utf8')) as JsonReport;
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file: relative(process.cwd(), name),
      title: [...ancestorTitles, title].join(SEPARATOR),
      passed: status === 'passed',
    })),
  );
}
