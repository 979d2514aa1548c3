/** What a used-up budget of an uplink does to the traffic. */
import { describe, expect, it } from 'vitest';
import { reportMobileRouter } from '../../../../src/engine/mobile-router/report.ts';
import type { FlowConfig } from '../../../../src/uci/types.ts';
import { Router, summary } from '../router.ts';

const state = { limit: 1000, used: 0, renewedAt: 1_800_000_000_000, usedUp: false, closed: false };
const USED_UP = { ...state, used: 1001, usedUp: true };
const report = (router: Router) => reportMobileRouter(router.router, router.now, uplink => `kdg-${uplink}`);
const CRITERIA = {
  ...{ sources: [], linkLayerAddresses: [], destinations: [], protocols: [], sourcePorts: [] },
  ...{ destinationPorts: [], dscps: [], mark: undefined },
};
const flow = (name: string, only: boolean): FlowConfig => ({
  ...{ name, criteria: CRITERIA, action: 'prefer', avoid: [], per: 'flow', sensitive: false, only },
  uplinks: [{ name: 'lte', weight: 1 }],
});

function set(router: Router, lte: typeof state): void {
  router.input({ kind: 'budgets', budgets: new Map([['lte', lte]]) });
  router.wait(1000);
}

/** Both uplinks answer probes. */
function alive(router: Router): Router {
  for (const { prober } of router.router.entries) Object.assign(prober, { state: 'alive' });
  return router;
}

it('an uplink that costs money is passed over, and that is said', () => {
  const router = new Router();
  router.config = {
    ...router.config,
    uplinks: router.config.uplinks.map(uplink => ({ ...uplink, metered: uplink.name === 'lte' })),
  };
  router.restart();
  alive(router).start();
  expect(report(router).active).toMatchObject({ uplink: 'wifi', reason: 'unmetered' });
});

describe('an uplink with a used-up budget', () => {
  it('is the last resort, at the home agent as well, until it is renewed', () => {
    const router = new Router().start();
    set(router, state);
    expect(router.active).toBe('lte');
    expect(report(router).uplinks.map(({ budget }) => budget)).toEqual([
      { limit: 1000, used: 0, usedUp: false, renewedAt: 1_800_000_000_000 },
      null,
    ]);
    router.forgetUpdates();
    set(router, USED_UP);
    expect(report(router).active).toMatchObject({ uplink: 'wifi', reason: 'within-budget' });
    expect(router.updates.map(summary)).toEqual(['600 1=2001:db8:a::2']);
    const [option] = router.updates[0]!.message.options.filter(({ kind }) => kind === 'binding-identifier');
    expect(option).toMatchObject({ bid: 1, priority: 126 });
    router.set('wifi', false);
    router.wait(1000);
    expect(report(router).active).toMatchObject({ uplink: 'lte', reason: 'only-one-alive' });
    router.set('wifi', true);
    router.wait(1000);
    expect(router.active).toBe('wifi');
    set(router, state);
    expect(router.active).toBe('lte');
  });

  it('is taken when the operator prefers it', () => {
    const router = new Router().start();
    set(router, USED_UP);
    router.input({ kind: 'prefer', uplink: 'lte' });
    router.wait(1000);
    expect(router.active).toBe('lte');
  });

  it('is left by flows that may take another one, not by those that may not', () => {
    const router = alive(new Router({ flows: [flow('bound', true), flow('free', false)] }).start());
    const carriers = () => router.router.steering!.lanes.map(({ active }) => active);
    set(router, state);
    expect(carriers()).toEqual([1, 1]);
    set(router, USED_UP);
    expect(carriers()).toEqual([1, undefined]);
  });

  it('is de-registered where it is to carry nothing, and comes back when it is renewed', () => {
    const router = new Router().start();
    router.forgetUpdates();
    set(router, { ...USED_UP, closed: true });
    expect(router.updates.map(update => [summary(update), update.device])).toEqual([
      ['0 1=2001:db8:a::2', 'wifi0'],
    ]);
    expect(router.registered).toEqual(['wifi']);
    expect(report(router).uplinks[0]).toMatchObject({ state: 'used-up', tunnel: null });
    set(router, state);
    expect(router.registered).toEqual(['lte', 'wifi']);
    expect(router.active).toBe('lte');
  });

  it('is not even registered after a start', () => {
    const router = new Router();
    set(router, { ...USED_UP, closed: true });
    router.start();
    expect(router.registered).toEqual(['wifi']);
  });
});
