import { describe, expect, test } from 'vitest';
import type { Daemon } from '../../../src/daemon/daemon.ts';
import { callMethod, METHODS } from '../../../src/daemon/methods.ts';
import type { JsonObject } from '../../../src/engine/types.ts';
import { parseAddress } from '../../../src/wire/address.ts';
import { AGENT, ROUTER, statusOf } from '../cli/sample.ts';

/** A daemon as far as the methods look at it, and what they have told it. */
function daemon() {
  const told: unknown[] = [];
  const loaded = (text?: string) => {
    told.push(['load', text]);
    return {
      faults: [{ file: '/etc/config/kedge', line: 2, message: 'no' }],
      warnings: [],
      config: undefined,
      dialects: new Map(),
    };
  };
  const fake = {
    told,
    status: () => statusOf({ mobileRouter: ROUTER, homeAgent: AGENT }),
    routerNames: () => ['van', 'bus'],
    uplinkNames: (router: unknown) => (router === 'bus' ? ['lte'] : ['lte', 'wifi']),
    homeAgents: () => [parseAddress('2001:db8:a::1')!],
    prefer: (uplink: unknown, router: unknown) => told.push(['prefer', uplink, router]),
    useHomeAgent: (address: unknown, router: unknown) => told.push(['home agent', address, router]),
    attach: (name: string, router: unknown) => {
      told.push(['attach', name, router]);
      return router === 'van' ? 'no such mobile_router' : undefined;
    },
    detach: (name: string) => told.push(['detach', name]),
    reload: loaded,
    check: loaded,
    history: {
      report: (span: number) => {
        told.push(['history', span]);
        return { step: 10 };
      },
    },
    reconciler: { pending: () => [] },
  };
  return {
    told,
    call: (name: string, given: JsonObject = {}) => callMethod(fake as unknown as Daemon, name, given),
  };
}

function resultOf(name: string, given: JsonObject = {}): JsonObject {
  const answer = daemon().call(name, given);
  expect(answer).toMatchObject({ ok: true });
  return (answer as { readonly result: JsonObject }).result;
}

describe('lists over all roles', () => {
  test('uplinks', () => {
    const { uplinks } = resultOf('uplinks') as { readonly uplinks: readonly JsonObject[] };
    expect(uplinks.map(({ router, name, active, preferred }) => [router, name, active, preferred])).toEqual([
      ['van', 'lte', true, false],
      ['van', 'wifi', false, false],
      ['van', 'starlink_01', false, false],
    ]);
  });

  test('bindings: of uplinks that have one, and of the nodes of the home agent', () => {
    const { bindings } = resultOf('bindings') as { readonly bindings: readonly JsonObject[] };
    expect(bindings.map(({ role, node, uplink, bid, active }) => [role, node, uplink, bid, active])).toEqual([
      ['mobile_router', 'van', 'lte', 1, true],
      ['mobile_router', 'van', 'wifi', 2, false],
      ['home_agent', 'van', null, 1, true],
      ['home_agent', 'van', null, 2, false],
    ]);
    expect(bindings[0]).toMatchObject({ homeAddress: '2001:db8:f00::1', granted: 600, remaining: 512.3 });
  });

  test('paths', () => {
    const { paths } = resultOf('paths') as { readonly paths: readonly JsonObject[] };
    expect(paths.map(({ role, tunnel, rtt }) => [role, tunnel, rtt])).toEqual([
      ['mobile_router', 'kdg-lte', 40.17],
      ['mobile_router', 'kdg-wifi', 61.4],
      ['home_agent', 'kdg-0a1b2c3d4e5', 40.2],
      ['home_agent', 'kdg-1', expect.any(Number)],
    ]);
  });
});

