/** fast-check for an engine on which a property may take MAX_RUNS runs and not more. */
import * as fc from 'fast-check';

/** Defined in the bundle. */
declare const MAX_RUNS: number;

export * from 'fast-check';
export default {
  ...fc,
  assert: <T>(property: fc.IRawProperty<T>, parameters: fc.Parameters<T> = {}): unknown =>
    fc.assert(property, { ...parameters, numRuns: Math.min(parameters.numRuns ?? 100, MAX_RUNS) }),
};
