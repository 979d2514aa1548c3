/** The frame of a scenario: parameters in, records out, and an orderly end whatever happens. */
import * as std from 'std';
import type { Json } from '../record.ts';
import { now } from './clock.ts';
import { Network, type NetworkPlan } from './network.ts';
import { RESULTS } from './process.ts';

/** Tells the test something: one JSON line on the console. */
export function record(name: string, fields: Readonly<Record<string, unknown>> = {}): void {
  std.out.puts(`${JSON.stringify({ record: name, at: now(), ...fields })}\n`);
  std.out.flush();
}

/** The parameters that the test gave. */
export function parameters<T = Record<string, Json>>(): T {
  return JSON.parse(std.loadFile(`${RESULTS}/parameters.json`) ?? '{}');
}

async function playOn(plan: NetworkPlan, play: (network: Network) => Promise<void>): Promise<void> {
  let status = 0;
  let network: Network | undefined;
  try {
    network = await Network.build(plan);
    record('built');
    await play(network);
    await network.stop();
    record('done');
  } catch (error) {
    status = 1;
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    record('failed', { message, stack: stack ?? '' });
    await network?.stop();
  }
  std.exit(status);
}

/**
 * Builds a network, plays the scenario on it, ends everything. The last record is `done` or `failed`.
 *
 * Not a promise on purpose: QuickJS runs one job a round of its poll loop while a module awaits at its top level, so
 * everything asynchronous would crawl.
 */
export function scenario(plan: NetworkPlan, play: (network: Network) => Promise<void>): void {
  playOn(plan, play);
}
