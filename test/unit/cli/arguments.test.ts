import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_CONFIG,
  DEFAULT_RUN_DIR,
  DEFAULT_STATE_DIR,
  parseArguments,
} from '../../../src/cli/arguments.ts';
import { USAGE } from '../../../src/cli/usage.ts';

const parse = (line: string) => {
  const parsed = parseArguments(line.split(' ').filter(word => word !== ''));
  return parsed.ok ? parsed.invocation : parsed.problem;
};

describe('a command line in order', () => {
  test.each([
    ['daemon', { name: 'daemon' }],
    ['check', { name: 'check', file: undefined }],
    ['check /tmp/kedge', { name: 'check', file: '/tmp/kedge' }],
    ['status', { name: 'status', json: false }],
    ['status --json', { name: 'status', json: true }],
    ['--json status', { name: 'status', json: true }],
    ['bindings', { name: 'bindings' }],
    ['monitor', { name: 'monitor', json: false }],
    ['flows', { name: 'flows', node: undefined, json: false }],
    ['flows van --json', { name: 'flows', node: 'van', json: true }],
    [
      'why ::1 ::2 udp 53',
      { name: 'why', packet: { source: '::1', destination: '::2', protocol: 17, port: 53 }, json: false },
    ],
    ['why ::1 ::2', { name: 'why', packet: { source: '::1', destination: '::2' }, json: false }],
    ['diff --json', { name: 'diff', json: true }],
    ['prefer lte', { name: 'prefer', uplink: 'lte' }],
    ['prefer --none', { name: 'prefer', uplink: undefined }],
    ['prefer lte --router van', { name: 'prefer', uplink: 'lte', router: 'van' }],
    ['home-agent --first --router=van', { name: 'home-agent', address: undefined, router: 'van' }],
    ['home-agent 2001:db8::1', { name: 'home-agent', address: '2001:db8::1' }],
    ['home-agent --first', { name: 'home-agent', address: undefined }],
    ['version', { name: 'version' }],
    ['--version', { name: 'version' }],
    ['help', { name: 'help' }],
    ['status --help', { name: 'help' }],
    ['-h', { name: 'help' }],
  ])('%s', (line, command) => {
    expect(parse(line)).toEqual({
      command,
      config: DEFAULT_CONFIG,
      runDirectory: DEFAULT_RUN_DIR,
      stateDirectory: DEFAULT_STATE_DIR,
    });
  });

  test.each([
    ['--config /a --run-dir /b daemon', '/a', '/b', DEFAULT_STATE_DIR],
    ['daemon --config=/a --run-dir=/b=c --state-dir=/d', '/a', '/b=c', '/d'],
  ])('%s', (line, config, runDirectory, stateDirectory) => {
    expect(parse(line)).toEqual({ command: { name: 'daemon' }, config, runDirectory, stateDirectory });
  });
});

test.each([
  ['', 'no command given'],
  ['stauts', "unknown command 'stauts'; did you mean 'status'?"],
  ['frobnicate', "unknown command 'frobnicate'"],
  ['status lte', "unexpected argument 'lte' after 'status'"],
  ['check a b', "unexpected argument 'b' after 'check'"],
  ['status --jsn', "'status' has no option --jsn"],
  ['bindings --json', "'bindings' has no option --json"],
  ['daemon --none', "'daemon' has no option --none"],
  ['prefer', "'prefer' needs the name of an uplink, or --none"],
  ['prefer lte --none', "'prefer' needs the name of an uplink, or --none"],
  ['home-agent', "'home-agent' needs the address of a home agent, or --first"],
  ['home-agent ::1 --first', "'home-agent' needs the address of a home agent, or --first"],
  ['home-agent --none', "'home-agent' has no option --none"],
  ['status --config', '--config needs a path'],
  ['status --run-dir=', '--run-dir needs a path'],
  ['decode', "'decode' needs the octets of a packet, or a capture file"],
  ['call', "'call' needs the name of a method"],
  ['call status {', "'call' takes the arguments of status as one JSON object, not {"],
  ['call status []', "'call' takes the arguments of status as one JSON object, not []"],
  ['reload now', "unexpected argument 'now' after 'reload'"],
  ['decode 60 --none', "'decode' has no option --none"],
  ['decode 60 --dialect=', '--dialect needs a name'],
  ['status --dialect x', "'status' has no option --dialect"],
  ['decode 60 --router x', "'decode' has no option --router"],
  ['prefer lte --router', '--router needs a name'],
])('wrong usage: %s', (line, problem) => {
  expect(parse(line)).toBe(problem);
});

test('decode takes octets in groups, and a dialect', () => {
  expect(parse('decode --json 6000 0000 --dialect monami6')).toMatchObject({
    command: { name: 'decode', source: '6000 0000', json: true, dialect: 'monami6' },
  });
});

test('any arguments give an invocation or a problem', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('status', 'prefer', '--json', '--none', '--config', '--run-dir='),
  );
  fc.assert(
    fc.property(fc.array(word), argv => {
      const parsed = parseArguments(argv);
      expect(parsed.ok || parsed.problem.length > 0).toBe(true);
    }),
  );
});

test('the usage names every command and fits a terminal', () => {
  for (const name of [
    'daemon',
    'check',
    'status',
    'bindings',
    'monitor',
    'diff',
    'prefer',
    'home-agent',
    'decode',
    'reload',
    'call',
    'version',
    'help',
  ]) {
    expect(USAGE).toMatch(new RegExp(`^  ${name}`, 'm'));
  }
  for (const line of USAGE.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
