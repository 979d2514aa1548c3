/** kedge beside mwan3, pbr and netifd's ip6table, as far as these are rules, tables and marks, and beside fw4's flow_offloading. */
import { expect, test } from 'vitest';
import { losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

test('rules and marks of mwan3, pbr and ip6table, flows that fw4 offloads: the mobile network goes by its tunnels, the rules move by a reload, and those of others stay', async context => {
  const result = await playProduct(context, 'beside-others', {
    time: 'virtual',
    params: { priority: 400 },
    timeout: 400_000,
  });
  expect(theRecord(result, 'priorities')).toMatchObject({ first: ['900', '910', '910', '920', '920'] });
  expect(theRecord(result, 'moved')).toMatchObject({ first: ['400', '410', '410', '420', '420'] });
  expect(theRecord(result, 'left')).toMatchObject({ missing: [], more: [] });
  // Each time the first packet takes the slow path again; copies, which are made there, are not.
  const offloaded = result.records.filter(r => r.record === 'offloaded');
  expect(offloaded.map(({ what, slow, lte, wifi }) => [what, slow, lte, wifi])).toEqual([
    ['lte', 0, 100, 0],
    ['wifi', 0, 0, 100],
    ['copies', 0, 100, 0],
  ]);
  const { events, otherwise } = losses(result);
  const lost = Object.fromEntries(events.map(found => [found.what, found.lost]));
  // As without the others: what flew over lte.
  expect(lost['carrier lte'], JSON.stringify(lost)).toBeLessThanOrEqual(6);
  expect(lost).toMatchObject({ 'return lte': 0, reload: 0, 'policy wifi': 0, 'policy copies': 0 });
  expect(otherwise).toBe(0);
});
