/** Direct ways over uplinks abroad while the router is at home, on the kernel with Mobile IPv6. */
import { expect, test } from 'vitest';
import type { LabRecord } from './record.ts';
import { losses, outages, playProduct } from './runner/product.ts';
import { direct, plain, together, tunneled, Ways } from './runner/ways.ts';
import { DIRECT, type DirectStatus } from './scenarios/direct.ts';

const HOME = '2001:db8:100::10';
const ANCHOR = '2001:db8:100::1';
const LTE = '2001:db8:a::2';
const WIFI = '2001:db8:b::2';
const PEER = '2001:db8:2::2';
const { second: SECOND, plain: PLAIN } = DIRECT;
const BINDING_UPDATE = '5';

interface Look extends LabRecord {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly atHomeAgent: string;
  readonly nodes: readonly DirectStatus['correspondent']['nodes'][];
}

test('[multiplecoa-00 §5.5] [multiplecoa-00 §A] [RFC 5648 §5.5.1] at home correspondents with bindings are reached over foreign links, all others over the home link (figures 4 and 6)', async context => {
  const result = await playProduct(context, 'direct-at-home', { time: 'virtual', kernel: 'linux-mip6' });
  const links = ['lte', 'wifi', 'dock1', 'dock2'] as const;
  const ways = await Ways.read(result, links);
  const look = (what: string): Look =>
    result.records.find(r => r.record === 'look' && r.what === what) as unknown as Look;
  const echoes = (what: string): string[][] => links.map(link => ways.on(link, look(what)));
  const held = (what: string) =>
    look(what).nodes.map(nodes =>
      nodes.map(({ homeAddress, bindings }) => [
        homeAddress,
        ...bindings.map(({ bid, careOfAddress }) => `${bid} ${careOfAddress}`).sort(),
      ]),
    );
  const both = [HOME, `1 ${LTE}`, `2 ${WIFI}`];

  const onLte = together(direct(LTE, PEER), tunneled(LTE, ANCHOR, plain(HOME, PLAIN)));
  const abroad = [onLte, together(direct(WIFI, SECOND)), [], []];
  for (const what of ['away', 'away again']) {
    expect(echoes(what), what).toEqual(abroad);
    expect(held(what)).toEqual([[both], [both]]);
  }

  // Figure 4: one interface on the home link, the others abroad. The bindings of before would have ended.
  for (const what of ['figure 4', 'refreshed']) {
    expect(look(what).atHomeAgent).toContain('no bindings');
    expect(held(what), what).toEqual([[both], [both]]);
    expect(echoes(what), what).toEqual([
      together(direct(LTE, PEER)),
      together(direct(WIFI, SECOND)),
      together(plain(HOME, PLAIN)),
      [],
    ]);
  }
  const meanwhile = { from: look('figure 4').to, to: look('refreshed').from };
  for (const [link, careOf] of Object.entries({ lte: LTE, wifi: WIFI })) {
    const updates = [PEER, SECOND].map(each => direct(careOf, each)[0]);
    expect(ways.on(link, meanwhile, BINDING_UPDATE), link).toEqual(updates);
  }

  // Figure 6: two interfaces on the home link, one abroad, which serves those that have its binding and nobody else.
  expect(look('figure 6').atHomeAgent).toContain('no bindings');
  expect(held('figure 6')).toEqual([[[HOME, `1 ${LTE}`]], [[HOME, `1 ${LTE}`]]]);
  expect(echoes('figure 6')).toEqual([
    together(direct(LTE, PEER), direct(LTE, SECOND)),
    [],
    together(plain(HOME, PLAIN)),
    [],
  ]);

  for (const name of ['peer', 'second', 'plain']) {
    const { events, otherwise } = losses(result, `echo ${name}`);
    expect(otherwise, name).toBe(0);
    for (const what of ['comes home', 'stays', 'second interface']) {
      expect(outages(events, what, 50), `${name} ${what}`).toEqual([0]);
    }
    expect(outages(events, 'one foreign link', 50)[0], name).toBeLessThanOrEqual(name === 'second' ? 100 : 0);
    // As without direct ways: the home agent makes sure for a second that nobody has the home address.
    expect(outages(events, 'leaves', 50)[0], name).toBeLessThanOrEqual(1200);
  }
});
