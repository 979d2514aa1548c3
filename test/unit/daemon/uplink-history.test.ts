import { expect, test, vi } from 'vitest';
import type { MobileRouterReport } from '../../../src/engine/status.ts';

const clock = vi.hoisted(() => ({ now: 0, due: () => {} }));
vi.mock('../../../src/host/clock.ts', () => ({ now: () => ({ monotonic: clock.now, wall: 0 }) }));
vi.mock('../../../src/host/timer.ts', () => ({
  Timer: class {
    constructor(action: () => void) {
      clock.due = action;
    }
    set() {}
  },
}));

const { UplinkHistory } = await import('../../../src/daemon/uplink-history.ts');

function reportOf(name: string, active: string, octets: number | null): MobileRouterReport {
  const traffic =
    octets === null ? null : { rxOctets: octets, txOctets: 2 * octets, rxBitRate: 1, txBitRate: 1 };
  const path = { state: 'alive', rtt: 40, loss: 0, traffic };
  const uplinks = [{ name: 'lte', state: 'registered', path }];
  return {
    name,
    active: { uplink: active, reason: 'only-one-alive' },
    uplinks,
  } as unknown as MobileRouterReport;
}

test('every mobile router has a history of its own: means of what its tunnels have carried, and its handovers', () => {
  let routers: MobileRouterReport[] = [];
  const history = new UplinkHistory(() => routers);
  const sample = (seconds: number, ...reports: MobileRouterReport[]) => {
    clock.now = seconds * 1000;
    routers = reports;
    clock.due();
  };
  const last = (series: string, count: number) => series.split(',').slice(-count);

  sample(10, reportOf('vessel', 'lte', 1000), reportOf('van', 'lte', null));
  history.noteCarrier();
  sample(20, reportOf('vessel', 'lte', 26_000), reportOf('van', 'lte', 500));
  // The tunnel was made anew: what it has counted since is all new.
  sample(30, reportOf('vessel', 'lte', 2500), reportOf('van', 'lte', 1000));

  const vessel = history.report(900);
  expect(last(vessel.uplinks.lte!.received, 3)).toEqual(['', '20000', '2000']);
  expect(last(vessel.uplinks.lte!.sent, 3)).toEqual(['', '40000', '4000']);
  expect(vessel.handovers).toMatchObject([{ from: null, to: 'lte' }]);
  const van = history.report(900, 'van');
  expect(last(van.uplinks.lte!.received, 3)).toEqual(['', '', '400']);
  expect(last(van.uplinks.lte!.rtt, 3)).toEqual(['40', '40', '40']);

  sample(40, reportOf('van', 'lte', 1000));
  expect(history.report(900, 'vessel').uplinks).toEqual({});
});
