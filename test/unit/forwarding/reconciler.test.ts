import { describe, expect, it } from 'vitest';
import type { Steering } from '../../../src/engine/steering.ts';
import { routerForwarding } from '../../../src/forwarding/router-forwarding.ts';
import { ROUTE_PROTOCOL } from '../../../src/forwarding/state.ts';
import { AddressType } from '../../../src/netlink/address.ts';
import { emitLink } from '../../../src/netlink/link.ts';
import { emitRoute, RouteKind } from '../../../src/netlink/route.ts';
import { LTE, prefix, routerView, WIFI } from './examples.ts';
import { FakeKernel } from './fake-kernel.ts';
import { setUp } from './faked-host.ts';

const router = (...view: Parameters<typeof routerView>) =>
  new Map([['router', routerForwarding(routerView(...view))]]);
const onLte = router([LTE, WIFI], 'lte');
const onWifi = router([LTE, WIFI], 'wifi');

async function started(state = onLte) {
  const all = setUp();
  all.reconciler.start();
  all.reconciler.apply(state);
  await all.pass(0);
  return all;
}
const activeDevice = (kernel: FakeKernel): number | undefined =>
  kernel.routes.find(route => route.table === 7100 && route.metric === 128)?.nextHops[0]?.link;

describe('the reconciler', () => {
  it('makes the kernel agree, tunnels first and what uses them after', async () => {
    const { kernel, reconciler, reports, filters } = await started();
    expect(reconciler.pending()).toEqual([]);
    expect(kernel.link('kdg-lte')).toMatchObject({
      mtu: 1460,
      tunnel: { link: 11, hopLimit: 64, protocol: 41 },
    });
    expect(activeDevice(kernel)).toBe(kernel.link('kdg-lte')!.index);
    expect([...kernel.objects.rule]).toHaveLength(5);
    expect(kernel.routes.every(route => route.protocol === ROUTE_PROTOCOL)).toBe(true);
    expect(filters).toHaveLength(1);
    expect(reports).toEqual([]);
  });

  it('carries a failover out with one message, before apply returns, and without nft', async () => {
    const { kernel, reconciler, filters, pass } = await started();
    kernel.requests.length = 0;
    reconciler.change(onWifi);
    expect(kernel.requests).toHaveLength(1);
    await pass(1000);
    expect(activeDevice(kernel)).toBe(kernel.link('kdg-wifi')!.index);
    expect(kernel.requests).toHaveLength(1);
    expect(filters).toHaveLength(1);
  });

  it('adopts what it finds', async () => {
    const { kernel } = await started();
    kernel.requests.length = 0;
    const { reconciler, filters, pass } = setUp(kernel);
    reconciler.start();
    reconciler.apply(onLte);
    await pass(1000);
    expect(kernel.requests).toEqual([]);
    expect(filters).toHaveLength(1);
  });

  it('does not add an address twice when the kernel tells of it late', async () => {
    const { kernel, reconciler, reports, pass } = setUp();
    kernel.lazy = true;
    reconciler.start();
    reconciler.apply(onLte);
    await pass(0);
    reconciler.apply(router([LTE, WIFI], 'lte'));
    await pass(0);
    const additions = kernel.requests.filter(({ type }) => type === AddressType.new);
    expect(additions).toHaveLength(1);
    expect(reports).toEqual([]);
    kernel.work();
    await pass(1000);
    expect(reconciler.pending()).toEqual([]);
    expect(reports).toEqual([]);
  });

  it('takes an address that is there already for the one that is wanted', async () => {
    const { kernel, reconciler, reports, pass } = setUp();
    kernel.refuse = ({ type }) => (type === AddressType.new ? 17 : undefined);
    reconciler.start();
    reconciler.apply(onLte);
    await pass(1000);
    expect(reports).toEqual([]);
  });

  it('goes on to the newest state when that changes under way', async () => {
    const { kernel, reconciler, pass } = setUp();
    reconciler.start();
    reconciler.apply(onLte);
    await pass(0);
    reconciler.change(router([LTE], 'lte'));
    reconciler.change(onLte);
    reconciler.change(onWifi);
    await pass(0);
    expect(reconciler.pending()).toEqual([]);
    expect(activeDevice(kernel)).toBe(kernel.link('kdg-wifi')!.index);
  });

  it('takes nothing away before what needs a new tunnel is there', async () => {
    const { kernel, reconciler, pass } = await started(router([LTE], 'lte'));
    kernel.requests.length = 0;
    reconciler.change(router([WIFI], 'wifi'));
    const isDeletion = (type: number): boolean => type % 4 === 1;
    expect(kernel.requests.some(request => isDeletion(request.type))).toBe(false);
    await pass(0);
    const order = kernel.requests.map(request => (isDeletion(request.type) ? 'delete' : 'make'));
    expect(order.lastIndexOf('make')).toBeLessThan(order.indexOf('delete'));
    expect(activeDevice(kernel)).toBe(kernel.link('kdg-wifi')!.index);
  });

  it('lets a surplus tunnel linger, and takes it back if it is wanted again', async () => {
    const { kernel, reconciler, pass } = await started();
    const index = kernel.link('kdg-lte')!.index;
    reconciler.change(router([WIFI], 'wifi'));
    await pass(400);
    expect(kernel.link('kdg-lte')?.index).toBe(index);
    reconciler.change(onLte);
    await pass(1000);
    expect(kernel.link('kdg-lte')?.index).toBe(index);
    reconciler.change(router([WIFI], 'wifi'));
    await pass(1000);
    expect(kernel.link('kdg-lte')).toBeUndefined();
    expect(reconciler.pending()).toEqual([]);
  });

  it('takes everything away at the orderly end, and nothing that is not its own', async () => {
    const { kernel, reconciler, filters, pass } = await started();
    const foreign = {
      table: 254,
      destination: prefix('::/0'),
      metric: 1024,
      kind: RouteKind.unicast,
    };
    kernel.meddle(
      'route',
      'new',
      emitRoute({ ...foreign, protocol: 3, nextHop: { link: 11, gateway: undefined } }),
    );
    const done = reconciler.clear();
    await pass(0);
    await done;
    expect([...kernel.objects.link.keys()]).toEqual(['lo', 'u0', 'u1']);
    expect(kernel.routes.map(route => route.protocol)).toEqual([3]);
    expect(kernel.objects.rule.size + kernel.objects.address.size).toBe(0);
    expect(filters.at(-1)).toBe('table inet kedge {}\ndelete table inet kedge\n');
  });
});

