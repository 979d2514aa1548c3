import { describe, expect, it } from 'vitest';
import { ADDRESSES, HomeNetwork, NET } from './home-agents.ts';

const both = ['lte', 'wifi'];

describe('two home agents', () => {
  it('[RFC 6275 §11.4.1] [RFC 3963 §7.2] are found by discovery in the order of their preferences', () => {
    const network = new HomeNetwork(3, { homeAgents: [], discovery: NET });
    network.run(3000);
    expect(network.inUse).toBe(0);
    expect(network.registered).toEqual(both);
    expect(network.router.homeAgents.candidates).toHaveLength(3);
  });

  it.each(['dies', 'is cut off'])(
    '[RFC 6275 §11.4.1] the first one %s: the second one serves seconds later',
    how => {
      const network = new HomeNetwork(2);
      network.run(10_000);
      expect([network.bindings(0), network.bindings(1)]).toEqual([2, 0]);
      if (how === 'dies') network.kill(0);
      else network.hosts[0]!.reachable = false;
      network.run(10_000);
      expect(network.inUse).toBe(1);
      expect(network.registered).toEqual(both);
      expect(network.bindings(1)).toBe(2);

      // It comes back with what it remembers, and is told that the router has gone.
      if (how === 'dies') network.start(0);
      network.hosts[0]!.reachable = true;
      expect(network.bindings(0)).toBe(2);
      network.run(40_000);
      expect([network.bindings(0), network.bindings(1)]).toEqual([0, 2]);
      expect(network.inUse).toBe(1);
      const changes = network.events.filter(({ name }) => name === 'home-agent-changed');
      expect(changes).toHaveLength(1);

      network.wish(undefined);
      network.run(1000);
      expect([network.bindings(0), network.bindings(1)]).toEqual([2, 0]);
      expect(network.registered).toEqual(both);
    },
  );

  it('one that was left while it was cut off is told as soon as it is back, also by a router that has restarted meanwhile', () => {
    const network = new HomeNetwork(2);
    network.run(10_000);
    network.hosts[0]!.reachable = false;
    network.run(120_000);
    expect([network.bindings(0), network.bindings(1)]).toEqual([2, 2]);
    network.restartRouter();
    network.run(1000);
    network.hosts[0]!.reachable = true;
    network.run(5000);
    expect([network.bindings(0), network.bindings(1)]).toEqual([0, 2]);
    expect(network.inUse).toBe(1);
  });

  it('[RFC 6275 §11.4.1] one that nobody has configured is found when the only one that is known dies', () => {
    const network = new HomeNetwork(2, { homeAgents: ADDRESSES.slice(0, 1), discovery: NET });
    network.run(10_000);
    network.kill(0);
    network.run(30_000);
    expect(network.inUse).toBe(1);
    expect(network.registered).toEqual(both);
  });

  it('[RFC 6275 §11.8] all dead for an hour: few messages, and back within a minute', () => {
    const network = new HomeNetwork(3, { discovery: NET });
    network.run(10_000);
    for (const index of [0, 1, 2]) network.kill(index);
    network.sent.length = 0;
    network.run(3_600_000);
    expect(network.sent.length).toBeLessThan(3600 * 0.7);
    network.start(2);
    network.run(60_000);
    expect(network.inUse).toBe(2);
    expect(network.registered).toEqual(both);
  });

  it('[RFC 6275 §10.6.2] [RFC 6275 §11.4.3] the router asks for the prefixes of the home network when it is told of some', () => {
    const network = new HomeNetwork(1);
    network.run(550_000);
    expect(network.router.prefixDiscovery!.prefixes).toBeUndefined();
    // The random source of the home agent is 0: the earliest time there is.
    network.run(110_000);
    expect(network.router.prefixDiscovery!.prefixes).toMatchObject([{ prefix: NET }]);
    const { counters } = network.hosts[0]!.agent!;
    // The second one answers, and nothing is repeated.
    expect(counters.get('prefix-advertisement')).toBe(2);
  });

  it('alternating deaths leave exactly one of them with bindings in the end', () => {
    const network = new HomeNetwork(2);
    for (let round = 0; round < 10; round++) {
      network.run(20_000);
      network.kill(network.inUse);
      network.run(20_000);
      for (const [index, { agent }] of network.hosts.entries()) if (agent === undefined) network.start(index);
    }
    network.run(60_000);
    expect(network.registered).toEqual(both);
    expect([network.bindings(0), network.bindings(1)].sort()).toEqual([0, 2]);
    expect(network.bindings(network.inUse)).toBe(2);
  });
});