test('prefer', () => {
  for (const [given, told] of [
    [{ uplink: 'wifi' }, 'wifi'],
    [{ uplink: '' }, undefined],
    [{ uplink: null }, undefined],
    [{}, undefined],
  ] as const) {
    const fake = daemon();
    expect(fake.call('prefer', given)).toEqual({ ok: true, result: {} });
    expect(fake.told).toEqual([['prefer', told, undefined]]);
  }
  const fake = daemon();
  expect(fake.call('prefer', { uplink: 'wan' })).toEqual({
    ok: false,
    error: 'no such uplink; there are lte, wifi',
  });
  expect(fake.call('prefer', { uplink: 'wifi', router: 'bus' })).toEqual({
    ok: false,
    error: 'no such uplink; there are lte',
  });
  expect(fake.call('prefer', { uplink: 'wifi', router: 'car' })).toEqual({
    ok: false,
    error: 'no such mobile router; there are van, bus',
  });
  expect(fake.told).toEqual([]);
  expect(fake.call('prefer', { uplink: 'lte', router: 'bus' })).toMatchObject({ ok: true });
  expect(fake.told).toEqual([['prefer', 'lte', 'bus']]);
});

test('home agent', () => {
  const fake = daemon();
  expect(fake.call('home_agent', { address: '2001:db8:a::1' })).toMatchObject({ ok: true });
  expect(fake.call('home_agent')).toMatchObject({ ok: true });
  for (const address of ['2001:db8:a::2', 'x', ''])
    expect(fake.call('home_agent', { address })).toMatchObject({ ok: false });
  expect(fake.told).toEqual([
    ['home agent', parseAddress('2001:db8:a::1'), undefined],
    ['home agent', undefined, undefined],
  ]);
});

test('history', () => {
  const fake = daemon();
  expect(fake.call('history')).toEqual({ ok: true, result: { step: 10 } });
  expect(fake.call('history', { span: 60 })).toMatchObject({ ok: true });
  for (const span of [0, -1, 1.5, '60']) expect(fake.call('history', { span })).toMatchObject({ ok: false });
  expect(fake.told).toEqual([
    ['history', 86_400],
    ['history', 60],
  ]);
});

test('attach and detach', () => {
  const fake = daemon();
  expect(fake.call('attach', { interface: 'mobile', router: 'vessel' })).toEqual({ ok: true, result: {} });
  expect(fake.call('attach', { interface: 'mobile' })).toEqual({ ok: true, result: {} });
  expect(fake.call('attach', { interface: 'mobile', router: 'van' })).toEqual({
    ok: false,
    error: 'no such mobile_router',
  });
  expect(fake.call('detach', { interface: 'mobile' })).toEqual({ ok: true, result: {} });
  expect(fake.told).toEqual([
    ['attach', 'mobile', 'vessel'],
    ['attach', 'mobile', undefined],
    ['attach', 'mobile', 'van'],
    ['detach', 'mobile'],
  ]);
});

test('check and reload give faults and warnings, without the name of the file', () => {
  const verdict = { faults: [{ line: 2, message: 'no' }], warnings: [] };
  expect(resultOf('reload')).toEqual(verdict);
  const fake = daemon();
  expect(fake.call('check', { text: 'config x' })).toEqual({ ok: true, result: verdict });
  expect(fake.told).toEqual([['load', 'config x']]);
});

test('what is asked for is checked by the table', () => {
  const { call } = daemon();
  expect(call('toString')).toEqual({ ok: false, error: 'there is no method "toString"' });
  expect(call('status', { a: 1 })).toEqual({ ok: false, error: 'status has no argument "a"' });
  expect(call('prefer', { __proto__: null, toString: 'x' } as never)).toMatchObject({ ok: false });
  for (const uplink of [1, true, [], {}]) {
    expect(call('prefer', { uplink })).toEqual({
      ok: false,
      error: 'prefer: uplink must be of type string',
    });
  }
});

test('names and arguments that others rely on', () => {
  expect(Object.fromEntries(Object.entries(METHODS).map(([name, { takes }]) => [name, takes]))).toMatchObject(
    {
      status: {},
      bindings: {},
      paths: {},
      uplinks: {},
      diff: {},
      prefer: { uplink: 'string', router: 'string' },
      home_agent: { address: 'string', router: 'string' },
      attach: { interface: 'string', router: 'string' },
      detach: { interface: 'string' },
      reload: {},
      check: { text: 'string' },
    },
  );
});