describe('what others change', () => {
  it('is repaired soon', async () => {
    const { kernel, reconciler, reports, pass } = await started();
    kernel.meddle('link', 'delete', emitLink({ index: 0, name: 'kdg-lte' }));
    await pass(1000);
    expect(reconciler.pending()).toEqual([]);
    expect(activeDevice(kernel)).toBe(kernel.link('kdg-lte')!.index);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/^notice: somebody changed what is kedge's; repairing: ip link add kdg-lte /);
  });

  it('again and again is repaired ever more slowly', async () => {
    const { kernel, reports, pass } = await started();
    const stolen = { table: 7100, destination: prefix('::/0'), metric: 128, kind: RouteKind.unicast };
    for (let second = 0; second < 600; second++) {
      if (activeDevice(kernel) !== 11) {
        kernel.meddle(
          'route',
          'new',
          emitRoute({ ...stolen, protocol: ROUTE_PROTOCOL, nextHop: { link: 11, gateway: undefined } }),
        );
      }
      await pass(1000);
    }
    expect(reports.length).toBeGreaterThan(10);
    expect(reports.length).toBeLessThan(40);
    await pass(300_000);
    kernel.meddle('link', 'delete', emitLink({ index: 0, name: 'kdg-lte' }));
    await pass(60);
    expect(reports.at(-1)).toContain('repairing: ip link add kdg-lte');
  });

  it('is told to the host', async () => {
    const { kernel, changes, pass } = await started();
    const before = changes();
    kernel.meddle('link', 'new', emitLink({ index: 11, name: 'u0', mtu: 1400, up: true }));
    await pass(0);
    expect(changes()).toBe(before + 1);
  });
});

describe('a refusal', () => {
  it('is reported in a sentence, once, and tried again within bounds', async () => {
    const all = setUp();
    all.kernel.refuse = request => (request.type === 16 && request.flags & 0x400 ? 95 : undefined);
    all.reconciler.start();
    all.reconciler.apply(onLte);
    await all.pass(60_000);
    const sentences = all.reports.filter(text => text.includes('kdg-lte mtu'));
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(
      /^warning: ip link add kdg-lte .*: the kernel has no ip6_tunnel: install kmod-ip6-tunnel/,
    );
    expect(all.reconciler.refusals.length).toBeGreaterThan(0);
    expect(all.kernel.datagrams).toBeLessThan(40);
    all.kernel.refuse = () => undefined;
    await all.pass(10_000);
    expect(all.reconciler.pending()).toEqual([]);
    expect(all.reconciler.refusals).toEqual([]);
  });

  it('of one change does not hold up the others', async () => {
    const all = setUp(new FakeKernel({ name: 'lo', index: 1 }, { name: 'u0', index: 11 }));
    all.reconciler.start();
    all.reconciler.apply(onLte);
    await all.pass(0);
    expect(activeDevice(all.kernel)).toBe(all.kernel.link('kdg-lte')!.index);
    expect(all.reports.join()).toContain('dev u1 table 7102 metric 128 proto 135: the device does not exist');
  });

  it('of one tunnel does not keep others from going', async () => {
    const all = await started();
    all.kernel.refuse = request => (request.type === 16 && request.flags & 0x400 ? 17 : undefined);
    all.reconciler.change(router([LTE, { ...WIFI, uplink: 'dsl' }], 'lte'));
    await all.pass(1000);
    expect(all.kernel.link('kdg-wifi')).toBeUndefined();
    expect(all.reconciler.pending().map(change => change.kind)).toEqual(['tunnel-add']);
  });

  it('of what the kernel accepts but does not keep ends as well', async () => {
    const all = setUp();
    // RTM_NEWRULE
    all.kernel.refuse = request => (request.type === 32 ? 0 : undefined);
    all.reconciler.start();
    all.reconciler.apply(onLte);
    await all.pass(0);
    expect(all.reports).toEqual([
      expect.stringMatching(/^warning: the kernel does not keep: ip -6 rule add priority .* \(5 changes\)$/),
    ]);
  });

  it('of the filter is reported, and tried again', async () => {
    const { reconciler, reports, filters, failNft, pass } = setUp();
    failNft('Error: no such table');
    reconciler.start();
    reconciler.apply(onLte);
    await pass(25_000);
    expect(reports).toEqual(['error: nft refuses the filter: Error: no such table']);
    expect(filters).toHaveLength(3);
    failNft(undefined);
    await pass(60_000);
    expect(filters).toHaveLength(4);
  });
});

