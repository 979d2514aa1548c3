/** Changing a UCI file as a text, so that what others wrote stays as they wrote it. */
import { parseDocument, type Section } from './document.ts';

/** An array is a list; an empty one leaves nothing. */
export type NewOption = readonly [name: string, value: string | readonly string[]];

export interface NewSection {
  readonly type: string;
  readonly name: string;
  readonly options: readonly NewOption[];
}

/**
 * Puts sections into a file. One that is there already, by type and name, is written anew where it stands: it keeps the
 * options that are not among `replaced`.
 */
export function withSections(
  text: string,
  sections: readonly NewSection[],
  replaced: readonly string[] = [],
): string {
  let lines = text.split('\n');
  for (const section of sections) {
    const starts = lines.flatMap((line, index) => (/^\s*c(onfig)?\s/.test(line) ? [index] : []));
    const start = starts.find(index => {
      const [header] = parseDocument('', lines[index]!).sections;
      return header?.type === section.type && header.name === section.name;
    });
    if (start === undefined) {
      lines = [
        ...`${lines.join('\n').trimEnd()}\n\n`.trimStart().split('\n').slice(0, -1),
        ...linesOf(section),
        '',
      ];
      continue;
    }
    const end = starts.find(index => index > start) ?? lines.length;
    const [old] = parseDocument('', lines.slice(start, end).join('\n')).sections;
    const kept = [...old!.options.values()].filter(
      ({ name }) => !replaced.includes(name) && !section.options.some(([option]) => option === name),
    );
    const options = kept.map(({ name, list, values }): NewOption => {
      return [name, list ? values.map(value => value.text) : values[0]!.text];
    });
    lines.splice(
      start,
      end - start,
      ...linesOf({ ...section, options: [...section.options, ...options] }),
      '',
    );
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function linesOf({ type, name, options }: NewSection): string[] {
  return [
    `config ${type} '${name}'`,
    ...options.flatMap(([option, value]) =>
      typeof value === 'string'
        ? `\toption ${option} ${quote(value)}`
        : value.map(each => `\tlist ${option} ${quote(each)}`),
    ),
  ];
}

const quote = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

/** A name for a new section that no other one has: what is acceptable of `wish`, with a number if need be. */
export function freeName(wish: string, longest: number, sections: readonly Pick<Section, 'name'>[]): string {
  const base = wish
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, longest);
  const taken = (name: string) => sections.some(section => section.name === name);
  for (let number = 1, name = base; ; name = `${base.slice(0, longest - `${++number}`.length)}${number}`) {
    if (!taken(name)) return name;
  }
}
