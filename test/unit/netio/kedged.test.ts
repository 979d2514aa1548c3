import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
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
  '(until [ -e $RUN/ready ]; do sleep 0.02; done; ip -6 -batch $RUN.batch; touch $RUN/done) &';
const FLOOD = 1000;
const flood = `(sleep 0.4; ${driverPath} flood ${FLOOD}) &`;
const passDescriptors = `${driverPath} pass "$RUN/socket" 300 & ulimit -n 200;`;
const syslogDaemon = `${emptyDev} ${driverPath} syslogd /dev/log & sleep 0.1;`;

for (const variant of ['plain', 'asan'] as const satisfies Variant[]) {
  describe(`kedged (${variant})`, () => {
    async function facts(name: string, how: RunOptions = {}) {
      const { code, stderr, facts } = await scenario(name, { variant, ...how });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return facts;
    }

    test('raw sockets receive protocols 43, 60, 135, with addresses and device', async () => {
      const f = await facts('raw6');
      for (const [protocol, bytes] of [
        ['43', [59, 0, 1, 4, 0, 0, 0, 0]],
        ['60', [59, 0, 1, 4, 0, 0, 0, 0]],
        ['135', [59, 0, 7, 0, 0xbd, 0x6e, 0, 0]],
      ] as const) {
        expect(f[`${protocol} received`]).toEqual({
          bytes,
          source: LOOPBACK,
          destination: LOOPBACK,
          ifindex: 1,
          hopLimit: 33,
        });
      }
      expect(f['send failed'].reason).toMatch(/^send: Network is unreachable/);
    });

    test('[RFC 6275 §6.3, §6.4] behind the headers of mobility signalling alone reaches the script, whatever else passes there', async () => {
      const { passed } = await facts('signalling only');
      expect(passed[60]).toEqual(['mobility header', 'prefix solicitation', 'routed mobility header']);
      expect(passed[43]).toEqual(['mobility header', 'optional mobility header', 'prefix solicitation']);
    });

    test('an ICMPv6 socket receives the types that it asked for, with their hop limit, and no others may be asked for', async () => {
      const f = await facts('icmpv6');
      expect(f['icmpv6 received']).toMatchObject({ source: LOOPBACK, ifindex: 1, hopLimit: 33 });
      expect(f['icmpv6 received'].bytes[0]).toBe(145);
      expect(f.echo.answer).toMatch('not on the list');
    });

    test('[RFC 8415 §7.2] a DHCPv6 socket receives the datagrams to its address and port, beside those of others', async () => {
      const f = await facts('dhcpv6');
      expect(f['dhcpv6 received']).toMatchObject({ source: LOOPBACK, destination: LOOPBACK, ifindex: 1 });
      expect(f['dhcpv6 received'].bytes).toEqual([1, 2]);
      expect(f['all received']).toBeUndefined();
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

    test("a stream to ubusd's socket, wherever --ubus says it is", async () => {
      const options = ['--ubus', `${RUN_DIRECTORY}/socket`];
      const { facts: f } = await scenario('ubus', { variant, options });
      expect(f.before).toEqual({ reason: 'open: No such file or directory' });
      expect(f['client received'].bytes).toEqual([1, 2, 3]);
      expect(f.sent).toEqual({ octets: 3_000_000, ends: 0 });
      expect(f['too much']).toEqual({ ends: 1 });
    });

    test('a stream whose peer does not read is dropped when its queue is full', async () => {
      // The listener's backlog accepts the connection; nobody ever reads.
      const f = await facts('slow peer', { before: listenAt('deaf') });
      expect([f.little, f.much]).toEqual([{ sent: 1 }, { sent: 1 }]);
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
        new Set(['not on the list of sockets that may be opened']),
      );
      expect(f.others).toEqual({
        file: 'open: Address already in use',
        stale: 'opened',
      });
      expect(readFileSync(join(runDirectory, 'file'), 'utf8')).toBe('text');
    });

    test('what is not on the list is refused with a reason', async () => {
      const f = await facts('refusals');
      expect(f.refused).toEqual({
        protocol: 'not on the list of sockets that may be opened',
        everything: 'not on the list of sockets that may be opened',
      });
      expect(f['raw failed'].reason).toBe('send: Operation not supported');
    });

    test('nft: output, errors, status; long input and output', async () => {
      const f = await facts('run');
      expect(f.made).toEqual({ status: 0, text: '' });
      expect(f.listed).toEqual({ status: 0, text: 'table inet kedge\n' });
      expect(f.wrong.status).toBe(1);
      expect(f.wrong.text).toMatch(/syntax error/);
      expect(f.large.octets).toBeGreaterThan(65536);
      expect(f.large).toMatchObject({ status: 0, text: '' });
      expect(f.set).toEqual({ status: 0, first: true, octets: 65532 - 4 });
      expect(f['too long']).toEqual({ status: 126, text: 'the input is longer than 1 MiB' });
      expect(f.after).toMatchObject({ status: 0 });
    });

    test('nft that is missing, hangs, dies, or says too much', async () => {
      const missing = await facts('run once', { options: ['--nft', '/nonexistent/nft'] });
      expect(missing.result).toMatchObject({
        status: 127,
        text:
          'kedged: cannot start /nonexistent/nft: No such file or directory: ' +
          'install nftables, or name it with --nft\n',
      });
      const program = (text: string) => {
        const path = join(dirname(driverPath), `nft-${variant}-${text.length}`);
        writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
        return ['--nft', path];
      };
      const limited = await facts('run once', { options: program(`exec ${driverPath} alarm`) });
      expect(['10\n', '9\n']).toContain(limited.result.text);
      const hangs = await facts('run once', { options: program('echo before; kill -ALRM $$; sleep 30') });
      expect(hangs.result).toMatchObject({
        status: 142,
        text: 'before\nkilled: it ran longer than 10 seconds\n',
      });
      const dies = await facts('run once', { options: program('kill -9 $$') });
      expect(dies.result).toMatchObject({ status: 137 });
      const loud = await facts('run once', {
        options: program('trap "" XFSZ; while echo 0123456789abcdef0123456789abcdef; do :; done; exit 5'),
      });
      expect(loud.result.status).toBe(5);
      expect(loud.result.text).toHaveLength(65532 - 4);
      const capable = await facts('run once', {
        options: program('cat; grep CapEff /proc/self/status; env'),
      });
      expect(capable.result.text).toMatch(/^list tables\nCapEff:\t0000000000001000\n/);
      expect(capable.result.text).toMatch(/PATH=/);
      expect(capable.result.text).not.toMatch(/HOME=/);
    });

    test('sysctls: those on the list, numbers only', async () => {
      const f = await facts('sysctl');
      const refused = 'not on the list of settings that may be written';
      expect(f.results).toEqual({
        'net/ipv6/conf/lo/accept_ra': 'written',
        'net/ipv6/conf/lo/proxy_ndp': 'written',
        'net/ipv6/conf/all/forwarding': 'written',
        'kernel/core_pattern': refused,
        'net/ipv6/conf/../../../kernel/panic': refused,
        'net/ipv6/conf/../forwarding': refused,
        'net/ipv6/conf/./forwarding': refused,
        'net/ipv6/conf//forwarding': refused,
        'net/ipv6/conf/lo/stable_secret': refused,
        'net/ipv6/conf/nosuch/forwarding': 'No such file or directory',
        'net/ipv6/conf/a b/forwarding': 'No such file or directory',
        'net/ipv6/conf/long/forwarding': refused,
      });
      expect(f.value).toEqual({ value: '2' });
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
      const killed = async (name: string) => {
        const outcome = await scenario(name, {
          variant,
          onLine: (line, signal) => line.includes('ready') && signal('SIGTERM'),
        });
        expect(outcome).toMatchObject({
          code: 125,
          stderr: 'kedged: the script did not end in time: killed\n',
        });
        expect(outcome.milliseconds).toBeGreaterThan(4900);
      };
      await Promise.all(['stubborn', 'busy'].map(killed));
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

    test('the script has no capability and no descriptors but the channels; the helper has two capabilities', async () => {
      const f = await facts('identity');
      expect(f.script).toMatchObject({
        CapEff: '0000000000000000',
        CapPrm: '0000000000000000',
        CapInh: '0000000000000000',
        CapAmb: '0000000000000000',
        NoNewPrivs: '1',
      });
      expect(f.script.fds.filter((name: string) => /^\d+$/.test(name)).slice(0, 5)).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
      ]);
      expect(f.helper).toMatchObject({
        CapEff: '0000000000003400',
        CapPrm: '0000000000003400',
        CapBnd: '0000000000003400',
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
      expect(f.raw.reason).toBe('not on the list of sockets that may be opened');
      expect(f.listen.reason).toBe('not on the list of sockets that may be opened');
      expect(f.ubus.reason).toBe('not on the list of sockets that may be opened');
      expect(f.run).toEqual({ status: 126, text: 'nft may not be run with --cli' });
      expect(f.sysctl.reason).toMatch(/not on the list/);
      expect(f.outside.reason).toBe('not on the list of sockets that may be opened');
      expect(f.connect.reason).toBe('opened');
    });

    test("while the script is deaf the kernel's queue bounds what waits; nothing is reordered, no socket starves", async () => {
      const f = await facts('flood', { before: flood });
      expect(f.received.ordered).toBe(true);
      expect(f.received.count).toBeGreaterThan(10);
      expect(f.received.count).toBeLessThan(FLOOD);
      expect(f.received.before).toBeGreaterThanOrEqual(0);
      expect(f.received.before).toBeLessThan(f.received.count - 5);
    });

    test('HMAC: the digests are right, and kedged computes them', async () => {
      const f = await facts('hmac');
      expect(f.vectors).toEqual({ wrong: [], asked: true });
      expect(f['4078']).toEqual({ right: true, asked: true });
      expect(f['4079']).toEqual({ right: true, asked: true });
    });

    test('HMAC with --cli: the script computes them', async () => {
      const f = await facts('hmac', { options: ['--cli'] });
      expect(f.vectors).toEqual({ wrong: [], asked: false });
    });

    test('HMAC: a script that reads no frames gets its answers', async () => {
      const f = await facts('hmac in a flood', { before: flood });
      expect(f.vectors).toMatchObject({ wrong: 0, asked: true });
      expect(f.vectors.most).toBeLessThan(1000);
    });

    test('HMAC: a helper that does not answer holds the script up once, for a second', async () => {
      const f = await facts('hmac of a stopped helper', {
        onLine(line, signal) {
          if (line.includes('ready')) signal('SIGSTOP');
          if (line.includes('vectors')) signal('SIGCONT');
        },
      });
      expect(f.vectors).toMatchObject({ wrong: [], asked: false });
      expect(f.vectors.milliseconds).toBeGreaterThan(900);
      expect(f.vectors.milliseconds).toBeLessThan(1900);
    });

    test('descriptors that a client passes are not kept', async () => {
      const f = await facts('passed descriptors', { before: passDescriptors });
      expect(f.octets).toEqual({ octets: 300 });
      expect(f.another.reason).toBe('opened');
    });

    test('the control socket: long answers, events, odd requests', async () => {
      const f = await facts('control');
      expect(f.bindings).toEqual({ lines: 20000, ordered: true });
      expect(f['one line']).toEqual({ whole: true });
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
  for (const name of ['raw6', 'unix', 'run', 'netlink', 'many sockets', 'hmac']) {
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
    stderr:
      'kedged: needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE: start it as root or by its init script\n',
  });
});

test('a command line that makes no sense is refused in one line', () => {
  for (const [args, says] of [
    [['--nonsense'], /unrecognized option '--nonsense'/],
    [['--qjs'], /requires an argument/],
    [['--run-dir', 'here'], /takes an absolute path/],
  ] as const) {
    const { status, stderr } = spawnSync(join(dirname(driverPath), 'kedged'), args, { encoding: 'utf8' });
    expect(status).toBe(125);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
});

test('whatever the script says, the helper ends in an orderly way', async () => {
  const firstSeed = Number(process.env.FUZZ_SEED ?? 1);
  for (let seed = firstSeed; seed < firstSeed + 150; seed++) {
    const { code, stderr } = await run(['fuzz', `${seed}`], { variant: 'asan', driver: true });
    const broken = code === 125 && /^kedged: broken frame from the script: [ -~]+\n$/.test(stderr);
    expect({ seed, code, stderr, fine: broken || (code === 0 && stderr === '') }).toMatchObject({
      fine: true,
    });
  }
}, 60000);

test.each([
  ['a type that is not', ['ff000000'], 'type 255'],
  ['a frame that is too short', ['0100'], '2 octets'],
  ['a frame that is too long', ['huge'], '65537 octets'],
  ['an OPEN without a kind', ['01000100'], 'cannot open as socket 1'],
  ['an OPEN of an id in use', ['0100010002', '0100010002'], 'cannot open as socket 1'],
  ["an OPEN of an id that is the helper's", ['0100400002'], 'cannot open as socket 64'],
  ['a SEND to nobody', ['02000100'], 'socket 1 is not open'],
  ['a CLOSE far out', ['0300ffff'], 'socket 65535 is not open'],
  ['a setting without a value', ['05000100aa'], 'setting of 1 octets'],
])('%s ends the helper', async (_, frames, says) => {
  const outcome = await run(['send', ...frames, 'wait:3000'], { variant: 'asan', driver: true });
  expect(outcome).toMatchObject({ code: 125, stderr: `kedged: broken frame from the script: ${says}\n` });
});

test.each([
  ['no key and no data', '0100', 'fbdb1d1b18aa6c08324b7d64b71fb76370690e1d'],
  ['SHA-256', '0200', 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'],
  ['a key of a block', `0140${'aa'.repeat(64)}`, createHmac('sha1', Buffer.alloc(64, 0xaa)).digest('hex')],
  ['as much as there may be', '+4096', createHmac('sha1', '').update(Buffer.alloc(4094)).digest('hex')],
])('a request for an HMAC: %s', async (_, request, digest) => {
  const outcome = await run(['send', `hmac:${request}`, `hmac:${request}`], {
    variant: 'asan',
    driver: true,
  });
  expect(outcome).toMatchObject({ code: 0, stderr: '', lines: [digest, digest] });
});

test.each([
  ['too short', '01', 1],
  ['of no algorithm', '0000', 2],
  ['of an algorithm that is not', '0300', 2],
  ['with a key that is longer than the request', '0102aa', 3],
  ['with a key that is longer than a block', `0141${'aa'.repeat(65)}`, 67],
  ['too long', '+4097', 4097],
])('a request for an HMAC that is %s ends the helper', async (_, request, octets) => {
  const outcome = await run(['send', `hmac:${request}`, 'wait:3000'], { variant: 'asan', driver: true });
  const says = `kedged: broken frame from the script: HMAC of ${octets} octets\n`;
  expect(outcome).toMatchObject({ code: 125, stderr: says });
});

test('a second helper does not start in the run directory of another, but takes over from one that ends', async () => {
  const elsewhere = `exec 9< "$RUN"; flock -n 9; sleep`;
  const held = (seconds: number) => `mkdir -p "$RUN"; (${elsewhere} ${seconds}) & sleep 0.2;`;
  const refused = await run(['send', 'wait:10'], { driver: true, before: held(6) });
  expect(refused).toMatchObject({ code: 125 });
  expect(refused.stderr).toMatch(/^kedged: cannot have .* for itself: another kedged runs there\n$/);
  expect(await run(['send', 'wait:10'], { driver: true, before: held(1) })).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test('a second program while one runs ends the helper', async () => {
  const slow = join(dirname(driverPath), 'nft-slow');
  writeFileSync(slow, '#!/bin/sh\nexec sleep 30\n', { mode: 0o755 });
  const frames = ['0400010020', '0400010020'];
  const outcome = await run(['send', ...frames, 'wait:3000'], {
    variant: 'asan',
    driver: true,
    options: ['--nft', slow],
  });
  expect(outcome).toMatchObject({
    code: 125,
    stderr: 'kedged: broken frame from the script: nft runs already\n',
  });
});

test('a script that closes its end and stays is killed', async () => {
  const outcome = await run(['send', 'close'], { driver: true });
  expect(outcome).toMatchObject({ code: 125, stderr: 'kedged: the script did not end in time: killed\n' });
});
