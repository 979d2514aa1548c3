/** The records of one mobile router among those of several: their keys begin with its scope. */
import type { JsonObject } from '../engine/types.ts';

/** @param name of the `mobile_router` section */
export const scopeOf = (name: string): string => `mobile-router/${name}/`;

/** Those of a scope, by their keys without it. */
export function recordsOf(records: ReadonlyMap<string, JsonObject>, scope: string): Map<string, JsonObject> {
  const own = [...records].filter(([key]) => key.startsWith(scope));
  return new Map(own.map(([key, value]) => [key.slice(scope.length), value]));
}
