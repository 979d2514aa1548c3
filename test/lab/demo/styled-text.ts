/** Text with a few styles, for a terminal and for a picture. */

export type Style = 'good' | 'bad' | 'warning' | 'faint' | 'bold';

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Line = readonly Span[];

const ANSI: Readonly<Record<Style, string>> = {
  good: '32',
  bad: '31;1',
  warning: '33',
  faint: '2',
  bold: '1',
};

export const plain = (line: Line): string => line.map(span => span.text).join('');

export function ansi(line: Line): string {
  return line
    .map(({ text, style }) => (style === undefined ? text : `\x1b[${ANSI[style]}m${text}\x1b[0m`))
    .join('');
}

/** Cuts a line to so many columns. All characters used here are one column wide. */
export function clip(line: Line, columns: number): Line {
  let left = columns;
  return line.flatMap(({ text, ...rest }) => {
    const part = text.slice(0, left);
    left -= part.length;
    return part === '' ? [] : [{ text: part, ...rest }];
  });
}

const COLOURS: Readonly<Record<Style | 'normal', string>> = {
  normal: '#d7dae0',
  good: '#7ec699',
  bad: '#f47067',
  warning: '#e5c07b',
  faint: '#7f848e',
  bold: '#ffffff',
};
const FONT_SIZE = 14;
/** Of a monospace font of that size, pixels. */
const COLUMN = 8.43;
const ROW = 19;
const MARGIN = 16;

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The lines as an SVG picture of a terminal. Every span has its place, so that any monospace font will do. */
export function svg(lines: readonly Line[], columns: number): string {
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const height = lines.length * ROW + 2 * MARGIN;
  const texts = lines.flatMap((line, row) => {
    let column = 0;
    return line.flatMap(({ text, style }) => {
      const shown = text.trim();
      const x = (MARGIN + (column + text.length - text.trimStart().length) * COLUMN).toFixed(1);
      const length = (shown.length * COLUMN).toFixed(1);
      column += text.length;
      if (shown === '') return [];
      const weight = style === 'bold' || style === 'bad' ? ' font-weight="bold"' : '';
      const y = MARGIN + row * ROW + FONT_SIZE;
      const place = `x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"`;
      return `<text ${place} fill="${COLOURS[style ?? 'normal']}"${weight}>${escapeXml(shown)}</text>`;
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="#1e2127"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
