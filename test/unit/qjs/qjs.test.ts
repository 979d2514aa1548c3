/** The engine and the wire format as a router runs them: bundled, under QuickJS. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const qjs = join(import.meta.dirname, '../../../build/qjs');

it('the engine and the wire format run under QuickJS', async () => {
  expect(existsSync(qjs), 'build/qjs is missing: make build').toBe(true);
  const directory = mkdtempSync(join(tmpdir(), 'kedge-qjs-'));
  try {
    const outfile = join(directory, 'body.js');
    await build({
      entryPoints: [join(import.meta.dirname, 'body.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    const output = execFileSync(qjs, ['-m', outfile], { encoding: 'utf8', timeout: 60_000 });
    expect(output.split('\n').filter(line => line.startsWith('FAILED'))).toEqual([]);
    expect(output).toContain('\nall ok\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
