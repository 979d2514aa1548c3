/** One home agent with 100,000 bindings, in virtual time. */
import { expect, it } from 'vitest';
import { HomeAgent } from '../../src/engine/home-agent/home-agent.ts';
import type { JsonObject, Output } from '../../src/engine/types.ts';
import { addressKey } from '../../src/wire/address.ts';
import { Crowd, crowdedAgent, homeAddress } from './crowd.ts';

const NODES = 100_000;
/** Nodes that register in a millisecond of the virtual clock. */
const AT_ONCE = 20;
/** Seconds: short, for each binding is probed as long as it lasts. */
const LIFETIME = 16;
const START = 1_000_000;
const WALL = 1_800_000_000_000;

it('[RFC 6275 §10.3.1] 100,000 bindings are registered, adopted after a restart, refreshed, and expire each in its time', async () => {
  const config = crowdedAgent(NODES, { kind: 'none' });
  const crowd = new Crowd({ kind: 'none' });
  const records = new Map<string, JsonObject>();
  const clock = (monotonic: number) => ({ monotonic, wall: WALL + monotonic });
  let agent = new HomeAgent(config, clock(START), records);
  /** When each node's binding ended, by home address. */
  const ends = new Map<string, number>();
  const carryOut = (outputs: readonly Output[], at: number): void => {
    for (const output of outputs) {
      if (output.kind === 'record' && output.value !== undefined) records.set(output.key, output.value);
      if (output.kind === 'event' && output.event.name === 'binding-removed') {
        ends.set(output.event.data.peer as string, at);
      }
    }
  };
  /** Everything that is due by then, each at its own time. */
  const pass = (until: number): void => {
    for (let wake = agent.nextWake(); wake <= until; wake = agent.nextWake()) {
      carryOut(agent.handle({ kind: 'timer' }, clock(wake)), wake);
    }
  };
  const register = (number: number, sequence: number, at: number): void => {
    const outputs = agent.handle(crowd.update(number, LIFETIME, sequence, clock(at)), clock(at));
    // No node's registration concerns another one.
    const moved = outputs.flatMap(output => (output.kind === 'forwarding' ? [output.homeAddress] : []));
    expect(moved.length).toBeLessThanOrEqual(1);
    if (moved[0] !== undefined) expect(addressKey(moved[0])).toBe(addressKey(homeAddress(number)));
    carryOut(outputs, at);
  };
  /** Vitest wants to hear of a test now and then. */
  const breathe = (number: number): Promise<void> | undefined =>
    number % 5000 === 0 ? new Promise(done => setImmediate(done)) : undefined;
  const registeredAt = (number: number): number => START + Math.floor(number / AT_ONCE);

  for (let number = 0; number < NODES; number++) {
    register(number, 1, registeredAt(number));
    await breathe(number);
  }
  const bound = () => [...agent.cache.nodes()].filter(node => node.bindings.size > 0).length;
  expect(bound()).toBe(NODES);
  expect(records.size).toBe(NODES);

  const restart = START + NODES / AT_ONCE;
  agent = new HomeAgent(config, clock(restart), records);
  expect(bound()).toBe(NODES);

  // Every tenth node refreshes, and lasts as much longer.
  const refresh = restart + 1000;
  for (let number = 0; number < NODES; number += 10) {
    register(number, 2, refresh);
    await breathe(number);
  }
  for (let at = refresh; at < START + LIFETIME * 1000; at += 100) {
    pass(at - 1);
    await breathe(0);
  }
  pass(START + LIFETIME * 1000 - 1);
  expect(bound()).toBe(NODES);
  pass(refresh + LIFETIME * 1000);
  expect(bound()).toBe(0);
  for (let number = 0; number < NODES; number++) {
    const last = number % 10 === 0 ? refresh : registeredAt(number);
    if (ends.get(`n${number}`) !== last + LIFETIME * 1000)
      expect.fail(`n${number} at ${ends.get(`n${number}`)}`);
  }
  expect(agent.nextWake()).toBe(Number.POSITIVE_INFINITY);
}, 300_000);
