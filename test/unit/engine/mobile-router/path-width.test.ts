/** Paths that are narrower than their devices are found out, and TCP segments become smaller. */
import { describe, expect, it } from 'vitest';
import { pathMtu } from '../../../../src/engine/mobile-router/binding-update-list.ts';
import { routerForwarding } from '../../../../src/forwarding/router-forwarding.ts';
import type { MobileRouterConfig } from '../../../../src/uci/types.ts';
import { Router } from '../router.ts';

/** Octets of a tunnel packet with an inner one of 1280, and of the request beside it. */
const FULL = 1320;
const SMALL = 61;
const ROUND = [SMALL, FULL];

/** @param widest octets of the largest packet that passes */
function alive(widest: number, config: Partial<MobileRouterConfig> = {}): Router {
  const router = new Router({ probe: 'fast', ...config });
  router.answersEcho = ['lte0', 'wifi0'];
  router.widest = widest;
  router.start();
  router.wait(10_000);
  return router;
}

const asked = (router: Router, device = 'lte0') =>
  router.sizes.filter(each => each.device === device).map(({ octets }) => octets);
const named = (router: Router) =>
  router.events
    .filter(({ name }) => /narrow|wide/.test(name))
    .map(({ name, data }) => `${name} ${data.uplink}`);
const view = (router: Router) => {
  const { tunnels, filter } = routerForwarding(router.router.view());
  return { mtus: tunnels.map(({ mtu }) => mtu), mss: filter!.mss };
};

describe('[RFC 2473 §7] [RFC 8200 §5] a path that answers', () => {
  it('is asked once whether a full packet passes', () => {
    const router = alive(1500);
    router.wait(3_600_000);
    for (const device of ['lte0', 'wifi0']) expect(asked(router, device)).toEqual(ROUND);
    expect(named(router)).toEqual([]);
    expect(view(router)).toEqual({ mtus: [1460, 1460], mss: 1400 });
  });

  it.each([
    ['beside the tunnel', SMALL, {}],
    ['in the tunnel of the only binding', SMALL + 40, { registration: 'regular', auth: { kind: 'none' } }],
  ] as const)('is narrow when only small ones are answered, asked %s', (_, small, config) => {
    const router = alive(FULL - 1, config);
    expect(asked(router)).toEqual([small, FULL, small, FULL, small, FULL]);
    expect(named(router)).toContain('path-narrow lte');
    expect(view(router)).toMatchObject({ mss: 1180 });
    expect(view(router).mtus[0]).toBe(1280);
    expect(pathMtu(router.router.entries[0]!)).toBe(1280);
  });

  it('is asked again after ten minutes, and may be wide then', () => {
    const router = alive(FULL - 1);
    router.widest = 1500;
    router.wait(590_000);
    expect(named(router)).toEqual(['path-narrow lte', 'path-narrow wifi']);
    router.wait(20_000);
    expect(named(router)).toEqual(['path-narrow lte', 'path-narrow wifi', 'path-wide lte', 'path-wide wifi']);
    expect(view(router)).toEqual({ mtus: [1460, 1460], mss: 1400 });
    router.wait(3_600_000);
    expect(asked(router)).toHaveLength(4 * ROUND.length);
  });

  it('is another one with another care-of address', () => {
    const router = alive(FULL - 1);
    router.widest = 1500;
    router.status.lte.careOfAddress = router.status.lte.careOfAddress.map((octet, at) =>
      at === 15 ? 9 : octet,
    );
    router.announce();
    router.wait(10_000);
    expect(view(router).mtus).toEqual([1460, 1280]);
  });

  it('says nothing of its width when echoes are not answered', () => {
    const router = alive(SMALL - 1);
    router.wait(3_600_000);
    expect(asked(router)).toEqual([...ROUND, ...ROUND, ...ROUND]);
    expect(named(router)).toEqual([]);
    expect(view(router).mss).toBe(1400);
  });
});
