/** A home agent on a real link, seen by a neighbour, and by tshark. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { assertCleanCapture, packets } from './runner/capture.ts';
import { runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';

const ANCHOR = '02:00:00:00:ff:01';
const GUEST = '02:00:00:00:01:01';
const ROUTER = '2001:db8:7::10';
const NODE = '2001:db8:7::11';
const LINK_LOCAL = 'fe80::11';
const NOBODY = '2001:db8:7::99';
const CARE_OF = '2001:db8:a::2';
const NODE_CARE_OF = '2001:db8:b::2';

interface Told {
  readonly proxies: string;
  readonly ping: string;
  readonly behind: string;
  readonly neighbor: string;
  readonly routes: string;
  readonly addresses: string;
  readonly text: string;
}
interface Advertisement {
  /** Milliseconds. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly target: string;
  /** R, S and O. */
  readonly flags: string;
  readonly linkLayerAddress: string;
}
interface Asked {
  readonly target: string;
  readonly form: number;
  readonly at: number;
}

interface Answer {
  readonly at: number;
  readonly status: number;
}

let result: ScenarioResult;
let advertisements: readonly Advertisement[];
let routerAnswers: readonly Answer[];
let nodeAnswers: readonly Answer[];

const told = (name: string): Told => theRecord<Told>(result, name);
const capture = (link: string): string => join(result.dir, `${link}.pcap`);

async function acknowledgements(link: string, careOf: string): Promise<Answer[]> {
  const filter = `mip6.mhtype==6 && ipv6.dst==${careOf}`;
  const rows = await packets(capture(link), filter, ['frame.time_epoch', 'mip6.ba.status', 'ipv6.dst']);
  // In the Parameter Problem of a host without mobility the acknowledgement comes back.
  return rows
    .filter(([, , destination]) => destination === careOf)
    .map(([time, status]) => ({ at: Number(time) * 1000, status: Number(status) }));
}

beforeAll(async () => {
  result = await runScenario('home-link', { time: 'virtual' });
  await assertCleanCapture(result.dir);
  const flags = ['r', 's', 'o'].map(name => `icmpv6.nd.na.flag.${name}`);
  const fields = ['frame.time_epoch', 'eth.src', 'ipv6.dst', 'icmpv6.nd.na.target_address', ...flags];
  const rows = await packets(capture('lan1'), 'icmpv6.type==136', [...fields, 'icmpv6.opt.linkaddr']);
  advertisements = rows.map(([time, from, to, target, r, s, o, linkLayerAddress]) => ({
    at: Number(time) * 1000,
    from: from!,
    to: to!,
    target: target!,
    flags: `${r}${s}${o}`,
    linkLayerAddress: linkLayerAddress!,
  }));
  [routerAnswers, nodeAnswers] = await Promise.all([
    acknowledgements('lte', CARE_OF),
    acknowledgements('afar', NODE_CARE_OF),
  ]);
}, 200_000);

/** With O, which a proxy's answers lack, and without S. */
const isUnsolicited = ({ flags }: Advertisement): boolean => flags.endsWith('01');

/** What the home agent answered to each form of question: destination, flags and link-layer address. */
function answered(target: string, occasion: 'first' | 'last' = 'first'): string[] {
  const asked = result.records.filter(r => r.record === 'asked' && r.target === target) as unknown as Asked[];
  const four = occasion === 'first' ? asked.slice(0, 4) : asked.slice(-4);
  // The neighbour's kernel may ask the same once more, also from its link-local address.
  return four.map(({ at }) => {
    const said = advertisements.filter(
      a =>
        a.from === ANCHOR &&
        a.target === target &&
        !a.to.startsWith('fe80:') &&
        !isUnsolicited(a) &&
        a.at >= at &&
        a.at < at + 1500,
    );
    return [...new Set(said.map(({ to, flags }) => `${to} ${flags}`))].join();
  });
}

const unsolicited = (target: string) =>
  advertisements.filter(a => a.from === ANCHOR && a.target === target && isUnsolicited(a));

describe('[RFC 6275 §10.3.1] duplicate address detection', () => {
  test('holds the first acknowledgement back for a second, and no later one', async () => {
    const updates = await packets(capture('lte'), `mip6.mhtype==5 && ipv6.src==${CARE_OF}`, [
      'frame.time_epoch',
    ]);
    const first = Number(updates[0]![0]) * 1000;
    expect(routerAnswers[0]!.at - first).toBeGreaterThanOrEqual(1000);
    expect(routerAnswers[0]!.at - first).toBeLessThan(1100);
    const solicitations = await packets(
      capture('lan1'),
      `icmpv6.type==135 && ipv6.src==:: && eth.src==${ANCHOR}`,
      ['icmpv6.nd.ns.target_address', 'ipv6.dst'],
    );
    expect(solicitations[0]).toEqual([ROUTER, 'ff02::1:ff00:10']);
  });

  test('a home address that a neighbour has is refused with 134; its link-local address with the L flag only', () => {
    expect(nodeAnswers.map(({ status }) => status)).toEqual([134, 134, 0, 0, 0, 0]);
    expect(told('without-l').proxies).toContain(NODE);
    expect(told('without-l').proxies).not.toContain(LINK_LOCAL);
  });
});

