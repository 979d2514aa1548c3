/** `flow` sections: what they say, and every fault. */
import { describe, expect, test } from 'vitest';
import { formatFault } from '../../../src/uci/fault.ts';
import { BASE, load } from './sample.ts';

const flow = (...lines: string[]) => `config flow 'f'\n${lines.map(line => `\t${line}\n`).join('')}`;
const at = (line: number) => BASE.split('\n').length - 1 + line;
const faultsOf = (text: string) => load(BASE + text).faults.map(formatFault);

test('a flow with all that it can say', () => {
  const text = flow(
    "list src '2001:db8:1:2::/64'",
    "list src '2001:db8:1::7'",
    "list mac '02:00:5E:10:00:01'",
    "list dest '2001:db8:9::/48'",
    "list proto 'udp'",
    "list proto '132'",
    "list src_port '5060'",
    "list dest_port '5060-5070'",
    "list dscp 'ef'",
    "list dscp 'af41'",
    "list dscp 'cs5'",
    "option mark '0x100/0xff00'",
    "option action 'balance'",
    "list uplink 'lte 70'",
    "list uplink 'wifi 30'",
    "option per 'packet'",
    "option quality '1'",
  );
  const { config, faults } = load(BASE + text);
  // 2 x 2 x 3 combinations.
  expect(faults).toEqual([]);
  expect(config!.mobileRouters[0]!.flows).toMatchObject([
    {
      name: 'f',
      criteria: {
        sources: [{ length: 64 }, { length: 128 }],
        linkLayerAddresses: [Uint8Array.of(2, 0, 0x5e, 0x10, 0, 1)],
        protocols: [17, 132],
        sourcePorts: [{ start: 5060 }],
        destinationPorts: [{ start: 5060, end: 5070 }],
        dscps: [46, 34, 40],
        mark: { value: 0x100, mask: 0xff00 },
      },
      action: 'balance',
      uplinks: [
        { name: 'lte', weight: 70 },
        { name: 'wifi', weight: 30 },
      ],
      only: false,
      per: 'packet',
      sensitive: true,
    },
  ]);
});

test('a metered uplink', () => {
  const { config } = load(`${BASE}\toption metered '1'\n`);
  expect(config!.mobileRouters[0]!.uplinks.map(({ metered }) => metered)).toEqual([undefined, true]);
});

test('a monthly budget, and what is wrong with one', () => {
  const budgetOf = (...lines: string[]) =>
    load(BASE + lines.map(line => `\toption ${line}\n`).join('')).config!.mobileRouters[0]!.uplinks[1]!
      .budget;
  expect(budgetOf("budget '20G'")).toEqual({ octets: 20e9, resetDay: 1, closes: false });
  expect(budgetOf("budget '1.5TB'", "reset_day '31'", "over_budget 'off'")).toEqual({
    octets: 1.5e12,
    resetDay: 31,
    closes: true,
  });
  expect(budgetOf("budget '700'")).toMatchObject({ octets: 700 });
  expect(faultsOf("\toption budget '5 Gbit'\n\toption reset_day '32'\n")).toEqual([
    "/etc/config/kedge:11: uplink 'wifi': 'budget' is '5 Gbit': expected a number of octets, perhaps with a unit: k, M, G or T (powers of 1000), e.g. 20G",
    "/etc/config/kedge:12: uplink 'wifi': 'reset_day' is '32': expected a number from 1 to 31",
  ]);
  expect(faultsOf("\toption reset_day '3'\n")).toEqual([
    "/etc/config/kedge:11: uplink 'wifi': 'reset_day' without a budget: expected option budget",
  ]);
  expect(faultsOf("\toption budget '0'\n")).toHaveLength(1);
});

describe('faults', () => {
  test.each([
    [
      'an uplink that is not there',
      ["list uplink 'lt'"],
      2,
      "flow 'f': there is no uplink 'lt'; did you mean 'lte'?",
    ],
    [
      'nothing said',
      ["list proto 'tcp'"],
      1,
      "flow 'f': nothing is said about uplinks: expected list uplink or list avoid",
    ],
    [
      'an uplink that is avoided and used',
      ["list uplink 'lte'", "list avoid 'lte'"],
      3,
      "flow 'f': 'lte' is to be avoided and used: expected one of 'uplink' and 'avoid'",
    ],
    [
      'all avoided',
      ["list avoid 'lte'", "list avoid 'wifi'"],
      2,
      "flow 'f' avoids all uplinks: expected one to be left, or option action 'drop'",
    ],
    [
      'a balance of one',
      ["option action 'balance'", "list uplink 'lte 70'"],
      2,
      "flow 'f': action 'balance' with 1 uplinks: expected 2 to 8, list uplink 'NAME WEIGHT'",
    ],
    [
      'copies for one',
      ["option action 'replicate'", "list uplink 'lte'"],
      2,
      "flow 'f': action 'replicate' takes 2 to 8 uplinks and no 'avoid': expected list uplink 'NAME' for each copy",
    ],
    [
      'a weight without balance',
      ["list uplink 'lte 70'"],
      2,
      "flow 'f': a weight with action 'prefer': expected the name alone, or action 'balance'",
    ],
    [
      'a drop with uplinks',
      ["option action 'drop'", "list uplink 'lte'"],
      2,
      "flow 'f': action 'drop' takes no uplinks: expected neither 'uplink' nor 'avoid'",
    ],
    [
      'only of nothing',
      ["option only '1'", "list avoid 'lte'"],
      2,
      "flow 'f': 'only' without uplinks: expected list uplink",
    ],
    [
      'ports of a protocol without',
      ["list proto 'esp'", "list dest_port '1'", "list uplink 'lte'"],
      2,
      "flow 'f': protocol 50 has no ports: expected tcp, udp or sctp beside 'src_port' and 'dest_port'",
    ],
    [
      'a range the wrong way round',
      ["list dest_port '9-8'", "list uplink 'lte'"],
      2,
      "flow 'f': 'dest_port' is '9-8': expected a port from 0 to 65535, or a range of them, e.g. 5060-5070",
    ],
  ])('%s', (_, lines, line, message) => {
    expect(faultsOf(flow(...lines))).toEqual([`/etc/config/kedge:${at(line)}: ${message}`]);
  });

  test('what is behind a flow for everything', () => {
    const all = "config flow 'all'\n\tlist uplink 'lte'\n";
    expect(faultsOf(all + flow("list proto 'tcp'", "list uplink 'wifi'"))).toEqual([
      `/etc/config/kedge:${at(3)}: flow 'f' is never reached: flow 'all' (line ${at(1)}) takes all packets: expected it to be the last`,
    ]);
  });

  test('too many combinations', () => {
    const ports = Array.from({ length: 9 }, (_, port) => `list dest_port '${port}'`);
    const sources = Array.from({ length: 8 }, (_, host) => `list src '2001:db8:1::${host + 1}'`);
    expect(faultsOf(flow(...ports, ...sources, "list uplink 'lte'"))[0]).toContain('72 combinations');
  });

  test('marks too narrow for the flows', () => {
    const narrow = "config globals\n\toption mark_mask '0x3'\n";
    const flows = Array.from({ length: 4 }, (_, at) =>
      flow(`list dest_port '${at}'`, "list uplink 'lte'").replace("'f'", `'f${at}'`),
    );
    expect(faultsOf(narrow + flows.join(''))[0]).toContain(
      'need up to 4 values of firewall marks: expected at most 3',
    );
    expect(faultsOf("config globals\n\toption mark_mask '0x5'\n")[0]).toContain('neighbouring bits');
  });
});
