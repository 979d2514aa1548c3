import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../src/host/line-splitter.ts';
import { encodeUtf8 } from '../../../src/wire/utf8.ts';

test('lines come out whole however the octets arrive', () => {
  const line = fc.string({ maxLength: 20 }).filter(text => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 })), (lines, cuts) => {
      const bytes = encodeUtf8(lines.map(text => `${text}\n`).join(''));
      const splitter = new LineSplitter(100);
      const out: string[] = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const cut = cuts[i % Math.max(cuts.length, 1)] ?? 3;
        out.push(...splitter.push(bytes.subarray(at, at + cut))!);
        at += cut;
      }
      expect(out).toEqual(lines);
    }),
  );
});

test('a line that is too long ends it, with or without its end', () => {
  expect(new LineSplitter(3).push(encodeUtf8('abc\n'))).toEqual(['abc']);
  expect(new LineSplitter(3).push(encodeUtf8('abcd\n'))).toBeUndefined();
  const splitter = new LineSplitter(3);
  expect(splitter.push(encodeUtf8('ab'))).toEqual([]);
  expect(splitter.push(encodeUtf8('cd'))).toBeUndefined();
});
