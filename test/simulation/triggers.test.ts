/**
 * Every reason for which draft-ietf-monami6-mipv6-analysis-01 (Appendix A) and draft-montavont-mip6-mmi-02 (§3) have a mobile
 * node redirect its traffic, and what it costs. Degradation is in quality.test.ts, a home agent that fails in
 * home-agents.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { address, type Network, twoUplinks } from './network.ts';

const INTERVAL = 10;

function started(): Network {
  const network = twoUplinks(20261128);
  network.run(3000);
  return network;
}

/** The uplink in use at the router and at its home agent. */
function inUse(network: Network): (string | undefined)[] {
  const bid = [...network.anchor!.cache.nodes()][0]?.active?.bid;
  return [
    network.router!.active.entry?.uplink.name,
    network.routerConfig.uplinks.find(uplink => uplink.bid === bid)?.name,
  ];
}

/** Milliseconds without an echo while this happens. */
function outage(network: Network, run: () => void): number {
  return network.echo(3000, INTERVAL, [{ at: 503, run }]) * INTERVAL;
}

/** The router reads another configuration, as on a reload. */
function reload(network: Network, change: (name: string) => object): void {
  const { routerConfig } = network;
  network.startRouter({
    ...routerConfig,
    uplinks: routerConfig.uplinks.map(uplink => ({ ...uplink, ...change(uplink.name) })),
  });
}

describe('[analysis-01 §A] [mmi-02 §3] traffic is redirected when', () => {
  it('an interface in use comes down: at most 60 ms', () => {
    const network = started();
    expect(outage(network, () => network.setCarrier('lte', false))).toBeLessThanOrEqual(60);
    expect(inUse(network)).toEqual(['wifi', 'wifi']);
  });

  it('the path to the home agent is broken: less than 400 ms', () => {
    const network = started();
    expect(outage(network, () => network.setSilent('lte', true))).toBeLessThan(400);
    expect(inUse(network)).toEqual(['wifi', 'wifi']);
  });

  it('an interface comes up that is more suitable: nothing is lost', () => {
    const network = started();
    network.setCarrier('lte', false);
    network.run(5000);
    expect(inUse(network)).toEqual(['wifi', 'wifi']);
    expect(outage(network, () => network.setCarrier('lte', true))).toBe(0);
    expect(inUse(network)).toEqual(['lte', 'lte']);
  });

  it('an interface comes up that is less suitable: it is registered, and the traffic stays', () => {
    const network = started();
    network.setCarrier('wifi', false);
    network.run(5000);
    expect(outage(network, () => network.setCarrier('wifi', true))).toBe(0);
    expect(inUse(network)).toEqual(['lte', 'lte']);
    expect(network.router!.view().paths.every(({ registered }) => registered)).toBe(true);
  });

  it('the interface in use performs a horizontal handover of a second: at most 60 ms', () => {
    const network = started();
    const lost = outage(network, () => {
      network.setCarrier('lte', false);
      network.at(network.now + 1000, () => {
        network.link('lte').careOfAddress = address('2001:db8:aa::2');
        network.setCarrier('lte', true);
      });
    });
    expect(lost).toBeLessThanOrEqual(60);
    expect(inUse(network)).toEqual(['lte', 'lte']);
    const [path] = network.router!.view().paths;
    expect(path!.careOfAddress).toEqual(address('2001:db8:aa::2'));
  });

  it('the user wants it: nothing is lost', () => {
    const network = started();
    expect(outage(network, () => network.prefer('wifi'))).toBe(0);
    expect(inUse(network)).toEqual(['wifi', 'wifi']);
    expect(outage(network, () => network.prefer(undefined))).toBe(0);
    expect(inUse(network)).toEqual(['lte', 'lte']);
  });

  it('the policy changes: nothing is lost', () => {
    const network = started();
    const swapped = () => reload(network, name => ({ priority: name === 'lte' ? 2 : 1 }));
    expect(outage(network, swapped)).toBe(0);
    expect(inUse(network)).toEqual(['wifi', 'wifi']);
  });

  it('its cost changes: nothing is lost, and the dear one is there when it is the only one', () => {
    const network = started();
    expect(outage(network, () => reload(network, name => ({ metered: name === 'lte' })))).toBe(0);
    expect(inUse(network)).toEqual(['wifi', 'wifi']);
    expect(outage(network, () => network.setCarrier('wifi', false))).toBeLessThanOrEqual(60);
    expect(inUse(network)).toEqual(['lte', 'lte']);
  });
});
