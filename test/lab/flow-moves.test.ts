/** Flow bindings (RFC 6089) on the kernels of both ends. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { packets } from './runner/capture.ts';
import { countPaths, type Window } from './runner/flow-paths.ts';
import { capture, fromNearEnd, losses, outages, playProduct } from './runner/product.ts';
import type { ScenarioResult } from './runner/scenario.ts';

const PORT = 7001;
/** Next headers. */
const IPV6 = 41;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const OUTER = 40;
const BINDING_UPDATE = '5';
const BINDING_ACKNOWLEDGEMENT = '6';
const FLOW_SUMMARY = '44';
const FLOW_IDENTIFICATION = '45';

interface Calm {
  readonly carrier: 'lte' | 'wifi';
  readonly from: number;
  readonly to: number;
  readonly router: readonly {
    readonly fid: number;
    readonly state: string;
    readonly bids: readonly number[];
  }[];
  readonly anchor: readonly {
    readonly fid: number;
    readonly selector: string;
    readonly bids: readonly number[];
  }[];
}

interface Watched extends Window {
  readonly report: object;
}

const watched = (result: ScenarioResult, name: string): Watched =>
  result.records.find(({ record, what }) => record === 'watched' && what === name) as unknown as Watched;
const tunnelled = (result: ScenarioResult, link: string, { from, to }: Window) =>
  capture(result, link).filter(({ time, packet }) => time >= from && time < to && packet[6] === IPV6);

test('[RFC 6089 §4.3] [RFC 6089 §5.2.2.2] [RFC 6089 §5.3.6] [mmi-02 §3] [mmi-02 §4.2] [analysis-01 §A] a flow is moved by policy, failures and a handover, both ways, with all that belongs to it, and nothing else notices', async context => {
  const result = await playProduct(context, 'flow-moves', { time: 'virtual' });

  const calms = result.records.filter(each => each.record === 'calm') as unknown as Calm[];
  expect(calms.map(({ carrier }) => carrier)).toEqual([
    'wifi',
    'lte',
    'wifi',
    'lte',
    'wifi',
    'wifi',
    'wifi',
    'wifi',
  ]);
  for (const { carrier, from, to, router, anchor } of calms) {
    const bid = carrier === 'lte' ? 1 : 2;
    expect(router).toMatchObject([{ fid: 1, state: 'accepted', bids: [bid] }]);
    expect(anchor).toMatchObject([{ fid: 1, selector: `udp, outside port ${PORT}`, bids: [bid] }]);
    const seen = countPaths(result, ({ outside }) => outside === PORT, { from, to });
    const idle = seen[carrier === 'lte' ? 'wifi' : 'lte'];
    expect({ carrier, idle }).toEqual({ carrier, idle: { up: 0, down: 0 } });
    for (const count of Object.values(seen[carrier])) expect(Math.abs(count - 100)).toBeLessThanOrEqual(2);
  }

  const own = losses(result, 'calls');
  expect(outages(own.events, 'policy')).toEqual([0, 0]);
  expect(outages(own.events, 'carrier')[0]).toBeLessThanOrEqual(90);
  expect(outages(own.events, 'return')).toEqual([0]);
  expect(own.events.filter(({ what }) => what.endsWith('killed')).map(({ lost }) => lost)).toEqual([0, 0]);
  expect(outages(own.events, 'handover')[0]).toBeLessThanOrEqual(90);
  expect(own.otherwise).toBe(0);
  const others = losses(result);
  expect([...others.events.map(({ lost }) => lost), others.otherwise]).toEqual(Array(10).fill(0));

  // A handover of wifi: meanwhile the flow is at lte, afterwards it comes by the new care-of address.
  expect(
    countPaths(result, flow => flow.outside === PORT, watched(result, 'handover')).lte.down,
  ).toBeGreaterThan(90);

  // What the home agent itself sends is matched as well, and so are all fragments of a datagram.
  const home = countPaths(result, flow => flow.outside === PORT && flow.inside === 7, watched(result, 'own'));
  expect(home).toEqual({ lte: { up: 0, down: 0 }, wifi: { up: 20, down: 20 } });
  const big = watched(result, 'fragments');
  expect((big.report as EchoReport).received).toBeGreaterThanOrEqual(37);
  const fragments = (link: string) => {
    const inner = tunnelled(result, link, big).filter(({ packet }) => packet[OUTER + 6] === FRAGMENT);
    return [inner.filter(fromNearEnd).length, inner.filter(frame => !fromNearEnd(frame)).length];
  };
  expect(fragments('lte')).toEqual([0, 0]);
  for (const count of fragments('wifi')) expect(count).toBeGreaterThanOrEqual(3 * 37);

  // A flow binding for everything takes nothing of the signalling and the probes of the other path.
  const window = watched(result, 'signalling');
  const within = (link: string) =>
    capture(result, link).filter(({ time }) => time >= window.from && time < window.to);
  const ways = (link: string, protocol: number) => {
    const found = within(link).filter(({ packet }) => packet[6] === protocol);
    return { up: found.filter(fromNearEnd).length, down: found.filter(frame => !fromNearEnd(frame)).length };
  };
  expect(ways('lte', DESTINATION_OPTIONS).up).toBeGreaterThan(0);
  expect(ways('lte', ROUTING).down).toBeGreaterThan(0);
  expect(ways('wifi', ROUTING).down).toBe(1);
  const inLte = tunnelled(result, 'lte', window);
  expect(inLte.filter(({ packet }) => packet[OUTER + 6] !== MOBILITY)).toEqual([]);
  for (const fromRouter of [true, false])
    expect(inLte.filter(frame => fromNearEnd(frame) === fromRouter).length).toBeGreaterThan(4);

  const rows = await Promise.all(
    ['lte', 'wifi'].map(link =>
      packets(join(result.dir, `${link}.pcap`), 'mip6.mhtype', ['mip6.mhtype', 'mip6.mobility_opt']),
    ),
  );
  const messages = rows.flat().map(([type, options]) => ({ type, options: options!.split(',') }));
  const having = (type: string, option: string) =>
    messages.filter(message => message.type === type && message.options.includes(option)).length;
  expect(having(BINDING_UPDATE, FLOW_IDENTIFICATION)).toBeGreaterThanOrEqual(5);
  expect(having(BINDING_ACKNOWLEDGEMENT, FLOW_IDENTIFICATION)).toBeGreaterThanOrEqual(5);
  expect(having(BINDING_UPDATE, FLOW_SUMMARY)).toBeGreaterThan(0);
});
