/** Makes one script of test files that stand on the language alone, for an engine that is not Node. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const inside = join(import.meta.dirname, 'inside');

/** What the bodies import by these names is ours; what ours imports by them is the package. */
const replacements: Plugin = {
  name: 'replacements',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(vitest|fast-check)$/ }, ({ importer, path }) =>
      importer.startsWith(inside) ? undefined : { path: join(inside, `${path}.ts`) },
    ),
};

const testFilesBelow = (folder: string): string[] =>
  (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter(name => name.endsWith('.test.ts'))
    .map(name => `${folder}/${name}`);

/** Of Node, or of a host that the test stands in for. */
const isForeign = (path: string): boolean =>
  path.startsWith('node:') || ['esbuild', 'std', 'os'].includes(path);

/** The unit tests and the simulation, without the files that import something foreign, themselves or through others. */
export async function portableTestFiles(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...testFilesBelow('test/unit'), ...testFilesBelow('test/simulation')],
    outdir: 'build/engines',
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    packages: 'external',
    external: ['std', 'os'],
    logLevel: 'silent',
  });
  return Object.values(metafile.outputs)
    .filter(({ imports }) => !imports.some(({ path }) => isForeign(path)))
    .map(({ entryPoint }) => entryPoint!)
    .sort();
}

/** Writes the script; it has this environment, and tries no property more often than `maxRuns`. */
export async function bundleTests(
  files: readonly string[],
  outfile: string,
  maxRuns: number,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const loaders = files.map(file => `${JSON.stringify(file)}: () => import('./${file}')`);
  await build({
    absWorkingDir: root,
    // Not awaited: while a module waits, QuickJS lets timers run between the promises that are settled already.
    stdin: {
      contents: `import { main } from './test/engines/inside/main.ts'; void main({ ${loaders} });`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['std', 'os'],
    define: { MAX_RUNS: String(maxRuns) },
    banner: { js: `globalThis.process = { env: ${JSON.stringify(environment)} };` },
    plugins: [replacements],
    logLevel: 'silent',
  });
}
