/**
 * `make bench`: lines of JSON with what computing costs under QuickJS, and the ratio to the same code under Node in the
 * same minute. Absolute figures are this machine's.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { runBench } from './body.ts';

const bundle = 'build/bench.js';
mkdirSync('build', { recursive: true });
await build({
  entryPoints: ['test/bench/qjs.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  external: ['std', 'os'],
  logLevel: 'error',
});
const underQuickjs = JSON.parse(execFileSync('build/qjs', ['-m', bundle], { encoding: 'utf8' }));
const underNode = runBench(() => performance.now());
for (const [bench, value] of Object.entries<number>(underQuickjs)) {
  const ratio = value / underNode[bench]!;
  console.log(JSON.stringify({ bench, value: rounded(value), node_ratio: rounded(ratio) }));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
