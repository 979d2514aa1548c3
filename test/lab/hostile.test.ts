/** What strangers send changes nothing: a counter, at most a line in the log, and the answer that the RFC asks for. */

import { expect, test } from 'vitest';
import { equalAddress, formatAddress, parseAddress } from '../../src/wire/address.ts';
import { sourceOf } from '../../src/wire/ipv6.ts';
import { parseMobilityPacket } from '../../src/wire/mobility-packet.ts';
import { capture, destinationOf, logLines, losses, outages, playProduct } from './runner/product.ts';
import { type ScenarioResult, theRecord } from './runner/scenario.ts';

const PEER = parseAddress('2001:db8:2::2')!;
const ANCHOR = parseAddress('2001:db8:1::2')!;
const FLOOD = 10_000;
const ICMPV6 = 58;

/** What the anchor told the stranger, in order. */
function answers(result: ScenarioResult): string[] {
  return capture(result, 'peer')
    .map(({ packet }) => packet)
    .filter(packet => equalAddress(sourceOf(packet), ANCHOR) && equalAddress(destinationOf(packet), PEER))
    .map(packet => {
      if (packet[6] === ICMPV6) return `icmpv6 ${packet[40]} code ${packet[41]}`;
      const parsed = parseMobilityPacket(packet);
      if (!parsed.ok) return parsed.error.counter;
      const { message } = parsed.value;
      return 'status' in message ? `${message.kind} ${message.status}` : message.kind;
    });
}

test('[RFC 6275 §9.2, §9.5.1] [RFC 4285 §5, §6] [RFC 3963 §6.2, §9] bad input is counted by reason, answered where it must be, and changes nothing', async context => {
  const result = await playProduct(
    context,
    'hostile',
    { time: 'virtual' },
    'mipv6 && ipv6.addr == 2001:db8:2::2',
  );
  const attacks = Object.fromEntries(
    result.records.filter(r => r.record === 'attack').map(r => [r.name as string, r.counters]),
  );
  expect(attacks).toEqual({
    // [RFC 6275 §9.2] the header must be whole, its checksum right, its type known, nothing must follow it.
    truncated: { truncated: 1 },
    short: { 'header-len': 1 },
    oversized: { 'unrecognized-mh-type': 1 },
    checksum: { checksum: 1 },
    'unknown-type': { 'unrecognized-mh-type': 1 },
    'payload-proto': { 'payload-proto': 1 },
    // [RFC 4285 §5.1, §6] who does not know the key, or is late.
    replayed: { 'timestamp-replayed': 1 },
    'wrong-key': { 'authentication-failed': 1 },
    unsigned: { 'not-authenticated': 1 },
    clock: { 'timestamp-off': 1 },
    // [RFC 6275 §9.5.1], [RFC 3963 §6.2] what belongs to others.
    'unknown-home': { 'unknown-home-address': 1 },
    'foreign-prefix': { 'refused-142': 1 },
    // Probes and acknowledgements that the peer did not send.
    'heartbeat-to-anchor': { 'heartbeat-forged': 1 },
    'heartbeat-to-router': { 'heartbeat-forged': 1 },
    'forged-acknowledgement': { 'acknowledgement-forged': 1 },
    'foreign-acknowledgement': { 'not-from-correspondent': 1 },
    flood: { 'authentication-failed': FLOOD },
    // [RFC 4285 §6] with a clock that was never right, and since it is right.
    'replayed in 1970': { 'timestamp-replayed': 1 },
    'replayed later': { 'timestamp-replayed': 1 },
  });

  const told = answers(result);
  expect(told.slice(0, 8)).toEqual([
    // [RFC 6275 §9.2] Header Len is less than the type needs.
    'icmpv6 4 code 0',
    // [RFC 6275 §9.2] unrecognized MH Type.
    'binding-error 2',
    // [RFC 4285 §5.1] MIPV6-AUTH-FAIL; [RFC 4285 §6] MIPV6-ID-MISMATCH.
    'binding-acknowledgement 146',
    'binding-acknowledgement 144',
    // [RFC 3963 §6.2] not authorised for the prefix.
    'binding-acknowledgement 142',
    'binding-error 2',
    // [RFC 6275 §9.2] Payload Proto is not 59.
    'icmpv6 4 code 0',
    // [RFC 2473 §3.3] no tunnel from there: the kernel's answer.
    'icmpv6 1 code 4',
  ]);
  // The flood of 5 s gets at most a burst and ten answers a second.
  expect(told.length - 8).toBeLessThanOrEqual(20 + 10 * 6);
  expect(told.length).toBeGreaterThan(8);
  expect(logLines(result, 'anchor', 'dropped a message').length).toBeLessThan(20);
  expect(logLines(result, 'router', 'dropped a message').length).toBeLessThan(10);

  const { before, after } = theRecord<{ before: string; after: string }>(result, 'bindings');
  expect(after).toBe(before);
  // Each time the router learned the anchor's clock from one refusal, and its uplinks were registered again.
  const clocks = theRecord<{ bindings: string; before: string }>(result, 'clocks');
  const sorted = (text: string) => text.split('\n').sort();
  expect(sorted(clocks.bindings)).toEqual(sorted(clocks.before));
  expect(logLines(result, 'router', 'corrected clock').length).toBeGreaterThanOrEqual(2);

  const { events, otherwise } = losses(result);
  expect(otherwise).toBe(0);
  expect(outages(events, 'carrier')[0]).toBeLessThanOrEqual(60);

  // [RFC 3963 §9], [RFC 6275 §10.4.5] a tunnel carries the mobile network's packets only.
  const dropped = result.records.filter(r => r.record === 'dropped').map(r => r.packets);
  expect(dropped).toEqual([1, 1]);
  const strays = ['peer', 'lte', 'wifi'].flatMap(link =>
    capture(result, link).filter(({ packet }) =>
      [sourceOf(packet), destinationOf(packet)].some(each => formatAddress(each).startsWith('2001:db8:bad:')),
    ),
  );
  expect(strays).toHaveLength(0);
});
