import { TextDecoder, TextEncoder } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/wire/utf8.ts';

test('[RFC 3629 §3] UTF-8 is what TextEncoder and TextDecoder make of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
      expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
      expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
    }),
  );
});

test('[RFC 3629 §3] ill-formed octets become U+FFFD as in TextDecoder', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const octet = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x9f, 0xa0, 0xbf),
  );
  fc.assert(
    fc.property(fc.array(octet, { maxLength: 40 }), octets => {
      const bytes = Uint8Array.from(octets);
      expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
    }),
    { numRuns: 3000 },
  );
});
