import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderBindings } from '../../../src/cli/bindings-text.ts';
import { renderDiff } from '../../../src/cli/diff-text.ts';
import { renderEvent } from '../../../src/cli/event-line.ts';
import { colourScreen, flow, plainScreen, tabulate } from '../../../src/cli/layout.ts';
import { renderStatus } from '../../../src/cli/status-text.ts';
import { duration, milliseconds } from '../../../src/cli/units.ts';
import type { ChoiceReason, MobileRouterReport, Status, UplinkReport } from '../../../src/engine/status.ts';
import { bindingStatusName } from '../../../src/wire/binding-status.ts';
import { ABSENT, AGENT, LTE, ROUTER, statusOf } from './sample.ts';

const screen = plainScreen(80);
const show = async (status: Status, width = 80) =>
  (await renderStatus(status, plainScreen(width))).join('\n');
const withRouter = (parts: Partial<MobileRouterReport>) =>
  statusOf({ mobileRouter: { ...ROUTER, ...parts } });
const withUplink = (parts: Partial<UplinkReport>) => withRouter({ uplinks: [{ ...LTE, ...parts }] });

/* The expected screens are written out: a change of a screen has to be looked at. */

describe('kedge status at 80 columns', () => {
  test('a mobile router', async () => {
    expect(`${await show(statusOf({ mobileRouter: ROUTER }))}\n`).toBe(`\
kedge 0.1.0, running for 2 h 13 min

Mobile router van: traffic uses lte
  because         lowest priority value of the live uplinks
  since           12 min 5 s ago
  standby         wifi
  home address    2001:db8:f00::1
  home agent      2001:db8:a::1
  mobile network  2001:db8:f00::/56, explicit mode
  direct paths    off, this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)

  UPLINK       STATE       PRIO    BID      RTT   LOSS   LIFETIME
* lte          registered     1      1  40.2 ms  0.0 %  512/600 s
    wwan0, 2001:db8:1234:5678:9abc:def0:1234:5678,
    via fe80::a1b2:c3ff:fed4:e5f6, MTU 1428, tunnel kdg-lte, probing fast,
    jitter 1.3 ms, rx 12.3 Mbit/s, tx 64.2 kbit/s, registered for 12 min 5 s,
    sequence 4711
  wifi         registered     2      2  61.4 ms  1.6 %  512/600 s
    wlan0, 2001:db8:2::7, via fe80::1, MTU 1500, tunnel kdg-wifi, probing fast,
    jitter 12.9 ms, rx 12.3 Mbit/s, tx 64.2 kbit/s, registered for 12 min 5 s,
    sequence 4711
  starlink_01  no-carrier   125  65535        -      -          -
    eth1, MTU 1500

  counters        acknowledgement-unmatched 3, not-from-home-agent 12
`);
  });

  test.each([
    ['regular', 'one uplink at a time: the home agent knows no binding'],
    ['single', 'one message an uplink: the home agent takes no bulk'],
  ] as const)('a mobile router that does less than it was told: %s', async (fallback, text) => {
    const registration = { mode: 'bulk', fallback } as const;
    expect(await show(withRouter({ registration }))).toContain(`\n  registration    ${text}`);
    expect(await show(withRouter({}))).not.toContain('  registration ');
  });

  test('a home agent', async () => {
    expect(`${await show(statusOf({ homeAgent: AGENT }))}\n`).toBe(`\
kedge 0.1.0, running for 2 h 13 min

Home agent anchor: 1 of 2 mobile routers registered
  address         2001:db8:a::1

  van: traffic uses BID 1 (lowest priority value of the live bindings)
    home address 2001:db8:f00::1, network 2001:db8:f00::/56, 1 flow binding
      BID  PATH   PRIO      RTT     LOSS   LIFETIME
    * 1    alive     2  40.2 ms    0.0 %  512/600 s
        2001:db8:1234:5678:9abc:def0:1234:5678, tunnel kdg-0a1b2c3d4e5,
        probing fast, jitter 0.9 ms, rx 12.3 Mbit/s, tx 64.2 kbit/s
      2    dead      3  61.4 ms  100.0 %   99/600 s
        2001:db8:2::7, tunnel kdg-1, probing fast, jitter 12.9 ms,
        rx 12.3 Mbit/s, tx 64.2 kbit/s

  ship: not registered
    home address 2001:db8:f01::1
`);
  });

  test('no uplink, a warning, a preference that waits', async () => {
    const router = {
      ...ROUTER,
      active: { uplink: null, reason: 'none' as const, since: 9 },
      preferred: 'wifi',
    };
    const status = statusOf({
      mobileRouter: { ...router, prefixes: [], uplinks: [ABSENT], counters: {} },
      warnings: [
        "peer 'bus': registrations are not authenticated (auth 'none'): without IPsec or a closed network anybody can redirect the traffic",
      ],
    });
    expect(`${await show(status)}\n`).toBe(`\
kedge 0.1.0, running for 2 h 13 min
warning: peer 'bus': registrations are not authenticated (auth 'none'): without
IPsec or a closed network anybody can redirect the traffic

Mobile router van: NO UPLINK CARRIES TRAFFIC
  because         no uplink is registered
  since           9 s ago
  preferred       wifi, which is not usable now
  standby         none
  home address    2001:db8:f00::1
  home agent      2001:db8:a::1
  mobile network  none
  direct paths    off, this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)

  UPLINK       STATE       PRIO    BID  RTT  LOSS  LIFETIME
  starlink_01  no-carrier   125  65535    -     -         -
    eth1, MTU 1500
`);
  });

  test('a refused uplink says what the home agent answered', async () => {
    const text = await show(
      withUplink({
        state: 'refused',
        binding: null,
        acknowledgement: { status: 142, name: bindingStatusName(142) },
        path: { ...LTE.path!, state: 'unknown', rtt: null, jitter: null },
      }),
    );
    expect(text).toContain('* lte     refused     1    1    -     -         -');
    expect(text.replace(/\n +/g, ' ')).toContain('last answer 142 (not authorized for prefix)');
    expect(text.replace(/\n +/g, ' ')).toContain('no probe answered yet');
  });

  test('a refusal for good: what was refused, when it is asked for again, what to do', async () => {
    const refused = { status: 142, name: bindingStatusName(142), since: 62, retryIn: 3538 };
    expect((await show(withRouter({ refused }))).replace(/\s+/g, ' ')).toContain(
      'refused not authorized for prefix (142), 1 min 2 s ago, again in 58 min 58 s',
    );
    const forEver = await show(withRouter({ refused: { ...refused, status: 134, retryIn: null } }));
    expect(forEver.replace(/\s+/g, ' ')).toMatch(
      /never again by itself remedy .*another host.*, then kedge reload/,
    );
  });

  test('several home agents: which one, why, and what was tried', async () => {
    const status = withRouter({
      homeAgent: '2001:db8:b::1',
      homeAgentChoice: { reason: 'failover', since: 61 },
      homeAgents: [
        {
          address: '2001:db8:a::1',
          source: 'configuration',
          failure: { reason: 'silent', status: null, ago: 67 },
        },
        {
          address: '2001:db8:c::1',
          source: 'discovery',
          failure: { reason: 'refused', status: 'not home agent for this mobile node', ago: 62 },
        },
        { address: '2001:db8:b::1', source: 'configuration', failure: null },
      ],
    });
    expect(await show(status)).toContain(`\
  home agent      2001:db8:b::1, others have failed, 1 min 1 s ago
    in reserve    2001:db8:a::1, no answer 1 min 7 s ago
    in reserve    2001:db8:c::1, discovered,
                  refused (not home agent for this mobile node) 1 min 2 s ago
`);
    const none = { homeAgent: null, homeAgents: [] };
    expect(await show(withRouter(none))).toContain('home agent      none found yet\n');
  });

  test('no role', async () => {
    expect(await show(statusOf({}))).toContain('No role: the configuration has no enabled');
  });

  test.each<[ChoiceReason, string]>([
    ['lowest-priority-value', 'lowest priority value of the live uplinks'],
    ['preferred-by-operator', 'preferred by the operator (kedge prefer)'],
    ['only-one-alive', 'only uplink alive'],
    ['last-resort', 'no uplink answers probes; this one is registered at least'],
    ['none', 'no uplink is registered'],
  ])('the reason %s is told', async (reason, text) => {
    const active = { ...ROUTER.active, reason };
    expect(await show(withRouter({ active }))).toContain(`  because         ${text}\n`);
  });
});

