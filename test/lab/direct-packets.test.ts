/** What packets that go directly look like, and what becomes of those that only look so, on the kernel with Mobile IPv6. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EchoReport, LabRecord, TransferReport } from './record.ts';
import { assertCleanCapture, packets } from './runner/capture.ts';
import { assertProduct } from './runner/product.ts';
import { runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';
import { DIRECT, type DirectStatus, markOf } from './scenarios/direct.ts';

const HOME = '2001:db8:100::10';
const PEER = '2001:db8:2::2';
const LTE = '2001:db8:a::2';
const WIFI = '2001:db8:b::2';
const SAT = '2001:db8:c::2';
const ANCHOR = '2001:db8:1::2';
const { tender: TENDER, tenderCareOf: TENDER_CARE_OF, plain: PLAIN } = DIRECT;
/** Of a link, the router's on uplinks. */
const NEAR_END = ':01';

interface Span {
  readonly from: number;
  readonly to: number;
}
interface AnchorStatus {
  readonly homeAgent: {
    readonly nodes: readonly {
      readonly homeAddress: string;
      readonly bindings: readonly { readonly careOfAddress: string }[];
    }[];
  };
}
type Case = Span & LabRecord & { readonly what: string; readonly number: number };

let result: ScenarioResult;

beforeAll(async () => {
  result = await runScenario('direct-packets', { time: 'virtual', kernel: 'linux-mip6' });
  await assertCleanCapture(result.dir, 'ipv6.routing.len == 4');
  assertProduct(result);
  const files = readdirSync(result.dir).filter(name => name.endsWith('.pcap'));
  await Promise.all(files.map(name => dissect(name.slice(0, -'.pcap'.length))));
}, 200_000);

/** What tshark says of packets: the values of the outermost header come first. */
const FIELDS = {
  time: 'frame.time_epoch',
  sender: 'eth.src',
  headers: 'ipv6.nxt',
  source: 'ipv6.src',
  destination: 'ipv6.dst',
  length: 'ipv6.routing.len',
  left: 'ipv6.routing.segleft',
  routingHome: 'ipv6.routing.mipv6.home_address',
  option: 'ipv6.opt.mipv6.home_address',
  mobility: 'mip6.mhtype',
  status: 'mip6.be.status',
  icmpv6: 'icmpv6.type',
  code: 'icmpv6.code',
  port: 'udp.port',
  datagram: 'udp.payload',
  data: 'data.data',
  tcp: 'tcp.checksum.status',
  udp: 'udp.checksum.status',
  ping: 'icmpv6.checksum.status',
} as const;
type Field = keyof typeof FIELDS;
type Row = Readonly<Record<Field, string>>;

const rows = new Map<string, readonly Row[]>();

async function dissect(link: string): Promise<void> {
  const found = await packets(
    join(result.dir, `${link}.pcap`),
    'ipv6',
    Object.values(FIELDS),
    ['tcp', 'udp'].map(protocol => `${protocol}.check_checksum:TRUE`),
  );
  const names = Object.keys(FIELDS);
  rows.set(
    link,
    found.map(row => Object.fromEntries(names.map((name, at) => [name, row[at]!])) as Row),
  );
}

/** These fields of the packets on a link that are as wanted, each different one once. */
function ask(link: string, wanted: (row: Row) => boolean, ...fields: Field[]): string[] {
  const found = rows.get(link)!.filter(wanted);
  return [...new Set(found.map(row => fields.map(field => row[field]).join(' ')))].sort();
}

const isData = ({ tcp, udp, icmpv6 }: Row): boolean => (tcp !== '' || udp !== '') && icmpv6 === '';
/** Before the correspondent went deaf. */
const isBound = ({ time }: Row): boolean =>
  Number(time) * 1000 < theRecord<{ time: number }>(result, 'deaf').time;

function errorOf({ status, icmpv6 }: Row): string | undefined {
  if (status !== '') return `binding error ${status}`;
  return icmpv6 !== '' && Number(icmpv6.split(',')[0]) < 128 ? 'icmpv6' : undefined;
}

