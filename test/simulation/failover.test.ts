import { describe, expect, it } from 'vitest';
import { type Network, twoUplinks } from './network.ts';

const seed = Number(process.env.SEED ?? 20261121);

const MONAMI6 = { options: { 'monami6-binding-identifier': 200 } };

const activeAtAnchor = (network: Network) => [...network.anchor!.cache.nodes()][0]!.active?.bid;

describe.each([
  ['RFC 5648, single', {}],
  ['[multiplecoa-00 §5.2] dialect of the draft, single', { dialect: MONAMI6 }],
  ['[multiplecoa-00 §5.3] dialect of the draft, bulk', { dialect: MONAMI6, registration: 'bulk' }],
  [
    '[multiplecoa-00 §5.6] dialect of the draft, all over one uplink',
    { dialect: MONAMI6, registerOver: 'wifi' },
  ],
] as const)(`two uplinks, simulated, %s (seed ${seed})`, (_, router) => {
  function started(): Network {
    const network = twoUplinks(seed, { router });
    network.run(3000);
    return network;
  }

  it('registers both uplinks and uses the preferred one at both ends', () => {
    const network = started();
    expect(network.router!.view().paths.every(path => path.registered)).toBe(true);
    expect(network.router!.active.entry?.uplink.name).toBe('lte');
    expect(activeAtAnchor(network)).toBe(1);
    expect(network.echo(1000)).toBe(0);
  });

  it('loses at most the two one-way delays when the carrier of the active uplink goes', () => {
    for (let offset = 0; offset < 10; offset++) {
      const network = started();
      const lost = network.echo(2000, 10, [
        { at: 500 + offset, run: () => network.setCarrier('lte', false) },
      ]);
      expect(lost * 10).toBeLessThanOrEqual(60);
      expect(network.router!.active.entry?.uplink.name).toBe('wifi');
      expect(activeAtAnchor(network)).toBe(2);
    }
  });

  it('notices a silent loss within 400 ms with the fast profile, and comes back without loss', () => {
    for (let offset = 0; offset < 100; offset += 7) {
      const network = started();
      const lost = network.echo(2000, 10, [{ at: 500 + offset, run: () => network.setSilent('lte', true) }]);
      expect(lost * 10).toBeLessThan(400);
      expect(network.router!.active.entry?.uplink.name).toBe('wifi');
      const lostOnReturn = network.echo(3000, 10, [{ at: 500, run: () => network.setSilent('lte', false) }]);
      expect(lostOnReturn).toBe(0);
      expect(network.router!.active.entry?.uplink.name).toBe('lte');
      expect(activeAtAnchor(network)).toBe(1);
    }
  });

  it('an uplink that comes up silent is used a second after it carries packets, however long that took', () => {
    for (const silence of [1000, 5000, 20_000, 60_000]) {
      const network = started();
      network.setCarrier('lte', false);
      network.run(1000);
      network.setSilent('lte', true);
      network.setCarrier('lte', true);
      expect(network.echo(silence, 100)).toBe(0);
      network.setSilent('lte', false);
      network.run(1000);
      expect(network.router!.active.entry?.uplink.name).toBe('lte');
      expect(activeAtAnchor(network)).toBe(1);
    }
  });

  it('moves on command without losing a packet', () => {
    const network = started();
    expect(network.echo(2000, 10, [{ at: 500, run: () => network.prefer('wifi') }])).toBe(0);
    expect(network.router!.active.entry?.uplink.name).toBe('wifi');
    expect(activeAtAnchor(network)).toBe(2);
    expect(network.echo(2000, 10, [{ at: 500, run: () => network.prefer(undefined) }])).toBe(0);
    expect(activeAtAnchor(network)).toBe(1);
  });

  it('takes a recovered uplink back without losing a packet', () => {
    const network = started();
    network.setCarrier('lte', false);
    network.run(5000);
    expect(network.echo(2000, 10, [{ at: 500, run: () => network.setCarrier('lte', true) }])).toBe(0);
    expect(activeAtAnchor(network)).toBe(1);
  });

  it('is back within 300 ms of an address after all uplinks were gone for 20 s', () => {
    const network = started();
    network.setCarrier('lte', false);
    network.setCarrier('wifi', false);
    network.run(20_000);
    expect(network.router!.active.entry).toBeUndefined();
    const lost = network.echo(2000, 10, [{ at: 0, run: () => network.setCarrier('wifi', true) }]);
    expect(lost * 10).toBeLessThanOrEqual(300);
  });

  it.each(['router', 'anchor'] as const)(
    'adopts its bindings when the %s restarts: nothing is lost',
    host => {
      for (const trouble of [undefined, 'silent', 'carrier'] as const) {
        const network = started();
        if (trouble === 'silent') network.setSilent('lte', true);
        if (trouble === 'carrier') network.setCarrier('lte', false);
        network.run(3000);
        const restart = () => (host === 'router' ? network.startRouter() : network.startAnchor());
        expect(network.echo(3000, 10, [{ at: 500, run: restart }])).toBe(0);
      }
    },
  );

  it('finds its home agent again after the home agent has forgotten everything', () => {
    const network = started();
    network.records.anchor.clear();
    network.startAnchor();
    network.run(5000);
    expect(network.echo(1000)).toBe(0);
    network.run(10_000);
    expect([...network.anchor!.cache.nodes()][0]!.bindings.size).toBe(2);
  });

  it('corrects a clock that is years off (RFC 4285 §6)', () => {
    const network = twoUplinks(seed, { router });
    network.wall.router = 0;
    network.records.router.clear();
    network.records.anchor.clear();
    network.startAnchor();
    network.startRouter();
    network.run(3000);
    expect(network.router!.view().paths.every(path => path.registered)).toBe(true);
  });
});
