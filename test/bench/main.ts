/**
 * `make bench`: lines of JSON with what computing costs under QuickJS, and the ratio to the same code under Node in the
 * same minute. `native`: HMACs by kedged, as the product has them. Absolute figures are this machine's.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createHmac } from '../../src/engine/hmac.ts';
import { benchCodec, benchExchange, benchHmac } from './body.ts';
import { bundleMemory, routerMemory } from './memory.ts';

type Figures = Record<string, number>;

const directory = mkdtempSync(join(tmpdir(), 'kedge-bench-'));
try {
  const { own, native } = await underQuickjs();
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
} finally {
  rmSync(directory, { recursive: true });
}

async function underQuickjs(): Promise<{ own: Figures; native: Figures }> {
  const script = join(directory, 'bench.js');
  await build({
    entryPoints: ['test/bench/qjs.ts'],
    outfile: script,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['std', 'os'],
    logLevel: 'error',
  });
  const words = ['--qjs', 'build/qjs', '--script', script, '--run-dir', directory, '--'];
  return JSON.parse(execFileSync('unshare', ['-rn', 'dist/kedged', ...words], { encoding: 'utf8' }));
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
