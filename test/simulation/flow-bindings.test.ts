import { describe, expect, it } from 'vitest';
import { selectorText } from '../../src/engine/flow-bindings/selector.ts';
import { type Network, twoUplinks } from './network.ts';
import { flowConfig } from './policy.ts';

const WEB = flowConfig('web', ['wifi', 'lte'], { protocols: [6], destinationPorts: [{ start: 443 }] });
const CALLS = flowConfig('calls', ['lte', 'wifi'], { protocols: [17], dscps: [46] });

const nodeOf = (network: Network) => [...network.anchor!.cache.nodes()][0]!;

/** `fid>bids` at both ends, which must agree. */
function flows(network: Network): string[] {
  const atRouter = network.router!.flowBindings!.entries.map(({ fid, held }) => `${fid}>${held?.bids}`);
  const atAnchor = (nodeOf(network).flows?.bindings ?? []).map(({ fid, bids }) => `${fid}>${bids}`);
  expect(atAnchor).toEqual(atRouter);
  return atAnchor;
}

/** BID that carries the first flow binding at the anchor. */
const carrier = (network: Network) => nodeOf(network).flows?.steering?.lanes[0]?.active;

function started(seed: number, changes: Parameters<typeof twoUplinks>[1] = {}): Network {
  const network = twoUplinks(seed, changes);
  network.adopt([WEB, CALLS]);
  network.run(3000);
  return network;
}

describe('[RFC 6089 §5.2] flow bindings at both ends', () => {
  it('agree a round trip after the registration', () => {
    const network = started(1);
    expect(flows(network)).toEqual(['1>2', '2>1']);
    expect(nodeOf(network).flows!.bindings.map(({ selector }) => selectorText(selector)).length).toBe(2);
  });

  it('a silent uplink: the anchor hands the flow on by itself, the router moves it; it comes back later', () => {
    const network = started(2);
    expect(carrier(network)).toBe(2);
    network.setSilent('wifi', true);
    network.run(5000);
    expect(carrier(network)).toBe(1);
    expect(flows(network)[0]).toBe('1>1');
    network.setSilent('wifi', false);
    network.run(10_000);
    expect(carrier(network)).toBe(2);
    expect(flows(network)[0]).toBe('1>2');
  });

  it('a lost carrier: the flow is moved by the message that ends the binding', () => {
    const network = started(3);
    const before = network.sent.length;
    network.setCarrier('wifi', false);
    network.run(25);
    expect(carrier(network)).toBe(1);
    expect(
      network.sent.slice(before).filter(({ from, packet }) => from === 'router' && packet[6] !== 41).length,
    ).toBe(1);
  });

  it('a rule whose uplinks are all dead goes with all else, as it does at the router', () => {
    const network = twoUplinks(9);
    network.adopt([flowConfig('web', ['wifi'], WEB.criteria)]);
    network.run(3000);
    expect(flows(network)).toEqual(['1>2']);
    network.setSilent('wifi', true);
    network.run(5000);
    expect(flows(network)).toEqual(['1>1']);
    network.setSilent('wifi', false);
    network.run(10_000);
    expect(flows(network)).toEqual(['1>2']);
  });

  it('an anchor that has lost its memory is told everything again', () => {
    const network = started(4);
    network.records.anchor.clear();
    network.startAnchor();
    network.run(10_000);
    expect(flows(network)).toEqual(['1>2', '2>1']);
  });

  it('an anchor that has its journal goes on as before, and nothing is said about it', () => {
    const network = started(5);
    const before = nodeOf(network).flows?.steering;
    network.startAnchor();
    expect(nodeOf(network).flows?.steering).toEqual(before);
    network.run(10_000);
    expect(flows(network)).toEqual(['1>2', '2>1']);
  });

  it('a router with its journal says nothing anew; one without it says everything, with the same result', () => {
    const network = started(6);
    network.startRouter();
    network.run(10_000);
    expect(flows(network)).toEqual(['1>2', '2>1']);
    network.records.router.clear();
    network.startRouter();
    network.run(10_000);
    expect(flows(network)).toEqual(['1>2', '2>1']);
  });

  it('under loss, duplication and reordering each change of policy gets there', () => {
    const bad = { lossUp: 0.3, lossDown: 0.3, jitter: 80, duplication: 0.2 };
    const network = started(7, { lte: bad, wifi: bad });
    for (let round = 0; round < 20; round++) {
      network.adopt(round % 2 === 0 ? [CALLS] : [flowConfig('web', ['lte'], WEB.criteria), CALLS]);
      network.run(round % 3 === 0 ? 50 : 2000);
    }
    for (const link of network.links) Object.assign(link, { lossUp: 0, lossDown: 0 });
    network.run(30_000);
    expect(flows(network)).toEqual([expect.stringMatching(/>1$/), expect.stringMatching(/>1$/)]);
  });

  it('[mmi-02 §7.3] the balance that the router wants is the one that the anchor keeps', () => {
    const network = started(8, { router: { dialect: { options: { 'load-balancing': 201 } } } });
    expect(nodeOf(network).flows?.shares).toEqual([]);
    const uplinks = [
      { name: 'lte', weight: 70 },
      { name: 'wifi', weight: 30 },
    ];
    network.adopt([WEB, flowConfig('rest', [], {}, { action: 'balance', uplinks })]);
    network.run(3000);
    expect(nodeOf(network).flows?.shares).toEqual([
      { bid: 1, weight: 7 },
      { bid: 2, weight: 3 },
    ]);
  });
});