/** How a packet of the scenario was answered on a link of the host that it was for. */
function answer(what: string, link: string): string {
  const { number, from, to } = result.records.find(r => r.record === 'case' && r.what === what) as Case;
  const mark = Buffer.from(markOf(number)).toString('hex');
  const sent = rows.get(link)!.filter(({ time, sender }) => {
    const at = Number(time) * 1000;
    return sender.endsWith(NEAR_END) && at >= from && at < to;
  });
  const errors = sent.flatMap(row => errorOf(row) ?? []);
  const answers = sent
    .filter(row => errorOf(row) === undefined && `${row.datagram} ${row.data}`.includes(mark))
    .map(({ headers }) => `behind ${headers.split(',')[0]}`);
  return [...answers, ...errors].join() || 'silence';
}

function transfer(what: string): TransferReport {
  const found = result.records.find(r => r.record === 'transfer' && r.what === what);
  return found!.report as unknown as TransferReport;
}

describe('a correspondent', () => {
  test('[RFC 6275 §9.3.1] [RFC 6275 §9.3.3] [RFC 5648 §6.5] drops what has a Home Address option and no binding from there, and says so', () => {
    for (const what of ['no binding', 'another source']) {
      expect(answer(what, 'peer'), what).toBe('binding error 1');
      expect(answer(`${what}, TCP`, 'peer'), what).toBe('binding error 1');
    }
  });

  test('[RFC 6275 §9.3.1] [RFC 5648 §6.5] takes it from each care-of address that is bound, and the binding stays as it is', () => {
    expect(answer('bound', 'peer')).toBe('behind 43');
    expect(answer('bound, other care-of address', 'peer')).toBe('behind 43');
    const nodes = (name: string) =>
      theRecord<{ peer: DirectStatus }>(result, name).peer.correspondent.nodes.map(node => ({
        ...node,
        bindings: node.bindings.map(({ bid, careOfAddress }) => `${bid} ${careOfAddress}`),
      }));
    expect(nodes('before')).toMatchObject([
      { homeAddress: HOME, bindings: [`1 ${LTE}`, `2 ${WIFI}`, `3 ${SAT}`] },
    ]);
    expect(nodes('after')).toEqual(nodes('before'));
  });

  test('[RFC 6275 §9.3.1] computes the checksum of an echo with the home address', () => {
    expect(answer('ping', 'peer')).toBe('behind 43');
    expect(answer('ping, checksum of the care-of address', 'peer')).toBe('silence');
  });

  test('[RFC 6275 §9.3.1] has nothing to say to groups', () => {
    for (const what of ['group as source', 'group as home address', 'groups as both']) {
      expect(answer(what, 'peer'), what).toBe('silence');
    }
  });

  test('[RFC 6275 §8.2] drops type 2 routing headers without a word', () => {
    expect(answer('routing header to the correspondent itself', 'peer')).toBe('silence');
    expect(answer('routing header with another home address', 'peer')).toBe('silence');
  });

  test('[RFC 6275 §9.3.2] sends to the care-of address with the home address in a routing header, but none of its own messages but acknowledgements', () => {
    const own = ({ source }: Row) => source === PEER;
    const direct = (row: Row) => own(row) && row.headers.startsWith('43') && isBound(row);
    const fields = ['destination', 'length', 'left', 'routingHome'] as const;
    const wanted = [`${LTE} 2 1 ${HOME}`];
    expect(ask('peer', row => direct(row) && isData(row), ...fields)).toEqual(wanted);
    const isSignal = ({ mobility, icmpv6 }: Row) => mobility !== '' && icmpv6 === '';
    expect(ask('peer', row => direct(row) && isSignal(row), 'mobility')).toEqual(['6']);
    expect(ask('peer', row => own(row) && isSignal(row), 'mobility')).toEqual(['0', '3', '4', '6', '7']);
  });
});

