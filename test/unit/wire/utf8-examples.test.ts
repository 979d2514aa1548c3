import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/wire/utf8.ts';
import { hex, octets } from './octets.ts';

test.each([
  ['A≢Α.', '41 e289a2 ce91 2e'],
  ['한국어', 'ed959c eab5ad ec96b4'],
  ['日本語', 'e697a5 e69cac e8aa9e'],
  ['\u{233b4}', 'f0a38eb4'],
])('[RFC 3629 §7] %s', (text, expected) => {
  expect(hex(encodeUtf8(text))).toBe(hex(octets(expected)));
  expect(decodeUtf8(octets(expected))).toBe(text);
});

test('long texts, surrogates', () => {
  const text = '€😀'.repeat(10000);
  expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  expect(decodeUtf8(encodeUtf8('a\ud800b'))).toBe('a\ufffdb');
});
