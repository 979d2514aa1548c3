/** Mobile networks in mobile networks: three tunnels in each other, and uplinks that fail at either level. */
import { expect, test } from 'vitest';
import { formatAddress } from '../../src/wire/address.ts';
import { sourceOf } from '../../src/wire/ipv6.ts';
import type { TransferReport } from './record.ts';
import { capture, destinationOf, losses, outages, playProduct, recoveries } from './runner/product.ts';
import type { ScenarioResult } from './runner/scenario.ts';

/** Milliseconds, as the scenario has it. */
const INTERVAL = 20;
const CUT = 3000;
const IPV6 = 41;
const UDP = 17;
const ICMPV6 = 58;
const MOBILITY = 135;
const IPV6_HEADER = 40;
const TIME_EXCEEDED = 3;
const BINDING_UPDATE = 5;
const HOP_LIMIT = 64;
/** Least hop limit of what has crossed each router of this network once. */
const LEAST_HOP_LIMIT = HOP_LIMIT - 8;

const outage = (result: ScenarioResult, of: string, what: string): number[] =>
  outages(losses(result, `echo ${of}`).events, what, INTERVAL);

/** Tunnels around a UDP datagram; undefined for anything else. */
function tunnelsAround(packet: Uint8Array): number | undefined {
  for (let depth = 0; ; depth++) {
    const next = packet[depth * IPV6_HEADER + 6];
    if (next !== IPV6) return next === UDP ? depth : undefined;
  }
}

/** `<what> <type>` of the bare messages on a link between these addresses. */
function passed(result: ScenarioResult, link: string, source: string, destination: string): string[] {
  return capture(result, link)
    .filter(
      ({ packet }) =>
        formatAddress(sourceOf(packet)) === source && formatAddress(destinationOf(packet)) === destination,
    )
    .flatMap(({ packet }) => {
      if (packet[6] === MOBILITY) return [`mobility ${packet[42]}`];
      return packet[6] === ICMPV6 && packet[40]! >= 144 && packet[40]! <= 147 ? [`icmpv6 ${packet[40]}`] : [];
    });
}

for (const { apart, agents } of [
  { apart: false, agents: 'one home agent' },
  { apart: true, agents: 'two home agents' },
]) {
  test(`[RFC 3963 §1, §3, appendix A] nested mobile networks keep their sessions, pass full-size segments and never loop, ${agents}`, async context => {
    const label = `nested-${apart ? 'apart' : 'together'}`;
    const result = await playProduct(context, 'nested', { time: 'virtual', label, params: { apart } });

    // [RFC 2473 §7] Each tunnel takes 40 octets of 1500, TCP 72: no black hole in either direction.
    for (const { report } of result.records.filter(r => r.record === 'transfer')) {
      expect(report).toMatchObject({ ok: true, mss: 1500 - 3 * 40 - 72 } satisfies Partial<TransferReport>);
      expect((report as unknown as TransferReport).ms).toBeLessThan(1500);
    }
    const depths = new Set(capture(result, 'lte').map(({ packet }) => tunnelsAround(packet)));
    expect([...depths].sort()).toEqual(expect.arrayContaining([1, 2, 3]));

    for (const name of ['guest', 'to-guest', 'node', 'lan']) {
      expect(losses(result, `echo ${name}`).otherwise, name).toBe(0);
      expect(outage(result, name, 'carrier lte')[0], name).toBeLessThanOrEqual(60);
      expect(outage(result, name, 'silence lte')[0], name).toBeLessThan(400);
      expect(outage(result, name, 'return'), name).toEqual([0, 0, 0, 0]);
      const [recovery] = recoveries(result, 'return of all', INTERVAL, `echo ${name}`);
      expect(recovery, name).toBeLessThan(2000);
    }
    for (const name of ['guest', 'to-guest']) {
      expect(outage(result, name, 'carrier visited')[0], name).toBeLessThanOrEqual(80);
      expect(outage(result, name, 'cut of the outer')[0], name).toBeLessThan(400);
      expect(outage(result, name, 'cut of all')[0], name).toBeGreaterThan(CUT - 100);
    }
    for (const name of ['node', 'lan']) {
      expect(outage(result, name, 'carrier visited'), name).toEqual([0]);
      expect(outage(result, name, 'cut of the outer')[0], name).toBeGreaterThan(2 * CUT - 100);
    }

    // No loop, and no storm of those that cannot reach their home agents.
    for (const link of ['lte', 'wifi', 'visited', 'deep', 'home', 'second']) {
      const packets = capture(result, link).map(({ packet }) => packet);
      const weary = packets.filter(packet => packet[7]! < LEAST_HOP_LIMIT && packet[7] !== 1);
      expect(weary, link).toEqual([]);
      expect(packets.filter(packet => packet[6] === ICMPV6 && packet[40] === TIME_EXCEEDED)).toEqual([]);
    }
    const updates = capture(result, 'deep').filter(({ packet }) => isUpdate(packet));
    expect(updates.length).toBeGreaterThan(0);
    expect(updates.length).toBeLessThan(20);

    // What others say to each other.
    const [peer, lan, visitor] = ['2001:db8:2::2', '2001:db8:101::100', '2001:db8:103::2'];
    const theirs = apart ? '2001:db8:3::2' : '2001:db8:1::2';
    const [toCorrespondent, fromCorrespondent] = [
      [1, 2, 5],
      [0, 3, 4, 6],
    ].map(types => types.map(type => `mobility ${type}`));
    expect(passed(result, 'lan', peer, lan)).toEqual(toCorrespondent);
    expect(passed(result, 'peer', lan, peer)).toEqual(fromCorrespondent);
    expect(passed(result, 'peer', visitor, peer)).toEqual(toCorrespondent);
    expect(passed(result, 'seat', peer, visitor)).toEqual(fromCorrespondent);
    expect(passed(result, 'seat', theirs, visitor)).toEqual(
      expect.arrayContaining(['icmpv6 145', 'icmpv6 147']),
    );
    if (apart) {
      expect(passed(result, 'second', visitor, theirs)).toEqual(
        expect.arrayContaining(['icmpv6 144', 'icmpv6 146']),
      );
    }
  });
}

/** A bare Binding Update, behind its Home Address option. */
function isUpdate(packet: Uint8Array): boolean {
  return (
    packet[6] === 60 && packet[IPV6_HEADER] === MOBILITY && packet[IPV6_HEADER + 24 + 2] === BINDING_UPDATE
  );
}
