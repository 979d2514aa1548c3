/** Statements that demand all of a section of another document. */
import type { Open, Shown, Statement } from './types.ts';

/** Shown by what shows each row of the section; open as long as one of them is. */
export function together(statements: readonly Statement[], section: string): Shown | Open {
  const rows = statements.filter(({ id }) => id.startsWith(`${section}-`));
  const open = rows.filter(row => row.open !== undefined).map(({ id }) => id);
  if (open.length > 0) return { open: `the rows ${open.join(', ')} of RFC 6275` };
  const [first, ...more] = new Set(rows.flatMap(({ shown }) => shown ?? []));
  if (first === undefined) throw new Error(`no row of ${section} is shown`);
  return { shown: [first, ...more] };
}
