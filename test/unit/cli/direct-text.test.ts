/** Route optimisation in `kedge status`. */
import { describe, expect, it } from 'vitest';
import { plainScreen } from '../../../src/cli/layout.ts';
import { renderStatus } from '../../../src/cli/status-text.ts';
import type { CorrespondentReport, MobileRouterReport } from '../../../src/engine/status.ts';
import { ROUTER, statusOf } from './sample.ts';

const lifetime = { granted: 420, remaining: 180 };
const binding = { bid: 1, careOfAddress: '2001:db8:a::2', lifetime };
const CORRESPONDENT: CorrespondentReport = {
  name: 'server',
  obstacle: null,
  nodes: [
    {
      address: '2001:db8:cc::5',
      homeAddress: '2001:db8:f00::1',
      active: '2001:db8:a::2',
      bindings: [binding, { bid: 2, careOfAddress: '2001:db8:b::2', lifetime }],
      flowBindings: [],
    },
  ],
  counters: {},
};

const router = (routeOptimization: MobileRouterReport['routeOptimization']) =>
  renderStatus(statusOf({ mobileRouter: { ...ROUTER, routeOptimization } }), plainScreen(100)).then(lines =>
    lines.filter(line => /direct paths|2001:db8:cc|not from/.test(line)),
  );

describe('a mobile router', () => {
  it('[RFC 6275 §8.5] says that route optimisation is off, and why', async () => {
    expect(await router(null)).toEqual(['  direct paths    off, by the configuration']);
    expect(await router({ obstacle: 'no mip6', correspondents: [] })).toEqual([
      '  direct paths    off, no mip6',
    ]);
    expect(await router({ obstacle: null, correspondents: [] })).toEqual(['  direct paths    none']);
  });

  it('lists its correspondents', async () => {
    const lost = [{ careOfAddress: '2001:db8:b::2', again: 30 }];
    const correspondents = [
      {
        address: '2001:db8:cc::5',
        state: 'registered' as const,
        bindings: [binding],
        flowBindings: [],
        lost,
      },
      { address: '2001:db8:cc::6', state: 'unable' as const, bindings: [], flowBindings: [], lost: [] },
    ];
    expect(await router({ obstacle: null, correspondents })).toEqual([
      '  direct paths    2001:db8:cc::5, registered, BID 1 2001:db8:a::2 180/420 s,',
      '                  not from 2001:db8:b::2 for 30 s',
      '                  2001:db8:cc::6, knows no route optimisation',
    ]);
  });
});

it('a mobile router says which of its flows a correspondent keeps', async () => {
  const kept = {
    fid: 1,
    priority: 64,
    rule: 'calls',
    selector: 'udp',
    bids: [2],
    state: 'accepted' as const,
  };
  const flowBindings = [
    { ...kept, refusal: null },
    { ...kept, rule: 'web', state: 'refused' as const, refusal: 'administratively prohibited' },
  ];
  const correspondent = { address: '2001:db8:cc::5', state: 'registered' as const, bindings: [], lost: [] };
  const routeOptimization = { obstacle: null, correspondents: [{ ...correspondent, flowBindings }] };
  const status = statusOf({ mobileRouter: { ...ROUTER, routeOptimization } });
  expect(await renderStatus(status, plainScreen(120))).toContain(
    '  direct paths    2001:db8:cc::5, registered, flow calls to BID 2, flow web administratively prohibited',
  );
});

describe('a correspondent', () => {
  const show = (report: Partial<CorrespondentReport>, width = 100) =>
    renderStatus(statusOf({ correspondent: { ...CORRESPONDENT, ...report } }), plainScreen(width)).then(
      lines => lines.slice(2),
    );

  it('lists its mobile nodes and their bindings', async () => {
    expect(await show({})).toEqual([
      'Correspondent server: 1 mobile node reached directly',
      '  2001:db8:f00::1 at 2001:db8:a::2',
      '    of 2001:db8:cc::5, BID 1 2001:db8:a::2 180/420 s, BID 2 2001:db8:b::2 180/420 s',
    ]);
  });

  it('[RFC 6089 §4.3] lists their flow bindings', async () => {
    const flow = { fid: 4, priority: 10, selector: 'udp, outside port 5060', bids: [2], active: true };
    const [node] = CORRESPONDENT.nodes;
    const flowBindings = [flow, { ...flow, fid: 5, bids: [3], active: false }];
    expect((await show({ nodes: [{ ...node!, flowBindings }] })).slice(3)).toEqual([
      '    FID 4: udp, outside port 5060, to BID 2',
      '    FID 5: udp, outside port 5060, to BID 3, inactive',
    ]);
  });

  it('[RFC 6275 §8.2] says that it is off, and why', async () => {
    expect(await show({ obstacle: 'no mip6', nodes: [] })).toEqual(['Correspondent server: off: no mip6']);
  });

  it('fits a narrow terminal', async () => {
    for (const line of await show({}, 60)) expect(line.length).toBeLessThanOrEqual(60);
  });
});
