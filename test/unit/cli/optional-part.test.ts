import { expect, test } from 'vitest';
import { optionalPart } from '../../../src/cli/optional-part.ts';

test('a part that is not installed is undefined, one that is damaged says why', async () => {
  const missing = new ReferenceError(
    "could not load module filename '/usr/lib/kedge/parts/flows-ABCDEFGH.js'",
  );
  expect(await optionalPart(Promise.reject(missing))).toBeUndefined();
  expect(await optionalPart(Promise.resolve('there'))).toBe('there');
  for (const damage of [
    new SyntaxError("Could not find export 'x'"),
    new ReferenceError("'y' is not defined"),
  ])
    await expect(optionalPart(Promise.reject(damage))).rejects.toBe(damage);
});
