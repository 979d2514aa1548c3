/** Laying out text in columns and lines of limited width, for terminals. Lengths are in characters. */

export type Style = 'strong' | 'good' | 'bad' | 'warning' | 'faint';

const CODES: Readonly<Record<Style, number>> = { strong: 1, good: 32, bad: 31, warning: 33, faint: 2 };

/** How text is shown: `paint` adds colour on a terminal and nothing elsewhere. */
export interface Screen {
  /** Columns. */
  readonly width: number;
  paint(text: string, style: Style | undefined): string;
}

export function plainScreen(width: number): Screen {
  return { width, paint: text => text };
}

export function colourScreen(width: number): Screen {
  return {
    width,
    paint: (text, style) => (style === undefined ? text : `\x1b[${CODES[style]}m${text}\x1b[0m`),
  };
}

/** Without control characters: what others sent must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly right?: boolean;
}

/** Rows under their titles, each column as wide as its widest cell. */
export function tabulate(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map(column => column.title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map(cells => cells[index]!.length)));
  return lines.map(cells => {
    const padded = cells.map((cell, index) =>
      columns[index]!.right ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
    );
    return padded.join('  ').trimEnd();
  });
}

/**
 * Joins `parts` with the separator into lines of at most `width` columns, each after `indent`; a part is divided at
 * its blanks only when it does not fit a line of its own.
 */
export function flow(parts: readonly string[], separator: string, indent: string, width: number): string[] {
  const room = Math.max(width - indent.length, 1);
  const lines: string[] = [];
  let line = '';
  for (const [index, part] of parts.entries()) {
    const text = index < parts.length - 1 ? part + separator.trimEnd() : part;
    for (const piece of text.length > room ? divide(text, room) : [text]) {
      if (line !== '' && line.length + 1 + piece.length > room) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map(text => indent + text);
}

/** Words, those longer than a line cut into pieces. */
function divide(text: string, room: number): string[] {
  return text.split(' ').flatMap(word => word.match(new RegExp(`.{1,${room}}`, 'gsu')) ?? []);
}
