/** Tests of what happens by chance. */
import type { TestContext } from 'vitest';
import type { LabRecord } from '../record.ts';

/**
 * What happened, for whoever has to find out why.
 * @param settings what repeats it, as variables of the environment
 * @param seen all records so far, also when the test fails later
 */
export function tellOnFailure(test: TestContext, settings: string, seen: readonly LabRecord[]): void {
  test.onTestFailed(() => {
    const lines = seen.map(
      ({ at, record, ...rest }) => `${(at / 1000).toFixed(3)} ${record} ${JSON.stringify(rest)}`,
    );
    console.error(`${settings}\n${lines.join('\n')}`);
  });
}
