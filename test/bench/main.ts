/**
 * `make bench`: lines of JSON with what computing costs under QuickJS, and the ratio to the same code under Node in the
 * same minute. `native`: HMACs by kedged, as the product has them. `flow_bindings_*_us`: a packet through the lab's kernel. Absolute figures are this machine's.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createHmac } from '../../src/engine/hmac.ts';
import { measureFlowCost } from '../lab/runner/flow-cost.ts';
import { runScenario } from '../lab/runner/scenario.ts';
import { benchCodec, benchExchange, benchHmac } from './body.ts';
import { bundleMemory, routerMemory } from './memory.ts';

type Figures = Record<string, number>;

const directory = mkdtempSync(join(tmpdir(), 'kedge-bench-'));
try {
  const { own, native } = await underQuickjs<{ own: Figures; native: Figures }>('qjs');
  const node = underNode();
  line('bu_codec_us', own.bu_codec_us!, node.bu_codec_us);
  line('bu_packet_codec_us', own.bu_packet_codec_us!, node.bu_packet_codec_us);
  line('hmac_sha1_us', own.hmac_sha1_us!, node.hmac_sha1_us);
  line('hmac_sha256_us', own.hmac_sha256_us!, node.hmac_sha256_us);
  line('hmac_sha1_native_us', native.hmac_sha1_us!);
  line('hmac_sha256_native_us', native.hmac_sha256_us!);
  line('bu_make_us', native.bu_make_us!, node.bu_make_us);
  line('bu_exchange_us', native.bu_exchange_us!, node.bu_exchange_us);
  line('bu_exchange_without_native_us', own.bu_exchange_us!, node.bu_exchange_us);
  line('rss_kib', await bundleMemory(directory));
  const { script, helper } = await routerMemory(directory);
  line('rss_router_kib', script + helper);
  line('rss_router_kedged_kib', helper);
  for (const count of [1000, 10_000, 100_000]) {
    const figures = await underQuickjs<Figures>('scale-qjs', 'bindings', `${count}`);
    for (const [bench, value] of Object.entries(figures)) line(`${bench}_${count}`, value);
  }
  for (const count of [100, 1000]) {
    const { ha_move_us } = await underQuickjs<Figures>('scale-qjs', 'move', `${count}`);
    line(`ha_move_us_${count}`, ha_move_us!);
  }
  const { one, many } = await measureFlowCost(runScenario);
  line('flow_bindings_1_us', one);
  line('flow_bindings_1000_us', many);
} finally {
  rmSync(directory, { recursive: true });
}

/** Runs an entry file beneath kedged; gives the object that it prints. */
async function underQuickjs<T>(entry: string, ...words: string[]): Promise<T> {
  const script = join(directory, `${entry}.js`);
  await build({
    entryPoints: [`test/bench/${entry}.ts`],
    outfile: script,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['std', 'os'],
    logLevel: 'error',
  });
  const options = ['--qjs', 'build/qjs', '--script', script, '--run-dir', directory, '--', ...words];
  return JSON.parse(execFileSync('unshare', ['-rn', 'dist/kedged', ...options], { encoding: 'utf8' }));
}

function underNode(): Figures {
  const clock = () => performance.now();
  return { ...benchCodec(clock), ...benchHmac(clock, createHmac), ...benchExchange(clock, createHmac) };
}

/** @param node the figure of the same code under Node, where HMACs are always JavaScript's */
function line(bench: string, value: number, node?: number): void {
  const ratio = node === undefined ? {} : { node_ratio: rounded(value / node) };
  console.log(JSON.stringify({ bench, value: rounded(value), ...ratio }));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