it('keeps what a lane has that ends until nft has loaded the policy without it', async () => {
  const policy = (number: number, active: number | undefined) => {
    const lanes = [{ number, bids: [1, 2], only: true, active }];
    const action = { kind: 'lanes', shares: [{ lane: number, weight: 1 }], per: 'flow' } as const;
    const steering: Steering = { lanes, rules: [{ id: 1, name: 'f', selectors: [], action }] };
    return new Map([['router 0', routerForwarding({ ...routerView([LTE, WIFI], 'lte'), steering })]]);
  };
  const { kernel, reconciler, pass } = await started(policy(1, 2));
  const lane = (number: number) =>
    kernel.routes
      .filter(({ table }) => table === 77_100 + number)
      .map(({ kind }) => kind)
      .sort();
  expect(lane(1)).toEqual([RouteKind.unicast, RouteKind.unreachable].sort());
  reconciler.change(policy(1, undefined));
  await pass(0);
  expect(lane(1)).toEqual([RouteKind.unreachable]);
  reconciler.change(policy(1, 2));
  reconciler.apply(policy(2, 1));
  await pass(400);
  expect([lane(1).length, lane(2).length]).toEqual([2, 2]);
  await pass(200);
  expect([lane(1).length, lane(2).length]).toEqual([0, 2]);
  expect(reconciler.pending()).toEqual([]);
});

describe('copies', () => {
  const ofGre = ({ type, body }: { type: number; body: Uint8Array }): boolean =>
    type === 16 && String.fromCharCode(...body).includes('ip6gre');
  const replicating: Steering = {
    lanes: [1, 2, 3].map(number => ({ number, bids: [1, 2], only: false, active: 1 })),
    rules: [{ id: 1, name: 'f', selectors: [], action: { kind: 'replicate', lanes: [1, 2], through: 3 } }],
  };
  const copying = () =>
    new Map([
      [
        'router 0',
        routerForwarding({ ...routerView([LTE, WIFI], 'lte'), steering: replicating, copyKey: 7 }),
      ],
    ]);

  it.each([
    ['has no GRE devices', 95, ['cannot copy']],
    ['makes them, but not one with a routing header', 22, []],
  ])('are impossible only where the kernel says that it %s', async (_, errno, expected) => {
    const all = await started();
    all.kernel.refuse = request => (ofGre(request) ? errno : undefined);
    all.reconciler.tryCopies();
    await all.pass(1000);
    expect(all.reports).toEqual(expected);
  });

  it('that nft refuses are told to the host', async () => {
    const all = await started();
    all.failNft('Error: no dup', ' dup to ');
    all.reconciler.apply(copying());
    await all.pass(100_000);
    expect(all.reports).toContain('cannot copy');
  });

  it('are loaded once, however often the same ones are wanted', async () => {
    const all = setUp();
    all.reconciler.start();
    for (let times = 0; times < 3; times++) {
      all.reconciler.apply(copying());
      await all.pass(1000);
    }
    expect(all.filters.filter(text => text.includes('set seen'))).toHaveLength(1);
    const cleared = all.reconciler.clear();
    await all.pass(1000);
    await cleared;
    expect(all.filters.at(-1)).toContain('delete table ip6 kedge');
  });
});

it('lost messages make it read the kernel anew', async () => {
  const { kernel, reconciler, pass } = await started();
  const receive = kernel.receive;
  kernel.receive = () => {};
  kernel.meddle('link', 'delete', emitLink({ index: 0, name: 'kdg-lte' }));
  await pass(0);
  kernel.receive = receive;
  expect(reconciler.pending()).toEqual([]);
  reconciler.overrun();
  await pass(1000);
  expect(reconciler.pending()).toEqual([]);
  expect(activeDevice(kernel)).toBe(kernel.link('kdg-lte')!.index);
});

it('lost answers do not leave it waiting', async () => {
  const { kernel, reconciler, pass } = await started();
  const receive = kernel.receive;
  kernel.receive = () => {};
  reconciler.change(onWifi);
  await pass(0);
  kernel.receive = receive;
  reconciler.overrun();
  await pass(1000);
  expect(reconciler.pending()).toEqual([]);
  reconciler.change(onLte);
  await pass(1000);
  expect(activeDevice(kernel)).toBe(kernel.link('kdg-lte')!.index);
});
