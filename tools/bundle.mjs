/** Bundles src/main.ts for QuickJS: dist/kedge.js, the one file that is daemon and command line. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** `0.1.0`, or with the commit when there is one: `0.1.0+g1234567`, `0.1.0+g1234567-dirty`. */
function describeVersion() {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const commit = execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], options).trim();
    return `${version}+g${commit}`;
  } catch {
    return version;
  }
}

const result = await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/kedge.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  external: ['std', 'os'],
  // Every octet is read and compiled at each start, on a router too. The map, which is not installed, explains traces.
  minify: true,
  sourcemap: 'external',
  legalComments: 'none',
  define: { KEDGE_VERSION: JSON.stringify(describeVersion()) },
  metafile: true,
  logLevel: 'warning',
});
const file = result.metafile.outputs['dist/kedge.js'];
console.log(`dist/kedge.js: ${Math.ceil(file.bytes / 1024)} KiB`);
