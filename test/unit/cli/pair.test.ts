import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandHost } from '../../../src/cli/host.ts';
import { runCommand } from '../../../src/cli/run.ts';
import { loadConfig } from '../../../src/uci/config.ts';

const KEY = `0x${'5a'.repeat(32)}\n`;
const ANCHOR = `config home_agent 'anchor'
	option address '2001:db8:a::1'

config peer 'van'
	option home_address '2001:db8:f00::1'
	list prefix '2001:db8:f00::/56'
	option spi '300'
	option key_file '/etc/kedge/van.key'
`;
/** As the kernel writes it: default routes by eth1 and wwan0, one of them twice; a tunnel of ours; what is unreachable. */
const ROUTES = `20010db8000a00000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth1
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000003 00000000 00000003     wwan0
00000000000000000000000000000000 00 20010db8000b00000000000000000000 40 fe800000000000000000000000000001 00000200 00000003 00000000 00000003     eth1.7
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000002 00000500 00000003 00000000 00000003     wwan0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 00000001 00000003 00000000 00000003 kdg-lte
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;

let anchor: Map<string, string>;
let router: Map<string, string>;
beforeEach(() => {
  anchor = new Map([
    ['/etc/config/kedge', ANCHOR],
    ['/etc/kedge/van.key', KEY],
  ]);
  router = new Map([['/proc/net/ipv6_route', ROUTES]]);
});

async function run(line: string, files: Map<string, string>, parts: Partial<CommandHost> = {}) {
  const output: string[] = [];
  const errors: string[] = [];
  const unused = () => expect.unreachable();
  const code = await runCommand(line.split(' '), {
    version: '',
    isTerminal: false,
    width: 80,
    print: text => output.push(text),
    printError: text => errors.push(text),
    readFile: path => files.get(path),
    writeFile(path, text) {
      files.set(path, text);
      return undefined;
    },
    readLine: () => undefined,
    random: length => new Uint8Array(length).fill(0xa5),
    readOctets: unused,
    request: unused,
    daemon: unused,
    ...parts,
  });
  return { code, output, errors };
}
const configOf = (files: Map<string, string>) =>
  loadConfig({ file: 'kedge', text: files.get('/etc/config/kedge')! }, path => files.get(path));

describe('on the anchor', () => {
  test('the line alone where nobody looks; on a terminal the QR code and a warning too', async () => {
    const quiet = await run('pair van', anchor);
    expect(quiet).toEqual({ code: 0, output: [expect.stringMatching(/^kedge:[\w-]+$/)], errors: [] });
    const { output, errors } = await run('pair van', anchor, { isTerminal: true });
    expect(output[0]).toBe(quiet.output[0]);
    expect(output.slice(2).every(line => /^[█▀▄ ]{40,80}$/.test(line))).toBe(true);
    expect(errors.join()).toContain('It contains the key');
    const narrow = await run('pair van', anchor, { isTerminal: true, width: 30 });
    expect(narrow.output).toHaveLength(3);
  });

  test('a new peer gets an SPI and a key of its own, and nothing else changes', async () => {
    const { code, output } = await run(
      'pair --new ship 2001:db8:f01::1 2001:db8:f01::/56 2001:db8:f02::/64',
      anchor,
    );
    expect([code, output]).toEqual([0, [expect.stringMatching(/^kedge:/)]]);
    expect(anchor.get('/etc/config/kedge')!.startsWith(ANCHOR)).toBe(true);
    expect(anchor.get('/etc/kedge/ship.key')).toBe(`0x${'a5'.repeat(32)}\n`);
    expect(anchor.get('/etc/kedge/van.key')).toBe(KEY);
    const { homeAgent } = configOf(anchor).config!;
    expect(
      homeAgent!.peers.map(({ name, auth, prefixes }) => [
        name,
        auth.kind === 'rfc4285' && auth.spi,
        prefixes.length,
      ]),
    ).toEqual([
      ['van', 300, 1],
      ['ship', 301, 2],
    ]);
  });

  test.each([
    ['pair ship', "there is no enabled peer 'ship'; there are van"],
    ['pair --new van 2001:db8:f01::1', "has a section 'van' already"],
    ['pair --new ship 2001:db8:f00::1', 'is also home address'],
    ['pair --new ship fe80::1', "'home_address' is 'fe80::1': expected a global"],
    ['pair --new a-b 2001:db8:f01::1', 'expected'],
  ])('%s: %s, and nothing is written', async (line, problem) => {
    const before = new Map(anchor);
    const { code, errors } = await run(line, anchor);
    expect(code).toBe(1);
    expect(errors.join('\n')).toContain(problem);
    expect(anchor).toEqual(before);
  });
});

describe('on the router', () => {
  const lineOf = async () => (await run('pair van', anchor)).output[0]!;

  test('a fresh one is configured, with an uplink for each default route', async () => {
    const line = await lineOf();
    const { code, output, errors } = await run('pair', router, { readLine: () => line });
    expect({ code, output, errors }).toEqual({
      code: 0,
      output: ['/etc/config/kedge: mobile router van with the uplinks eth1_7, wwan0'],
      errors: [],
    });
    expect(router.get('/etc/kedge/van.key')).toBe(KEY);
    expect(router.get('/etc/config/kedge')).toBe(`config mobile_router 'van'
	option home_address '2001:db8:f00::1'
	list home_agent '2001:db8:a::1'
	list prefix '2001:db8:f00::/56'
	option spi '300'
	option key_file '/etc/kedge/van.key'

