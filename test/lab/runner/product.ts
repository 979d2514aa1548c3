/** What holds in every scenario with kedge, and which lost echoes belong to which event. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { formatAddress, parsePrefix, prefixContains } from '../../../src/wire/address.ts';
import { sourceOf } from '../../../src/wire/ipv6.ts';
import { type Frame, readCapture } from '../pcap.ts';
import type { EchoReport, LabRecord } from '../record.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';
import { play } from './test.ts';

/** Prefixes that may be the source of what a router sends into its uplinks. */
const OWN_PREFIXES = {
  lte: ['2001:db8:a::/56', 'fe80::/10', '::/128'],
  wifi: ['2001:db8:b::/56', 'fe80::/10', '::/128'],
} as const;

/** The last octet of a near end's hardware address. */
const NEAR_END = 1;
const FRAGMENT_HEADER = 44;
const ICMPV6 = 58;
/** ICMPv6 types from here on are no error messages (RFC 4443 §2.1). */
const INFORMATIONAL = 128;

/** Packets of a link's capture; none when the scenario made no captures. */
export function capture(result: ScenarioResult, link: string): readonly Frame[] {
  const file = join(result.dir, `${link}.pcap`);
  return existsSync(file) ? readCapture(readFileSync(file)) : [];
}

export const destinationOf = (packet: Uint8Array): Uint8Array => packet.subarray(24, 40);
export const isFragment = ({ packet }: Frame): boolean => packet[6] === FRAGMENT_HEADER;
/** Whether the link's near end sent it: the router's, on uplinks. */
export const fromNearEnd = ({ ethernet }: Frame): boolean => ethernet[11] === NEAR_END;

/** An answer of the kernel to what came for an address of its own, for example when a stopped kedge has no tunnel any more. */
const isError = ({ packet }: Frame): boolean => packet[6] === ICMPV6 && packet[40]! < INFORMATIONAL;

/** Nothing leaves a bare uplink with an address that does not belong there. */
function assertNoLeak(result: ScenarioResult): void {
  for (const [link, prefixes] of Object.entries(OWN_PREFIXES)) {
    const own = prefixes.map(text => parsePrefix(text)!);
    const leaks = capture(result, link)
      .filter(frame => fromNearEnd(frame) && !isError(frame))
      .map(({ packet }) => sourceOf(packet))
      .filter(source => !own.some(prefix => prefixContains(prefix, source)));
    expect(leaks.slice(0, 5).map(formatAddress), `foreign sources on ${link}`).toEqual([]);
  }
}

/**
 * Plays a scenario and asserts what must hold in all of them: nothing malformed, no leak from a bare uplink, and at
 * the end the kernels have what kedge wants.
 * @param onPurpose a tshark display filter of packets that may be malformed
 */
export async function playProduct(
  test: TestContext,
  name: string,
  options: ScenarioOptions,
  onPurpose?: string,
): Promise<ScenarioResult> {
  const result = await play(test, name, options, onPurpose);
  assertProduct(result);
  return result;
}

/** What must hold in every scenario, malformed packets aside. */
export function assertProduct(result: ScenarioResult): void {
  assertNoLeak(result);
  for (const { host, text } of result.records.filter(r => r.record === 'diff')) {
    expect(text, `kedge diff on ${host}`).toBe('no difference: the kernel has what kedge wants');
  }
}

interface LabEvent extends LabRecord {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

export interface Loss {
  readonly what: string;
  /** Echoes that never came back. */
  readonly lost: number;
}

/** What was in flight when an event began is lost by it: this much before, milliseconds. */
const IN_FLIGHT = 100;

/**
 * Lost echoes by event, in the order of the events, and under `otherwise` those that no event explains. Nothing may come
 * twice.
 */
export function losses(result: ScenarioResult, record = 'echo'): { events: Loss[]; otherwise: number } {
  const { report } = result.records.find(r => r.record === record) as unknown as { report: EchoReport };
  expect(report.duplicates).toBe(0);
  const events = result.records.filter(r => r.record === 'event') as LabEvent[];
  const counted = events.map(({ what }) => ({ what, lost: 0 }));
  let otherwise = 0;
  for (const run of report.lost_runs) {
    const index = events.findIndex(({ from, to }) => run.at >= from - IN_FLIGHT && run.at < to - IN_FLIGHT);
    if (index < 0) otherwise += run.count;
    else counted[index]!.lost += run.count;
  }
  return { events: counted, otherwise };
}

/** Outages in milliseconds, of echoes every `interval` milliseconds, of the events whose name begins so. */
export function outages(events: readonly Loss[], what: string, interval = 10): number[] {
  return events.filter(event => event.what.startsWith(what)).map(({ lost }) => lost * interval);
}

/**
 * How long it takes from the beginning of each event with that name until echoes come back again, milliseconds: the end
 * of the run of lost echoes, one each `interval`, that covers the beginning.
 */
export function recoveries(result: ScenarioResult, what: string, interval = 10, record = 'echo'): number[] {
  const { report } = result.records.find(r => r.record === record) as unknown as { report: EchoReport };
  const events = result.records.filter(r => r.record === 'event') as LabEvent[];
  return events
    .filter(event => event.what.startsWith(what))
    .map(({ from }) => {
      const runs = report.lost_runs.map(({ at, count }) => ({ at, end: at + count * interval }));
      return (runs.find(({ at, end }) => at < from && end >= from)?.end ?? from) - from;
    });
}

/** How often a daemon logged a line with that text. */
export function logLines(result: ScenarioResult, host: string, text: string): string[] {
  const log = readFileSync(join(result.dir, `kedge-${host}.log`), 'utf8');
  return log.split('\n').filter(line => line.includes(text));
}
