/** kedge beside mwan3, pbr and netifd's ip6table, as far as these are rules, tables and marks. */
import { expect, test } from 'vitest';
import { losses, playProduct } from './runner/product.ts';
import { theRecord } from './runner/scenario.ts';

test('rules and marks of mwan3, pbr and ip6table: the mobile network goes by its tunnels, the rules move by a reload, and those of others stay', async context => {
  const result = await playProduct(context, 'beside-others', {
    time: 'virtual',
    params: { priority: 400 },
    timeout: 400_000,
  });
  expect(theRecord(result, 'priorities')).toMatchObject({ first: ['900', '910', '910', '920', '920'] });
  expect(theRecord(result, 'moved')).toMatchObject({ first: ['400', '410', '410', '420', '420'] });
  expect(theRecord(result, 'left')).toMatchObject({ missing: [], more: [] });
  const { events, otherwise } = losses(result);
  const lost = Object.fromEntries(events.map(found => [found.what, found.lost]));
  // As without the others: what flew over lte.
  expect(lost['carrier lte'], JSON.stringify(lost)).toBeLessThanOrEqual(6);
  expect(lost).toMatchObject({ 'return lte': 0, reload: 0 });
  expect(otherwise).toBe(0);
});
