/** Whole journeys of a mobile router and of a mobile node: home, a foreign link, another one, home. */
import { expect, test } from 'vitest';
import { formatAddress } from '../../src/wire/address.ts';
import { parseIcmpv6Packet } from '../../src/wire/icmpv6/icmpv6-packet.ts';
import { parseMobilityPacket } from '../../src/wire/mobility-packet.ts';
import type { LabRecord, TransferReport } from './record.ts';
import { capture, losses, outages, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

const INTERVAL = 20;
const ICMPV6 = 58;
/** Of the hardware address of the router's end. */
const DOCK1 = 7;
/**
 * Milliseconds: the home agent looks for duplicates for a second when they leave its link; a move between foreign links costs a
 * round trip or two; home the first one to arrive leaves the tunnel that both share to the other one, and what is in it is lost.
 */
const MOST = { leaves: 1300, moves: 200, returns: 60 } as const;
const ADDRESSES = ['2001:db8:100::10', '2001:db8:100::11'];

test('[RFC 6275 §11.5] [RFC 6275 §11.5.5] [RFC 6275 §11.7.1] [RFC 3963 §5] from home to a foreign link, to another one and home again, mobile router and mobile node: sessions go on', async context => {
  const result = await playProduct(context, 'journey', { time: 'virtual' });
  for (const who of ['router', 'node', 'neighbor']) {
    const { events, otherwise } = losses(result, `echo ${who}`);
    expect(otherwise, who).toBe(0);
    for (const [what, most] of Object.entries(MOST)) {
      const [outage] = outages(events, what, INTERVAL);
      expect(outage, `${who} ${what}`).toBeLessThanOrEqual(most);
    }
  }
  for (const who of ['router', 'node']) {
    expect(theRecord<{ report: TransferReport }>(result, `transfer ${who}`).report.ok, who).toBe(true);
  }
  // While the home agent looks for duplicates nobody repeats what it has said (RFC 6275 §11.7.1).
  const updates = capture(result, 'lte').flatMap(({ packet, time }) => {
    const parsed = parseMobilityPacket(packet);
    if (!parsed.ok || parsed.value.message.kind !== 'binding-update') return [];
    return [{ home: formatAddress(parsed.value.homeAddress!), time }];
  });
  for (const home of ADDRESSES) {
    const times = updates.filter(update => update.home === home).map(({ time }) => time);
    expect(times.filter(time => time < times[0]! + 1000)).toHaveLength(1);
  }
  // Home again, each address is advertised three times, and the link-local one (RFC 6275 §11.5.5).
  const advertised = capture(result, 'dock1').flatMap(({ packet, ethernet }) => {
    const parsed = packet[6] === ICMPV6 && ethernet[10] === DOCK1 ? parseIcmpv6Packet(packet) : undefined;
    if (!parsed?.ok || parsed.value.message.kind !== 'neighbor-advertisement') return [];
    const { target, solicited } = parsed.value.message;
    return solicited ? [] : [formatAddress(target)];
  });
  for (const own of [...ADDRESSES, 'fe80::ff:fe00:701'])
    expect(advertised.filter(target => target === own).length, own).toBeGreaterThanOrEqual(3);

  const bindings = result.records.filter(({ record }) => record === 'bindings') as (LabRecord & {
    readonly text: string;
  })[];
  const careOf = bindings.map(({ text }) =>
    [...text.matchAll(/ (2001:db8:[ab]::2) /g)].map(([, address]) => address),
  );
  expect(careOf).toEqual([
    [],
    ADDRESSES.map(() => '2001:db8:a::2'),
    ADDRESSES.map(() => '2001:db8:b::2'),
    [],
  ]);
});
