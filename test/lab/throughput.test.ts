/** What status says of the throughput of paths: measured by the kernel, not by packets of its own. */
import { expect, test } from 'vitest';
import type { Status } from '../../src/engine/status.ts';
import { playProduct } from './runner/product.ts';

test('each path tells its throughput at both ends, and what its access device carries', async context => {
  const { records } = await playProduct(context, 'throughput', { time: 'virtual' });
  const reports = records.filter(r => r.record === 'status') as unknown as {
    readonly uplink: string;
    readonly router: Status;
    readonly anchor: Status;
  }[];
  expect(reports.map(({ uplink }) => uplink)).toEqual(['lte', 'wifi']);
  for (const { uplink, router, anchor } of reports) {
    for (const { name, bid, path, traffic } of router.mobileRouter!.uplinks) {
      const { path: far } = anchor.homeAgent!.nodes[0]!.bindings.find(binding => binding.bid === bid)!;
      const rates = [path!, far].flatMap(({ traffic }) => [traffic!.rxBitRate, traffic!.txBitRate]);
      // An echo of 952 octets of payload is a packet of 1000, a hundred times a second; probes are a few octets.
      const [least, most] = name === uplink ? [0.79e6, 0.85e6] : [0, 0.05e6];
      for (const rate of rates) {
        expect(rate, `${name} while ${uplink} is in use`).toBeGreaterThanOrEqual(least);
        expect(rate, `${name} while ${uplink} is in use`).toBeLessThanOrEqual(most);
      }
      // The access device carries the outer headers as well.
      expect(traffic!.rxOctets).toBeGreaterThan(path!.traffic!.rxOctets);
      expect(traffic!.txOctets).toBeGreaterThan(path!.traffic!.txOctets);
    }
  }
});