describe('widths', () => {
  const widest: UplinkReport = {
    ...ABSENT,
    state: 'registering',
    careOfAddress: LTE.careOfAddress,
    gateway: '2001:db8:1234:5678:9abc:def0:1234:9999',
    tunnel: 'kdg-starlink_01',
    binding: { granted: 262140, remaining: 262140 },
    sequence: 65535,
    acknowledgement: { status: 169, name: bindingStatusName(169) },
    path: {
      state: 'dead',
      profile: 'normal',
      rtt: 65535,
      jitter: 65535,
      loss: 100,
      quality: 'degraded',
      traffic: null,
    },
    since: 86400 * 999,
  };
  const status = statusOf({
    mobileRouter: {
      ...ROUTER,
      name: 'n'.repeat(32),
      prefixes: Array.from(
        { length: 16 },
        (_, i) => `2001:db8:1234:5678:9abc:def0:123${i.toString(16)}::/112`,
      ),
      uplinks: [widest, LTE],
      counters: Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`a-rather-long-counter-name-${i}`, 4294967295]),
      ),
    },
    homeAgent: { ...AGENT, name: 'n'.repeat(32) },
    warnings: ['x'.repeat(200)],
  });

  test.each([60, 80, 132])(
    'no line of status is longer than %i columns, and only the tables need 76',
    async width => {
      const longest = Math.max(...(await show(status, width)).split('\n').map(line => line.length));
      expect(longest).toBeLessThanOrEqual(Math.max(width, 76));
    },
  );

  test('colours do not change the text', async () => {
    const coloured = (await renderStatus(status, colourScreen(80))).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours
    const stripped = coloured.replace(/\x1b\[[0-9]+m/g, '');
    expect(coloured).not.toBe(stripped);
    expect(stripped).toBe(await show(status));
  });

  test('without a terminal there is no escape sequence', async () => {
    expect(await show(status)).not.toContain('\x1b');
  });
});

