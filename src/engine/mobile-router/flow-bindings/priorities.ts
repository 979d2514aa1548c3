/** FID-PRI of flow bindings: unique, and the same as before as far as that goes (RFC 6089 §4.2). */

const SPACING = 64;
/** Renumbered ones come from the other half, so that none has the number of one that is not changed yet. */
const HALF = 32_768;
const LAST = 65_535;

/** @param former in the wanted order; undefined: it is new */
export function assignPriorities(former: readonly (number | undefined)[]): number[] {
  return keptPriorities(former) ?? renumbered(former);
}

/** Undefined: the former ones are in another order, or leave no room. */
function keptPriorities(former: readonly (number | undefined)[]): number[] | undefined {
  const priorities: number[] = [];
  let last = 0;
  for (const [index, own] of former.entries()) {
    const next = own ?? former.slice(index).find(later => later !== undefined);
    const most = last < HALF ? HALF : LAST + 1;
    const priority = own ?? (next === undefined ? last + SPACING : (last + next) >>> 1);
    if (priority <= last || (own === undefined && priority >= (next ?? most))) return undefined;
    priorities.push(priority);
    last = priority;
  }
  return priorities;
}

function renumbered(former: readonly (number | undefined)[]): number[] {
  const base = former.some(priority => priority !== undefined && priority >= HALF) ? 0 : HALF;
  return former.map((_, index) => base + (index + 1) * SPACING);
}
