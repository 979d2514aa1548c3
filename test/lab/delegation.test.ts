/** Mobile network prefixes that the home agent delegates by DHCPv6 (RFC 6276). */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { packets } from './runner/capture.ts';
import { logLines, losses, outages, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

/** What tshark calls the types of the messages within those of the relay agent. */
const TYPES: Record<string, string> = { 1: 'solicit', 5: 'renew', 6: 'rebind', 7: 'reply', 8: 'release' };

/** As the scenario has it, milliseconds. */
const ECHO_INTERVAL = 50;

test('[RFC 6276 §3] [RFC 3963 §5.4.2] a router without a prefix gets one through its tunnel, keeps it through moves, restarts and renewals, and gets another one', async context => {
  const result = await playProduct(context, 'delegation', { time: 'virtual' });

  const text = (record: string) => theRecord<{ text: string }>(result, record).text;
  expect(text('alone')).toMatch(/delegation +waiting/);
  expect(text('bound')).toMatch(/delegation +bound, 2001:db8:101::\/64 for 3 min/);
  expect(text('renewed')).toMatch(/delegation +bound, 2001:db8:101::\/64 for 3 min/);
  expect(text('second')).toMatch(/delegation +bound, 2001:db8:102::\/64 for 3 min/);

  const { events, otherwise } = losses(result);
  expect(otherwise).toBe(0);
  expect(outages(events, 'carrier loss', ECHO_INTERVAL)[0]).toBeLessThanOrEqual(100);
  for (const what of ['carrier return', 'restart of', 'renewal']) {
    for (const outage of outages(events, what)) expect(outage, what).toBe(0);
  }
  const { report } = theRecord<{ report: EchoReport }>(result, 'second');
  expect(report.lost).toBe(0);

  // One line for each change, at both ends.
  const told = (host: string) =>
    logLines(result, host, '/64').map(line => line.replace(/^.*?kedge: \w+: /, ''));
  expect(told('router').filter(line => line.includes('prefix'))).toEqual([
    'mobile network prefix 2001:db8:101::/64 delegated by 2001:db8:1::2',
    'mobile network prefix 2001:db8:101::/64 taken back by the home agent',
    'mobile network prefix 2001:db8:102::/64 delegated by 2001:db8:1::2',
  ]);

  // All of it within the tunnel, and as tshark reads DHCPv6.
  const rows = await packets(join(result.dir, 'home.pcap'), 'dhcpv6', [
    'dhcpv6.msgtype',
    'ipv6.src',
    'ipv6.dst',
    'udp.dstport',
    'dhcpv6.iaprefix.pref_addr',
  ]);
  const messages = rows.map(([types]) =>
    types!
      .split(',')
      .map(type => TYPES[type] ?? type)
      .at(-1),
  );
  expect(messages.slice(0, 2)).toEqual(['solicit', 'reply']);
  expect(messages).toContain('renew');
  for (const [, sources, destinations, port] of rows) {
    const ends = [sources!.split(','), destinations!.split(',')];
    expect(ends.map(list => list.length)).toEqual([2, 2]);
    expect(ends.map(list => list[1]).sort()).toEqual(['2001:db8:100::10', '2001:db8:1::2']);
    expect(port).toBe('547');
  }
  expect(rows.find(([types]) => types === '13,7')?.[4]).toBe('2001:db8:101::');
});
