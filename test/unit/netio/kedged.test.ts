import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { driverPath, prepare, RUN_DIRECTORY, type RunOptions, run, type Variant } from './harness.ts';

beforeAll(prepare, 60000);

const LOOPBACK = '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1';

/** Runs a scenario; its second argument is the run directory. */
function scenario(name: string, how: RunOptions = {}) {
  return run([name, RUN_DIRECTORY], how);
}

/** Whether the process exists and is no zombie. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

// Shell commands that prepare the namespace of a run.
const listenAt = (name: string) => `mkdir -p "$RUN"; ${driverPath} listen "$RUN/${name}" & sleep 0.1;`;
const staleSocket = `mkdir -p "$RUN"; ${driverPath} stale "$RUN/stale";`;
const emptyDev = 'D=$(mktemp -d); touch $D/null; mount --bind /dev/null $D/null; mount --rbind $D /dev;';
const addressFlood =
  `seq 1 6000 | sed 's,.*,address add fd00::&/128 dev lo nodad,' > $RUN.batch;` +
  '(sleep 0.3; ip -6 -batch $RUN.batch) &';
const syslogDaemon = `${emptyDev} ${driverPath} syslogd /dev/log & sleep 0.1;`;

for (const variant of ['plain', 'asan'] as const satisfies Variant[]) {
  describe(`kedged (${variant})`, () => {
    async function facts(name: string, how: RunOptions = {}) {
      const { code, stderr, facts } = await scenario(name, { variant, ...how });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return facts;
    }

    test('raw sockets receive protocols 43, 60, 135 and chosen ICMPv6 types, with addresses, hop limit, device and time', async () => {
      const f = await facts('raw6');
      for (const [protocol, bytes] of [
        ['43', [59, 0, 1, 4, 0, 0, 0, 0]],
        ['60', [59, 0, 1, 4, 0, 0, 0, 0]],
        ['135', [59, 0, 7, 0, 0xbd, 0x6e, 0, 0]],
        ['58', [133, 0, 0x7a, 0xbb, 0, 0, 0, 0]],
      ] as const) {
        expect(f[`${protocol} received`]).toMatchObject({
          bytes,
          source: LOOPBACK,
          destination: LOOPBACK,
          ifindex: 1,
          hopLimit: 33,
        });
        expect(f[`${protocol} received`].age).toBeLessThan(1000);
        expect(f[`${protocol} received`].age).toBeGreaterThan(-2);
      }
      expect(f['send failed'].reason).toMatch(/^send: Network is unreachable/);
    });

    test('netlink: dump, group notification, acknowledgement, strict checking', async () => {
      const f = await facts('netlink');
      expect(f['done 1']).toEqual({ links: 1, error: 0 });
      expect(f.notification).toEqual({ sequence: 0 });
      expect(f.ack.error).toBe(0);
      expect(f['done 3'].error).toBe(-22); // EINVAL: strict checking is on
    });

    test('netlink: lost notifications are told', async () => {
      const f = await facts('netlink overrun', { before: addressFlood });
      expect(f.lost?.reason).toMatch(/No buffer space/);
    });

    test('UDP over IPv6 and IPv4, with bound address, port, device and chosen source', async () => {
      const f = await facts('udp6');
      expect(f.ports.ports.slice(1)).toEqual([5353, 5354]);
      expect(f['loopback received']).toMatchObject({
        bytes: [1],
        source: LOOPBACK,
        port: f.ports.ports[0],
        ifindex: 1,
        hopLimit: 64,
      });
      expect(f['v4 received']).toMatchObject({
        bytes: [3],
        source: '0.0.0.0.0.0.0.0.0.0.255.255.127.0.0.7',
        hopLimit: 64,
      });
      expect(f['any received'].bytes).toHaveLength(65400);
      expect(f['any failed'].reason).toBe('send: too long');
    });

    test('packet sockets pass what the filter passes, once, and send link-layer frames', async () => {
      const f = await facts('packet');
      expect(f['packet received'].ifindex).toBe(1);
      expect(f['packet received'].bytes.slice(12, 15)).toEqual([0x86, 0xdd, 0x60]);
      expect(f['packet received'].bytes[20]).toBe(17);
      expect(f['60 received'].bytes).toEqual([59, 0, 1, 4, 0, 0, 0, 0]);
      expect(f.bad).toMatchObject({
        program: 'open: Invalid argument',
        empty: 'parameters of wrong length',
        device: 'needs a device',
      });
      expect(f.bad.missing).toMatch(/No such device/);
    });

    test('unix streams: listen, connect, echo, SENT, close from both sides', async () => {
      const f = await facts('unix');
      expect(f.accepted.user).toBe(0);
      expect(f.echoed).toEqual({ octets: 200005 });
      expect(f.sent).toEqual({});
      expect(f['server closed']).toEqual({});
      expect(f['client closed']).toBeUndefined();
      expect(f['second listener'].reason).toMatch(/Address already in use/);
      expect(f.after).toEqual({ exists: false, connect: 'open: No such file or directory' });
    });

    test('a stream whose peer does not read is dropped when its queue is full', async () => {
      // The listener's backlog accepts the connection; nobody ever reads.
      const f = await facts('slow peer', { before: listenAt('deaf') });
      expect(f['client failed']).toEqual({ reason: 'the peer is too slow' });
      expect(f['client closed']).toEqual({});
    });

    test('the number of sockets is bounded, and ids are used again', async () => {
      const f = await facts('many sockets');
      expect(f.first).toEqual({ accepted: 62, closed: 1, failures: ['too many sockets'] });
      expect(f.again).toEqual({ accepted: 124, closed: 1, failures: 1 });
    });

    test('paths: only directly in the run directory; a stale socket is replaced, a file is not', async () => {
      const { facts: f, runDirectory } = await scenario('paths', { variant, before: staleSocket });
      expect(new Set(Object.values(f.refused))).toEqual(
        new Set(['this path is not on the list', 'parameters of wrong length']),
      );
      expect(f.others).toEqual({
        file: 'open: Address already in use',
        stale: 'opened',
        ubus: 'open: No such file or directory',
      });
      expect(readFileSync(join(runDirectory, 'file'), 'utf8')).toBe('text');
    });

    test('what is not on the list is refused with a reason', async () => {
      const f = await facts('refusals');
      expect(f.refused).toEqual({
        protocol: 'this protocol is not on the list',
        types: 'ICMPv6, and nothing else, needs the types to pass',
        many: 'parameters of wrong length',
        inUse: 'open: Cannot assign requested address',
      });
      expect(f['raw failed'].reason).toMatch(/^send: not on this kind of socket/);
    });

    test('nft: output, errors, status; long input and output; nothing else', async () => {
      const f = await facts('run');
      expect(f.made).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(f.listed).toEqual({ status: 0, stdout: 'table inet kedge\n', stderr: '' });
      expect(f.wrong.status).toBe(1);
      expect(f.wrong.stderr).toMatch(/syntax error/);
      expect(f.large.octets).toBeGreaterThan(65536);
      expect(f.large).toMatchObject({ status: 0, stderr: '' });
      expect(f.ruleset).toEqual({ status: 0, elements: 2500, whole: true });
      expect(f['too long']).toEqual({ status: 126, stdout: '', stderr: 'the input is longer than 1 MiB' });
      for (const name of ['arguments', 'program'])
        expect(f[name]).toEqual({
          status: 126,
          stdout: '',
          stderr: 'not on the list of programs that may be run',
        });
      expect(f.after).toMatchObject({ status: 0 });
    });

    test('nft that is missing, hangs, dies, or says too much', async () => {
      const missing = await facts('run once', { options: ['--nft', '/nonexistent/nft'] });
      expect(missing.result).toMatchObject({
        status: 127,
        stderr: 'nft not found: install the package nftables',
      });
      const program = (text: string) => {
        const path = join(dirname(driverPath), `nft-${variant}-${text.length}`);
        writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
        return ['--nft', path, '--run-limit', '1'];
      };
      const hangs = await facts('run once', { options: program('echo before; sleep 30') });
      expect(hangs.result).toMatchObject({
        status: 124,
        stdout: 'before\n',
        stderr: 'killed: it ran longer than its time limit',
      });
      expect(hangs.result.took).toBeLessThan(1500);
      const dies = await facts('run once', { options: program('kill -9 $$') });
      expect(dies.result).toMatchObject({ status: 137 });
      const loud = await facts('run once', {
        options: program('trap "" XFSZ; while echo 0123456789abcdef0123456789abcdef; do :; done; exit 5'),
      });
      expect(loud.result.status).toBeGreaterThan(0);
      expect(loud.result.stdout.length).toBeLessThanOrEqual(1048576);
      const capable = await facts('run once', {
        options: program('cat; grep CapEff /proc/self/status; env'),
      });
      expect(capable.result.stdout).toMatch(/^list tables\nCapEff:\t0000000000001000\n/);
      expect(capable.result.stdout).toMatch(/PATH=/);
      expect(capable.result.stdout).not.toMatch(/HOME=/);
    });

    test('sysctls: those on the list, numbers only', async () => {
      const f = await facts('sysctl');
      const refused = 'not on the list of settings that may be written';
      expect(f.results).toEqual({
        'net/ipv6/conf/lo/accept_ra': 'written',
        'net/ipv6/conf/all/forwarding': 'written',
        'net/ipv4/ip_forward': 'written',
        'kernel/core_pattern': refused,
        'net/ipv6/conf/../../../kernel/panic': refused,
        'net/ipv6/conf/../forwarding': refused,
        'net/ipv6/conf/./forwarding': refused,
        'net/ipv6/conf//forwarding': refused,
        'net/ipv6/conf/lo/stable_secret': refused,
        'net/ipv6/conf/nosuch/forwarding': 'No such file or directory',
        'net/ipv6/conf/a b/mtu': 'No such file or directory',
        'net/ipv6/conf/long/forwarding': 'the name is too long',
      });
      expect(f.fraction.reason).toMatch(/not NAME=NUMBER/);
      expect(f.value).toEqual({ value: '1' });
    });

    test("SIGTERM, SIGINT and SIGHUP become frames; the exit code is the script's; the listener is removed", async () => {
      const {
        code,
        facts: f,
        stderr,
        runDirectory,
      } = await scenario('signals', {
        variant,
        onLine(line, signal) {
          if (line.includes('ready')) signal('SIGHUP');
          if (line.includes('signal 1"')) signal('SIGINT');
          if (line.includes('signal 2"')) signal('SIGTERM');
        },
      });
      expect({ code, stderr }).toEqual({ code: 17, stderr: '' });
      expect(f['signal 1']).toBeDefined();
      expect(existsSync(join(runDirectory, 'socket'))).toBe(false);
    });

    test('a script that does not end after SIGTERM is killed', async () => {
      for (const name of ['stubborn', 'busy']) {
        const outcome = await scenario(name, {
          variant,
          options: ['--grace', '1'],
          onLine: (line, signal) => line.includes('ready') && signal('SIGTERM'),
        });
        expect(outcome).toMatchObject({
          code: 125,
          stderr: 'kedged: the script did not end in time: killed\n',
        });
        expect(outcome.milliseconds).toBeLessThan(4000);
      }
    });

    test('the script dies with the helper', async () => {
      let pid = 0;
      const outcome = await scenario('busy', {
        variant,
        onLine(line, signal) {
          if (line.includes('"pid"')) pid = JSON.parse(line).pid;
          if (line.includes('ready')) signal('SIGKILL');
        },
      });
      expect(outcome.code).toBe(null);
      expect(pid).toBeGreaterThan(0);
      await expect.poll(() => isAlive(pid)).toBe(false);
    });

    test("exit codes: the script's, 128 + signal, an interpreter that is missing", async () => {
      expect(await scenario('exit code', { variant })).toMatchObject({ code: 42, stderr: '' });
      expect(await run(['send', 'exit:7'], { variant, driver: true })).toMatchObject({ code: 7, stderr: '' });
      const missing = await run(['x'], { variant, qjs: '/nonexistent/qjs' });
      expect(missing.code).toBe(127);
      expect(missing.stderr).toBe(
        'kedged: cannot start /nonexistent/qjs: No such file or directory: install QuickJS, or name it with --qjs\n',
      );
    });

    test('the script has no capability and no descriptor but the channel; the helper has two capabilities', async () => {
      const f = await facts('identity');
      expect(f.script).toMatchObject({
        CapEff: '0000000000000000',
        CapPrm: '0000000000000000',
        CapInh: '0000000000000000',
        CapAmb: '0000000000000000',
        NoNewPrivs: '1',
      });
      expect(f.script.fds.filter((name: string) => /^\d+$/.test(name)).slice(0, 4)).toEqual([
        '0',
        '1',
        '2',
        '3',
      ]);
      expect(f.helper).toMatchObject({
        CapEff: '0000000000003000',
        CapPrm: '0000000000003000',
        CapBnd: '0000000000003000',
        NoNewPrivs: '1',
      });
      expect(f.raw.reason).toBe('opened');
      expect(f.listen.reason).toBe('opened');
      if (variant === 'plain') expect(Number.parseInt(f.helper.VmRSS, 10)).toBeLessThan(1200);
    });

    test('--cli: no capability anywhere, and only unix connections', async () => {
      const f = await facts('identity', { options: ['--cli'], before: listenAt('socket') });
      for (const who of ['script', 'helper'])
        expect(f[who]).toMatchObject({
          CapEff: '0000000000000000',
          CapPrm: '0000000000000000',
          NoNewPrivs: '1',
        });
      expect(f.raw.reason).toBe('this kind of socket is not on the list');
      expect(f.listen.reason).toBe('this kind of socket is not on the list');
      expect(f.run).toEqual({
        status: 126,
        stdout: '',
        stderr: 'not on the list of programs that may be run',
      });
      expect(f.sysctl.reason).toMatch(/not on the list/);
      expect(f.ubus.reason).toBe('this path is not on the list');
      expect(f.connect.reason).toBe('opened');
    });

    test("while the script is deaf the kernel's queue bounds what waits, and nothing is reordered", async () => {
      const f = await facts('back-pressure');
      expect(f.received.ordered).toBe(true);
      expect(f.received.count).toBeGreaterThan(50);
    });

    test('the control socket: long answers, events, odd requests', async () => {
      const f = await facts('control');
      expect(f.bindings).toEqual({ lines: 20000, ordered: true });
      expect(f['events dropped'].dropped + f.events.events).toBe(5000);
      expect(f.events.events).toBeGreaterThan(500);
      expect(f['monitor gone']).toEqual({});
      expect(f['odd requests'].answers).toEqual([
        '{"error":"the request is no JSON object"}\n',
        '{"error":"the request is no JSON object"}\n',
        '{"error":"the request is too long"}\n',
      ]);
      expect(f.nobody.reason).toMatch(/No such file or directory/);
    });

    test('the system log gets severity, time, name and no control characters', async () => {
      const { facts: f, lines, code } = await scenario('syslog', { variant, before: syslogDaemon });
      expect(code).toBe(0);
      expect(f.fallback).toBeUndefined();
      expect(lines.join('\n')).toMatch(
        /^<28>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d kedge\[\d+\]: uplink\?lte is down$/,
      );
    });

    test('without a system log the lines go elsewhere', async () => {
      const f = await facts('syslog', { before: emptyDev });
      expect(f.fallback).toEqual({ level: 'warning', text: 'uplink?lte is down' });
    });
  });
}

test('files, atomically', async () => {
  const { facts: f, code } = await scenario('files');
  expect(code).toBe(0);
  const good = { ok: true };
  expect(f.files).toEqual({
    made: good,
    again: good,
    written: good,
    appended: good,
    read: { ok: true, value: 'Grüße €😀\nmore\n' },
    mode: '640',
    limit: { ok: false, reason: 'longer than 5 octets' },
    rewritten: good,
    reread: { ok: true, value: 'new' },
    names: ['f'],
    missing: { ok: false, reason: 'No such file or directory' },
    nowhere: { ok: false, reason: 'No such file or directory' },
    removed: good,
    gone: good,
  });
});

test('timers never fire early, and not when taken back', async () => {
  const { facts: f } = await scenario('timers');
  expect(f.timers.least).toBeGreaterThanOrEqual(0);
  expect(f.timers.fired).toBe(0);
});

test('a packet reaches the script at once', async () => {
  const { facts: f } = await scenario('latency');
  expect(f.latency.samples).toBe(100);
  expect(f.latency.median).toBeLessThan(1);
});

test('valgrind finds nothing', async () => {
  for (const name of ['raw6', 'unix', 'run', 'netlink', 'many sockets']) {
    const { code, stderr } = await scenario(name, { variant: 'valgrind' });
    expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
  }
  expect(await run(['send', 'ff000000', 'wait:500'], { variant: 'valgrind', driver: true })).toMatchObject({
    code: 125,
    stderr: 'kedged: broken frame from the script: type 255\n',
  });
}, 60000);

test('without privileges the helper says what it needs', () => {
  const { status, stderr } = spawnSync(
    'setpriv',
    process.getuid?.() === 0
      ? [
          '--reuid',
          '65534',
          '--regid',
          '65534',
          '--clear-groups',
          '--',
          join(dirname(driverPath), 'kedged'),
          '--',
          'x',
        ]
      : ['--', join(dirname(driverPath), 'kedged'), '--', 'x'],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({
    status: 125,
    stderr: 'kedged: needs CAP_NET_ADMIN and CAP_NET_RAW: start it as root or by its init script\n',
  });
});

test('a command line that makes no sense is refused in one line', () => {
  for (const [args, says] of [
    [['--nonsense'], /unrecognized option '--nonsense'/],
    [['--qjs'], /requires an argument/],
    [['--grace', '0'], /1 to 3600 seconds, not "0"/],
    [['--run-dir', 'here'], /takes an absolute path/],
  ] as const) {
    const { status, stderr } = spawnSync(join(dirname(driverPath), 'kedged'), args, { encoding: 'utf8' });
    expect(status).toBe(125);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
});
