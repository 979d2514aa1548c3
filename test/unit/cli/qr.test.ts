import jsqr from 'jsqr';
import { describe, expect, test } from 'vitest';
import { encodeQr, qrLines } from '../../../src/cli/qr.ts';

type Reader = (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null;
const readQr = jsqr as unknown as Reader;

/** What an independent reader sees in a picture of the modules, four pixels each. */
function read(rows: readonly (readonly boolean[])[], quiet = 4): string | undefined {
  const scale = 4;
  const width = (rows.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const dark = rows[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet];
      if (dark) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return readQr(pixels, width, width)?.data;
}

/** The modules that a person's telephone sees on a dark terminal. */
function modulesOf(lines: readonly string[]): boolean[][] {
  const halves: Readonly<Record<string, [boolean, boolean]>> = {
    '█': [false, false],
    '▄': [true, false],
    '▀': [false, true],
    ' ': [true, true],
  };
  return lines.flatMap(line => [0, 1].map(half => Array.from(line, cell => halves[cell]![half]!)));
}

describe('QR codes', () => {
  const lengths = [
    17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858,
  ];
  test.each(lengths.map((length, index) => [index + 1, length]))(
    'version %i holds %i octets, which another program reads',
    (version, length) => {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * 7) % 90))).join(
        '',
      );
      const rows = encodeQr(text)!;
      expect(rows).toHaveLength(17 + 4 * version);
      expect(read(rows)).toBe(text);
      if (version < 20) expect(encodeQr(`${text}+`)).toHaveLength(21 + 4 * version);
      else expect(encodeQr(`${text}+`)).toBeUndefined();
    },
  );

  test('the text of a terminal is the same symbol', () => {
    const rows = encodeQr('kedge:AQNmbHk')!;
    const shown = modulesOf(qrLines(rows));
    expect(shown.slice(2, 2 + rows.length).map(row => row.slice(2, -2))).toEqual(rows);
    expect(read(shown)).toBe('kedge:AQNmbHk');
  });
});