describe('[RFC 6275 §10.4.1] while a router is away', () => {
  test('a neighbour reaches its home address through the home agent', () => {
    const { ping, neighbor, proxies } = told('absent');
    expect(ping).toContain('3 received, 0% packet loss');
    expect(neighbor).toContain(ANCHOR);
    expect(proxies).toContain(`${ROUTER} dev br-lan`);
  });

  test('three advertisements to all nodes say that its packets go to the home agent', () => {
    const said = unsolicited(ROUTER);
    expect(said.slice(0, 3).map(({ to, linkLayerAddress }) => [to, linkLayerAddress])).toEqual([
      ['ff02::1', ANCHOR],
      ['ff02::1', ANCHOR],
      ['ff02::1', ANCHOR],
    ]);
    expect(said[1]!.at - said[0]!.at).toBeGreaterThan(900);
    // The acknowledgement follows the first one.
    expect(said[0]!.at).toBeLessThanOrEqual(routerAnswers[0]!.at);
  });

  test('a neighbour that wants its address fails duplicate address detection', () => {
    expect(told('contest').addresses).toMatch(/2001:db8:7::10\/64 scope global .*dadfailed/);
  });

  test('[RFC 3963 §6.2] solicitations to the group, to the address, without link-layer address and from :: are answered, with the R bit of a router', () => {
    expect(answered(ROUTER)).toEqual([
      '2001:db8:7::20 110',
      '2001:db8:7::20 110',
      '2001:db8:7::20 110',
      'ff02::1 100',
    ]);
  });

  test('solicitations for an address that nobody has registered have no answer', () => {
    expect(answered(NOBODY)).toEqual(['', '', '', '']);
  });

  test('without the L flag solicitations for the link-local address have no answer', () => {
    expect(answered('fe80::10')).toEqual(['', '', '', '']);
  });

  test('the R bit is clear for a mobile host', () => {
    expect(answered(NODE)).toEqual([
      '2001:db8:7::20 010',
      '2001:db8:7::20 010',
      '2001:db8:7::20 010',
      'ff02::1 000',
    ]);
    const [first] = unsolicited(NODE);
    expect(first!.flags).toBe('001');
    expect(told('without-l').proxies).toMatch(/2001:db8:7::11 dev br-lan +proxy/);
  });
});

describe('[RFC 6275 §10.4.1] with the L flag', () => {
  test('the link-local address is advertised and defended as well', () => {
    expect(told('with-l').proxies).toContain(`${LINK_LOCAL} dev br-lan`);
    expect(unsolicited(LINK_LOCAL).map(({ to }) => to)).toEqual(['ff02::1', 'ff02::1', 'ff02::1']);
    expect(answered(LINK_LOCAL)).toEqual([
      '2001:db8:7::20 110',
      '2001:db8:7::20 110',
      '2001:db8:7::20 110',
      'ff02::1 100',
    ]);
  });

  test('[RFC 6275 §10.4.2] packets for it are refused with Destination Unreachable code 3, and never tunnelled', async () => {
    expect(told('with-l').ping.match(/Destination unreachable: Address unreachable/g)).toHaveLength(3);
    const tunnelled = await packets(capture('afar'), `ipv6.dst==${LINK_LOCAL}`, ['frame.number']);
    expect(tunnelled).toEqual([]);
  });
});

describe('[RFC 6275 §10.3.2] a node that returns home', () => {
  test('is acknowledged on the link, at its link-layer address and without a routing header', async () => {
    const fields = ['eth.dst', 'ipv6.dst', 'ipv6.nxt', 'mip6.ba.status', 'mip6.ba.lifetime'];
    const rows = await packets(capture('lan2'), 'mip6.mhtype==6', fields);
    expect(rows.filter(([destination]) => destination === GUEST)).toContainEqual([
      GUEST,
      NODE,
      '135',
      '0',
      '0',
    ]);
  });

  test('is not proxied any more when it hears so, and reached by its neighbours directly', () => {
    const { proxies, ping, neighbor } = told('home');
    expect(proxies).not.toContain(NODE);
    expect(proxies).not.toContain(LINK_LOCAL);
    expect(ping).toContain('3 received, 0% packet loss');
    expect(neighbor).toContain(GUEST);
  });

  test('[RFC 3963 §6.7] has its network behind its home address on the home link', () => {
    expect(told('home').routes).toContain('2001:db8:102::/64 via 2001:db8:7::11 dev br-lan');
    expect(told('home').behind).toContain('3 received, 0% packet loss');
  });

  test('solicitations for its addresses have no answer of the home agent', () => {
    expect(answered(NODE, 'last')).toEqual(['', '', '', '']);
    expect(answered(LINK_LOCAL, 'last')).toEqual(['', '', '', '']);
  });
});

describe('the home agent', () => {
  test('[RFC 6275 §10.3.1] ends the proxy with the lifetime of the binding', () => {
    expect(told('short').proxies).toContain(NODE);
    expect(told('expired').proxies).not.toContain(NODE);
  });

  test('defends what it did before when the home link was down', () => {
    const { proxies, ping } = told('link-back');
    expect(proxies).toContain(ROUTER);
    expect(ping).toContain('3 received');
  });

  test('leaves nothing behind, and the kernel has what it wants until then', () => {
    expect(told('diff').text).toBe('no difference: the kernel has what kedge wants');
    expect(told('left').proxies.trim()).toBe('');
  });
});
