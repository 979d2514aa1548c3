/** Route optimisation between all three nodes: loss, reordering, movement and restarts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectLane } from '../../src/engine/view.ts';
import type { MobileRouterConfig } from '../../src/uci/types.ts';
import { formatAddress } from '../../src/wire/address.ts';
import { seed } from '../unit/wire/seed.ts';
import { address, HOME_ADDRESS, HOME_AGENT, KEY, prefix, randomSource } from './network.ts';
import { flowConfig } from './policy.ts';
import { type AccessLink, Triangle } from './triangle.ts';

const LTE = '1 2001:db8:a::2';
const WIFI = '2 2001:db8:b::2';

function triangle(
  options: {
    seed?: number;
    link?: Partial<AccessLink>;
    several?: boolean;
    correspondents?: string[];
    plain?: boolean;
    flows?: MobileRouterConfig['flows'];
    dialect?: MobileRouterConfig['dialect'];
  } = {},
): Triangle {
  const {
    seed: own = 1,
    link = {},
    several = true,
    correspondents = ['2001:db8:cc::5'],
    plain = false,
    flows,
    dialect,
  } = options;
  const access = { delay: 20, jitter: 0, loss: 0, carrier: true, ...link };
  const auth = { kind: 'rfc4285', spi: 256, key: KEY, replay: 'timestamp' } as const;
  const prefixes = [prefix('2001:db8:100:1::/64')];
  return new Triangle({
    plain,
    seed: own,
    links: [
      { ...access, uplink: 'lte', careOfAddress: address('2001:db8:a::2') },
      { ...access, uplink: 'wifi', careOfAddress: address('2001:db8:b::2') },
    ],
    router: {
      name: 'vessel',
      homeAddress: HOME_ADDRESS,
      homeAgents: [HOME_AGENT],
      failoverAfter: 6,
      prefixes,
      mode: 'explicit',
      lifetime: 600,
      registration: 'single',
      probe: 'normal',
      auth,
      identifier: undefined,
      flows,
      dialect,
      routeOptimization: { correspondents: correspondents.map(address) },
      uplinks: [
        { name: 'lte', device: 'lte0', priority: 1, bid: 1 },
        { name: 'wifi', device: 'wifi0', priority: 2, bid: 2 },
      ],
    },
    anchor: {
      name: 'anchor',
      address: HOME_AGENT,
      maxLifetime: 3600,
      probe: 'normal',
      peers: [
        { name: 'vessel', homeAddress: HOME_ADDRESS, prefixes, auth, identifier: undefined, maxBindings: 8 },
      ],
    },
    correspondent: {
      name: 'server',
      mobileNodes: [],
      maxBindings: 100,
      maxFlows: 16,
      multiple: several,
      dialect,
    },
  });
}

describe('mobile router, home agent and correspondent', () => {
  it('[RFC 6275 §5.2.5] [RFC 5648 §5.2] both care-of addresses are proven and registered within a second', () => {
    const net = triangle();
    net.run(1000);
    expect(net.heldByCorrespondent).toEqual([LTE, WIFI]);
    expect(net.heldByRouter).toEqual([LTE, WIFI]);
    expect(net.correspondent.view().peers[0]!.active).toEqual(address('2001:db8:a::2'));
  });

  it('[RFC 6275 §8.1] [RFC 6275 §11.6.2] a host with basic IPv6 refuses, and its traffic takes the tunnel', () => {
    const net = triangle({ plain: true });
    net.run(60_000);
    const asked = net.sent.filter(({ kind }) => /test-init/.test(kind));
    // Both test messages of the first moment, and none after the error.
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(net.router.routeOptimization!.direct()).toEqual([]);
    expect([...net.router.routeOptimization!.entries.values()][0]).toMatchObject({ unsupported: true });
    net.talk();
    net.run(100);
    net.set('lte', { carrier: false });
    net.run(1000);
    net.talk();
    net.run(100);
    expect(net.data).toEqual(['kdg-lte', 'kdg-wifi']);
  });

  it('[RFC 6275 §5.2.7] [RFC 6275 §11.7.2] the bindings are kept for an hour, with some messages only', () => {
    const net = triangle();
    net.run(3_600_000);
    expect(net.heldByCorrespondent).toEqual([LTE, WIFI]);
    const updates = net.sent.filter(({ kind, at }) => kind === 'home-test-init' && at > 1_010_000);
    expect(updates.length).toBeLessThan(40);
  });

  it('[RFC 6275 §11.7.2] [RFC 5648 §5.4] a lost uplink leaves the correspondent within three round trips, and comes back', () => {
    const net = triangle();
    net.run(1000);
    net.set('lte', { carrier: false });
    net.run(300);
    expect(net.heldByCorrespondent).toEqual([WIFI]);
    net.set('lte', { carrier: true });
    net.run(1000);
    expect(net.heldByCorrespondent).toEqual([LTE, WIFI]);
  });

  it('[RFC 6275 §11.7.2] an uplink that is silently dead is taken back over the other one', () => {
    const net = triangle();
    net.run(60_000);
    net.link('lte').loss = 1;
    net.run(15_000);
    expect(net.heldByCorrespondent).toEqual([WIFI]);
    net.link('lte').loss = 0;
    net.run(60_000);
    expect(net.heldByCorrespondent).toEqual([LTE, WIFI]);
  });

  it('[analysis-01 §6.1.3] [analysis-01 §A] a direct path that fails beyond the access makes way for another one, then for the tunnel, and comes back', () => {
    const net = triangle();
    net.run(2000);
    const converse = (seconds: number): number =>
      Array.from({ length: seconds }, () => net.converse()).filter(answered => !answered).length;
    const way = (): string | undefined => {
      const [first] = net.router.routeOptimization!.direct();
      return first && formatAddress(first.careOfAddress);
    };
    expect(converse(10)).toBe(0);
    expect(way()).toBe('2001:db8:a::2');
    net.setHole(address('2001:db8:a::2'), true);
    expect(converse(10)).toBeLessThanOrEqual(3);
    expect(way()).toBe('2001:db8:b::2');
    expect(net.heldByCorrespondent).toEqual([WIFI]);
    // The uplink itself is as good as before.
    expect(net.router.active.entry?.uplink.name).toBe('lte');
    net.setHole(address('2001:db8:b::2'), true);
    expect(converse(15)).toBeLessThanOrEqual(4);
    expect(way()).toBeUndefined();
    expect(net.heldByCorrespondent).toEqual([]);
    // Trials find out without harm, ever more rarely.
    const from = net.now;
    expect(converse(1200)).toBe(0);
    const trials = net.sent.filter(({ kind, at }) => kind === 'care-of-test-init' && at > from);
    expect(trials.length).toBeLessThanOrEqual(40);
    net.setHole(address('2001:db8:a::2'), false);
    expect(converse(700)).toBe(0);
    expect(net.heldByCorrespondent).toEqual([LTE, WIFI]);
    expect(way()).toBe('2001:db8:a::2');
  });

  it('[RFC 6275 §11.5.1] [RFC 6275 §11.7.2] a new care-of address takes the place of the old one', () => {
    const net = triangle();
    net.run(1000);
    net.set('lte', { careOfAddress: address('2001:db8:a::99') });
    net.run(1000);
    expect(net.heldByCorrespondent).toEqual(['1 2001:db8:a::99', WIFI]);
  });

  it('[RFC 5648 §5.7] [multiplecoa-00 §6.1] a correspondent that wants one binding only has that of the uplink in use', () => {
    const net = triangle({ several: false });
    net.run(5000);
    expect(net.heldByCorrespondent).toEqual(['0 2001:db8:a::2']);
    net.set('lte', { carrier: false });
    net.run(2000);
    expect(net.heldByCorrespondent).toEqual(['0 2001:db8:b::2']);
  });

  it('[RFC 6275 §5.2.7] a correspondent that has forgotten everything gets it again', () => {
    const net = triangle();
    net.run(1000);
    net.restartCorrespondent();
    net.run(420_000);
    expect(net.heldByCorrespondent).toEqual([LTE, WIFI]);
  });

  it('[RFC 5648 §5.9] a router that has forgotten everything replaces what it finds', () => {
    const net = triangle();
    net.run(1000);
    net.set('wifi', { carrier: false });
    net.run(10);
    net.restartRouter();
    net.run(5000);
    expect(net.heldByCorrespondent).toEqual([LTE]);
    expect(net.heldByRouter).toEqual([LTE]);
  });

  it('[RFC 6275 §11.7.2] an orderly end takes the bindings back', () => {
    const net = triangle();
    net.run(1000);
    net.shutdown();
    net.run(1000);
    expect(net.heldByCorrespondent).toEqual([]);
  });

  it('the correspondent keeps nothing about who only asks', () => {
    const net = triangle({ link: { loss: 0.5 } });
    net.run(60_000);
    expect(net.correspondent.cache.size).toBeLessThanOrEqual(2);
  });

  it('[RFC 6275 §11.8] with loss, reordering, movement and restarts both ends agree in the end, and nothing storms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), own => {
        const random = randomSource(own);
        const net = triangle({ seed: own, link: { loss: 0.1, jitter: 100 } });
        for (let step = 0; step < 60; step++) {
          const uplink = random() < 0.5 ? 'lte' : 'wifi';
          const kind = random();
          if (kind < 0.4) net.set(uplink, { carrier: random() < 0.6 });
          else if (kind < 0.6) net.link(uplink).loss = random() < 0.5 ? 1 : 0.1;
          else if (kind < 0.8) {
            const host = 2 + Math.floor(random() * 90);
            const net64 = uplink === 'lte' ? 'a' : 'b';
            net.set(uplink, { careOfAddress: address(`2001:db8:${net64}::${host}`) });
          } else if (kind < 0.9) net.restartCorrespondent();
          else if (kind < 0.93) net.restartRouter();
          net.run(random() * 20_000);
        }
        for (const uplink of ['lte', 'wifi']) net.set(uplink, { carrier: true, loss: 0, jitter: 0 });
        net.run(1_200_000);
        expect(net.heldByCorrespondent).toHaveLength(2);
        expect(net.heldByCorrespondent).toEqual(net.heldByRouter);
        for (const kind of ['home-test-init', 'care-of-test-init']) {
          const times = net.sent.filter(sent => sent.kind === kind && sent.from === 'router');
          const busiest = Math.max(
            ...times.map(({ at }) => times.filter(sent => sent.at > at - 1000 && sent.at <= at).length),
          );
          expect(busiest).toBeLessThanOrEqual(6);
        }
      }),
      { seed, numRuns: 20 },
    );
  });
});

describe('[RFC 6089 §5.3] [mmi-02 §7.3] flows of a correspondent with two care-of addresses', () => {
  const CALLS = flowConfig('calls', ['wifi', 'lte'], {
    protocols: [17],
    destinationPorts: [{ start: 5060, end: 5060 }],
  });
  const uplinks = [
    { name: 'lte', weight: 70 },
    { name: 'wifi', weight: 30 },
  ];
  const BALANCE = flowConfig('rest', [], {}, { action: 'balance', uplinks });
  const dialect = { options: { 'load-balancing': 201 } };

  /** `rule>care-of address` at the correspondent, and by what the router sends: both by lane. */
  function ways(net: Triangle): { back: string[]; out: string[] } {
    const text = (lanes: readonly DirectLane[] = []) =>
      lanes.map(({ careOfAddress }) => (careOfAddress ? formatAddress(careOfAddress) : 'tunnel'));
    return {
      back: text(net.correspondent.view().peers[0]?.lanes),
      out: text(net.router.routeOptimization!.direct()[0]?.lanes),
    };
  }
  const both = (...addresses: string[]) => ({ back: addresses, out: addresses });
  const [BY_LTE, BY_WIFI] = ['2001:db8:a::2', '2001:db8:b::2'] as const;

  it('go by the uplink of their rule both ways, within two seconds of the start', () => {
    const net = triangle({ flows: [CALLS] });
    net.run(2000);
    expect(ways(net)).toEqual(both(BY_WIFI));
    expect(net.correspondent.view().peers[0]!.active).toEqual(address(BY_LTE));
  });

  it('go by the other one while it has no carrier, and back', () => {
    const net = triangle({ flows: [CALLS] });
    net.run(5000);
    net.set('wifi', { carrier: false });
    net.run(2000);
    expect(ways(net).out).toEqual([BY_LTE]);
    expect(ways(net).back.every(each => each === BY_LTE)).toBe(true);
    net.set('wifi', { carrier: true });
    net.run(5000);
    expect(ways(net)).toEqual(both(BY_WIFI));
  });

  it('are divided by weight at both ends', () => {
    const net = triangle({ flows: [CALLS, BALANCE], dialect });
    net.run(3000);
    const rules = net.correspondent.view().peers[0]!.steering!.rules;
    expect(rules.map(({ name }) => name)).toEqual(['fid-1', 'load-balancing']);
    expect(rules[1]!.action).toMatchObject({ shares: [{ weight: 7 }, { weight: 3 }] });
    expect(ways(net).out.toSorted()).toEqual([BY_LTE, BY_WIFI]);
  });

  it('are told again after a restart of the correspondent, and of the router', () => {
    const net = triangle({ flows: [CALLS] });
    net.run(5000);
    net.restartCorrespondent();
    net.run(430_000);
    expect(ways(net)).toEqual(both(BY_WIFI));
    net.restartRouter();
    net.run(5000);
    expect(ways(net)).toEqual(both(BY_WIFI));
  });

  it('with loss, jitter and changes of carrier both ends agree when all is calm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), own => {
        const net = triangle({ seed: own, link: { loss: 0.2, jitter: 20 }, flows: [CALLS] });
        for (const uplink of ['lte', 'wifi', 'lte']) {
          net.run(20_000);
          net.set(uplink, { carrier: false });
          net.run(10_000);
          net.set(uplink, { carrier: true });
        }
        for (const uplink of ['lte', 'wifi']) net.set(uplink, { loss: 0, jitter: 0 });
        net.run(700_000);
        expect(ways(net)).toEqual(both(BY_WIFI));
      }),
      { seed, numRuns: 8 },
    );
  });
});
