/** What nobody has to answer stays without an answer and without effect. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packets } from './runner/capture.ts';
import { losses, playProduct } from './runner/product.ts';
import { type ScenarioResult, theRecord } from './runner/scenario.ts';

/** Frames of a link's near end: the router's on uplinks, the home agent's on its own. */
const FROM_NEAR_END = 'eth.src[0:4] == 02:00:00:00 && eth.src[5:1] == 01';

const FROM_CORE = 'eth.src[5:1] == 02';

/** The given fields of the packets on a link. */
const seen = (
  result: ScenarioResult,
  link: string,
  filter: string,
  fields: readonly string[],
): Promise<readonly string[][]> => packets(join(result.dir, `${link}.pcap`), filter, fields);

test('[RFC 6275 §8.1, §10.4.3, §10.4.4, §11.3.3] [RFC 3963 §3, §5.6, §9] multicast and DHCPv6 in the tunnel, solicitations on a foreign link, foreign tunnels and foreign sources have no answer and no effect', async context => {
  const result = await playProduct(context, 'unanswered', { time: 'virtual' }, 'ipv6.src == 2001:db8:2::2');
  const { before, after } = theRecord<{ before: string; after: string }>(result, 'state');
  expect(after).toBe(before);
  const { report } = theRecord<{ report: { lost: number } }>(result, 'echo');
  expect(report.lost).toBe(0);
  expect(losses(result).otherwise).toBe(0);

  // [RFC 6275 §10.4.3, §10.4.4] All questions went in; nothing but echoes and probes came out.
  const asked =
    'ipv6.dst == ff1e::1 || ipv6.dst == ff02::16 && ipv6.dst == 2001:db8:1::2 || udp.dstport == 547';
  expect(await seen(result, 'home', asked, ['frame.number'])).toHaveLength(3);
  const told = `${FROM_NEAR_END} && ipv6.dst == 2001:db8:100::10 && (icmpv6 || udp)`;
  expect(await seen(result, 'home', told, ['frame.number'])).toEqual([]);

  // [RFC 6275 §10.4.1, RFC 3963 §5.6] The home address is not of this link, and the router is none here.
  for (const link of ['lte', 'wifi']) {
    const answers = `${FROM_NEAR_END} && (icmpv6.type == 134 || icmpv6.nd.na.target_address == 2001:db8:100::10)`;
    expect(await seen(result, link, answers, ['frame.number'])).toEqual([]);
  }
  expect(
    await seen(result, 'lte', 'icmpv6.type == 135 && icmpv6.nd.ns.target_address == 2001:db8:100::10', [
      'frame.number',
    ]),
  ).toHaveLength(3);

  // [RFC 6275 §11.3.3, RFC 3963 §3] The stranger's packet was not unpacked.
  expect(await seen(result, 'lte', 'udp.dstport == 4001 && !icmpv6', ['frame.number'])).toHaveLength(1);
  expect(await seen(result, 'lan', 'udp.dstport == 4001', ['frame.number'])).toEqual([]);

  // [RFC 6275 §8.1] To the tunnel, to a test init, and to a segment with a Home Address option.
  const toPeer = 'ipv6.dst == 2001:db8:2::2 && (ipv6.src == 2001:db8:1::2 || ipv6.src == 2001:db8:a::2)';
  const fields = ['ipv6.src', 'icmpv6.type', 'icmpv6.code', 'mip6.mhtype', 'mip6.be.status'];
  const answers = (await seen(result, 'peer', `${toPeer} && ${FROM_CORE}`, fields)).map(row =>
    row.map(value => value.split(',')[0]).join(' '),
  );
  expect(answers).toEqual(['2001:db8:1::2   7 2', '2001:db8:1::2 4 2  ', '2001:db8:a::2 1 4  ']);
  // The kernel's opinion of type 2 routing headers is kept back.
  for (const link of ['lte', 'wifi']) {
    expect(await seen(result, link, `${FROM_NEAR_END} && icmpv6.type == 4`, ['frame.number'])).toEqual([]);
  }

  // [RFC 3963 §9] Only what is of a registered prefix came out at the other end.
  for (const [port, home, peer] of [
    [4002, 0, 0],
    [4003, 1, 0],
    [4004, 2, 1],
  ] as const) {
    expect(
      await seen(result, 'home', `udp.dstport == ${port} && !icmpv6`, ['frame.number']),
      `${port}`,
    ).toHaveLength(home);
    expect(
      await seen(result, 'peer', `udp.dstport == ${port} && !icmpv6`, ['frame.number']),
      `${port}`,
    ).toHaveLength(peer);
  }
});
