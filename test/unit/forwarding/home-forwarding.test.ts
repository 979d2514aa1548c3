/** What the home agent does in the kernel for home addresses that are on a real link. */
import { describe, expect, it } from 'vitest';
import type { AnchorNode, HomeAttachment } from '../../../src/engine/view.ts';
import { AnchorForwarding } from '../../../src/forwarding/anchor-forwarding.ts';
import { changeText } from '../../../src/forwarding/change-text.ts';
import { diffForwarding } from '../../../src/forwarding/diff.ts';
import { emitLink } from '../../../src/netlink/link.ts';
import { parseNeighbor } from '../../../src/netlink/neighbor.ts';
import { formatAddress } from '../../../src/wire/address.ts';
import { address, anchorForwarding, anchorNode, anchorView, HOME_ADDRESS, LTE } from './examples.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { setUp } from './faked-host.ts';
import { owned } from './model.ts';
import { routeOf } from './routing.ts';

const INTERNET = address('2001:db8:cc::2');
const LAN_HOST = address('2001:db8:100:1::2');
const HOME = address('2001:db8:7::10');
const LINK_LOCAL = address('fe80::10');

const attached = (home: Partial<HomeAttachment>, node: Partial<AnchorNode> = {}): AnchorNode =>
  anchorNode({
    homeAddress: HOME,
    home: {
      device: 'u0',
      defended: [],
      router: true,
      present: false,
      linkLayerAddress: undefined,
      ...home,
    },
    ...node,
  });
const AWAY = attached({ defended: [HOME] });
const AT_HOME = attached({ present: true }, { bindings: [], active: undefined });
const both = (active: number, home: Partial<HomeAttachment>) =>
  attached(
    { present: true, ...home },
    {
      bindings: [
        { bid: 1, careOfAddress: LTE.careOfAddress },
        { bid: 9, careOfAddress: HOME },
      ],
      active,
    },
  );
const state = (node: AnchorNode) => anchorForwarding(anchorView(node));

describe('a node that is away from its home link', () => {
  it('[RFC 6275 §10.4.1] has the kernel answer for its home address there, and gets its packets by the tunnel', () => {
    const forwarding = state(AWAY);
    expect(forwarding.neighbors).toEqual([
      { device: 'u0', neighbor: HOME, linkLayerAddress: undefined, router: true },
    ]);
    expect(routeOf(forwarding, INTERNET, HOME)?.device).toBe('kdg-boat.1');
  });

  it('[RFC 6275 §10.4.1] with the L flag also for its link-local address, which is never routed', () => {
    const forwarding = state(attached({ defended: [HOME, LINK_LOCAL] }));
    expect(forwarding.neighbors?.map(({ neighbor }) => formatAddress(neighbor))).toEqual([
      '2001:db8:7::10',
      'fe80::10',
    ]);
    expect(routeOf(forwarding, INTERNET, LINK_LOCAL)).toBeUndefined();
  });

  it('[RFC 3963 §6.2] is answered for with the R bit only if it is a router', () => {
    const text = (router: boolean) =>
      diffForwarding(state(attached({ defended: [HOME], router })), owned(state(AT_HOME)))
        .flatMap(changeText)
        .filter(line => line.includes('neigh'));
    expect(text(true)).toEqual(['ip -6 neigh replace proxy 2001:db8:7::10 dev u0 router proto 135']);
    expect(text(false)).toEqual(['ip -6 neigh replace proxy 2001:db8:7::10 dev u0 proto 135']);
  });

  it('of a virtual home network has no entry on any link, and no route while it has no binding', () => {
    expect(state(anchorNode({})).neighbors).toEqual([]);
    const gone = state(anchorNode({ bindings: [], active: undefined }));
    expect(routeOf(gone, INTERNET, HOME_ADDRESS)?.kind).toBe('unreachable');
  });
});

describe('a node that has returned home', () => {
  it('[RFC 6275 §10.3.2] is not answered for any more, and its home address is its link’s affair', () => {
    const forwarding = state(AT_HOME);
    expect(forwarding.neighbors).toEqual([]);
    expect(routeOf(forwarding, INTERNET, HOME)).toBeUndefined();
    const changes = diffForwarding(forwarding, owned(state(AWAY))).flatMap(changeText);
    expect(changes).toContain('ip -6 neigh delete proxy 2001:db8:7::10 dev u0 router');
    expect(changes).toContain(
      'ip -6 route replace 2001:db8:100::/48 via 2001:db8:7::10 dev u0 table 254 metric 128 proto 135',
    );
    expect(changes.filter(line => line.startsWith('ip -6 route delete'))).toEqual([
      'ip -6 route delete 2001:db8:7::10/128 dev kdg-boat.1 table 254 metric 128 proto 135',
      'ip -6 route delete unreachable 2001:db8:7::10/128 table 254 metric 4294967295 proto 135',
    ]);
  });

  it('[RFC 3963 §6.7] has its networks behind its home address', () => {
    const route = routeOf(state(AT_HOME), INTERNET, LAN_HOST);
    expect(route).toMatchObject({ kind: 'unicast', device: 'u0', gateway: HOME });
  });

  it('and one that is nowhere has no route to its networks', () => {
    const nowhere = state(attached({}, { bindings: [], active: undefined }));
    expect(routeOf(nowhere, INTERNET, HOME)).toBeUndefined();
    expect(routeOf(nowhere, INTERNET, LAN_HOST)?.kind).toBe('unreachable');
  });
});

