/** A critical flow goes over two uplinks at once, and each packet arrives once. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { packets } from './runner/capture.ts';
import { playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

interface Event {
  readonly name: string;
  /** Echoes lost meanwhile. */
  readonly critical: number;
  readonly ordinary: number;
}

test('[RFC 6089 §4.2.1.3] a replicated flow loses nothing when an uplink fails, and gets no packet twice', async context => {
  const result = await playProduct(context, 'replication', { time: 'virtual' });
  const events = result.records.filter(({ record }) => record === 'event') as unknown as Event[];
  expect(events.map(({ name, critical }) => ({ name, critical }))).toEqual(
    events.map(({ name }) => ({ name, critical: 0 })),
  );
  // Beside it, the same failures cost a flow that takes one uplink at a time what they cost.
  const ordinary = (name: string) => events.find(event => event.name === name)!.ordinary;
  expect(ordinary('carrier lte')).toBeGreaterThan(0);
  expect(ordinary('silent lte')).toBeGreaterThan(0);
  // Until the uplink is found bad, and left.
  expect(ordinary('lossy lte')).toBeGreaterThan(10);

  const { critical } = theRecord<{ critical: EchoReport }>(result, 'end');
  expect(critical.sent).toBeGreaterThan(5000);
  expect(critical).toMatchObject({ lost: 0, duplicates: 0 });
  // Both uplinks carried it, in numbered GRE.
  for (const uplink of ['lte', 'wifi']) {
    const copies = await packets(join(result.dir, `${uplink}.pcap`), 'gre.sequence_number && udp', [
      'frame.len',
    ]);
    expect(copies.length).toBeGreaterThan(5000);
  }
});
