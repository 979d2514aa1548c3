/** The lab kernel's monotonic clock: exact in virtual time, and the same one that labtool's reports use. */
import * as os from 'os';

/** Milliseconds. */
export const now = (): number => os.now();

export const sleep = (ms: number): Promise<void> => new Promise(resolve => os.setTimeout(resolve, ms));

/** Asks every `interval` ms until the condition holds. Returns whether it did within `timeout` ms. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeout: number,
  interval = 5,
): Promise<boolean> {
  const end = now() + timeout;
  while (!(await condition())) {
    if (now() >= end) return false;
    await sleep(interval);
  }
  return true;
}
