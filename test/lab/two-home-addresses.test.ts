/** One router with two home addresses, at one home agent or at two: (n,1,1) and (n,n,n) of the analysis of multihoming. */
import { expect, test } from 'vitest';
import { formatAddress, parsePrefix, prefixContains } from '../../src/wire/address.ts';
import { sourceOf } from '../../src/wire/ipv6.ts';
import type { TransferReport } from './record.ts';
import { capture, fromNearEnd, losses, outages, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

/** Milliseconds, as the scenario has it. */
const INTERVAL = 20;
const IPV6 = 41;
const OUTER_HEADER = 40;
const BUS = parsePrefix('2001:db8:102::/64')!;

test.for([
  [
    'at one home agent share their tunnels',
    false,
    {
      router: ['kdg-lte', 'kdg-via_bus', 'kdg-wifi'],
      anchor: ['kdg-van.1', 'kdg-van.2', 'kdg-van.3'],
      second: [],
    },
  ],
  [
    'at two home agents have tunnels of their own',
    true,
    {
      router: ['kdg-lte', 'kdg-lte.2', 'kdg-via_bus', 'kdg-wifi', 'kdg-wifi.2'],
      anchor: ['kdg-van.1', 'kdg-van.2', 'kdg-van.3'],
      second: ['kdg-bus.1', 'kdg-bus.2'],
    },
  ],
] as const)(
  '[mipv6-analysis-01 §5] two home addresses of one router %s, and both keep their sessions',
  async ([, apart, tunnels], context) => {
    const label = `two-home-addresses-${apart ? 'apart' : 'together'}`;
    const result = await playProduct(context, 'two-home-addresses', {
      time: 'virtual',
      label,
      params: { apart },
      timeout: 300_000,
    });
    expect(theRecord(result, 'tunnels')).toMatchObject(tunnels);
    for (const who of ['van', 'bus', 'inward']) {
      const { events, otherwise } = losses(result, `echo ${who}`);
      const [carrier] = outages(events, 'carrier', INTERVAL);
      const [silence] = outages(events, 'silence', INTERVAL);
      expect(carrier, who).toBeLessThan(300);
      expect(silence, who).toBeLessThan(800);
      for (const what of ['return', 'restored', 'prefer', 'through', 'killed', 'no preference'])
        expect(outages(events, what, INTERVAL), `${who} ${what}`).toEqual([0]);
      expect(otherwise, who).toBe(0);
      // Noticed, waited for as `failover_after` says, registered elsewhere; and only what has this home address notices.
      const [homeAgent = 0] = outages(events, 'home agent', INTERVAL);
      expect(homeAgent, who).toBeLessThan(who === 'bus' && apart ? 9500 : 20);
    }
    // Each by the uplink that it prefers.
    const inner = capture(result, 'wifi')
      .filter(frame => fromNearEnd(frame) && frame.packet[6] === IPV6)
      .map(({ packet }) => sourceOf(packet.subarray(OUTER_HEADER)));
    expect(inner.filter(source => prefixContains(BUS, source)).length).toBeGreaterThan(50);
    expect(inner.map(formatAddress)).toContain('2001:db8:100::20');
    const { report } = theRecord<{ report: TransferReport }>(result, 'transfer');
    expect(report.ok, report.error).toBe(true);
    expect(theRecord(result, 'left')).toMatchObject({ tunnels: [] });
  },
);
