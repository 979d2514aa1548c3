/** Route optimisation by the kernel's Mobile IPv6, on the kernel that has it. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { CorrespondentReport, FlowReport } from '../../src/engine/status.ts';
import type { EchoReport, TransferReport } from './record.ts';
import { assertProduct, capture, losses, outages, playProduct } from './runner/product.ts';
import { runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';

interface Way {
  readonly what: string;
  readonly [header: string]: number | string;
}

/** Packets by uplink and first header while nothing happened. */
function way(result: ScenarioResult, what: string): Way {
  return result.records.find(r => r.record === 'way' && r.what === what) as unknown as Way;
}

/** A hundred echoes a second go and come without the tunnel, which carries probes alone. */
function expectDirect(result: ScenarioResult, what: string, uplink: 'lte' | 'wifi'): void {
  const other = uplink === 'lte' ? 'wifi' : 'lte';
  const counts = way(result, what);
  expect(counts[`${uplink} option`], what).toBeGreaterThanOrEqual(100);
  expect(counts[`${uplink} routing`], what).toBeGreaterThanOrEqual(100);
  expect(counts[`${uplink} tunnel`], what).toBeLessThanOrEqual(100);
  expect(counts[`${other} option`], what).toBeLessThanOrEqual(4);
  expect(counts[`${other} routing`], what).toBeLessThanOrEqual(4);
}

test('[RFC 6275 §9.3, §11.3] [RFC 5648 §5.2] [analysis-01 §6.1.3] [analysis-01 §A] packets to and from a correspondent go directly, by the uplink in use, through failures, kills and a forgery, and by another way when one fails beyond the access', async context => {
  const result = await playProduct(context, 'direct-path', { time: 'virtual', kernel: 'linux-mip6' });
  for (const what of ['direct lte', 'direct after the router', 'direct after the peer']) {
    expectDirect(result, what, 'lte');
  }
  expectDirect(result, 'direct wifi', 'wifi');
  const { events, otherwise } = losses(result);
  expect(otherwise).toBe(0);
  expect(outages(events, 'prefer')).toEqual([0, 0]);
  expect(Math.max(...outages(events, 'carrier'))).toBeLessThanOrEqual(60);
  expect(Math.max(...outages(events, 'silence'))).toBeLessThan(400);
  expect(outages(events, 'return')).toEqual([0, 0]);
  // Beyond the access: to the other care-of address, to the tunnel, and back when the pauses are over.
  expectDirect(result, 'direct wifi instead', 'wifi');
  expectDirect(result, 'direct lte again', 'lte');
  const tunnel = way(result, 'tunnel');
  expect([tunnel['lte option'], tunnel['wifi option']]).toEqual([0, 0]);
  expect(tunnel['lte tunnel']).toBeGreaterThanOrEqual(400);
  expect(tunnel['wifi tunnel']).toBeLessThanOrEqual(100);
  expect(Math.max(...outages(events, 'beyond'))).toBeLessThanOrEqual(3000);
  expect(outages(events, 'open')).toEqual([0]);
  expect(outages(events, 'reopened')).toEqual([0]);
  expect(outages(events, 'forged')).toEqual([0]);
  expect(outages(events, 'kill router')).toEqual([0]);
  // The correspondent has forgotten its bindings and says so to the first packet that needs one.
  expect(Math.max(...outages(events, 'kill peer'))).toBeLessThanOrEqual(200);
  const { peer } = theRecord<{ peer: { correspondent: { counters: Record<string, number> } } }>(
    result,
    'counters',
  );
  expect(peer.correspondent.counters['home-address-without-binding']).toBe(1);
  const left = result.records.filter(r => r.record === 'left' && r.host === 'peer');
  expect(left).toMatchObject([{ states: '', policies: '' }]);
});

