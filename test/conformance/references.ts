/** References from the ledger to tests, and whether they hold. */
import type { Statement } from './ledger/types.ts';

export interface Reference {
  /** Path from the checkout. */
  readonly file: string;
  /** Part of the title. */
  readonly title: string;
}

export interface TestResult {
  readonly file: string;
  /** Titles of the describe blocks and of the test, joined by {@link SEPARATOR}. */
  readonly title: string;
  readonly passed: boolean;
}

export const SEPARATOR = ' > ';

/** @throws Error for a text without file or title: a mistake in the ledger */
export function parseReference(text: string): Reference {
  const at = text.indexOf(SEPARATOR);
  const title = text.slice(at + SEPARATOR.length);
  if (at <= 0 || title.trim() === '') throw new Error(`no reference to a test: ${text}`);
  return { file: text.slice(0, at), title };
}

export function referencesOf(statements: readonly Statement[]): Reference[] {
  return statements.flatMap(({ shown }) => (shown ?? []).map(parseReference));
}

/** Why the tests do not show what they are named for; undefined: they do. */
export function referenceFault(reference: Reference, results: readonly TestResult[]): string | undefined {
  const { file, title } = reference;
  const inFile = results.filter(result => result.file === file);
  if (inFile.length === 0) return `${file}: no test of it has run`;
  const matches = inFile.filter(result => result.title.includes(title));
  if (matches.length === 0) return `${file}: no test '${title}'`;
  const failed = matches.find(result => !result.passed);
  return failed && `${file}: '${failed.title}' has not passed`;
}
