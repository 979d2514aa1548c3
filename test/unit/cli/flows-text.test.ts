import { expect, test } from 'vitest';
import { renderFlows, renderWhy } from '../../../src/cli/flows-text.ts';
import { plainScreen } from '../../../src/cli/layout.ts';
import type { FlowReport } from '../../../src/engine/status.ts';

const screen = plainScreen(76);
const calls: FlowReport = {
  role: 'mobile_router',
  node: 'van',
  id: 1,
  rule: 'calls',
  matches: ['meta l4proto 17 th dport 5060'],
  action: 'prefer',
  shares: [{ paths: ['dsl', 'lte'], only: false, weight: 1, carrier: 'lte' }],
  packets: 12,
  octets: 3456,
};
const camera: FlowReport = {
  ...calls,
  rule: 'camera',
  matches: ['ether saddr 02:00:00:00:00:01'],
  shares: [{ paths: ['dsl'], only: true, weight: 1, carrier: null }],
  packets: null,
  octets: null,
};
const rest: FlowReport = {
  ...calls,
  rule: 'rest',
  matches: [],
  action: 'balance',
  shares: [
    { paths: ['dsl', 'sat'], only: false, weight: 70, carrier: 'sat' },
    { paths: ['sat', 'dsl'], only: false, weight: 20, carrier: 'sat' },
    { paths: ['lte', 'dsl'], only: false, weight: 10, carrier: 'lte' },
  ],
};

test('flows: where each goes now, and how much', () => {
  const [dsl, lte] = [camera, calls].map(({ shares }) => ({
    ...shares[0]!,
    carrier: shares[0]!.paths.at(-1)!,
  }));
  const copies = { ...calls, rule: 'copies', action: 'replicate', shares: [dsl!, lte!] } as const;
  const drop = { ...calls, rule: 'games', action: 'drop', shares: [] } as const;
  expect(renderFlows({ flows: [calls, camera, drop, rest, copies] }, screen)).toEqual([
    'NODE  FLOW    GOES              PACKETS  OCTETS',
    'van   calls   lte                    12    3456',
    '    meta l4proto 17 th dport 5060',
    'van   camera  unreachable             -       -',
    '    ether saddr 02:00:00:00:00:01',
    'van   games   none: dropped          12    3456',
    '    meta l4proto 17 th dport 5060',
    'van   rest    sat 90%, lte 10%       12    3456',
    '    all packets',
    'van   copies  dsl + lte              12    3456',
    '    meta l4proto 17 th dport 5060',
  ]);
  expect(renderFlows({ flows: [] }, screen)).toEqual(['no flows: all goes by the active path']);
});

test('why: the deciding flow, its order, and what could decide before it', () => {
  const base = { role: 'mobile_router', node: 'van', active: 'dsl', symmetric: false, usedUp: [] } as const;
  const why = { ...base, direct: null, unfit: { dsl: 'impaired' } };
  expect(renderWhy({ ...why, rule: calls, possible: [camera] }, screen)).toEqual([
    'van: the path is lte',
    '  because         flow calls is the first that matches,',
    '                  and its first choice is left: dsl is impaired',
    '  order           dsl, then lte, then as all else',
    '  unless          flow camera comes first, if ether saddr 02:00:00:00:00:01:',
    '                  unreachable',
    '  said by         the mobile router',
  ]);
  expect(renderWhy({ ...why, direct: '2001:db8:a::2', rule: calls, possible: [] }, screen)).toContain(
    '  directly        the care-of address is 2001:db8:a::2',
  );
  expect(renderWhy({ ...why, rule: null, possible: [], usedUp: ['lte'] }, screen)).toEqual([
    'van: the path is dsl',
    '  because         no flow matches it, and that path carries all else',
    '  but             lte has used up its budget and comes last',
    '  said by         the mobile router',
  ]);
});
