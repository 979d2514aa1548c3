/** Two home addresses with a home link each: the configurations of draft-ietf-monami6-mipv6-analysis-01 §4 one after the other. */
import { beforeAll, describe, expect, test } from 'vitest';
import { formatAddress, parsePrefix, prefixContains } from '../../src/wire/address.ts';
import { sourceOf } from '../../src/wire/ipv6.ts';
import { parseMobilityPacket } from '../../src/wire/mobility-packet.ts';
import type { LabRecord, TransferReport } from './record.ts';
import { assertCleanCapture } from './runner/capture.ts';
import { capture, destinationOf, fromNearEnd, losses, outages } from './runner/product.ts';
import { runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';

const INTERVAL = 20;
/** Milliseconds before each look in which nothing happens. */
const CALM = 900;
const TUNNELED = 41;
const NETWORKS = { van: parsePrefix('2001:db8:101::/64')!, bus: parsePrefix('2001:db8:201::/64')! };
const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'bulk', 17: 'echo' };
const LINKS = ['dock1', 'dock2', 'lte', 'wifi'] as const;
const VAN = '2001:db8:100::10';
const BUS = '2001:db8:200::10';
/** The home agent leaves a second for duplicate address detection after the first registration from abroad. */
const LEAVING_HOME = 1200;

interface Look extends LabRecord {
  readonly time: number;
  readonly states: readonly (readonly string[])[];
  readonly bindings: readonly string[];
  readonly addresses: string;
}

let result: ScenarioResult;

beforeAll(async () => {
  result = await runScenario('two-docks', { time: 'virtual' });
  await assertCleanCapture(result.dir);
}, 300_000);

const look = (what: string): Look =>
  result.records.find(r => r.record === 'look' && r.what === what) as unknown as Look;

/** The bindings at both home agents: care-of addresses, those in use with a star. */
const bound = ({ bindings }: Look): string[][] =>
  bindings.map(text =>
    [...text.matchAll(/^([* ]) \w+ +\d+ +([0-9a-f:]+) /gm)]
      .map(([, active, careOf]) => `${active!.trim()}${careOf}`)
      .sort(),
  );

interface Passage {
  readonly link: string;
  /** Of the headers, from the outermost: those of the router's end. */
  readonly ends: readonly string[];
  readonly text: string;
}

/** What a link has carried of the streams before a look. */
function passages(what: string): Passage[] {
  const { time } = look(what);
  return LINKS.flatMap(link =>
    capture(result, link).flatMap(frame => {
      if (frame.time < time - CALM || frame.time > time) return [];
      const outward = fromNearEnd(frame);
      const ends: string[] = [];
      let { packet } = frame;
      for (; packet[6] === TUNNELED; packet = packet.subarray(40))
        ends.push(formatAddress(outward ? sourceOf(packet) : destinationOf(packet)));
      const end = outward ? sourceOf(packet) : destinationOf(packet);
      const who = Object.entries(NETWORKS).find(([, prefix]) => prefixContains(prefix, end))?.[0];
      const stream = PROTOCOLS[packet[6]!];
      if (who === undefined || stream === undefined) return [];
      const text = [link, who, stream, outward ? 'out' : 'in', ...ends].join(' ');
      return [{ link, ends, text }];
    }),
  );
}

/** Kinds of packets that the links have carried: link, whose, of which stream, direction, the router's ends of the tunnels. */
const paths = (what: string): string[] => [...new Set(passages(what).map(({ text }) => text))].sort();

/** Both directions of the streams of one home address. */
const both = (link: string, who: string, streams: readonly string[], ...ends: string[]): string[] =>
  streams.flatMap(stream =>
    ['in', 'out'].map(direction => [link, who, stream, direction, ...ends].join(' ')),
  );
const ALL = ['bulk', 'echo'];
const expected = (...groups: string[][]): string[] => groups.flat().sort();

