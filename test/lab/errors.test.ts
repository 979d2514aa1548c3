/** What ICMPv6 has to say about the tunnel reaches those whose packets are in it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packets } from './runner/capture.ts';
import { losses, outages, playProduct } from './runner/product.ts';
import type { ScenarioResult } from './runner/scenario.ts';

const PEER = '2001:db8:2::2';
const ANCHOR = '2001:db8:1::2';
const LAN_HOST = '2001:db8:101::100';
const CLOSED = 4000;

/** ICMPv6 errors on a link about a datagram to that port: `<source> <type> <code> <destination of the datagram>`. */
async function errors(result: ScenarioResult, link: string, port: number): Promise<string[]> {
  const fields = ['ipv6.src', 'icmpv6.type', 'icmpv6.code', 'ipv6.dst'];
  const filter = `icmpv6.type < 128 && udp.dstport == ${port}`;
  const rows = await packets(join(result.dir, `${link}.pcap`), filter, fields);
  return rows.map(([source, type, code, destination]) => {
    const [from] = source!.split(',');
    return `${from} ${type} ${code} ${destination!.split(',').at(-1)}`;
  });
}

for (const { homeAddress, where } of [
  { homeAddress: '2001:db8:100::10', where: 'outside the mobile network' },
  { homeAddress: '2001:db8:101::10', where: 'of a mobile network prefix' },
]) {
  test(`[RFC 6275 §9.3.4, §10.4.2] [RFC 3963 §3] pings and ICMPv6 errors pass the tunnel both ways, a home address ${where}`, async context => {
    const label = `errors-${homeAddress.replaceAll(':', '-')}`;
    const result = await playProduct(context, 'errors', { time: 'virtual', label, params: { homeAddress } });
    const pings = result.records.filter(({ record }) => record === 'ping');
    expect(pings).toHaveLength(12);
    expect(pings.filter(({ received }) => received !== 3)).toEqual([]);
    expect(outages(losses(result).events, 'carrier')[0]).toBeLessThanOrEqual(60);

    // Port unreachable by those who were asked.
    expect(await errors(result, 'peer', CLOSED)).toEqual([
      `${homeAddress} 1 4 ${homeAddress}`,
      `${LAN_HOST} 1 4 ${LAN_HOST}`,
    ]);
    // Packet Too Big and address unreachable: of the access router, retold by the home agent (RFC 2473 §8.2).
    expect(await errors(result, 'peer', CLOSED + 1)).toEqual(
      [homeAddress, LAN_HOST].map(to => `${ANCHOR} 2 0 ${to}`),
    );
    expect(await errors(result, 'peer', CLOSED + 2)).toEqual(
      [homeAddress, LAN_HOST].map(to => `${ANCHOR} 1 3 ${to}`),
    );
    // Retold by the router to its LAN, from one of its addresses: kernels differ in which.
    const [retold, ...others] = await errors(result, 'lan', CLOSED + 3);
    expect(retold).toMatch(new RegExp(`^2001:db8:(101::1|a::2) 1 3 ${PEER}$`));
    expect(others).toEqual([]);
  });
}
