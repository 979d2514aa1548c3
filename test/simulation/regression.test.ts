/** Faults that were found once, each with the schedule that showed it. */
import { describe, expect, it } from 'vitest';
import { address, type Network, twoUplinks } from './network.ts';

const nodeOf = (network: Network) => [...network.anchor!.cache.nodes()][0]!;
const sentByRouter = (network: Network) => network.sent.filter(({ from }) => from === 'router');

describe('faults of the past', () => {
  it('does not spin while two bootstrapping uplinks wait for an absent home agent', () => {
    const network = twoUplinks(1);
    network.anchor = undefined;
    network.run(120_000);
    expect(sentByRouter(network).length).toBeLessThan(30);
    network.startAnchor();
    network.run(40_000);
    expect(nodeOf(network).bindings.size).toBe(2);
  });

  it('does not spin when addresses change faster than Binding Updates may be sent', () => {
    const network = twoUplinks(1);
    network.anchor = undefined;
    for (let i = 0; i < 10; i++) {
      network.link('lte').careOfAddress = address(`2001:db8:a::${i + 3}`);
      network.announceUplinks();
      network.run(20);
    }
    network.run(5000);
    expect(sentByRouter(network).length).toBeLessThan(12);
  });

  it('registers a new uplink at once while another one bootstraps in vain', () => {
    const network = twoUplinks(1, { lte: { lossUp: 1 }, wifi: { carrier: false } });
    network.run(60_000);
    expect(nodeOf(network).bindings.size).toBe(0);
    network.setCarrier('wifi', true);
    network.run(100);
    expect([...nodeOf(network).bindings.keys()]).toEqual([2]);
  });

  it('registers again by itself when the home agent forgot it and the other uplink is dark', () => {
    const network = twoUplinks(1);
    network.run(3000);
    network.setSilent('wifi', true);
    network.run(5000);
    network.records.anchor.clear();
    network.startAnchor();
    network.run(2000);
    expect(network.echo(1000)).toBe(0);
  });

  it('does not toss the traffic about while all paths recover from a dead home agent', () => {
    const network = twoUplinks(1);
    network.run(3000);
    network.anchor = undefined;
    network.run(700);
    const before = network.events.length;
    network.startAnchor();
    network.run(2000);
    const moves = network.events.slice(before).filter(({ name }) => name === 'active-uplink');
    expect(moves.length).toBeLessThan(3);
    expect(network.router!.active.entry?.uplink.name).toBe('lte');
  });

  it('repeats a Binding Update that is not acknowledged although its reason is gone', () => {
    const network = twoUplinks(1);
    network.run(3000);
    network.link('lte').lossDown = 1;
    network.link('wifi').lossDown = 1;
    network.prefer('wifi');
    network.run(100);
    network.prefer(undefined);
    network.link('lte').lossDown = 0;
    network.link('wifi').lossDown = 0;
    network.run(3000);
    expect(network.router!.active.entry?.uplink.name).toBe('lte');
    expect(nodeOf(network).active?.bid).toBe(1);
  });

  it.each(['single', 'bulk'] as const)(
    'registers both uplinks when they come up one shortly after the other: %s',
    registration => {
      for (const gap of [0, 1, 5, 15, 30, 60, 100]) {
        const network = twoUplinks(1, { router: { registration, probe: 'saver' } });
        network.records.router.clear();
        network.records.anchor.clear();
        network.startAnchor();
        network.link('wifi').carrier = false;
        network.startRouter();
        network.run(gap);
        network.setCarrier('wifi', true);
        network.run(1500);
        expect([...nodeOf(network).bindings.keys()].sort()).toEqual([1, 2]);
      }
    },
  );
});