describe('[RFC 5648 §5.6] a node at home and abroad at once', () => {
  const place = Uint8Array.of(2, 0, 0, 0, 0, 9);

  it('has no tunnel to its home address', () => {
    expect(state(both(9, {})).tunnels.map(tunnel => tunnel.name)).toEqual(['kdg-boat.1']);
  });

  it('[RFC 5648 §5.6.2] is reached by the tunnel or on the link, as the home agent chooses', () => {
    const abroad = state(both(1, { defended: [HOME] }));
    expect(routeOf(abroad, INTERNET, HOME)?.device).toBe('kdg-boat.1');
    expect(routeOf(abroad, INTERNET, LAN_HOST)?.device).toBe('kdg-boat.1');
    const atHome = state(both(9, { defended: [HOME] }));
    expect(routeOf(atHome, INTERNET, HOME)).toMatchObject({ kind: 'unicast', device: 'u0' });
    expect(routeOf(atHome, INTERNET, LAN_HOST)).toMatchObject({ device: 'u0', gateway: HOME });
  });

  it('[RFC 5648 §6.3] that must not answer for itself is answered for, and its place is in the neighbour cache', () => {
    const forwarding = state(both(9, { defended: [HOME], linkLayerAddress: place }));
    expect(forwarding.neighbors).toEqual([
      { device: 'u0', neighbor: HOME, linkLayerAddress: undefined, router: true },
      { device: 'u0', neighbor: HOME, linkLayerAddress: place, router: false },
    ]);
    const text = diffForwarding(forwarding, owned(state(AWAY))).flatMap(changeText);
    expect(text).toContain(
      'ip -6 neigh replace 2001:db8:7::10 dev u0 lladdr 02:00:00:00:00:09 nud permanent proto 135',
    );
  });

  it('[RFC 5648 §6.3] that answers for itself is not answered for', () => {
    expect(state(both(9, {})).neighbors).toEqual([]);
  });
});

describe('neighbours in the kernel', () => {
  const parts = (node: AnchorNode) => new AnchorForwarding(anchorView(node)).parts();
  const entries = (kernel: FakeKernel) =>
    [...kernel.objects.neighbor.values()].map(body => {
      const { link, neighbor, linkLayerAddress, router, protocol } = parseNeighbor(body)!;
      const kind = linkLayerAddress === undefined ? 'proxy' : 'place';
      return `${kind} ${formatAddress(neighbor)} ${link} ${router} ${protocol}`;
    });
  async function started(node: AnchorNode) {
    const all = setUp();
    all.reconciler.start();
    all.reconciler.apply(parts(node));
    await all.pass(0);
    return all;
  }

  it('come and go with what is wanted, though the kernel notifies of none', async () => {
    const { kernel, reconciler, pass, reports } = await started(AWAY);
    expect(entries(kernel)).toEqual(['proxy 2001:db8:7::10 11 true 135']);
    expect(reconciler.pending()).toEqual([]);
    reconciler.change(parts(both(9, { defended: [HOME], linkLayerAddress: Uint8Array.of(2, 9) })));
    await pass(1000);
    expect(entries(kernel)).toEqual([
      'proxy 2001:db8:7::10 11 true 135',
      'place 2001:db8:7::10 11 false 135',
    ]);
    reconciler.change(parts(AT_HOME));
    await pass(1000);
    expect([entries(kernel), reconciler.pending(), reports]).toEqual([[], [], []]);
  });

  it('change in place', async () => {
    const { kernel, reconciler, pass } = await started(AWAY);
    reconciler.change(parts(attached({ defended: [HOME], router: false })));
    await pass(1000);
    expect(entries(kernel)).toEqual(['proxy 2001:db8:7::10 11 false 135']);
    reconciler.change(parts(attached({ defended: [HOME], device: 'u1' })));
    await pass(1000);
    expect(entries(kernel)).toEqual(['proxy 2001:db8:7::10 12 true 135']);
  });

  it('are adopted, and removed when nobody wants them or at the orderly end', async () => {
    const { kernel } = await started(AWAY);
    kernel.requests.length = 0;
    const { reconciler, pass } = setUp(kernel);
    reconciler.start();
    reconciler.apply(parts(AWAY));
    await pass(1000);
    expect(kernel.requests).toEqual([]);
    const cleared = reconciler.clear();
    await pass(1000);
    await cleared;
    expect(entries(kernel)).toEqual([]);
  });

  it('are made anew after their link was down', async () => {
    const { kernel, pass } = await started(AWAY);
    kernel.objects.neighbor.clear();
    kernel.meddle('link', 'delete', emitLink({ index: 11, name: 'u0' }));
    await pass(100);
    kernel.meddle('link', 'new', emitLink({ index: 31, name: 'u0', mtu: 1500, up: true }));
    await pass(5000);
    expect(entries(kernel)).toEqual(['proxy 2001:db8:7::10 31 true 135']);
  });

  it('that the kernel refuses are told', async () => {
    const all = setUp();
    all.kernel.refuse = request => (request.type === 28 ? 95 : undefined);
    all.reconciler.start();
    all.reconciler.apply(parts(AWAY));
    await all.pass(50);
    expect(all.reports.join()).toContain('ip -6 neigh replace proxy 2001:db8:7::10 dev u0');
    expect(all.reconciler.pending()).toHaveLength(1);
  });
});
