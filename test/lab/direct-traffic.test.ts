/** Correspondents that are found by their traffic, on the kernel with Mobile IPv6. */
import { expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';
import { direct, plain, together, tunneled, Ways } from './runner/ways.ts';
import { DIRECT, type DirectStatus } from './scenarios/direct.ts';

const HOME = '2001:db8:100::10';
const ANCHOR = '2001:db8:1::2';
const PEER = '2001:db8:2::2';
const LTE = '2001:db8:a::2';
const { quiet: QUIET, hidden: HIDDEN } = DIRECT;

test('[RFC 6275 §11.7.2] [RFC 6275 §11.3.5] a correspondent of no list is found by its traffic through the tunnel, and by nothing else, and dropped without', async context => {
  const result = await playProduct(context, 'direct-traffic', { time: 'virtual', kernel: 'linux-mip6' });
  // One look of ten seconds, and the round trips of tests and registration.
  expect(theRecord<{ after: number }>(result, 'found').after).toBeLessThanOrEqual(12_000);
  const { router } = theRecord<{ router: DirectStatus }>(result, 'status');
  const { correspondents } = router.mobileRouter.routeOptimization;
  expect(correspondents.map(({ address, state }) => `${address} ${state}`)).toEqual([`${PEER} registered`]);
  // Those of the other kinds have come, or were not counted as what they are not.
  const { text } = theRecord<{ text: string }>(result, 'counted');
  for (const each of [QUIET, HIDDEN]) expect(text).toContain(`${each} . ${HOME}`);

  const ways = await Ways.read(result, ['lte']);
  const look = theRecord<{ from: number; to: number }>(result, 'look');
  const long = [QUIET, HIDDEN].map(each => tunneled(LTE, ANCHOR, plain(HOME, each)));
  expect(ways.on('lte', look)).toEqual(together(direct(LTE, PEER), ...long));

  expect(losses(result)).toEqual({ events: [], otherwise: 0 });
  for (const name of ['echo-quiet', 'echo-hidden'])
    expect(theRecord<{ report: EchoReport }>(result, name).report.lost, name).toBe(0);

  // A binding of 40 s that nobody uses is not renewed.
  const dropped = theRecord<{ router: DirectStatus; peer: DirectStatus }>(result, 'dropped');
  expect(dropped.router.mobileRouter.routeOptimization.correspondents).toEqual([]);
  expect(dropped.peer.correspondent.nodes).toEqual([]);
  expect(theRecord<{ text: string }>(result, 'left').text).toBe('');
});
