import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFault } from '../../../src/uci/fault.ts';
import { SCHEMA } from '../../../src/uci/schema.ts';
import { formatAddress, formatPrefix, prefixContains } from '../../../src/wire/address.ts';
import { dialectCodec } from '../../../src/wire/complete-codec.ts';
import { DRAFT_MESSAGES } from '../../../src/wire/draft/messages.ts';
import { DRAFT_OPTIONS } from '../../../src/wire/draft/options.ts';
import { AGENT, ANCHOR, BASE, BUS, edit, KEY, load, PEER, ROUTER, SECOND_PEER, UPLINKS } from './sample.ts';

describe('a configuration in order', () => {
  test('mobile router: what is not given has its default', () => {
    const { config, faults, warnings } = load(ROUTER + UPLINKS);
    expect([faults, warnings]).toEqual([[], []]);
    const router = config!.mobileRouters[0]!;
    expect(formatAddress(router.homeAddress)).toBe('2001:db8:1::1');
    expect(router.homeAgents.map(formatAddress)).toEqual(['2001:db8::1']);
    expect(router.discovery).toBeUndefined();
    expect(router.prefixes.map(formatPrefix)).toEqual(['2001:db8:1::/48']);
    expect(router).toMatchObject({
      name: 'van',
      mode: 'explicit',
      lifetime: 600,
      registration: 'single',
      probe: 'normal',
      identifier: undefined,
      auth: {
        kind: 'rfc4285',
        spi: 300,
        replay: 'timestamp',
        key: Uint8Array.from({ length: 16 }, (_, i) => i),
      },
      uplinks: [
        { name: 'lte', device: 'wwan0', priority: 1, bid: 1 },
        { name: 'wifi', device: 'wlan0', priority: 2, bid: 2 },
      ],
    });
    expect(config!.homeAgent).toBeUndefined();
    expect(config!.logLevel).toBe('notice');
  });

  test('mobile router: what it does at home', () => {
    const usual = load(ROUTER + UPLINKS).config!.mobileRouters[0]!;
    expect(usual.atHome).toBe('return');
    expect(usual.homePrefix?.length).toBe(64);
    expect(prefixContains(usual.homePrefix!, usual.homeAddress)).toBe(true);
    for (const atHome of ['return', 'direct', 'stay-away', 'both'] as const) {
      const text = `${ROUTER}\toption at_home '${atHome}'\n\toption home_prefix '2001:db8::/48'\n${UPLINKS}`;
      const { config, faults } = load(text);
      expect(faults).toEqual([]);
      expect(config!.mobileRouters[0]!.atHome).toBe(atHome);
      expect(formatPrefix(config!.mobileRouters[0]!.homePrefix!)).toBe('2001:db8::/48');
    }
    expect(load(`${ROUTER}\toption at_home 'elsewhere'\n${UPLINKS}`).faults).toHaveLength(1);
  });

  test('mobile router: several home agents, and discovery', () => {
    const list = edit(ROUTER, 3, "\tlist home_agent '2001:db8::1'\n\tlist home_agent '2001:db8::2'");
    const { config, faults } = load(`${list}\toption failover_after '30'\n${UPLINKS}`);
    expect(faults).toEqual([]);
    expect(config!.mobileRouters[0]!.homeAgents.map(formatAddress)).toEqual(['2001:db8::1', '2001:db8::2']);
    expect(config!.mobileRouters[0]!.failoverAfter).toBe(30);

    const only = edit(ROUTER, 3, "\toption discover '1'");
    const found = load(only + UPLINKS).config!.mobileRouters[0]!;
    expect([found.homeAgents, formatPrefix(found.discovery!)]).toEqual([[], '2001:db8:1::/64']);
    const other = load(`${only}\toption home_prefix '2001:db8:7::/64'\n${UPLINKS}`).config!.mobileRouters[0]!;
    expect(formatPrefix(other.discovery!)).toBe('2001:db8:7::/64');
  });

  test('home agent: its place among the others', () => {
    const { config, faults } = load(
      `${AGENT}\toption preference '7'
\tlist peer_home_agent '2001:db8::2'
\tlist peer_home_agent '2001:db8::3 65535'
\tlist home_prefix '2001:db8:7::/64'
${PEER}`,
    );
    expect(faults).toEqual([]);
    const { preference, peerHomeAgents, homePrefixes, homeLink } = config!.homeAgent!;
    expect([preference, homeLink]).toEqual([7, undefined]);
    expect(peerHomeAgents!.map(({ address, preference }) => [formatAddress(address), preference])).toEqual([
      ['2001:db8::2', 0],
      ['2001:db8::3', 65_535],
    ]);
    expect(homePrefixes!.map(formatPrefix)).toEqual(['2001:db8:7::/64']);
  });

  test('home agent: what is not given has its default', () => {
    const { config, faults, warnings } = load(AGENT + PEER);
    expect([faults, warnings]).toEqual([[], []]);
    expect(config!.homeAgent).toMatchObject({
      name: 'anchor',
      maxLifetime: 3600,
      probe: 'fast',
      peers: [{ name: 'van', maxBindings: 8, identifier: undefined }],
    });
    expect(formatAddress(config!.homeAgent!.address)).toBe('2001:db8::1');
    expect(config!.homeAgent!.peers[0]!.prefixes.map(formatPrefix)).toEqual(['2001:db8:1::/48']);
  });

  test('mobile router: every option has its effect', () => {
    const router = `config globals
	option log_level 'debug'
${ROUTER}	option mode 'implicit'
	option lifetime '20'
	option registration 'bulk'
	option register_over 'lte'
	option probe 'fast'
	option replay 'sequence'
	option identifier 'van7@fleet.example'
config uplink 'lte'
	option device 'wwan0'
	option priority '7'
	option bid '70'
	option care_of '2001:db8:a::/64'
config uplink 'lte2'
	option device 'wwan0'
	option care_of '2001:db8:b::/64'
`;
    const { config, faults } = load(router);
    expect(faults).toEqual([]);
    expect(config!.logLevel).toBe('debug');
    expect(config!.mobileRouters[0]).toMatchObject({
      mode: 'implicit',
      lifetime: 20,
      registration: 'bulk',
      registerOver: 'lte',
      probe: 'fast',
      identifier: 'van7@fleet.example',
      auth: { replay: 'sequence' },
      uplinks: [
        { name: 'lte', device: 'wwan0', priority: 7, bid: 70 },
        { name: 'lte2', device: 'wwan0', priority: 2, bid: 2 },
      ],
    });
    expect(config!.mobileRouters[0]!.uplinks.map(({ careOf }) => careOf && formatPrefix(careOf))).toEqual([
      '2001:db8:a::/64',
      '2001:db8:b::/64',
    ]);
  });

  test('home agent and peer: every option has its effect', () => {
    const agent = `${AGENT}\toption max_lifetime '60'\n\toption probe 'saver'\n`;
    const { config, faults } = load(`${agent}${PEER}	option max_bindings '3'
	option multiple 'single'
	option replay 'sequence'
	option identifier 'van7@fleet.example'
`);
    expect(faults).toEqual([]);
    expect(config!.homeAgent).toMatchObject({ maxLifetime: 60, probe: 'saver' });
    expect(config!.homeAgent!.peers[0]).toMatchObject({
      maxBindings: 3,
      multiple: 'single',
      identifier: 'van7@fleet.example',
      auth: { replay: 'sequence' },
    });
  });

  test('delegated prefixes: registered implicitly until there are some, then as the configuration says', () => {
    const [router] = load(
      `${ROUTER.replace(/.*list prefix.*\n/g, '')}\toption delegation '1'\n\toption mode 'auto'\n${UPLINKS}`,
    ).config!.mobileRouters;
    expect(router).toMatchObject({
      prefixes: [],
      mode: 'implicit',
      delegation: { mode: 'auto', leases: [] },
    });
    const { homeAgent } = load(`${AGENT}${PEER}\toption delegation '1'\n`).config!;
    expect([homeAgent!.delegationLifetime, homeAgent!.peers[0]!.delegation]).toEqual([86_400, true]);
  });

  test('peer: a router, or a host only', () => {
    const [router, host] = load(
      `${AGENT}${PEER}${SECOND_PEER.replace(/.*list prefix.*\n/, '')}\toption network '0'\n`,
    ).config!.homeAgent!.peers;
    expect([router!.hostOnly, host!.hostOnly]).toEqual([false, true]);
  });

  test('home agent: a home link, or none', () => {
    expect(load(AGENT + PEER).config!.homeAgent!.homeLink).toBeUndefined();
    const link = `	option home_link 'br-lan'
	list home_prefix '2001:db8:7::/64'
	list home_prefix 'fd00:7::/64'
`;
    const { homeLink } = load(AGENT + link + PEER).config!.homeAgent!;
    expect(homeLink).toMatchObject({ device: 'br-lan', homeBinding: 'proxy' });
    expect(homeLink!.prefixes.map(formatPrefix)).toEqual(['2001:db8:7::/64', 'fd00:7::/64']);
    const direct = load(`${AGENT}${link}	option home_binding 'direct'\n${PEER}`);
    expect(direct.config!.homeAgent!.homeLink!.homeBinding).toBe('direct');
  });

  test('dialect: the numbers reach whoever names it', () => {
    const dialect = `	option dialect 'drafts'
config dialect 'drafts'
	option monami6_binding_identifier '200'
	option load_balancing '201'
	option muho '202'
	option alternative_interface_indicator '18'
	option generic_signaling_request '202'
	option generic_signaling_acknowledgement '11'
`;
    const numbers = {
      options: {
        'monami6-binding-identifier': 200,
        'load-balancing': 201,
        muho: 202,
        'alternative-interface-indicator': 18,
      },
      messages: { 'generic-signaling-request': 202, 'generic-signaling-acknowledgement': 11 },
    };
    const anchor = load(`${AGENT}${SECOND_PEER}${PEER}${dialect}`);
    expect(anchor.faults).toEqual([]);
    expect(anchor.config!.homeAgent!.peers.map(peer => peer.dialect)).toEqual([undefined, numbers]);
    const router = load(`${UPLINKS}${ROUTER}${dialect}`);
    expect(router.config!.mobileRouters[0]!.dialect).toEqual(numbers);
    expect(dialectCodec(router.config!.mobileRouters[0]!.dialect!).ok).toBe(true);
  });

  test('dialect: every form of a draft has an option', () => {
    const forms = [...DRAFT_OPTIONS, ...DRAFT_MESSAGES].map(({ kind }) => kind.replaceAll('-', '_'));
    expect(Object.keys(SCHEMA.dialect.options)).toEqual(forms);
  });

  test.each([
    ['text', 'a key of 24 characters!!', 24],
    ['text beyond ASCII counts in octets', 'ääääääää', 16],
    ['hexadecimal, capitals', `0X${'AB'.repeat(20)}`, 20],
    ['256 octets', 'k'.repeat(256), 256],
  ])('key: %s', (_, key, length) => {
    const auth = load(edit(ROUTER, 6, `\toption key '${key}'`) + UPLINKS).config!.mobileRouters[0]!.auth;
    expect(auth.kind === 'rfc4285' && auth.key.length).toBe(length);
  });

  test('key_file: the caller reads it, the line end does not count', () => {
    const asked: string[] = [];
    const { config, faults } = load(edit(ROUTER, 6, "\toption key_file '/etc/kedge.key'") + UPLINKS, path => {
      asked.push(path);
      return `${KEY}\n`;
    });
    expect(faults).toEqual([]);
    expect(asked).toEqual(['/etc/kedge.key']);
    expect(config!.mobileRouters[0]!.auth).toMatchObject({
      key: Uint8Array.from({ length: 16 }, (_, i) => i),
    });
  });

  test('a disabled uplink keeps its place: the numbers of the others stay', () => {
    const { config } = load(`${ROUTER}${edit(UPLINKS, 2, "\toption device 'wwan0'\n\toption enabled '0'")}`);
    expect(config!.mobileRouters[0]!.uplinks).toEqual([
      { name: 'wifi', device: 'wlan0', priority: 2, bid: 2 },
    ]);
  });

  test('a disabled section may be incomplete and conflicts with nothing', () => {
    const { config, faults } = load(`${ROUTER}${UPLINKS}	option mobile_router 'van'
config mobile_router 'spare'
	option enabled 'no'
config uplink 'dsl'
	option device 'wwan0'
	option mobile_router 'spare'
config uplink 'lte'
	option mobile_router 'van'
`);
    expect(faults).toEqual([]);
    expect(config!.mobileRouters[0]!.name).toBe('van');
    expect(config!.mobileRouters[0]!.uplinks.map(uplink => uplink.name)).toEqual(['lte', 'wifi']);
  });

  test('several routers: uplinks are of those that they name, or of all', () => {
    const { config, faults } = load(`${BASE}	list mobile_router 'van'
config uplink 'sat'
	option device 'sat0'
	list mobile_router 'bus'
	list mobile_router 'van'
config mobile_router 'car'
	option enabled 0
${BUS}`);
    expect(faults).toEqual([]);
    const routers = config!.mobileRouters.map(({ name, slot, uplinks }) => [
      name,
      slot,
      uplinks.map(({ name, priority, bid }) => `${name} ${priority} ${bid}`),
    ]);
    expect(routers).toEqual([
      ['van', 0, ['lte 1 1', 'wifi 2 2', 'sat 3 3']],
      ['bus', 2, ['lte 1 1', 'sat 2 2']],
    ]);
  });

  test('an empty file is in order and means: no role', () => {
    const marks = { packet: 0xff000000, connection: 0xffff0000 };
    expect(load('').config).toEqual({
      logLevel: 'notice',
      marks,
      mobileRouters: [],
      homeAgent: undefined,
    });
  });

  test("auth 'none' is accepted with a warning, at both ends", () => {
    const router = load(`${edit(edit(ROUTER, 6, ''), 5, "\toption auth 'none'")}${UPLINKS}`);
    expect(router.config!.mobileRouters[0]!.auth).toEqual({ kind: 'none' });
    expect(router.warnings.map(formatFault)).toEqual([
      expect.stringMatching(
        /^\/etc\/config\/kedge:5: mobile_router 'van': registrations are not authenticated/,
      ),
    ]);
    const anchor = load(`${AGENT}${PEER}	option auth 'none'\n`);
    expect(anchor.config!.homeAgent!.peers[0]!.auth).toEqual({ kind: 'none' });
    expect(anchor.warnings).toHaveLength(1);
  });

  test('a home agent without peers is accepted with a warning', () => {
    const { config, warnings } = load(AGENT);
    expect(config).toBeDefined();
    expect(warnings.map(formatFault)).toEqual([
      expect.stringContaining(":1: home_agent 'anchor': no enabled peer"),
    ]);
  });
});

