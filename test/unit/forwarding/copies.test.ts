/** Flows that go over several paths at once: what stands where, at both ends. */
import { describe, expect, it } from 'vitest';
import type { Steering } from '../../../src/engine/steering.ts';
import { copiesText } from '../../../src/forwarding/copies.ts';
import { routerForwarding } from '../../../src/forwarding/router-forwarding.ts';
import type { ForwardingState, Route } from '../../../src/forwarding/state.ts';
import { formatPrefix } from '../../../src/wire/address.ts';
import {
  anchorForwarding,
  anchorNode,
  anchorView,
  HOME_ADDRESS,
  HOME_AGENT,
  LTE,
  routerView,
  WIFI,
} from './examples.ts';

/** Lane 3 leads to where copies for lanes 1 (BID 1) and 2 (BID 2) are made. */
function steering(lte: number | undefined, wifi: number | undefined): Steering {
  return {
    lanes: [
      { number: 1, bids: [1], only: false, active: lte },
      { number: 2, bids: [2], only: false, active: wifi },
      { number: 3, bids: [1, 2], only: false, active: lte ?? wifi },
    ],
    rules: [
      { id: 1, name: 'calls', selectors: [], action: { kind: 'replicate', lanes: [1, 2], through: 3 } },
    ],
  };
}

const router = (copyKey: number | undefined, way = steering(1, 2)): ForwardingState =>
  routerForwarding({ ...routerView([LTE, WIFI], 'lte'), steering: way, copyKey });
const anchor = (copyKey: number | undefined, way: Steering | undefined = steering(1, 2)): ForwardingState =>
  anchorForwarding(anchorView(anchorNode({ steering: way, copyKey })));

const routeText = ({ table, destination, kind, device }: Route): string =>
  `${table} ${formatPrefix(destination)} ${device ?? kind}`;
const laneRoutes = ({ routes }: ForwardingState): string[] =>
  routes.filter(({ table }) => table > 10_000).map(routeText);
const copyRoutes = ({ routes }: ForwardingState): string[] =>
  routes.map(routeText).filter(text => text.includes(' 100:'));

describe('[RFC 6089 §4.2.1.3] a replicated flow at the router', () => {
  it('goes into numbered GRE to the home agent, and its copies by the other path', () => {
    const state = router(7);
    expect(state.tunnels.at(-1)).toMatchObject({
      name: 'kdg-+r0',
      local: HOME_ADDRESS,
      remote: HOME_AGENT,
      key: 7,
      mtu: 1408,
    });
    expect(laneRoutes(state)).toEqual(['77101 ::/0 kdg-lte', '77102 ::/0 kdg-wifi', '77103 ::/0 kdg-+r0']);
    expect(copyRoutes(state)).toEqual([
      expect.stringMatching(/^254 100::\S+\/128 kdg-wifi$/),
      expect.stringMatching(/^254 100::\S+\/96 unreachable$/),
    ]);
    expect(state.filter!.mss).toBe(1348);
  });

  it('has no copy where the path has gone, and never one that leaves by a bare uplink', () => {
    expect(copyRoutes(router(7, steering(1, undefined)))).toEqual([
      expect.stringMatching(/^254 100::\S+\/96 unreachable$/),
    ]);
  });

  it('takes the first live path when the home agent knows no copies', () => {
    const state = router(undefined);
    expect(state.tunnels.map(({ name }) => name)).toEqual(['kdg-lte', 'kdg-wifi']);
    expect(laneRoutes(state)[2]).toBe('77103 ::/0 kdg-lte');
    expect(laneRoutes(router(undefined, steering(undefined, 2))).at(-1)).toBe('77103 ::/0 kdg-wifi');
    expect(copyRoutes(state)).toEqual([]);
    expect(state.copies).toBeUndefined();
  });
});

describe('[RFC 6089 §4.2.1.3] a replicated flow at the home agent', () => {
  it('goes the same way back', () => {
    const state = anchor(7);
    expect(state.tunnels.at(-1)).toMatchObject({
      name: 'kdg-+boat',
      local: HOME_AGENT,
      remote: HOME_ADDRESS,
      key: 7,
    });
    expect(laneRoutes(state).filter(text => text.includes('2001:db8:100::/48'))).toEqual([
      '87101 2001:db8:100::/48 kdg-boat.1',
      '87102 2001:db8:100::/48 kdg-boat.2',
      '87103 2001:db8:100::/48 kdg-+boat',
    ]);
    expect(copyRoutes(state)[0]).toMatch(/ kdg-boat\.2$/);
  });

  it('is taken from the node even when nothing is copied to it', () => {
    const state = anchor(7, undefined);
    expect(state.tunnels.map(({ name }) => name)).toContain('kdg-+boat');
    expect(anchor(undefined).tunnels.map(({ name }) => name)).not.toContain('kdg-+boat');
  });
});

describe('the table of copies', () => {
  const text = copiesText([
    routerForwarding({ ...routerView([LTE, WIFI], 'lte'), steering: steering(1, 2), copyKey: 7 }).copies!,
  ]);

  it('is never replaced as a whole: what has been seen is remembered', () => {
    expect(text).not.toContain('delete table');
    expect(copiesText([])).toBe('table ip6 kedge {}\ndelete table ip6 kedge\n');
  });

  it('lets a number pass once, and sends a copy with the mark of the first lane', () => {
    expect(text).toContain('ip6 saddr . meta mark @seen counter drop');
    expect(text).toMatch(
      /meta mark & 0xff000000 == 0x03000000 meta mark set meta mark & 0x00ffffff \| 0x01000000 dup to 100::\S+ accept/,
    );
  });
});
