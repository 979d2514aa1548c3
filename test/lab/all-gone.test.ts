/** Without any uplink: nothing leaks, hosts are told, and traffic flows as soon as one is back. */

import { expect, test } from 'vitest';
import { formatAddress } from '../../src/wire/address.ts';
import { sourceOf } from '../../src/wire/ipv6.ts';
import { capture, destinationOf, losses, outages, playProduct, recoveries } from './runner/product.ts';

const ICMPV6 = 58;
const DESTINATION_UNREACHABLE = 1;

test('[RFC 3963 §5.5] 20 s without uplinks: hosts get ICMPv6 unreachable, and 300 ms after one is back traffic flows', async context => {
  const result = await playProduct(context, 'all-gone', { time: 'virtual' });
  const { events, otherwise } = losses(result);
  expect(otherwise).toBe(0);
  expect(outages(events, 'other')).toEqual(Array(6).fill(0));
  expect(outages(events, 'gone').every(lost => lost > 3500)).toBe(true);
  for (const way of ['back: carrier', 'back: address', 'back: silence']) {
    const times = recoveries(result, way);
    expect(times).toHaveLength(2);
    expect(Math.max(...times), `${way}: ${times}`).toBeLessThanOrEqual(300);
  }

  const told = capture(result, 'lan').filter(
    ({ packet }) => packet[6] === ICMPV6 && packet[40] === DESTINATION_UNREACHABLE,
  );
  // At least one a second, in the gaps in which the router knows.
  expect(told.length).toBeGreaterThan(2 * 19 + 2 * 3);
  const [first] = told;
  expect(formatAddress(sourceOf(first!.packet))).toBe('2001:db8:101::1');
  expect(formatAddress(destinationOf(first!.packet))).toBe('2001:db8:101::100');
});