describe('a mobile node', () => {
  test('[RFC 6275 §6.4] takes a type 2 routing header of the right form with its home address, and nothing else', () => {
    expect(answer('routed', 'lte')).toBe('behind 41');
    expect(answer('routed, other care-of address', 'lte')).toBe('behind 41');
    const others = ['length 4', 'two left', 'none left', 'a home address of somebody else'];
    for (const what of [...others, 'its own care-of address', 'to an address that nobody has']) {
      for (const link of ['lte', 'wifi']) expect(answer(`routed, ${what}`, link), what).toBe('silence');
    }
  });

  test('[RFC 6275 §11.3.1] sends from the care-of address of the interface, with its home address in the option', () => {
    const direct = (row: Row) => row.headers.startsWith('60') && isData(row);
    const fields = ['source', 'destination', 'option'] as const;
    expect(ask('lte', row => direct(row) && isBound(row), ...fields)).toEqual([`${LTE} ${PEER} ${HOME}`]);
    expect(ask('wifi', ({ source }) => source.startsWith(LTE), 'source')).toEqual([]);
    expect(ask('lte', ({ source }) => source.startsWith(WIFI), 'source')).toEqual([]);
  });

  test('[RFC 6275 §10.4.6] asks for home keygen tokens through the tunnel, and gets them there', () => {
    const isSaid = ({ icmpv6 }: Row) => icmpv6 === '';
    const isHome = (row: Row) => isSaid(row) && ['1', '3'].includes(row.mobility);
    // First over one care-of address, then over the other.
    for (const link of ['lte', 'wifi']) {
      expect(ask(link, isHome, 'mobility', 'headers'), link).toEqual(['1 41,135', '3 41,135']);
    }
    const isCareOf = (row: Row) => isSaid(row) && row.mobility === '2' && row.source === LTE;
    expect(ask('lte', isCareOf, 'headers')).toEqual(['135']);
  });

  test('[RFC 6275 §8.1] a host that knows nothing of it says so, and traffic with it takes the tunnel', () => {
    const isProblem = ({ icmpv6, source }: Row) => icmpv6 === '4' && source.startsWith(PLAIN);
    expect(ask('plain', isProblem, 'code')).toEqual(['1']);
    const { router } = theRecord<{ router: DirectStatus }>(result, 'status');
    const { correspondents } = router.mobileRouter.routeOptimization;
    expect(correspondents.map(({ address, state }) => `${address} ${state}`)).toEqual([
      `${PEER} registered`,
      `${TENDER} registered`,
      `${PLAIN} unable`,
    ]);
    expect(ask('plain', isData, 'source', 'destination', 'headers')).toEqual([
      `${HOME} ${PLAIN} 17`,
      `${PLAIN} ${HOME} 17`,
    ]);
  });

  test('[RFC 6275 §9.3.1] [RFC 6275 §9.3.2] [RFC 6275 §9.6] a session goes on by the home agent when the bindings have come to their ends', () => {
    const span = theRecord<Span & { peer: DirectStatus }>(result, 'expired');
    expect(span.peer.correspondent.nodes).toEqual([]);
    const isLate = ({ time }: Row) => Number(time) * 1000 >= span.from && Number(time) * 1000 < span.to;
    expect(ask('peer', row => isLate(row) && row.udp !== '', 'source', 'destination', 'headers')).toEqual([
      `${HOME} ${PEER} 17`,
      `${PEER} ${HOME} 17`,
    ]);
    expect(transfer('directly, then not').ok).toBe(true);
    for (const stream of ['echo', 'echo-tender', 'echo-plain']) {
      expect(theRecord<{ report: EchoReport }>(result, stream).report.lost, stream).toBe(0);
    }
  });
});

test('[RFC 6275 §11.3.1] between two mobile nodes packets have routing header and option, both ways', () => {
  const fields = ['source', 'routingHome', 'option', 'headers'] as const;
  expect(ask('sea', row => isData(row) && isBound(row), ...fields)).toEqual([
    `${SAT} ${TENDER} ${HOME} 43`,
    `${TENDER_CARE_OF} ${HOME} ${TENDER} 43`,
  ]);
  expect(transfer('to the other mobile node').ok).toBe(true);
});

