/**
 * kedge's package, unpacked and run where all tools are BusyBox's and the shell is ash. opkg, procd and base-files are
 * stand-ins (test/lab/openwrt), written from what packages expect of them; where OPENWRT_ROOT names the root file system of an
 * OpenWrt its ubusd, procd, rpcd and base-files are played with as well.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { losses, outages, playProduct } from './runner/product.ts';
import { CHECKOUT, type ScenarioResult, theRecord } from './runner/scenario.ts';

/** Octets of helper, bundle and scripts together. */
const BUDGET = 120 * 1024;
let sizes: { readonly kedge_ipk: number };

beforeAll(() => {
  const said = execFileSync('tools/ipk', ['size'], { cwd: CHECKOUT, encoding: 'utf8' });
  sizes = JSON.parse(said.trimEnd().split('\n').at(-1)!);
}, 120_000);

test('the package is no larger than 120 KiB', () => {
  expect(sizes.kedge_ipk).toBeLessThanOrEqual(BUDGET);
});

test('the package is installed, configured, reloaded, upgraded and removed without a lost session, and leaves nothing', async context => {
  assertService(await playProduct(context, 'package', { time: 'virtual', timeout: 280_000 }));
});

const ROOT = process.env.OPENWRT_ROOT;
const files = [
  'bin/ubus',
  'etc/rc.common',
  'lib/functions/procd.sh',
  'sbin/procd',
  'sbin/reload_config',
  'sbin/rpcd',
  'sbin/ubusd',
  'sbin/uci',
  'usr/bin/jsonfilter',
];
if (ROOT !== undefined && files.every(file => existsSync(join(ROOT, file)))) {
  test("under OpenWrt's own procd, rc.common and, where it is there, ujail: the same; rpcd grants LuCI what the roles name", async context => {
    const params = { root: ROOT };
    const result = await playProduct(context, 'package', { time: 'virtual', timeout: 280_000, params });
    assertService(result);
    const watched = ['status', 'bindings', 'flows', 'paths', 'uplinks', 'history'];
    const { watcher, owner } = theRecord<{ granted: Record<string, string[]> }>(result, 'sessions').granted;
    expect(watcher!.toSorted()).toEqual(watched.toSorted());
    expect(owner!.toSorted()).toEqual([...watched, 'check', 'home_agent', 'prefer', 'reload'].toSorted());
  });
} else {
  console.log(
    `not run: the service under procd and rc.common (OPENWRT_ROOT names no root with ${files.join(', ')})`,
  );
}

