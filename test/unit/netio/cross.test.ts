/** The helper for other machines than this one: routers are MIPS and ARM. */
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepare, RUN_DIRECTORY, run } from './harness.ts';

const directory = mkdtempSync(join(tmpdir(), 'kedged-'));
afterAll(() => rmSync(directory, { recursive: true }));

// The Makefile makes errors of warnings.
test.each(['mips-linux-gnu', 'mipsel-linux-gnu', 'arm-linux-gnueabihf', 'aarch64-linux-gnu'])(
  'compiles for %s without a warning',
  target => {
    const output = join(directory, target);
    const words = ['-s', '-C', 'src/netio', `OUT=${output}`, `CC=${target}-gcc`];
    expect(execFileSync('make', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('');
  },
);

test('speaks on big-endian MIPS', () => {
  const help = execFileSync('qemu-mips-static', [join(directory, 'mips-linux-gnu/kedged'), '--help'], {
    encoding: 'utf8',
  });
  expect(help).toMatch(/^usage: kedged/);
});

describe('the frames of a helper for big-endian MIPS', () => {
  beforeAll(prepare, 60_000);

  async function facts(name: string) {
    const { code, stderr, facts } = await run([name, RUN_DIRECTORY], { variant: 'mips' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return facts;
  }

  test('streams, with what they carry', async () => {
    const f = await facts('unix');
    expect(f.echoed).toEqual({ octets: 200_005 });
    expect(f['second listener'].reason).toMatch(/Address already in use/);
  });

  test('programs, with their input and output', async () => {
    const f = await facts('run');
    expect(f.listed).toEqual({ status: 0, text: 'table inet kedge\n' });
    expect(f['too long']).toEqual({ status: 126, text: 'the input is longer than 1 MiB' });
  });

  test('HMACs', async () => {
    expect((await facts('hmac')).vectors).toEqual({ wrong: [], asked: true });
    const request = `0240${'aa'.repeat(64)}`;
    const { lines } = await run(['send', `hmac:${request}`], { variant: 'mips', driver: true });
    expect(lines).toEqual([createHmac('sha256', Buffer.alloc(64, 0xaa)).digest('hex')]);
  });

  test('refusals', async () => {
    const notOnTheList = 'not on the list of sockets that may be opened';
    expect((await facts('refusals')).refused).toEqual({ protocol: notOnTheList, everything: notOnTheList });
  });

  test.each([
    ['a type that is not', ['ff000000'], 'type 255'],
    ['a frame that is too short', ['0100'], '2 octets'],
    ['an OPEN of an id in use', ['0100010002', '0100010002'], 'cannot open as socket 1'],
    ['a SEND to nobody', ['02000100'], 'socket 1 is not open'],
    ['a request for an HMAC of no algorithm', ['hmac:0000'], 'HMAC of 2 octets'],
  ])('%s ends it', async (_, frames, says) => {
    const outcome = await run(['send', ...frames, 'wait:3000'], { variant: 'mips', driver: true });
    expect(outcome).toMatchObject({ code: 125, stderr: `kedged: broken frame from the script: ${says}\n` });
  });
});
