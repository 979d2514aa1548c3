import { describe, expect, it } from 'vitest';
import { reportMobileRouter } from '../../../../src/engine/mobile-router/report.ts';
import { Router } from '../router.ts';

const report = (router: Router) => reportMobileRouter(router.router, router.now, uplink => `kdg-${uplink}`);

describe('report of the mobile router', () => {
  it('tells which uplink is in use and why', () => {
    const router = new Router();
    expect(report(router)).toMatchObject({ active: { uplink: null, reason: 'none' } });
    router.start();
    expect(report(router)).toMatchObject({
      name: 'vessel',
      prefixes: ['2001:db8:100:1::/64'],
      active: { uplink: 'lte', reason: 'lowest-priority-value', since: 0 },
    });
    router.input({ kind: 'prefer', uplink: 'wifi' });
    router.wait(5000);
    expect(report(router)).toMatchObject({
      preferred: 'wifi',
      active: { uplink: 'wifi', reason: 'preferred-by-operator' },
    });
    router.input({ kind: 'prefer', uplink: undefined });
    router.set('lte', false);
    router.wait(100);
    expect(report(router).active).toMatchObject({ uplink: 'wifi', reason: 'only-one-alive' });
  });

  it('tells of each uplink how far it has come', () => {
    const router = new Router();
    const states = () => report(router).uplinks.map(uplink => uplink.state);
    expect(states()).toEqual(['no-device', 'no-device']);
    router.status.wifi.up = false;
    router.responder = () => ({ status: 130 });
    router.announce();
    expect(states()).toEqual(['registering', 'no-carrier']);
    router.wait(100);
    expect(states()).toEqual(['refused', 'no-carrier']);
    expect(report(router).uplinks[0]).toMatchObject({
      careOfAddress: '2001:db8:a::2',
      tunnel: null,
      binding: null,
      acknowledgement: { status: 130, name: 'insufficient resources' },
    });
    router.responder = () => ({});
    router.wait(20_000);
    expect(states()).toEqual(['registered', 'no-carrier']);
    router.status.lte.gateway = undefined;
    router.announce();
    expect(states()).toEqual(['no-route', 'no-carrier']);
  });

  it('tells what was granted and what is left of it, and no key', () => {
    const router = new Router().start();
    router.wait(10_000);
    expect(report(router).uplinks[0]).toMatchObject({
      tunnel: 'kdg-lte',
      binding: { granted: 600, remaining: 589 },
      acknowledgement: { status: 0, name: 'accepted' },
      path: { state: 'unknown', profile: 'saver' },
    });
    expect(JSON.stringify(report(router))).not.toMatch(/7,7,7|0707/);
  });
});
