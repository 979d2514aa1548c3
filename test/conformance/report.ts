/** The tables and the summary of the ledgers. */
import type { Document, Statement } from './ledger/types.ts';
import { parseReference, type Reference } from './references.ts';

/** Why a reference does not hold; undefined: it does. */
export type Judge = (reference: Reference) => string | undefined;

export interface Counts {
  readonly statements: number;
  readonly shown: number;
  readonly na: number;
}

export function isShown({ shown }: Statement, judge: Judge): boolean {
  return shown?.every(text => judge(parseReference(text)) === undefined) ?? false;
}

export function count(statements: readonly Statement[], judge: Judge): Counts {
  return {
    statements: statements.length,
    shown: statements.filter(statement => isShown(statement, judge)).length,
    na: statements.filter(({ na }) => na !== undefined).length,
  };
}

/** '5.2' of '5.2-3', 'HA_2_5' of 'HA_2_5_1'. */
export function sectionOf({ id }: Statement): string {
  return id.slice(0, Math.max(id.lastIndexOf('-'), id.lastIndexOf('_')));
}

/** One line a section, and one for all of them. */
export function table({ name, title, statements }: Document, judge: Judge): string {
  const sections = new Map<string, Statement[]>();
  for (const statement of statements) {
    const section = sectionOf(statement);
    sections.set(section, [...(sections.get(section) ?? []), statement]);
  }
  const rows = [...sections].map(([section, members]) => row(`§${section}`, count(members, judge)));
  const heads = ['section', 'statements', 'shown', 'not shown', 'not applicable'];
  const lines = [heads, ...rows, row('all', count(statements, judge))];
  const text = lines.map(cells =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(14) : cell.padStart(16))).join(''),
  );
  return [`${name}: ${title}`, ...text].join('\n');
}

function row(section: string, { statements, shown, na }: Counts): string[] {
  return [section, ...[statements, shown, statements - shown - na, na].map(String)];
}

/** What is not shown, and what is missing for it. */
export function openList({ name, statements }: Document, judge: Judge): string {
  const open = statements.filter(statement => statement.na === undefined && !isShown(statement, judge));
  const lines = open.map(({ id, level, role, says, open: missing, shown }) => {
    const faults = (shown ?? []).flatMap(text => judge(parseReference(text)) ?? []);
    return `  §${id} ${level} (${[role].flat().join(', ')}) ${says}\n      -> ${missing ?? faults.join('; ')}`;
  });
  return [`${name}: ${open.length} not shown`, ...lines].join('\n');
}
