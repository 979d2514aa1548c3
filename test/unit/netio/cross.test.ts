/** The helper for other machines than this one: routers are MIPS and ARM. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'kedged-'));
afterAll(() => rmSync(directory, { recursive: true }));

// The Makefile makes errors of warnings.
test.each(['mips-linux-gnu', 'mipsel-linux-gnu', 'arm-linux-gnueabihf', 'aarch64-linux-gnu'])(
  'compiles for %s without a warning',
  target => {
    const output = join(directory, target);
    const words = ['-s', '-C', 'src/netio', `OUT=${output}`, `CC=${target}-gcc`];
    expect(execFileSync('make', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
  },
);

test('speaks on big-endian MIPS', () => {
  const help = execFileSync('qemu-mips-static', [join(directory, 'mips-linux-gnu/kedged'), '--help'], {
    encoding: 'utf8',
  });
  expect(help).toMatch(/^usage: kedged/);
});