/** Binding Updates that left by a link before a look: home address, care-of addresses, lifetime. */
function updates(link: string, from: string, to: string): string[] {
  return capture(result, link).flatMap(frame => {
    if (frame.time < look(from).time || frame.time > look(to).time || !fromNearEnd(frame)) return [];
    const parsed = parseMobilityPacket(frame.packet);
    if (!parsed.ok || parsed.value.message.kind !== 'binding-update') return [];
    const { message, homeAddress, source } = parsed.value;
    return [`${formatAddress(homeAddress ?? source)} ${formatAddress(source)} ${message.lifetime}`];
  });
}

describe('[analysis-01 §6.1] (n,0): each home address on its home link', () => {
  test('each flow takes the interface of its home address as it is, and no home agent holds a binding', () => {
    for (const what of ['(n,0)', '(n,0) again', 'home']) {
      expect(bound(look(what)), what).toEqual([[], []]);
      expect(paths(what), what).toEqual(expected(both('dock1', 'van', ALL), both('dock2', 'bus', ALL)));
      expect(look(what).addresses, what).toMatch(/^dock1\S* +UP +2001:db8:100::10\/128/m);
      expect(look(what).addresses, what).toMatch(/^dock2\S* +UP +2001:db8:200::10\/128/m);
    }
  });

  test('[analysis-01 §6.3.1] [analysis-01 §6.3.3] [analysis-01 §6.3.4] [mmi-02 §4.2] a home address that fails is redirected to the other interface: the other home address is its care-of address', () => {
    const what = '(n,0) redirected';
    expect(bound(look(what))).toEqual([[`*${BUS}`], []]);
    const ways = [both('dock2', 'van', ALL, BUS), both('dock2', 'bus', ALL)];
    expect(paths(what)).toEqual(expected(...ways));
    expect(look(what).addresses).not.toMatch(/^dock1.* 2001:db8:100::10/m);
    expect(updates('dock2', '(n,0)', what)).toContain(`${VAN} ${BUS} 600`);
  });

  test('[mmi-02 §4.3] a new communication of the redirected home address is taken', () => {
    const { report } = theRecord<{ report: { sent: number; received: number } }>(result, 'echo fresh');
    expect(report).toMatchObject({ sent: 50, received: 50 });
  });

  test('[mmi-02 §4.2] back at its interface it returns home, without loss', () => {
    expect(updates('dock1', '(n,0) redirected', '(n,0) again')).toContain(`${VAN} ${VAN} 0`);
  });

  test('[RFC 6275 §6.1.7] the other way round as well, never both', () => {
    const what = '(n,0) the other way';
    expect(bound(look(what))).toEqual([[], [`*${VAN}`]]);
    expect(paths(what)).toEqual(expected(both('dock1', 'van', ALL), both('dock1', 'bus', ALL, VAN)));
    const bindings = result.records.filter(({ record }) => record === 'look') as unknown as Look[];
    for (const each of bindings) {
      const [van, bus] = bound(each).map(list => list.map(careOf => careOf.replace('*', '')));
      expect(van!.includes(BUS) && bus!.includes(VAN)).toBe(false);
    }
  });
});

describe('[analysis-01 §6.1] (n,1): one foreign link', () => {
  test('[analysis-01 §6.2.2] home link and foreign link at once; [mmi-02 §4.4] a binding is there for the one that is away', () => {
    const what = '(n,1)';
    expect(bound(look(what))).toEqual([['*2001:db8:a::2', BUS], []]);
    expect(look(what).addresses).toMatch(/^dock2\S* +UP +2001:db8:200::10\/128/m);
  });

  test('each flow has its interface by policy, in both directions; a home address serves as care-of address beside the foreign one', () => {
    expect(paths('(n,1)')).toEqual(
      expected(
        both('lte', 'van', ['echo'], '2001:db8:a::2'),
        both('dock2', 'van', ['bulk'], BUS),
        both('dock2', 'bus', ALL),
      ),
    );
  });

  test('[analysis-01 §6.3.4] its care-of address fails: the flows are redirected, and lost is what was in flight', () => {
    const what = '(n,1) its care-of address fails';
    expect(bound(look(what))).toEqual([[`*${BUS}`], []]);
    expect(paths(what)).toEqual(expected(both('dock2', 'van', ALL, BUS), both('dock2', 'bus', ALL)));
  });
});