test('kedge bindings', () => {
  expect(renderBindings(statusOf({ mobileRouter: ROUTER }), screen)).toEqual([
    '  UPLINK  BID  CARE-OF ADDRESS                          LIFETIME',
    '* lte       1  2001:db8:1234:5678:9abc:def0:1234:5678  512/600 s',
    '  wifi      2  2001:db8:2::7                           512/600 s',
  ]);
  expect(renderBindings(statusOf({ homeAgent: AGENT }), screen)).toEqual([
    '  PEER  BID  CARE-OF ADDRESS                          LIFETIME',
    '* van     1  2001:db8:1234:5678:9abc:def0:1234:5678  512/600 s',
    '  van     2  2001:db8:2::7                            99/600 s',
  ]);
  expect(renderBindings(statusOf({}), screen)).toEqual(['no bindings']);
});

test('kedge monitor', () => {
  const event = {
    time: Date.UTC(2026, 10, 21, 3, 31, 7, 123),
    name: 'binding-registered',
    text: 'lte is registered',
    data: {},
  };
  expect(renderEvent({ ...event, level: 'notice' }, screen)).toBe(
    '2026-11-21T03:31:07.123Z binding-registered: lte is registered',
  );
  expect(renderEvent({ ...event, level: 'warning' }, screen)).toBe(
    '2026-11-21T03:31:07.123Z warning: binding-registered: lte is registered',
  );
  expect(renderEvent({ ...event, level: 'error', text: 'a\x1b[2Jb\nc' }, colourScreen(80))).toBe(
    '\x1b[31m2026-11-21T03:31:07.123Z error: binding-registered: a?[2Jb?c\x1b[0m',
  );
});

test('kedge diff', () => {
  const changes = [
    { action: 'add', kind: 'tunnel', text: 'kdg-lte local 2001:db8::1 remote 2001:db8::2' },
    { action: 'remove', kind: 'route', text: 'default dev kdg-wifi table 7100' },
    { action: 'change', kind: 'filter', text: 'mss 1380' },
  ] as const;
  expect(renderDiff({ changes }, screen)).toEqual([
    '+ tunnel kdg-lte local 2001:db8::1 remote 2001:db8::2',
    '- route default dev kdg-wifi table 7100',
    '~ filter mss 1380',
  ]);
  expect(renderDiff({ changes: [] }, screen)).toEqual(['no difference: the kernel has what kedge wants']);
});

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [725, '12 min 5 s'],
  [3600, '1 h'],
  [86_399, '23 h 59 min'],
  [86_400 * 2 + 3600 * 4, '2 d 4 h'],
  [-1, '0 s'],
])('duration of %d s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [null, '-'],
  [0.04, '0.0 ms'],
  [99.94, '99.9 ms'],
  [99.95, '100 ms'],
  [1234.5, '1235 ms'],
])('%s milliseconds', (value, text) => {
  expect(milliseconds(value)).toBe(text);
});

describe('layout', () => {
  test('numbers stand to the right', () => {
    expect(
      tabulate(
        [{ title: 'A' }, { title: 'N', right: true }],
        [
          ['x', '100'],
          ['long', '1'],
        ],
      ),
    ).toEqual(['A       N', 'x     100', 'long    1']);
  });

  test('flow: every line fits, no text is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]+( [a-z]+){0,3}$/), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 6, max: 40 }),
        (parts, width) => {
          const lines = flow(parts, ', ', '  ', width);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
          const text = (strings: readonly string[]) => strings.join('').replace(/[ ,]/g, '');
          expect(text(lines)).toBe(text(parts));
        },
      ),
    );
  });
});
