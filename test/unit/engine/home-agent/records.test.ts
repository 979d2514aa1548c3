import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportHomeAgent } from '../../../../src/engine/home-agent/report.ts';
import { seed } from '../../wire/seed.ts';
import { Anchor, bid, CARE_OF, CARE_OF_2, PREFIX_1 } from '../anchor.ts';

function withTwo() {
  const anchor = new Anchor();
  anchor.update({
    options: [
      bid(1, CARE_OF, { priority: 2 }),
      bid(2, CARE_OF_2, { priority: 3 }),
      { kind: 'mobile-network-prefix', prefix: PREFIX_1 },
    ],
  });
  return anchor;
}

describe('records of the home agent', () => {
  it('bring everything back: bindings, prefixes, the active one, the ends of the bindings', () => {
    const anchor = withTwo();
    const view = anchor.agent.view();
    anchor.wait(5000);
    anchor.restart();
    expect(anchor.agent.view()).toEqual(view);
    anchor.wait(594_000);
    expect(anchor.bindings.length).toBe(2);
    anchor.wait(2000);
    expect(anchor.bindings).toEqual([]);
  });

  it('survive JSON, as they do in a file', () => {
    const anchor = withTwo();
    for (const [key, value] of anchor.records) anchor.records.set(key, JSON.parse(JSON.stringify(value)));
    const view = anchor.agent.view();
    anchor.restart();
    expect(anchor.agent.view()).toEqual(view);
  });

  it('do not bring back what has ended, or what the machine forgot by restarting', () => {
    const late = withTwo();
    late.now += 601_000;
    late.restart();
    expect(late.bindings).toEqual([]);
    const rebooted = withTwo();
    rebooted.now = 1000;
    rebooted.restart();
    expect(rebooted.bindings).toEqual([]);
  });

  it('do not bring back what the configuration no longer allows', () => {
    const anchor = withTwo();
    const [[key, value]] = [...anchor.records] as [[string, object]];
    const other = new Anchor({ prefixes: [], maxBindings: 1 });
    other.now = anchor.now;
    other.records.set(key, value as never);
    other.restart();
    expect(other.prefixes).toEqual([]);
    expect(other.bindings.length).toBe(1);
  });

  it('that are broken in any way do no harm', () => {
    const anchor = withTwo();
    const [[key, value]] = [...anchor.records] as [[string, Record<string, unknown>]];
    const junk = fc.oneof(fc.jsonValue(), fc.constant(Number.NaN), fc.constant(-1), fc.constant(1e300));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(value)), junk, fc.boolean(), (field, broken, inBinding) => {
        const fields = Object.keys((value.bindings as object[])[0]!);
        const bad = inBinding
          ? {
              ...value,
              bindings: [
                { ...(value.bindings as object[])[0], [fields[field.length % fields.length]!]: broken },
              ],
            }
          : { ...value, [field]: broken };
        anchor.records.set(key, bad as never);
        anchor.restart();
        anchor.agent.view();
        anchor.agent.nextWake();
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('report of the home agent', () => {
  it('names every node, registered or not, with what is known about it', () => {
    const tunnelName = (peer: string, id: number) => `${peer}-${id}`;
    const empty = new Anchor();
    expect(reportHomeAgent(empty.agent, empty.now, tunnelName).nodes[0]).toMatchObject({
      name: 'vessel',
      homeAddress: '2001:db8:100::1',
      prefixes: [],
      active: { bid: null, reason: 'none' },
      bindings: [],
    });
    const anchor = withTwo();
    anchor.wait(10_000);
    const [node] = reportHomeAgent(anchor.agent, anchor.now, tunnelName).nodes;
    expect(node).toMatchObject({
      prefixes: ['2001:db8:100:1::/64'],
      active: { bid: 1, reason: 'lowest-priority-value' },
    });
    expect(node!.bindings[1]).toMatchObject({
      bid: 2,
      careOfAddress: '2001:db8:b::2',
      tunnel: 'vessel-2',
      lifetime: { granted: 600, remaining: 590 },
      priority: 3,
      path: { state: 'unknown', profile: 'saver' },
    });
    expect(JSON.stringify(reportHomeAgent(anchor.agent, anchor.now, tunnelName))).not.toMatch(/7,7,7|0707/);
  });
});
