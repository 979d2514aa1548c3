import { createHmac as reference } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createHmac } from '../../../src/engine/hmac.ts';
import { hex } from '../wire/octets.ts';
import { seed } from '../wire/seed.ts';
import { VECTORS } from './hmac-vectors.ts';

describe('HMAC', () => {
  test.each(VECTORS)('$title', ({ algorithm, key, data, digest }) => {
    expect(hex(createHmac(algorithm, key)(data))).toBe(hex(digest));
  });

  it('is that of Node.js for keys and messages of all lengths, in parts or whole, again and again', () => {
    const part = fc.uint8Array({ maxLength: 150 });
    fc.assert(
      fc.property(
        fc.constantFrom('sha1' as const, 'sha256' as const),
        fc.uint8Array({ maxLength: 140 }),
        fc.array(fc.array(part, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        (algorithm, key, messages) => {
          const hmac = createHmac(algorithm, key);
          for (const parts of messages) {
            const expected = reference(algorithm, key).update(Buffer.concat(parts)).digest('hex');
            expect(hex(hmac(...parts))).toBe(expected);
          }
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it('counts the bits of a message in all octets of the length', () => {
    const long = new Uint8Array(70_000).fill(3);
    for (const algorithm of ['sha1', 'sha256'] as const) {
      expect(hex(createHmac(algorithm, long)(long))).toBe(
        reference(algorithm, long).update(long).digest('hex'),
      );
    }
  });
});
