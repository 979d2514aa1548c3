import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../../src/cli/arguments.ts';
import type { CommandHost } from '../../../src/cli/host.ts';
import { runCommand } from '../../../src/cli/run.ts';
import type { JsonObject } from '../../../src/engine/types.ts';
import { hexadecimal } from '../../../src/wire/layout/part.ts';
import { emitMobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { ROUTER, statusOf } from './sample.ts';

interface Outcome {
  readonly code: number;
  readonly output: string[];
  readonly errors: string[];
  readonly requests: JsonObject[];
}

/** Runs a command against a daemon that answers with `lines`, or cannot be reached. */
async function run(
  line: string,
  lines: readonly unknown[] | Error = [],
  parts: Partial<CommandHost> = {},
): Promise<Outcome> {
  const outcome = { output: [] as string[], errors: [] as string[], requests: [] as JsonObject[] };
  const host: CommandHost = {
    version: '0.1.0',
    isTerminal: false,
    width: 80,
    print: text => outcome.output.push(text),
    printError: text => outcome.errors.push(text),
    readFile: () => undefined,
    readOctets: () => 'No such file or directory',
    writeFile: () => 'Read-only file system',
    readLine: () => undefined,
    random: length => new Uint8Array(length),
    async request(runDirectory, request, onLine) {
      expect(runDirectory).toBe('/run/kedge');
      outcome.requests.push(request);
      if (lines instanceof Error) throw lines;
      for (const answer of lines) onLine(answer as JsonObject);
    },
    daemon: async () => 7,
    ...parts,
  };
  const code = await runCommand(line.split(' '), host);
  return { code, ...outcome };
}

const STATUS = statusOf({ mobileRouter: ROUTER });

test('version and help need no daemon', async () => {
  expect(await run('version', new Error())).toMatchObject({ code: 0, output: ['kedge 0.1.0'], requests: [] });
  const help = await run('help', new Error());
  expect(help).toMatchObject({ code: 0, requests: [] });
  expect(help.output[0]).toMatch(/^usage: kedge/);
});

test('wrong usage: exit status 2, nothing on standard output', async () => {
  expect(await run('stauts')).toEqual({
    code: 2,
    output: [],
    errors: ["kedge: unknown command 'stauts'; did you mean 'status'?", "Try 'kedge help'."],
    requests: [],
  });
});

test('daemon: runs it with the options, and passes its exit status on', async () => {
  let seen: Invocation | undefined;
  const daemon = async (invocation: Invocation) => {
    seen = invocation;
    return 7;
  };
  expect((await run('daemon --config /c --run-dir /r --state-dir /s', [], { daemon })).code).toBe(7);
  expect(seen).toEqual({
    command: { name: 'daemon' },
    config: '/c',
    runDirectory: '/r',
    stateDirectory: '/s',
  });
});

describe('status', () => {
  test('for people', async () => {
    const { code, output, errors, requests } = await run('status', [{ ok: true, result: STATUS }]);
    expect([code, errors, requests]).toEqual([0, [], [{ command: 'status' }]]);
    expect(output).toContain('Mobile router van: traffic uses lte');
  });

  test('on a terminal it has colour', async () => {
    const { output } = await run('status', [{ ok: true, result: STATUS }], { isTerminal: true });
    expect(output).toContain('\x1b[1mMobile router van: traffic uses lte\x1b[0m');
  });

  test('as JSON', async () => {
    const { output } = await run('status --json', [{ ok: true, result: STATUS }], { isTerminal: true });
    expect(JSON.parse(output.join('\n'))).toEqual(STATUS);
  });

  test.each([
    [
      'no daemon',
      new Error('/run/kedge/control: no such file'),
      'the daemon cannot be asked: /run/kedge/control: no such file',
    ],
    ['no answer', [], 'the daemon gave no answer'],
    ['an error', [{ ok: false, error: 'busy' }], 'busy'],
    ['an error without ok', [{ error: 'too many\nconnections' }], 'too many?connections'],
    [
      'an answer without sense',
      [{ hello: 1 }],
      "the daemon's answer is not understood: is it of another version?",
    ],
    [
      'an answer of another version',
      [{ ok: true, result: { mobileRouter: 1 } }],
      "the daemon's answer is not understood: is it of another version?",
    ],
    [
      'an answer without a result',
      [{ ok: true }],
      "the daemon's answer is not understood: is it of another version?",
    ],
  ])('%s: exit status 1 and a reason', async (_, lines, reason) => {
    expect(await run('status', lines)).toMatchObject({ code: 1, output: [], errors: [`kedge: ${reason}`] });
  });
});

test('bindings asks for the status', async () => {
  const { code, output, requests } = await run('bindings', [{ ok: true, result: STATUS }]);
  expect([code, requests, output.length]).toEqual([0, [{ command: 'status' }], 3]);
});

test('diff', async () => {
  const result = { changes: [{ action: 'add', kind: 'rule', text: 'from all lookup 7100' }] };
  expect(await run('diff', [{ ok: true, result }])).toMatchObject({
    code: 0,
    output: ['+ rule from all lookup 7100'],
    requests: [{ command: 'diff' }],
  });
  expect(JSON.parse((await run('diff --json', [{ ok: true, result }])).output[0]!)).toEqual(result);
});

test('prefer', async () => {
  expect(await run('prefer lte', [{ ok: true, result: {} }])).toEqual({
    code: 0,
    output: [],
    errors: [],
    requests: [{ command: 'prefer', uplink: 'lte', router: null }],
  });
  expect((await run('prefer --none', [{ ok: true, result: {} }])).requests).toEqual([
    { command: 'prefer', uplink: null, router: null },
  ]);
  expect((await run('home-agent 2001:db8::1', [{ ok: true, result: {} }])).requests).toEqual([
    { command: 'home_agent', address: '2001:db8::1', router: null },
  ]);
  expect((await run('home-agent --first', [{ ok: true, result: {} }])).requests).toEqual([
    { command: 'home_agent', address: null, router: null },
  ]);
  expect(await run('prefer x', [{ ok: false, error: "there is no uplink 'x'" }])).toMatchObject({
    code: 1,
    errors: ["kedge: there is no uplink 'x'"],
  });
});

test('call: a method with its arguments', async () => {
  const answer = { bindings: [] };
  const { code, output, requests } = await run('call prefer { "uplink": "lte" }', [
    { ok: true, result: answer },
  ]);
  expect({ code, requests }).toEqual({
    code: 0,
    requests: [{ command: 'prefer', uplink: 'lte' }],
  });
  expect(JSON.parse(output.join(''))).toEqual(answer);
  expect((await run('call status', [{ ok: true, result: {} }])).requests).toEqual([{ command: 'status' }]);
});

test('reload says what is wrong with the configuration', async () => {
  const fault = { line: 3, message: 'no' };
  const wrong = await run('reload', [{ ok: true, result: { faults: [fault], warnings: [fault] } }]);
  expect(wrong).toMatchObject({
    code: 1,
    errors: [
      '/etc/config/kedge:3: no',
      '/etc/config/kedge:3: no (warning)',
      'kedge: 1 fault: the running configuration stays',
    ],
  });
  const right = await run('reload', [{ ok: true, result: { faults: [], warnings: [] } }]);
  expect(right).toEqual({ code: 0, output: [], errors: [], requests: [{ command: 'reload' }] });
  expect(await run('reload', [{ ok: true, result: {} }])).toMatchObject({ code: 1 });
});

describe('monitor', () => {
  const event = { time: 0, level: 'notice', name: 'uplink-lost', text: 'lte is gone', data: {} };

  test('prints events until the daemon ends', async () => {
    expect(await run('monitor', [{ ok: true }, { event }, { event }])).toEqual({
      code: 1,
      output: Array(2).fill('1970-01-01T00:00:00.000Z uplink-lost: lte is gone'),
      errors: ['kedge: the daemon has ended'],
      requests: [{ command: 'monitor' }],
    });
  });

  test('as JSON: a line an event', async () => {
    const { output } = await run('monitor --json', [{ event }, { event }], { isTerminal: true });
    expect(output.map(line => JSON.parse(line))).toEqual([event, event]);
  });

  test('says why it cannot', async () => {
    expect((await run('monitor', [{ error: 'too many connections' }])).errors).toEqual([
      'kedge: too many connections',
    ]);
    expect((await run('monitor', [{ event: { time: 'x' } }])).errors).toEqual([
      "kedge: the daemon's answer is not understood: is it of another version?",
    ]);
  });
});

describe('check', () => {
  const agent = "config home_agent 'a'\n\toption address '2001:db8::1'\n";
  const files: Record<string, string> = {
    '/etc/config/kedge': `${agent}config peer 'p'\n\toption home_address '2001:db8:1::1'\n\toption spi 300\n\toption key_file /key\n`,
    '/key': 'a key of 24 characters!!\n',
    '/bad': `${agent}\toption probe 'often'\n\toption x 1\n`,
    '/lonely': agent,
  };
  const readFile = (path: string) => files[path];

  test('a configuration in order, with its key file', async () => {
    expect(await run('check', new Error(), { readFile })).toEqual({
      code: 0,
      output: ['/etc/config/kedge: in order'],
      errors: [],
      requests: [],
    });
  });

  test('another file with faults: all of them, and exit status 1', async () => {
    const { code, output, errors } = await run('check /bad', [], { readFile });
    expect([code, output]).toEqual([1, []]);
    expect(errors).toEqual([
      "/bad:3: home_agent 'a': 'probe' is 'often': expected 'fast' or 'normal' or 'saver'",
      expect.stringMatching(
        /^\/bad:4: home_agent 'a': unknown option 'x'; expected one of enabled, address, /,
      ),
      "/bad:1: home_agent 'a': no enabled peer section: nobody can register (warning)",
      'kedge: 2 faults: this configuration would not be used',
    ]);
  });

  test('a warning alone is no failure', async () => {
    const { code, errors } = await run('check --config /lonely', [], { readFile });
    expect([code, errors.length]).toEqual([0, 1]);
  });

  test('no file', async () => {
    expect(await run('check /none', [], { readFile })).toMatchObject({
      code: 1,
      errors: ['kedge: cannot read /none'],
    });
  });
});

test('decode in the dialect of a section of the configuration', async () => {
  const option = { kind: 'opaque', type: 200, data: Uint8Array.of(0, 7, 3, 0) } as const;
  const address = new Uint8Array(16).fill(0x20);
  const message = { kind: 'binding-refresh-request', options: [option] } as const;
  const packet = hexadecimal(emitMobilityPacket({ source: address, destination: address, message }));
  const config = (number: number) => ({
    readFile: () => `config dialect 'monami6'\n\toption monami6_binding_identifier '${number}'\n`,
  });
  const inDialect = await run(`decode --dialect monami6 ${packet}`, [], config(200));
  expect(inDialect.output).toContainEqual(expect.stringMatching(/^ {6}BID: 7 +.*multiplecoa-00 §4.3.1$/));
  const standard = await run(`decode ${packet}`);
  expect(standard.output).toContainEqual(expect.stringMatching(/mobility option 200: 00070300/));
  expect(await run(`decode --dialect nemo ${packet}`, [], config(200))).toMatchObject({
    code: 1,
    errors: ["kedge: /etc/config/kedge has no dialect section 'nemo'"],
  });
  const taken = await run(`decode --dialect monami6 ${packet}`, [], config(35));
  expect(taken).toMatchObject({
    code: 1,
    errors: [expect.stringMatching(/mobility option 35 is assigned by IANA/)],
  });
});
