/**
 * Bundles src/main.ts for QuickJS: dist/kedge.js, daemon and command line, and dist/parts, of which it loads what the task
 * at hand needs.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

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

const { outputFiles, metafile } = await build({
  entryPoints: { kedge: 'src/main.ts' },
  outdir: 'dist',
  write: false,
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  external: ['std', 'os'],
  minify: true,
  // Not installed: the maps explain traces.
  sourcemap: 'external',
  legalComments: 'none',
  define: { KEDGE_VERSION: JSON.stringify(describeVersion()), KEDGE_BUNDLED: 'true' },
  metafile: true,
  logLevel: 'warning',
});
const contents = new Map(outputFiles.map(({ path, text }) => [relative('.', path), text]));

rmSync('dist/parts', { recursive: true, force: true });
mkdirSync('dist/parts', { recursive: true });
const codes = [];
for (const [path, text] of contents) {
  if (!path.endsWith('.js')) continue;
  // Terser after esbuild, which alone shortens private names: 5 % less when compressed.
  const { code, map } = await minify(text, {
    module: true,
    ecma: 2020,
    // Nobody here looks at functions' arguments or own text, or has getters that do something.
    compress: {
      passes: 3,
      keep_fargs: false,
      pure_getters: true,
      unsafe_arrows: true,
      unsafe_undefined: true,
    },
    sourceMap: { content: contents.get(`${path}.map`), filename: basename(path) },
  });
  writeFileSync(path, code);
  writeFileSync(`${path}.map`, map);
  codes.push(code);
}
/** Packages of their own for what few need, by the sources that load it; see docs/operations.md. */
const OPTIONAL = {
  'kedge-anchor': ['src/daemon/parts/home-agent.ts', 'src/cli/home-agent-text.ts', 'src/cli/pair-peer.ts'],
  'kedge-route-optimization': [
    'src/daemon/parts/direct-paths.ts',
    'src/daemon/parts/correspondent.ts',
    'src/cli/correspondent-text.ts',
  ],
  'kedge-policy': ['src/daemon/parts/flows.ts', 'src/daemon/budgets.ts', 'src/cli/flows-text.ts'],
  'kedge-monitoring': ['src/daemon/uplink-history.ts', 'src/cli/history-text.ts', 'src/cli/metrics-text.ts'],
  'kedge-renumbering': ['src/daemon/parts/renumbering.ts'],
  'kedge-prefix-delegation': [
    'src/daemon/parts/requesting-router.ts',
    'src/daemon/parts/delegating-router.ts',
  ],
  'kedge-decode': ['src/daemon/trace.ts', 'src/cli/decode.ts'],
};
const { outputs } = metafile;
const optional = Object.values(OPTIONAL).flat();
/** The file, and all that it needs; without the parts that it loads when they are optional ones that are not `wanted`. */
function needs(path, wanted, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: other } of outputs[path].imports.filter(({ path }) => path in outputs)) {
    const entry = outputs[other].entryPoint;
    if (!optional.includes(entry) || wanted.includes(entry)) needs(other, wanted, found);
  }
  return found;
}
const base = needs('dist/kedge.js', []);
const claims = Object.entries(OPTIONAL).map(([name, sources]) => [name, needs('dist/kedge.js', sources)]);
/** These come with kedge-policy, which so has what they share; what any others share is for all. */
const WITH_POLICY = ['kedge-anchor', 'kedge-route-optimization', 'kedge-policy'];
const ownerOf = path => {
  const owners = claims.filter(([, files]) => files.has(path)).map(([name]) => name);
  if (base.has(path)) return 'kedge';
  if (owners.length === 1) return owners[0];
  return owners.every(name => WITH_POLICY.includes(name)) ? 'kedge-policy' : 'kedge';
};
for (const name of ['kedge', ...Object.keys(OPTIONAL)]) {
  const files = Object.keys(outputs).filter(path => path.endsWith('.js') && ownerOf(path) === name);
  writeFileSync(`dist/${name}.files`, files.map(path => `${relative('dist', path)}\n`).join(''));
}
const kib = octets => `${Math.ceil(octets / 1024)} KiB`;
const all = codes.join('');
console.log(
  `dist/kedge.js with ${codes.length - 1} parts: ${kib(all.length)}, ${kib(gzipSync(all, { level: 9 }).length)} compressed`,
);

// The same rules for the LuCI pages, in the form that LuCI loads.
const RULES = 'luci-app/luci-app-kedge/htdocs/luci-static/resources/kedge/rules.js';
const [rules] = (
  await build({
    entryPoints: ['luci-app/luci-app-kedge/src/rules.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'kedgeRules',
    define: { KEDGE_BUNDLED: 'true' },
    target: 'es2020',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
).outputFiles;
writeFileSync(
  RULES,
  `'use strict';\n'require baseclass';\n${rules.text}return baseclass.extend({ ...kedgeRules });\n`,
);
console.log(
  `rules of the LuCI pages: ${kib(rules.text.length)}, ${kib(gzipSync(rules.text, { level: 9 }).length)} compressed`,
);
