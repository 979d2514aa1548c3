/** What sessions see of it all: TCP goes on, full-size packets pass whole or their senders are told. */
import { expect, test } from 'vitest';
import type { EchoReport, TransferReport } from './record.ts';
import { capture, isFragment, playProduct } from './runner/product.ts';
import { type ScenarioResult, theRecord } from './runner/scenario.ts';

const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const PACKET_TOO_BIG = 2;
const SYN = 2;
const MSS_OPTION = 2;

test('a TCP transfer lives through failures, restarts and a gap, and every octet arrives', async context => {
  const result = await playProduct(context, 'sessions', { time: 'virtual' });
  const { report } = theRecord<{ report: TransferReport }>(result, 'transfer');
  expect(report.ok).toBe(true);
  expect(report.bytes).toBeGreaterThan(1_200_000);
});

/** Octet 40 and on of the packets with that next header. */
function payloads(result: ScenarioResult, link: string, nextHeader: number): Uint8Array[] {
  return capture(result, link)
    .filter(({ packet }) => packet[6] === nextHeader)
    .map(({ packet }) => packet.subarray(40));
}

/** The MSS that SYN segments on a link announce; the option is the first one where Linux sends it. */
function announcedMss(result: ScenarioResult, link: string, source: string): number[] {
  const last = Number.parseInt(source.slice(-1), 16);
  return capture(result, link)
    .filter(({ packet }) => packet[6] === TCP && packet[23] === last && packet[40 + 13]! & SYN)
    .map(({ packet }) => {
      expect(packet[60]).toBe(MSS_OPTION);
      return packet[62]! * 256 + packet[63]!;
    });
}

for (const { mtu, tunnel, mss } of [
  { mtu: 1500, tunnel: 1460, mss: 1400 },
  { mtu: 1400, tunnel: 1360, mss: 1300 },
]) {
  test(`[RFC 2473 §7] uplinks with an MTU of ${mtu}: TCP segments of ${mss} octets pass, UDP senders are told, nothing is fragmented on the way`, async context => {
    const label = `full-size-${mtu}`;
    const result = await playProduct(context, 'full-size', {
      time: 'virtual',
      label,
      params: { mtu, datagrams: 50 },
    });
    const { report } = theRecord<{ report: TransferReport }>(result, 'transfer');
    // Time stamps take 12 octets of each segment.
    expect(report).toMatchObject({ ok: true, retransmits: 0, mss: mss - 12 });
    expect(theRecord(result, 'tunnel').text).toContain(`mtu ${tunnel} `);
    expect(announcedMss(result, 'lan', '2001:db8:2::2')).toEqual([mss]);
    expect(announcedMss(result, 'peer', '2001:db8:101::100')).toEqual([mss]);

    // Each lost datagram was the price of a Packet Too Big, at the beginning; its sender fragments all later ones itself.
    const { report: full } = theRecord<{ report: EchoReport }>(result, 'full');
    const told = ['lan', 'peer', 'lte'].flatMap(link =>
      payloads(result, link, ICMPV6).filter(message => message[0] === PACKET_TOO_BIG),
    );
    expect(full.lost_runs).toHaveLength(1);
    expect(full.lost_runs[0]!.first).toBe(0);
    expect(full.lost).toBeLessThanOrEqual(told.length);
    expect(full.lost).toBeLessThanOrEqual(3);
    for (const link of ['lan', 'peer']) {
      expect(new Set(payloads(result, link, 44).map(fragment => fragment[0]))).toEqual(new Set([UDP]));
    }
    expect(capture(result, 'lte').filter(isFragment)).toHaveLength(0);
  });
}