test('all faults are reported together, in the order of their lines', () => {
  const { faults } = load(`config mobile_router 'van'
	option home_address 'x'
	option lifetime '601'
	option
	option key 'short'
config uplink 'lte'
	option device 'wwan0'
	option prority '1'
config uplink 'wifi'
	option device 'wwan0'
config bogus
`);
  expect(faults.map(fault => fault.line)).toEqual([2, 3, 4, 5, 8, 10, 11]);
});

test('no message shows a key, wherever it was written by mistake', () => {
  const secret = 'Tr0ub4dor&3-battery';
  const places = [
    `\toption key ${secret.slice(0, 10)}`,
    `\toption key '0x${secret}'`,
    `\toption key "${secret}`,
    `\toption key ${secret} ${secret}`,
    `\toption key '${secret}'\n\t${secret}`,
    `\toption key_file '${secret}'`,
    `\toption key_file '/${secret}'`,
    `\toption spi '${secret}'`,
    `\toption kye '${secret}'`,
  ];
  for (const place of places) {
    const { faults } = load(edit(BASE, 6, place));
    expect(faults.length, place).toBeGreaterThan(0);
    for (const fault of faults) expect(formatFault(fault)).not.toContain(secret.slice(0, 6));
  }
});

test('a section name of two lines is told on one', () => {
  const text = "config mobile_router 'a\nb'\nconfig mobile_router 'van'\nconfig uplink 'lte'\n";
  for (const owner of ['', "\toption mobile_router 'acb'\n"])
    for (const fault of load(text + owner).faults) expect(formatFault(fault)).not.toContain('\n');
});

test('any text gives a configuration or faults, each of them one printable line', () => {
  const options = [
    'home_address',
    'prefix',
    'key',
    'spi',
    'device',
    'enabled',
    'mobile_router',
    'replay',
    'auth',
    'x',
  ];
  const statement = fc.oneof(
    fc.constantFrom(...BASE.split('\n'), ...ANCHOR.split('\n'), ...SECOND_PEER.split('\n')),
    fc
      .tuple(
        fc.constantFrom('option', 'list', 'config'),
        fc.constantFrom(...options, 'peer', 'uplink'),
        fc.string(),
      )
      .map(([verb, name, value]) => `${verb} ${name} '${value}'`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 30 }), statements => {
      const { config, faults, warnings } = load(statements.join('\n'));
      expect(config === undefined).toBe(faults.length > 0);
      for (const fault of [...faults, ...warnings])
        expect(formatFault(fault)).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
    }),
    { numRuns: 300 },
  );
});
