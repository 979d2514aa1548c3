/** Flow bindings (RFC 6089) on the kernels of both ends. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packets } from './runner/capture.ts';
import { countPaths } from './runner/flow-paths.ts';
import { losses, outages, playProduct } from './runner/product.ts';

const PORT = 7001;
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

test('[RFC 6089 §5.2.2.2] [mmi-02 §4.2] a flow is moved by policy and by failures, both ways, and nothing else notices', async context => {
  const result = await playProduct(context, 'flow-moves', { time: 'virtual' });

  const calms = result.records.filter(each => each.record === 'calm') as unknown as Calm[];
  expect(calms.map(({ carrier }) => carrier)).toEqual(['wifi', 'lte', 'wifi', 'lte', 'wifi', 'wifi', 'wifi']);
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
  expect(own.otherwise).toBe(0);
  const others = losses(result);
  expect([...others.events.map(({ lost }) => lost), others.otherwise]).toEqual(Array(7).fill(0));

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