test('[multiplecoa-00 §A] [RFC 5648 §3] [mmi-02 §5.1] figure 3: three bindings at both ends, and by policy all uplinks are in use', () => {
  const { anchor, peer, router } = theRecord<{
    anchor: AnchorStatus;
    peer: DirectStatus;
    router: DirectStatus;
  }>(result, 'figure 3');
  const three = [LTE, WIFI, SAT];
  const careOf = (bindings: readonly { readonly careOfAddress: string }[]) =>
    bindings.map(({ careOfAddress }) => careOfAddress).sort();
  expect(careOf(anchor.homeAgent.nodes.find(({ homeAddress }) => homeAddress === HOME)!.bindings)).toEqual(
    three,
  );
  expect(careOf(peer.correspondent.nodes[0]!.bindings)).toEqual(three);
  expect(careOf(router.mobileRouter.routeOptimization.correspondents[1]!.bindings)).toEqual(three);
  // Directly to one correspondent, to the other one as its flow says, and to the third one through a tunnel.
  const isOut = (row: Row) =>
    isData(row) && isBound(row) && (row.source.endsWith(HOME) || three.includes(row.source));
  // What the home agent's host sent for a trial is answered there.
  const isAnswer = ({ destination }: Row) => destination.endsWith(`,${ANCHOR}`);
  const out = (link: string) =>
    ask(link, row => isOut(row) && row.udp !== '' && !isAnswer(row), 'source', 'destination');
  expect(out('lte')).toEqual([`${LTE} ${PEER}`]);
  expect(out('sat')).toEqual([`${SAT} ${TENDER_CARE_OF}`]);
  expect(out('wifi')).toEqual([`${WIFI},${HOME} ${ANCHOR},${PLAIN}`]);
});

test('[RFC 6275 §9.5.4] a mobile correspondent acknowledges through its tunnel', () => {
  const isAcknowledgement = ({ mobility, source }: Row) => mobility === '6' && source.endsWith(TENDER);
  expect(ask('sea', isAcknowledgement, 'headers')).toEqual(['41,43']);
});

test('[RFC 6275 §9.3.1] [RFC 6275 §11.3.1] checksums of direct packets are over the home addresses: tshark finds them right', () => {
  const isDirect = ({ headers, source, icmpv6 }: Row) =>
    /^(43|60)/.test(headers) && source !== ANCHOR && (icmpv6 === '' || icmpv6 === '129');
  for (const link of ['peer', 'lte', 'sea']) {
    const fields = ['tcp', 'udp', 'ping'] as const;
    const found = ask(link, row => isDirect(row) && row.mobility === '', ...fields);
    // Where no ping of the scenario goes, the router may ask whether the direct path still works.
    const kinds = [' 1 ', '1  ', ...(link === 'sea' ? [] : ['  1'])];
    expect(found, link).toEqual(expect.arrayContaining(kinds));
    expect(['  1', ...kinds], link).toEqual(expect.arrayContaining(found));
  }
  expect(transfer('to the correspondent').ok).toBe(true);
});

test('[RFC 6275 §9.3.2] what the headers add counts for the path MTU, also when a router on the way tells it', () => {
  const [there, back] = [transfer('over 1280'), transfer('from the correspondent over 1280')];
  expect([there.ok, back.ok]).toEqual([true, true]);
  // 24 octets for option or routing header.
  expect([there.pmtu, back.pmtu]).toEqual([1256, 1256]);
});

test('[RFC 6275 §9.3.2] [RFC 6275 §11.3.1] Neighbor Discovery takes no direct way, not even to a home address', () => {
  const isDiscovery = ({ icmpv6 }: Row) => Number(icmpv6) >= 133 && Number(icmpv6) <= 137;
  for (const link of ['peer', 'lte', 'wifi', 'sea'])
    expect(ask(link, isDiscovery, 'headers')).toEqual(['58']);
  const isToHome = ({ icmpv6, destination }: Row) => icmpv6 === '136' && destination === HOME;
  expect(ask('peer', isToHome, 'source')).toEqual([PEER]);
});