config uplink 'eth1_7'
	option device 'eth1.7'

config uplink 'wwan0'
	option device 'wwan0'
`);
    expect(configOf(router).faults).toEqual([]);
  });

  test('paired again it keeps its uplinks and what else was configured', async () => {
    router.set(
      '/etc/config/kedge',
      `config mobile_router 'van'
	option home_address '2001:db8:bad::1'
	option home_agent '2001:db8:bad::2'
	option probe 'fast'
	option key 'the key of yesterday'
	option spi '256'

config uplink 'dsl'
	option device 'ppp0'
`,
    );
    const line = await lineOf();
    expect((await run('pair', router, { readLine: () => line })).code).toBe(0);
    const [mobileRouter] = configOf(router).config!.mobileRouters;
    expect(mobileRouter!.probe).toBe('fast');
    expect(mobileRouter!.uplinks.map(({ name }) => name)).toEqual(['dsl']);
    expect(router.get('/etc/config/kedge')).not.toContain('yesterday');
  });

  test('what would not be a configuration is not written', async () => {
    const other = "config mobile_router 'other'\n\toption enabled '0'\n";
    router.set('/etc/config/kedge', other.replace('0', '1'));
    router.delete('/proc/net/ipv6_route');
    const line = await lineOf();
    const { code, errors } = await run('pair', router, { readLine: () => line });
    expect(code).toBe(1);
    expect(errors.join('\n')).toMatch(/no enabled uplink.*nothing was changed/s);
    expect([...router.keys()]).toEqual(['/etc/config/kedge']);
    expect(router.get('/etc/config/kedge')).toBe(other.replace('0', '1'));
  });

  test('a line that is none, and a disk that is full', async () => {
    const line = await lineOf();
    const cut = await run('pair', router, { readLine: () => line.slice(0, 60) });
    expect([cut.code, cut.errors.join()]).toEqual([
      1,
      expect.stringContaining('a part of the line is missing'),
    ]);
    expect((await run('pair', router)).errors.join()).toContain('this is no pairing line');
    const full = { readLine: () => line, writeFile: () => 'No space left on device' };
    expect((await run('pair', router, full)).errors).toEqual([
      'kedge: cannot write /etc/kedge/van.key: No space left on device',
    ]);
  });

  test('the key is in no output', async () => {
    const line = await lineOf();
    const { output, errors } = await run('pair', router, { readLine: () => line, isTerminal: true });
    expect([...output, ...errors].join()).not.toContain('5a5a');
  });
});