describe('[analysis-01 §6.1] (n,n): several foreign links', () => {
  test('[analysis-01 §6.2.2] [analysis-01 §6.3.1] home link and foreign links at once, another home address among the care-of addresses', () => {
    const what = '(n,n)';
    expect(bound(look(what))).toEqual([['*2001:db8:a::2', '2001:db8:b::2', BUS].sort(), []]);
    expect(paths(what)).toEqual(
      expected(
        both('lte', 'van', ['echo'], '2001:db8:a::2'),
        both('dock2', 'van', ['bulk'], BUS),
        both('dock2', 'bus', ALL),
      ),
    );
  });

  test('[analysis-01 §6.3.4] the home address fails on its link: all its flows, and those that had it as care-of address, are redirected; each by policy, as the home agents are told', () => {
    const what = '(n,n) no home';
    const [van, bus] = bound(look(what));
    expect(van).toEqual(['*2001:db8:a::2', '2001:db8:b::2']);
    expect(bus).toEqual(['*2001:db8:a::2', '2001:db8:b::2', VAN].sort());
    expect(paths(what)).toEqual(
      expected(
        both('lte', 'van', ALL, '2001:db8:a::2'),
        both('lte', 'bus', ['echo'], '2001:db8:a::2'),
        both('wifi', 'bus', ['bulk'], '2001:db8:b::2'),
      ),
    );
  });

  test('[mmi-02 §4.2] when the interface moves, every home agent that has its address is told', () => {
    const what = '(n,n) moved';
    for (const list of bound(look(what))) {
      expect(list).toContain('*2001:db8:a::3');
      expect(list).not.toContain('2001:db8:a::2');
    }
    expect(updates('lte', '(n,n) no home', what)).toEqual(
      expect.arrayContaining([`${VAN} 2001:db8:a::3 600`, `${BUS} 2001:db8:a::3 600`]),
    );
  });
});

describe('all along', () => {
  const LEAVES_HOME = ['dock1 fails', 'dock2 fails'];

  test.each(['van', 'bus'])('the sessions of %s go on', who => {
    const { events, otherwise } = losses(result, `echo ${who}`);
    expect(otherwise).toBe(0);
    for (const { what } of events) {
      const most = LEAVES_HOME.includes(what)
        ? LEAVING_HOME
        : what === 'lte fails' || what === 'lte moves'
          ? 120
          : 0;
      for (const outage of outages(events, what, INTERVAL)) expect(outage, what).toBeLessThanOrEqual(most);
    }
    expect(theRecord<{ report: TransferReport }>(result, `transfer ${who}`).report.ok).toBe(true);
  });

  test('[analysis-01 §6.1.2] nothing leaves with an address that does not belong there, to access networks and to home agents', () => {
    const own = {
      dock1: [VAN, '2001:db8:101::'],
      dock2: [BUS, '2001:db8:201::'],
      lte: ['2001:db8:a::'],
      wifi: ['2001:db8:b::'],
    };
    for (const link of LINKS) {
      const sources = capture(result, link)
        .filter(fromNearEnd)
        .map(({ packet }) => formatAddress(sourceOf(packet)));
      const foreign = sources.filter(
        source =>
          source !== '::' && !source.startsWith('fe80::') && !own[link].some(ours => source.startsWith(ours)),
      );
      expect([...new Set(foreign)], link).toEqual([]);
    }
    for (const { packets, host } of result.records.filter(({ record }) => record === 'foreign')) {
      expect(packets, `${host}`).toBe(0);
    }
  });

  test('the kernels have what kedge wants', () => {
    for (const { host, text } of result.records.filter(({ record }) => record === 'diff')) {
      expect(text, `${host}`).toBe('no difference: the kernel has what kedge wants');
    }
  });
});