describe('flows of a correspondent that keeps flow bindings', () => {
  /** Ports of the correspondent: of the flow with a rule, and of what has none. */
  const CALLS = 7001;
  const ECHO = 7;
  /** Of the router, in the balance. */
  const FIRST_PORT = 20_000;
  const FLOWS = 200;
  const LTE = '2001:db8:a::2';
  const WIFI = '2001:db8:b::2';
  let result: ScenarioResult;

  beforeAll(async () => {
    result = await runScenario('direct-flows', { time: 'virtual', kernel: 'linux-mip6' });
    assertProduct(result);
  }, 200_000);

  interface Datagram {
    readonly isOut: boolean;
    readonly isTunneled: boolean;
    /** Of the router, and of the correspondent. */
    readonly near: number;
    readonly far: number;
  }

  /** UDP between the two on an uplink, in this span. */
  function datagrams(uplink: string, from: number, to = Number.POSITIVE_INFINITY): Datagram[] {
    return capture(result, uplink).flatMap(({ packet, time }) => {
      const first = packet[6]!;
      const isTunneled = first === 41;
      if (time < from || time >= to || ![41, 43, 60].includes(first)) return [];
      if (packet[isTunneled ? 46 : 40] !== 17) return [];
      const [source, destination] = isTunneled ? [80, 82] : [64, 66];
      const portAt = (at: number) => (packet[at]! << 8) | packet[at + 1]!;
      const isOut = isTunneled ? packet[63] === 0x10 : first === 60;
      const ports = [portAt(source), portAt(destination)];
      const [near, far] = isOut ? ports : ports.toReversed();
      return [{ isOut, isTunneled, near: near!, far: far! }];
    });
  }

  /** All packets of a port for a second go by this uplink, there and back, none of them through a tunnel. */
  function expectWay(what: string, far: number, uplink: 'lte' | 'wifi'): void {
    const span = result.records.find(r => r.record === 'calm' && r.what === what) as unknown as {
      from: number;
      to: number;
    };
    const on = (link: string) => datagrams(link, span.from, span.to).filter(datagram => datagram.far === far);
    expect(on(uplink === 'lte' ? 'wifi' : 'lte'), what).toEqual([]);
    const all = on(uplink);
    expect(all.filter(({ isTunneled }) => isTunneled)).toEqual([]);
    for (const isOut of [true, false]) {
      expect(all.filter(datagram => datagram.isOut === isOut).length, what).toBeGreaterThanOrEqual(95);
    }
  }

  /** For each flow of the balance, by which uplinks its packets went out and came back. */
  function carriers(): Map<number, { out: Set<string>; back: Set<string> }> {
    const flows = new Map<number, { out: Set<string>; back: Set<string> }>();
    const { from } = theRecord<{ from: number }>(result, 'many');
    for (const uplink of ['lte', 'wifi']) {
      for (const { near, isOut, isTunneled } of datagrams(uplink, from)) {
        if (near < FIRST_PORT || near >= FIRST_PORT + FLOWS) continue;
        const flow = flows.get(near) ?? { out: new Set(), back: new Set() };
        flows.set(near, flow);
        flow[isOut ? 'out' : 'back'].add(isTunneled ? `tunnel ${uplink}` : uplink);
      }
    }
    return flows;
  }

  test('[RFC 6089 §5.3] [RFC 6089 §5.3.6] [mmi-02 §7.3.3] a flow chosen by port takes another care-of address than the rest, both ways', () => {
    expectWay('by port', CALLS, 'wifi');
    expectWay('by port', ECHO, 'lte');
    const { router, peer, node } = told('by port');
    expect(router.flows).toMatchObject([{ rule: 'calls', shares: [{ carrier: 'wifi' }] }]);
    expect(peer.flows).toMatchObject([
      { rule: 'fid-1', node: '2001:db8:100::10', shares: [{ carrier: WIFI }] },
    ]);
    for (const { flows } of [router, peer]) expect(flows[0]!.packets).toBeGreaterThan(100);
    expect(node.correspondent.nodes[0]!.flowBindings).toMatchObject([{ bids: [2], active: true }]);
  });

  test('[RFC 6089 §5.2.2.2] it is moved by policy without a loss, and by a failure with what was on its way', () => {
    expectWay('moved', CALLS, 'lte');
    expectWay('moved back', CALLS, 'wifi');
    expectWay('without wifi', CALLS, 'lte');
    expectWay('again', CALLS, 'wifi');
    for (const what of ['moved', 'moved back', 'without wifi', 'again']) expectWay(what, ECHO, 'lte');
    const { report } = theRecord<{ report: EchoReport }>(result, 'calls');
    const lost = report.lost_runs.map(({ count }) => count);
    expect(lost.length).toBeLessThanOrEqual(1);
    expect(report.lost).toBeLessThanOrEqual(8);
    expect(theRecord<{ report: EchoReport }>(result, 'rest').report.lost).toBe(0);
  });

  test('[mmi-02 §7.2] [mmi-02 §7.3] all else is divided by weight, flow by flow and both ways', () => {
    const flows = [...carriers().values()];
    expect(flows.length).toBe(FLOWS);
    for (const direction of ['out', 'back'] as const) {
      expect(flows.filter(flow => flow[direction].size !== 1)).toEqual([]);
      const share = flows.filter(flow => flow[direction].has('lte')).length / FLOWS;
      expect(Math.abs(share - 0.7), direction).toBeLessThanOrEqual(0.07);
    }
    const { report } = theRecord<{ report: EchoReport }>(result, 'many');
    expect(report.lost).toBe(0);
    expect(told('divided').peer.flows.map(({ rule }) => rule)).toEqual(['fid-1', 'load-balancing']);
    expect(theRecord<{ report: TransferReport }>(result, 'transfer').report.ok).toBe(true);
  });

  test('kedge why names the care-of address', () => {
    const { router, peer } = theRecord<{ router: string; peer: string }>(result, 'why');
    expect(router).toMatch(/directly +the care-of address is 2001:db8:b::2/);
    expect(peer).toMatch(new RegExp(`load-balancing[^]*(${LTE}|${WIFI})`));
  });

  interface Told {
    readonly router: { readonly flows: readonly FlowReport[] };
    readonly peer: { readonly flows: readonly FlowReport[] };
    readonly node: { readonly correspondent: CorrespondentReport };
  }
  function told(what: string): Told {
    return result.records.find(r => r.record === 'told' && r.what === what) as unknown as Told;
  }
});
