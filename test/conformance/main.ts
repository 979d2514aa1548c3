/**
 * `make conformance`: runs the tests that the ledgers refer to and prints what they show. Exits with 1 when a
 * reference matches no test or one that has not passed; what is open is reported and no failure.
 */
import { DOCUMENTS } from './ledger/documents.ts';
import { type Reference, referenceFault, referencesOf, SEPARATOR } from './references.ts';
import { count, openList, table } from './report.ts';
import { runTests } from './vitest.ts';

const references = DOCUMENTS.flatMap(({ statements }) => referencesOf(statements));
const files = [...new Set(references.map(({ file }) => file))];
console.log(`running the tests of ${files.length} files`);
const results = runTests(files);

const faults = new Map<string, string | undefined>();
const judge = (reference: Reference): string | undefined => {
  const key = reference.file + SEPARATOR + reference.title;
  if (!faults.has(key)) faults.set(key, referenceFault(reference, results));
  return faults.get(key);
};

for (const document of DOCUMENTS) console.log(`\n${table(document, judge)}`);
for (const document of DOCUMENTS) console.log(`\n${openList(document, judge)}`);

const broken = [...new Set(references.flatMap(reference => judge(reference) ?? []))];
if (broken.length > 0) console.log(`\nreferences that do not hold:\n  ${broken.join('\n  ')}`);
console.log();
console.log(
  JSON.stringify(
    Object.fromEntries(DOCUMENTS.map(({ name, statements }) => [name, count(statements, judge)])),
  ),
);
process.exitCode = broken.length > 0 ? 1 : 0;
