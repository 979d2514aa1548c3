/** A mobile node in a mobile network, with bindings of its own, while both move: on the kernel with Mobile IPv6. */
import { expect, test } from 'vitest';
import type { LabRecord } from './record.ts';
import { losses, outages, playProduct } from './runner/product.ts';
import { direct, plain, together, tunneled, Ways } from './runner/ways.ts';
import { DIRECT, type DirectStatus } from './scenarios/direct.ts';
import { VISITOR } from './scenarios/visited.ts';

const ANCHOR = '2001:db8:1::2';
const LAN = '2001:db8:101::100';
const LTE = '2001:db8:a::2';
const WIFI = '2001:db8:b::2';
const PEER = '2001:db8:2::2';
const { plain: PLAIN } = DIRECT;
const { homeAddress: NODE, seat: SEAT, cell: CELL } = VISITOR;
const LINKS = ['lte', 'wifi', 'seat', 'cell', 'peer'] as const;
/** Milliseconds, as the scenario has it. */
const INTERVAL = 20;

interface Look extends LabRecord {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** `kedge bindings` of the two home agents. */
  readonly ofRouter: string;
  readonly ofNode: string;
  /** At the correspondent. */
  readonly nodes: DirectStatus['correspondent']['nodes'];
}

const careOf = (bindings: string): string[] =>
  [...bindings.matchAll(/^(.) \S+ +\d+ +(\S+)/gm)].map(([, mark, address]) => `${mark} ${address}`.trim());

test('[RFC 3963 appendix A] [RFC 6275 §11.3.1] figures 2 and 3: a mobile node in a mobile network is bound at its home agent and a correspondent, and neither move is felt', async context => {
  const result = await playProduct(context, 'visitor', { time: 'virtual', kernel: 'linux-mip6' });
  const ways = await Ways.read(result, LINKS);
  const seen = (what: string) => {
    const look = result.records.find(r => r.record === 'look' && r.what === what) as unknown as Look;
    return {
      ofRouter: careOf(look.ofRouter),
      ofNode: careOf(look.ofNode),
      atCorrespondent: look.nodes.map(({ homeAddress, bindings }) => [
        homeAddress,
        ...bindings.map(({ careOfAddress }) => careOfAddress),
      ]),
      on: Object.fromEntries(LINKS.map(link => [link, ways.on(link, look)])),
    };
  };
  const fixedNode = (uplink: string) => tunneled(uplink, ANCHOR, plain(LAN, PLAIN));
  const visitor = (uplink: string) => tunneled(uplink, ANCHOR, direct(SEAT, PEER));
  const cell = together(direct(CELL, PEER));
  const seat = together(direct(SEAT, PEER));

  // The router is away; the node is not in its network yet, and later no more.
  for (const what of ['figure 2', 'node moved']) {
    const { ofRouter, ...others } = seen(what);
    expect(ofRouter, what).toContain(`* ${LTE}`);
    expect(others, what).toEqual({
      ofNode: [`* ${CELL}`],
      atCorrespondent: [[NODE, CELL]],
      on: { lte: together(fixedNode(LTE)), wifi: [], seat: [], cell, peer: cell },
    });
  }
  // What the home agent of the router carries for the node are the node's direct packets.
  expect(seen('figure 3')).toEqual({
    ofRouter: [`* ${LTE}`, WIFI],
    ofNode: [`* ${SEAT}`],
    atCorrespondent: [[NODE, SEAT]],
    on: { lte: together(fixedNode(LTE), visitor(LTE)), wifi: [], seat, cell: [], peer: seat },
  });
  expect(seen('router moved')).toEqual({
    ofRouter: [`* ${WIFI}`],
    ofNode: [`* ${SEAT}`],
    atCorrespondent: [[NODE, SEAT]],
    on: { lte: [], wifi: together(fixedNode(WIFI), visitor(WIFI)), seat, cell: [], peer: seat },
  });

  for (const name of ['node', 'lan']) {
    const { events, otherwise } = losses(result, `echo ${name}`);
    expect(otherwise, name).toBe(0);
    expect(outages(events, 'router moves silently', INTERVAL)[0], name).toBeLessThan(400);
    expect(outages(events, 'router moves', INTERVAL)[0], name).toBeLessThanOrEqual(80);
    for (const what of ['node sees', 'router returns', 'silence ends', 'node finds']) {
      expect(outages(events, what, INTERVAL), `${name} ${what}`).toEqual([0]);
    }
    for (const what of ['node leaves', 'node moves']) {
      expect(outages(events, what, INTERVAL)[0], what).toBeLessThanOrEqual(name === 'node' ? 100 : 0);
    }
  }
});
