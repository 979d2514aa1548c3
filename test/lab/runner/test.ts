/** Lab scenarios as Vitest tests. */
import { rmSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { assertCleanCapture } from './capture.ts';
import { runScenario, type ScenarioOptions, type ScenarioResult } from './scenario.ts';

/**
 * Plays a scenario, has tshark look at every captured packet, and removes captures and logs when the test has passed
 * (unless KEEP=1).
 * @param onPurpose a display filter of packets that may be malformed
 */
export async function play(
  test: TestContext,
  name: string,
  options: ScenarioOptions,
  onPurpose?: string,
): Promise<ScenarioResult> {
  const result = await runScenario(name, options);
  await assertCleanCapture(result.dir, onPurpose);
  test.onTestFinished(({ task }) => {
    if (task.result?.state === 'pass' && process.env.KEEP !== '1') {
      rmSync(result.dir, { recursive: true, force: true });
    }
  });
  return result;
}
