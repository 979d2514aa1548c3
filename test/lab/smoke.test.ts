/** The lab itself: what it measures is what the links were told to do. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EchoReport, TransferReport } from './record.ts';
import { packets } from './runner/capture.ts';
import { runScenario, theRecord } from './runner/scenario.ts';
import { play } from './runner/test.ts';

interface Report {
  readonly report: EchoReport;
}

test('a round trip over 20 ms there and 30 ms back takes exactly 50 ms of virtual time', async context => {
  const result = await play(context, 'smoke-ping', { time: 'virtual' });
  expect(theRecord(result, 'ping').rtts).toEqual([50, 50, 50, 50, 50]);
  const { report } = theRecord<Report>(result, 'echo');
  expect(report).toMatchObject({
    sent: 100,
    received: 100,
    lost: 0,
    duplicates: 0,
    reordered: 0,
    outage_ms: 0,
  });
  expect(report.rtt_ms!.min).toBe(50);
  expect(report.rtt_ms!.max).toBeLessThanOrEqual(50.01);
});

test('in real time the same round trip takes hardly longer', async context => {
  const result = await play(context, 'smoke-ping', { time: 'real', label: 'smoke-ping-real' });
  const { report } = theRecord<Report>(result, 'echo');
  expect(report).toMatchObject({ sent: 100, lost: 0 });
  expect(report.rtt_ms!.median).toBeGreaterThanOrEqual(50);
  expect(report.rtt_ms!.median).toBeLessThan(60);
});

test('links lose carriers at one end, lose packets silently and at random, and filter at the access router', async context => {
  const result = await play(context, 'smoke-links', { time: 'virtual' });
  const at = (name: string): EchoReport => theRecord<Report>(result, name).report;

  expect(at('running')).toMatchObject({ lost: 0, duplicates: 0, reordered: 0, rtt_ms: { min: 40 } });
  // The router alone sees the carrier go; what was on its way back (20 ms and what it answers) is lost.
  expect(theRecord(result, 'carrier-lost')).toMatchObject({ router: false, gateway: true });
  const { router, gateway } = theRecord(result, 'after-carrier-loss');
  expect({ router, gateway }).toEqual({ router: true, gateway: true });
  expect(at('after-carrier-loss').lost_runs).toHaveLength(1);
  expect(at('after-carrier-loss').lost).toBeGreaterThanOrEqual(4);
  // 300 ms of silence is 30 echoes of 10 ms, and nobody's carrier changes.
  expect(theRecord(result, 'silent')).toMatchObject({ router: true, gateway: true });
  expect(at('after-silence').lost_runs[1]).toMatchObject({ count: 30 });
  expect(at('after-silence').lost_runs).toHaveLength(2);
  // 10 s with 10 % loss each way: 19 % of 1000 echoes, give or take six standard deviations.
  const random = at('lossy').lost - at('after-silence').lost;
  expect(random).toBeGreaterThan(115);
  expect(random).toBeLessThan(265);
  expect(at('bare')).toMatchObject({ sent: 10, received: 0 });
  expect(theRecord(result, 'bare').filtered).toMatch(/counter packets 10 /);

  const inTunnel = await packets(join(result.dir, 'lte.pcap'), 'ipv6.nxt == 41 && udp', ['frame.len']);
  expect(inTunnel.length).toBeGreaterThan(1000);
  // 64 octets of UDP payload: 14 Ethernet, twice 40 IPv6, 8 UDP.
  expect(inTunnel[0]).toEqual(['166']);
});

test('20 MB of TCP through a tunnel over 50 Mbit/s arrive whole, in the same time each run', async context => {
  const first = await play(context, 'smoke-transfer', { time: 'virtual' });
  const { report } = theRecord<{ report: TransferReport }>(first, 'transfer');
  expect(report).toMatchObject({ ok: true, bytes: 20_000_000 });
  expect(report.mbit_s).toBeGreaterThan(40);
  expect(report.mbit_s).toBeLessThan(50);
});

test('both uplinks take address and default route from router advertisements', async context => {
  const result = await play(context, 'smoke-advertisements', { time: 'virtual' });
  const { routes, addresses } = theRecord<{ routes: string; addresses: string }>(result, 'router');
  expect(routes).toMatch(/dev lte proto ra/);
  expect(routes).toMatch(/dev wifi proto ra/);
  expect(addresses).toContain('2001:db8:a::ff:fe00:101/64');
  expect(addresses).toContain('2001:db8:b::ff:fe00:201/64');
});

test('a scenario that throws, and one that stops the world, fail with a reason', async () => {
  const options = { time: 'virtual', label: 'smoke-failure' } as const;
  await expect(runScenario('smoke-failure', { ...options, params: { how: 'throw' } })).rejects.toThrow(
    /on purpose/,
  );
  await expect(
    runScenario('smoke-failure', { ...options, params: { how: 'spin' }, timeout: 3000 }),
  ).rejects.toThrow(/not finished after 3 s/);
});
