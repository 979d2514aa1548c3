/** Ways on which a tunnel packet of 1280 octets does not pass whole: what is done for TCP, and what the kernel cannot do for others. */
import { expect, test } from 'vitest';
import type { EchoReport, TransferReport } from './record.ts';
import { capture, isFragment, logLines, losses, outages, playProduct } from './runner/product.ts';

/** Octets of an inner packet that fits. */
const ROOM = 1240;

test.for([
  { where: 'an uplink with an MTU of 1280', beyond: false },
  { where: 'a link behind the access router with an MTU of 1280', beyond: true },
])(
  '[RFC 2473 §7] [RFC 8200 §5] $where: TCP passes in both directions, also a session that began on a wide path; packets of 1241 to 1280 octets are lost',
  async ({ beyond }, context) => {
    const label = `narrow-${beyond ? 'beyond' : 'access'}`;
    const result = await playProduct(context, 'narrow', { time: 'virtual', label, params: { beyond } });
    const transfers = result.records.filter(r => r.record === 'transfer');
    expect(transfers.map(({ name }) => name)).toEqual(['up', 'down', 'session']);
    for (const { name, report } of transfers) {
      const expected: Partial<TransferReport> = { ok: true, retransmits: 0, mss: ROOM - 60 - 12 };
      expect(report, `${name}`).toMatchObject(expected);
    }
    expect(logLines(result, 'router', 'packets of 1320 octets do not pass lte')).toHaveLength(beyond ? 1 : 0);
    expect(logLines(result, 'router', 'do not pass wifi')).toHaveLength(0);

    // Linux fragments nothing that it forwards into a tunnel (docs/architecture.md).
    const lost = result.records
      .filter(r => r.record === 'size')
      .map(({ size, report }) => [size, (report as unknown as EchoReport).lost]);
    expect(lost).toEqual([
      [ROOM, 0],
      [1248, 20],
      [1280, 20],
    ]);
    expect(capture(result, 'lte').filter(isFragment)).toEqual([]);
    const { events, otherwise } = losses(result);
    expect(otherwise).toBe(0);
    expect(outages(events, 'prefer')).toEqual([0, 0]);
  },
);
