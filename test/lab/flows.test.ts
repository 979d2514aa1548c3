/** Which flow goes where: the policy of a mobile router, on the kernel. */
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { countPaths, type Window } from './runner/flow-paths.ts';
import { losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

const flow = (name: string, lines: readonly string[]): string =>
  `config flow '${name}'\n${lines.map(line => `\t${line}\n`).join('')}\n`;

const KINDS = [
  flow('calls', ["list proto 'udp'", "list dest_port '7001'", "list uplink 'wifi'"]),
  flow('backup', ["list dest_port '7002-7003'", "list uplink 'lte'", "option only '1'"]),
  flow('camera', ["list src '2001:db8:101::/64'", "list dest_port '7004'", "list avoid 'lte'"]),
  flow('blocked', ["list dest_port '7005'", "option action 'drop'"]),
  flow('urgent', ["list dscp 'ef'", "list uplink 'wifi'"]),
  flow('marked', ["option mark '0x42/0xff'", "list uplink 'wifi'"]),
  flow('device', ["list mac '02:00:00:00:00:01'", "list dest_port '7007'", "list uplink 'wifi'"]),
  flow('other', ["list mac '02:00:00:00:77:01'", "list dest_port '7008'", "list uplink 'wifi'"]),
].join('');

const COUNT = 20;
const FLOWS = [
  { name: 'calls', port: 7001, wifi: true },
  { name: 'backup', port: 7003, wifi: false },
  { name: 'camera', port: 7004, wifi: true },
  { name: 'blocked', port: 7005, wifi: undefined },
  { name: 'urgent', port: 7006, class: 46 << 2, wifi: true },
  { name: 'not-urgent', port: 7009, class: 45 << 2, wifi: false },
  { name: 'device', port: 7007, wifi: true },
  { name: 'other', port: 7008, wifi: false },
  { name: 'marked', port: 7010, wifi: true },
] as const;

test('each flow goes where the policy says, by all that it can match, and comes back by the same path', async context => {
  const result = await playProduct(context, 'flows', {
    time: 'virtual',
    params: { sections: KINDS, flows: FLOWS.map(({ wifi: _, ...each }) => ({ ...each, count: COUNT })) },
  });
  for (const { name, port, wifi } of FLOWS) {
    const { lte, wifi: other } = countPaths(result, ({ outside }) => outside === port);
    const all = { up: COUNT, down: COUNT };
    const none = { up: 0, down: 0 };
    const expected = { lte: wifi === false ? all : none, wifi: wifi === true ? all : none };
    expect({ name, lte, wifi: other }).toEqual({ name, ...expected });
    const { report } = result.records.find(
      each => each.record === 'flow' && each.name === name,
    ) as unknown as {
      report: EchoReport;
    };
    expect({ name, received: report.received }).toEqual({ name, received: wifi === undefined ? 0 : COUNT });
  }
});

const SEVENTY_THIRTY = flow('rest', [
  "option action 'balance'",
  "list uplink 'lte 70'",
  "list uplink 'wifi 30'",
]);

test('weights hold for flows, in both directions, and each flow keeps to one path', async context => {
  const FLOWS = 200;
  const result = await playProduct(context, 'flows', {
    time: 'virtual',
    label: 'flows-balance',
    params: {
      sections: SEVENTY_THIRTY,
      peer: ["option symmetric '1'"],
      flows: [{ name: 'many', port: 7, flows: FLOWS, from: 20_000, interval: 5, count: 4 * FLOWS }],
    },
  });
  const { report } = result.records.find(each => each.record === 'flow') as unknown as { report: EchoReport };
  expect(report.lost).toBe(0);
  const shares = Array.from({ length: FLOWS }, (_, at) =>
    countPaths(result, ({ inside }) => inside === 20_000 + at),
  );
  const byLte = shares.filter(({ lte }) => lte.up > 0);
  expect(byLte.length).toBeGreaterThanOrEqual(0.65 * FLOWS);
  expect(byLte.length).toBeLessThanOrEqual(0.75 * FLOWS);
  for (const { lte, wifi } of shares) {
    expect([lte.up, lte.down, wifi.up, wifi.down].sort()).toEqual([0, 0, 4, 4]);
    expect(lte.up).toBe(lte.down);
  }
});

const calls = (uplink: string) => flow('calls', ["list dest_port '7001'", `list uplink '${uplink}'`]);

test('failures move only the flows of their uplink, a changed policy only those that it is about, restarts none', async context => {
  const result = await playProduct(context, 'flow-changes', {
    time: 'virtual',
    params: { before: calls('wifi') + SEVENTY_THIRTY, after: calls('lte') + SEVENTY_THIRTY },
  });
  const windows = result.records.filter(each => each.record === 'watched') as unknown as (Window & {
    what: string;
  })[];
  /** Names of the uplinks that a flow took, up and down. */
  const pathOf = (inside: number, window: Window): string => {
    const { lte, wifi } = countPaths(result, flow => flow.inside === inside, window);
    const names = (direction: 'up' | 'down') =>
      [...(lte[direction] > 0 ? ['lte'] : []), ...(wifi[direction] > 0 ? ['wifi'] : [])].join('+');
    return names('up') === names('down') ? names('up') : `${names('up')}/${names('down')}`;
  };
  const paths = new Map(
    windows.map(window => [
      window.what,
      {
        rest: Array.from({ length: 20 }, (_, at) => pathOf(21_000 + at, window)),
        calls: pathOf(22_000, window),
      },
    ]),
  );
  const before = paths.get('start')!;
  expect(before.rest.filter(path => path === 'lte')).toHaveLength(14);
  expect(before.rest.filter(path => path === 'wifi')).toHaveLength(6);
  expect(before.calls).toBe('wifi');
  const moved = { rest: before.rest, calls: 'lte' };
  expect(Object.fromEntries(paths)).toEqual({
    start: before,
    'lte down': { rest: before.rest.map(() => 'wifi'), calls: 'wifi' },
    'lte up': before,
    policy: moved,
    'restart router': moved,
    'restart anchor': moved,
    'wifi silent': { rest: before.rest.map(() => 'lte'), calls: 'lte' },
    'wifi back': moved,
  });
  const { events, otherwise } = losses(result);
  const lossless = ['start', 'lte up', 'policy', 'restart router', 'restart anchor', 'wifi back'];
  expect(events.filter(({ what, lost }) => lossless.includes(what) && lost > 0)).toEqual([]);
  expect(otherwise).toBe(0);
  // Seven tenths of the echoes, for 60 ms; three tenths for 400 ms.
  expect(events.find(({ what }) => what === 'lte down')!.lost).toBeLessThanOrEqual(0.75 * 30);
  expect(events.find(({ what }) => what === 'wifi silent')!.lost).toBeLessThanOrEqual(0.35 * 200);
  expect(losses(result, 'calls').events.filter(({ lost }) => lost > 0)).toEqual([]);

  const { flows } = result.records.find(each => each.record === 'flows') as unknown as {
    flows: { rule: string; packets: number; octets: number; shares: { carrier: string }[] }[];
  };
  expect(flows.map(({ rule, shares }) => [rule, shares.map(({ carrier }) => carrier)])).toEqual([
    ['calls', ['wifi']],
    ['rest', ['lte', 'wifi']],
  ]);
  expect(flows.every(({ packets, octets }) => packets > 200 && octets === packets * (40 + 8 + 64))).toBe(
    true,
  );
  expect(result.records.find(each => each.record === 'why')).toMatchObject({
    rule: { rule: 'calls' },
    possible: [],
  });
});

test('two uplinks of 50 and 30 Mbit/s together carry at least 95 % of 80 Mbit/s', async context => {
  const result = await playProduct(context, 'flow-throughput', {
    time: 'virtual',
    params: {
      sections: flow('rest', ["option action 'balance'", "list uplink 'lte 50'", "list uplink 'wifi 30'"]),
      flows: 32,
      seconds: 4,
    },
  });
  const { lte, wifi } = theRecord<{ lte: number; wifi: number }>(result, 'carried');
  expect(lte + wifi, `${lte} and ${wifi} Mbit/s`).toBeGreaterThanOrEqual(0.95 * 80);
});
