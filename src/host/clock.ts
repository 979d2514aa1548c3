/** The clocks of the host. */
import * as os from 'os';
import type { Now } from '../engine/types.ts';

/** CLOCK_MONOTONIC and the wall clock, both in milliseconds. */
export function now(): Now {
  return { monotonic: os.now(), wall: Date.now() };
}
