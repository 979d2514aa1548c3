/** The home network is renumbered while the router is away (RFC 6275 §10.6, §11.4.3). */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EchoReport, TransferReport } from './record.ts';
import { packets } from './runner/capture.ts';
import { logLines, playProduct } from './runner/product.ts';
import { type ScenarioResult, theRecord } from './runner/scenario.ts';

const BEFORE = '2001:db8:100::10';
const AFTER = '2001:db8:180::10';
const CARE_OF = '2001:db8:a::2';
const VALID = 1200;

interface Look {
  readonly text: string;
  readonly loopback: string;
  readonly routes: string;
}

/** A Binding Update of the first uplink. */
interface Update {
  /** Seconds since the first packet. */
  readonly at: number;
  readonly homeAddress: string;
  readonly lifetime: number;
}

async function updates(result: ScenarioResult): Promise<Update[]> {
  const fields = ['frame.time_relative', 'ipv6.opt.mipv6.home_address', 'mip6.bu.lifetime'];
  const rows = await packets(join(result.dir, 'lte.pcap'), `mip6.mhtype==5 && ipv6.src==${CARE_OF}`, fields);
  return rows.map(([at, homeAddress, lifetime]) => ({
    at: Number(at),
    homeAddress: homeAddress!,
    lifetime: Number(lifetime),
  }));
}

test('[RFC 6275 §11.4.3] [RFC 6275 §8.5] [RFC 6275 §10.6] a router follows its home network to another prefix, and no session notices', async context => {
  const result = await playProduct(context, 'renumbering', { time: 'virtual', timeout: 300_000 });
  const look = (name: string) => theRecord<{ [K in keyof Look]: string }>(result, name);
  const dying = /inet6 2001:db8:100::10\/128 scope global nodad deprecated/;

  expect(look('before').loopback).toMatch(/inet6 2001:db8:100::10\/128 scope global nodad \n/);
  expect(look('before').routes).not.toContain(AFTER);
  const both = look('both');
  expect(both.text).toMatch(/Mobile router vessel: (.*\n)* {2}home address +2001:db8:100::10, deprecated\n/);
  expect(both.text).toMatch(/Mobile router vessel\.2: (.*\n)* {2}home address +2001:db8:180::10\n/);
  expect(both.loopback).toMatch(dying);
  expect(both.loopback).toMatch(/inet6 2001:db8:180::10\/128 scope global nodad \n/);
  for (const destination of [BEFORE, AFTER, '2001:db8:101::/64'])
    expect(both.routes).toContain(`${destination} dev kdg-vessel.1 `);
  const after = look('after');
  expect(after.text).not.toContain('Mobile router vessel:');
  expect(after.loopback).not.toContain(BEFORE);
  expect(after.routes).not.toContain(BEFORE);
  expect(after.routes).toContain('2001:db8:101::/64 dev kdg-vessel.2.1 ');

  // Those of the old address until its last minute, those of the new one, and those of the mobile network all the time.
  for (const echo of ['old', 'new', 'lan', 'fine']) {
    const { report } = theRecord<{ report: EchoReport }>(result, `echo ${echo}`);
    expect([echo, report.lost, report.duplicates]).toEqual([echo, 0, 0]);
  }
  const { report } = theRecord<{ report: TransferReport }>(result, 'transfer');
  expect(report).toMatchObject({ ok: true, retransmits: 0 });

  // What the home agent said, and what was said to it.
  const said = await packets(join(result.dir, 'lte.pcap'), `icmpv6.type==147 && ipv6.dst==${CARE_OF}`, [
    'icmpv6.opt.prefix',
    'icmpv6.opt.prefix.valid_lifetime',
  ]);
  const [prefixes, lifetimes] = said.at(-1)!;
  expect(prefixes).toBe('2001:db8:100::,2001:db8:180::');
  const [remaining, forever] = lifetimes!.split(',').map(Number);
  expect(remaining).toBeLessThan(VALID);
  expect(forever).toBe(0xffffffff);
  const sent = await updates(result);
  const first = sent.find(({ homeAddress }) => homeAddress === AFTER)!;
  const last = sent.filter(({ homeAddress }) => homeAddress === BEFORE).at(-1)!;
  expect(first.lifetime).toBeGreaterThan(0);
  expect(last.lifetime).toBe(0);
  expect(last.at - first.at).toBeGreaterThan(VALID - 800);
  expect(
    logLines(result, 'router', `${BEFORE} is valid no longer: set option home_address '${AFTER}'`),
  ).toHaveLength(1);
});
