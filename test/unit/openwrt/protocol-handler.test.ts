import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { announcement } from '../../../src/daemon/mobile-interfaces.ts';
import type { MobileRouterConfig } from '../../../src/uci/types.ts';
import { formatPrefix, parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { openwrtCommand } from '../ubus/buses.ts';

const HANDLER = join(import.meta.dirname, '../../../openwrt/kedge/files/lib/netifd/proto/kedge.sh');
const directory = mkdtempSync(join(tmpdir(), 'kedge-netifd-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** netifd's directory with our handler in it, and a `ubus` that writes down its calls and ends as $STATUS says. */
function netifdDirectory(name: string, install: (main: string) => void): string {
  const root = join(directory, name);
  const main = join(root, 'netifd');
  mkdirSync(join(main, 'proto'), { recursive: true });
  copyFileSync(HANDLER, join(main, 'proto/kedge.sh'));
  install(main);
  const ubus = join(root, 'ubus');
  writeFileSync(
    ubus,
    `#!/bin/sh\nfor word in "$@"; do printf '%s\\n' "$word" >>"$CALLS"; done\nexit "\${STATUS:-0}"\n`,
  );
  chmodSync(ubus, 0o755);
  return root;
}

const roots: [string, string][] = [
  [
    'a stand-in of netifd-proto.sh',
    netifdDirectory('stand-in', main =>
      copyFileSync(join(import.meta.dirname, 'netifd-proto.sh'), join(main, 'netifd-proto.sh')),
    ),
  ],
];
const ROOT = process.env.OPENWRT_ROOT;
const hasNetifd = ROOT !== undefined && existsSync(join(ROOT, 'lib/netifd/netifd-proto.sh'));
if (hasNetifd) roots.push(["netifd's own", realRoot(ROOT)]);
else
  console.log(
    'not run: the protocol handler under netifd-proto.sh (OPENWRT_ROOT names no root with lib/netifd)',
  );

function realRoot(root: string): string {
  return netifdDirectory('real', main => {
    copyFileSync(join(root, 'lib/netifd/utils.sh'), join(main, 'utils.sh'));
    const script = readFileSync(join(root, 'lib/netifd/netifd-proto.sh'), 'utf8');
    writeFileSync(
      join(main, 'netifd-proto.sh'),
      script.replaceAll('/usr/share/libubox/', join(root, 'usr/share/libubox/')),
    );
    const jshn = join(main, '../jshn');
    writeFileSync(jshn, `#!/bin/sh\nexec ${openwrtCommand(root, 'usr/bin/jshn').join(' ')} "$@"\n`);
    chmodSync(jshn, 0o755);
  });
}

/** What a script under BusyBox ash in netifd's directory calls ubus with: words, the last of them JSON. */
function callsOf(root: string, words: readonly string[], status = 0): { output: string; calls: unknown[][] } {
  const log = join(root, 'calls');
  rmSync(log, { force: true });
  const { stdout, stderr } = spawnSync('busybox', ['ash', ...words], {
    cwd: join(root, 'netifd/proto'),
    encoding: 'utf8',
    env: {
      PATH: `${root}:${process.env.PATH}`,
      CALLS: log,
      STATUS: String(status),
      NETIFD_MAIN_DIR: join(root, 'netifd'),
    },
  });
  expect(stderr).toBe('');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  const calls: unknown[][] = [];
  for (const line of lines) {
    if (line === 'call') calls.push([]);
    else if (line.startsWith('{')) calls.at(-1)!.push(JSON.parse(line));
    else calls.at(-1)?.push(line);
  }
  return { output: stdout, calls };
}

test('shellcheck finds nothing', () => {
  execFileSync('shellcheck', ['-s', 'dash', '-e', 'SC3043,SC1091', HANDLER], { encoding: 'utf8' });
});

describe.each(roots)('with %s', (_, root) => {
  const run = (command: string, data: object, status?: number) =>
    callsOf(root, ['./kedge.sh', 'kedge', command, 'mobile', JSON.stringify(data)], status).calls;

  test('what netifd is told of the protocol', () => {
    const told = JSON.parse(callsOf(root, ['./kedge.sh', '', 'dump']).output);
    expect(told).toMatchObject({ name: 'kedge', config: [['router', 3]] });
    for (const flag of ['no-device', 'no-proto-task', 'available', 'renew-handler', 'lasterror'])
      expect([flag, Boolean(told[flag])]).toEqual([flag, true]);
  });

  test('setup and renew attach the interface', () => {
    const attached = [['kedge', 'attach', { interface: 'mobile', router: 'vessel' }]];
    expect(run('setup', { proto: 'kedge', router: 'vessel' })).toEqual(attached);
    expect(run('renew', { proto: 'kedge', router: 'vessel' })).toEqual(attached);
    expect(run('setup', { proto: 'kedge' })).toEqual([['kedge', 'attach', { interface: 'mobile' }]]);
  });

  test.each([
    ['there is no such router', 2, 'NO_ROUTER'],
    ['the daemon does not run', 4, 'NO_DAEMON'],
    ['the daemon does not answer', 7, 'NO_DAEMON'],
  ])('%s: an error that LuCI shows, and no other end', (_, status, error) => {
    expect(run('setup', { router: 'van' }, status)).toEqual([
      ['kedge', 'attach', { interface: 'mobile', router: 'van' }],
      ['network.interface', 'notify_proto', { action: 3, error: [error], interface: 'mobile' }],
    ]);
  });

  test('teardown detaches it', () => {
    expect(run('teardown', { router: 'vessel' })).toEqual([['kedge', 'detach', { interface: 'mobile' }]]);
  });
});

describe('what the daemon tells netifd', () => {
  const router = {
    name: 'vessel',
    homeAddress: parseAddress('2001:db8:f00::1')!,
    homeAgents: [parseAddress('2001:db8:a::1')!],
    prefixes: [parsePrefix('2001:db8:f00::/56')!, parsePrefix('2001:db8:f01::/64')!],
  } as unknown as MobileRouterConfig;
  const rule = {
    type: 'rule',
    family: 'ipv6',
    proto: ['135', '41'],
    src: '*',
    src_ip: ['2001:db8:a::1'],
    device: 'wwan0',
    direction: 'in',
    target: 'ACCEPT',
  };
  // As netifd-proto.sh of netifd 2026-07-16 says it, for the calls of EQUIVALENT below.
  const EXPECTED = {
    action: 0,
    ifname: 'kdg-+',
    'link-up': true,
    'address-external': true,
    data: { firewall: [rule] },
    keep: false,
    ip6addr: [{ ipaddr: '2001:db8:f00::1', mask: '128' }],
    ip6prefix: ['2001:db8:f00::/56', '2001:db8:f01::/64'],
    interface: 'mobile',
  };
  const EQUIVALENT = `
. ../netifd-proto.sh
proto_init_update kdg-+ 1 1
proto_add_ipv6_address 2001:db8:f00::1 128
proto_add_ipv6_prefix 2001:db8:f00::/56
proto_add_ipv6_prefix 2001:db8:f01::/64
proto_add_data
json_add_array firewall
json_add_object ''
json_add_string type rule
json_add_string family ipv6
json_add_array proto
json_add_string '' 135
json_add_string '' 41
json_close_array
json_add_string src '*'
json_add_array src_ip
json_add_string '' 2001:db8:a::1
json_close_array
json_add_string device wwan0
json_add_string direction in
json_add_string target ACCEPT
json_close_object
json_close_array
proto_close_data
proto_send_update mobile
`;

  test('is what a protocol handler of its own would send', () => {
    expect(announcement('mobile', router, router.prefixes, ['wwan0'], 0)).toEqual(EXPECTED);
  });

  test('without lifetimes: a prefix of three parts would have them preferred first, and valid behind', () => {
    const { ip6prefix } = announcement('mobile', router, router.prefixes, [], 0);
    for (const prefix of ip6prefix as string[]) expect(prefix).not.toContain(',');
  });

  test('[RFC 3963 §5.4.2] a prefix that is refused is not named: netifd deprecates what it had before', () => {
    expect(announcement('mobile', router, [], ['wwan0'], 0)).toEqual({ ...EXPECTED, ip6prefix: [] });
  });

  test('[RFC 6276 §3] a delegated one has what is left of its lifetimes', () => {
    const [prefix] = router.prefixes;
    const leases = [{ prefix: prefix!, preferredUntil: 61_900, validUntil: 121_000 }];
    const delegated = { ...router, delegation: { mode: 'explicit' as const, leases } };
    const prefixesAt = (now: number) => announcement('mobile', delegated, [prefix!], [], now).ip6prefix;
    expect(prefixesAt(1000)).toEqual([`${formatPrefix(prefix!)},60,120`]);
    expect(prefixesAt(100_000)).toEqual([`${formatPrefix(prefix!)},0,21`]);
  });

  test('with discovery, home agents may be anywhere', () => {
    const { data } = announcement(
      'mobile',
      { ...router, discovery: parsePrefix('2001:db8::/64')! },
      [],
      ['wan'],
      0,
    );
    expect(data).toEqual({ firewall: [expect.not.objectContaining({ src_ip: expect.anything() })] });
  });

  if (hasNetifd) {
    test("netifd's own functions say the same", () => {
      const { calls } = callsOf(join(directory, 'real'), ['-c', EQUIVALENT]);
      expect(calls).toEqual([['network.interface', 'notify_proto', EXPECTED]]);
    });
  }
});
