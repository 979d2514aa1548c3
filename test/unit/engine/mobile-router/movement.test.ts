/** Movement detection: what the kernel would choose anew is not a movement by itself. */
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../../src/wire/address.ts';
import { address, CARE_OF } from '../anchor.ts';
import { Router, summary } from '../router.ts';

const NEWER = address('2001:db8:a:1::2');
const GATEWAY = address('fe80::1');
const OTHER_GATEWAY = address('fe80::2');

/** The kernel has chosen `NEWER` and its gateway among these. */
function advertise(
  router: Router,
  gateway: Uint8Array,
  gateways: readonly Uint8Array[],
  addresses: readonly Uint8Array[] = [CARE_OF, NEWER],
): void {
  router.status.lte = {
    up: true,
    careOfAddress: NEWER,
    gateway,
    candidates: { careOfAddresses: addresses, gateways },
  };
  router.announce();
}

function registered(): Router {
  const router = new Router().start();
  router.forgetUpdates();
  return router;
}

const careOfAddress = (router: Router) =>
  formatAddress(router.router.view().paths.find(path => path.uplink === 'lte')!.careOfAddress);

it('an uplink whose device is another one goes on over that, without a reload', () => {
  const router = registered();
  router.status.lte = { ...router.status.lte, device: 'br-lte' };
  router.announce();
  expect(router.router.view().paths.find(({ uplink }) => uplink === 'lte')!.device).toBe('br-lte');
  router.status.lte.careOfAddress = NEWER;
  router.announce();
  router.wait(1000);
  expect(router.updates.map(({ device }) => device)).toEqual(['br-lte']);
  expect(router.registered).toContain('lte');
});

describe('[RFC 6275 §11.5.1] movement detection', () => {
  it('a next hop that Neighbor Unreachability Detection has given up has its uplink probed at once, and no more than that', () => {
    const router = registered();
    router.wait(10_000);
    const { probes } = router;
    router.input({ kind: 'gateway-failed', uplink: 'wifi' });
    expect(router.probes).toBe(probes + 1);
    for (let i = 0; i < 100; i++) router.input({ kind: 'gateway-failed', uplink: 'wifi' });
    router.input({ kind: 'gateway-failed', uplink: 'dsl' });
    expect(router.probes).toBe(probes + 1);
    expect(router.updates).toEqual([]);
    expect(router.registered).toEqual(['lte', 'wifi']);
  });

  it('a new prefix by another router of the link is no movement', () => {
    const router = registered();
    advertise(router, OTHER_GATEWAY, [OTHER_GATEWAY, GATEWAY]);
    router.wait(100_000);
    expect(router.updates).toEqual([]);
    expect(careOfAddress(router)).toBe(formatAddress(CARE_OF));
    expect(formatAddress(router.router.view().paths[0]!.gateway!)).toBe('fe80::1');
  });

  it('a second router of the same prefix changes neither care-of address nor binding', () => {
    const router = registered();
    router.status.lte = {
      up: true,
      careOfAddress: CARE_OF,
      gateway: OTHER_GATEWAY,
      candidates: { careOfAddresses: [CARE_OF], gateways: [OTHER_GATEWAY, GATEWAY] },
    };
    router.announce();
    router.wait(100_000);
    expect(router.updates).toEqual([]);
    expect(router.registered).toContain('lte');
  });

  it('the same router with another prefix has renumbered the link, or is another one with the same address', () => {
    const router = registered();
    advertise(router, GATEWAY, [GATEWAY]);
    expect(router.updates.map(summary)).toEqual([`600 1=${formatAddress(NEWER)}`]);
    router.wait(1000);
    expect(careOfAddress(router)).toBe(formatAddress(NEWER));
  });

  it('the old router, or the old address, is gone: a movement', () => {
    const byRouter = registered();
    advertise(byRouter, OTHER_GATEWAY, [OTHER_GATEWAY, address('fe80::3')]);
    expect(byRouter.updates.map(summary)).toEqual([`600 1=${formatAddress(NEWER)}`]);
    const byAddress = registered();
    advertise(byAddress, OTHER_GATEWAY, [OTHER_GATEWAY, GATEWAY], [NEWER]);
    expect(byAddress.updates.map(summary)).toEqual([`600 1=${formatAddress(NEWER)}`]);
  });

  it('the path over the old address died: a movement', () => {
    const router = registered();
    advertise(router, OTHER_GATEWAY, [OTHER_GATEWAY, GATEWAY]);
    expect(router.updates).toEqual([]);
    const entry = router.router.entries[0]!;
    while (entry.prober.state !== 'dead') {
      const due = entry.prober.nextWake();
      entry.prober.poll(due, true);
    }
    router.input({ kind: 'timer' });
    expect(router.updates.map(summary)).toEqual([`600 1=${formatAddress(NEWER)}`]);
    expect(careOfAddress(router)).toBe(formatAddress(NEWER));
  });
});
