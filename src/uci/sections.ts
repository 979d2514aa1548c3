/** What the readers of the sections share. */
import type { ReadFile } from './association.ts';
import type { Dialects } from './dialect.ts';
import type { SectionType } from './schema.ts';
import type { Reading, Report } from './section-reader.ts';

/** Of the whole file, by type, in its order. */
export type Sections = { [T in SectionType]: Reading<T>[] };

export interface Context {
  readonly readFile: ReadFile;
  readonly fault: Report;
  readonly warning: Report;
  readonly dialects: Dialects;
}

/** The enabled section; a second one is a fault. */
export function theOnly<T extends SectionType>(
  sections: readonly Reading<T>[],
  fault: Report,
): Reading<T> | undefined {
  const [first, ...others] = sections.filter(section => section.enabled);
  for (const other of others) {
    fault(
      other.line,
      `${other.title}: ${first!.title} (line ${first!.line}) is in force already: expected one section of this type, or one enabled`,
    );
  }
  return first;
}