function assertService(result: ScenarioResult): void {
  const installed = theRecord<{ user: string; enabled: number; processes: string; kept: string }>(
    result,
    'installed',
  );
  expect(installed).toMatchObject({ enabled: 0, processes: '', kept: '/etc/config/kedge\n/etc/kedge/' });
  expect(installed.user).toMatch(/^uid=(\d+)\(kedge\) gid=\d+\(kedge\)/);

  const { missing, there, damaged } = theRecord<Record<'missing' | 'there' | 'damaged', string>>(
    result,
    'optional',
  );
  expect(missing.split('\n')).toEqual([
    "kedge: error: what 'home_agent' needs is not installed: on OpenWrt it is the package kedge-anchor",
    "kedge: error: what 'correspondent' needs is not installed: on OpenWrt it is the package kedge-route-optimization",
    "kedge: error: what 'delegation' needs is not installed: on OpenWrt it is the package kedge-prefix-delegation",
    "kedge: error: what 'flow' needs is not installed: on OpenWrt it is the package kedge-policy",
    "kedge: error: what 'renumbering' needs is not installed: on OpenWrt it is the package kedge-renumbering",
    "kedge: 'decode' is not installed: on OpenWrt it is the package kedge-decode",
    "kedge: 'history' is not installed: on OpenWrt it is the package kedge-monitoring",
    "kedge: 'metrics' is not installed: on OpenWrt it is the package kedge-monitoring",
  ]);
  expect(there).toMatch(
    /anchor runs\n(.*\n)*correspondent runs\n(.*\n)*delegation runs\n(.*\n)*flows runs\n(.*\n)*renumbering runs\n(.*\n)*.*Internet Protocol Version 6/,
  );
  expect(there).not.toContain('error');

  const fault = "SyntaxError: Could not find export 'absent' in module 'std'";
  expect(damaged.split('\n').filter(line => line.includes('absent') || line.includes('runs'))).toEqual([
    `kedge: error: what 'flow' needs cannot be loaded: ${fault}`,
    `kedge: warning: goes on without a part: ${fault}`,
    `kedge: warning: goes on without a part: ${fault}`,
    'renumbering runs',
    `kedge: ${fault}`,
  ]);

  const running = theRecord<{ processes: string; writable: string; triggers: string[]; check: string }>(
    result,
    'running',
  );
  const uid = /uid=(\d+)/.exec(installed.user)![1];
  expect(running.processes.match(new RegExp(`Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}`, 'g'))).toHaveLength(
    2,
  );
  // CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE for the helper, nothing for the script.
  expect(running.processes.match(/CapEff:\t(\w+)/g)).toEqual([
    'CapEff:\t0000000000003400',
    'CapEff:\t0000000000000000',
  ]);
  expect(running.processes.match(/NoNewPrivs:\t1/g)).toHaveLength(2);
  for (const path of running.writable.split('\n')) expect(path).toMatch(/^\/tmp(\/run\/kedge(\/.*)?)?$/);
  expect(running.triggers).toEqual(['kedge', 'network']);
  expect(running.check).toBe('/etc/config/kedge: in order');

  const diag = theRecord<Record<'secret' | 'spi' | 'text' | 'metrics', string>>(result, 'diag');
  expect(diag.secret).toHaveLength(34);
  expect(diag.text).not.toContain(diag.secret);
  expect(diag.text).toContain('it talks of (redacted)');
  expect(diag.text).toContain("option spi '(redacted)'");
  for (const said of ['in order', '"careOfAddress"', 'kdg-lte', 'no difference', 'table inet kedge']) {
    expect(diag.text).toContain(said);
  }
  expect(diag.metrics).toMatch(/^kedge_uplink_active\{router="vessel",uplink="lte"\} 1$/m);

  const { text: inline } = theRecord<{ text: string }>(result, 'inline');
  expect(inline).not.toContain(diag.secret);
  expect(inline).toContain("option key '(redacted)'");

  const field = theRecord<{ written: string; log: string }>(result, 'field');
  expect(field.written).toBe('');
  // One line a change, and nothing while nothing changes.
  const start = ['uplink lte has 2001:db8:a::2', 'uplink wifi has 2001:db8:b::2'];
  const registered = ['lte is registered for 600 s', 'lte answers', 'traffic goes over lte'];
  const lines = field.log.match(/(?<=daemon\.notice kedge\[\d+\]: ).*/g)!;
  const others = field.log.match(/ daemon\.(?!notice).*/g) ?? [];
  expect(others.filter(line => !/ubusd\[|ubus: the object kedge is published$/.test(line))).toEqual([]);
  const settings = ['lte', 'wifi'].map(
    device => `set net/ipv6/conf/${device}/forwarding = 0: no router on a foreign link`,
  );
  expect(lines.slice(0, 9).sort()).toEqual(
    [...start, ...settings, ...registered, 'wifi is registered for 600 s', 'wifi answers'].sort(),
  );
  expect(lines.slice(9)).toEqual(['uplink lte is gone', 'traffic goes over wifi', start[0], ...registered]);

  const { events, otherwise } = losses(result);
  expect(outages(events, 'a minute')).toEqual([0]);
  expect(outages(events, 'carrier')[0]).toBeLessThanOrEqual(60);
  for (const what of ['return', 'reload', 'upgrade', 'crash']) {
    for (const outage of outages(events, what)) expect(outage, what).toBe(0);
  }
  expect(otherwise).toBe(0);

  const upgraded = theRecord<{ before: string; after: string; config: boolean }>(result, 'upgraded');
  expect(upgraded.after).not.toBe(upgraded.before);
  expect(upgraded.config).toBe(true);

  const nothing = { bindings: 'no bindings\n', owned: [], processes: '' };
  expect(theRecord(result, 'stopped')).toMatchObject(nothing);
  expect(theRecord(result, 'removed')).toMatchObject({ ...nothing, files: '/etc/config/kedge', traces: '' });
}
