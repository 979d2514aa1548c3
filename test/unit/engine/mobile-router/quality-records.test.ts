/** What a restart or a new configuration knows of the quality of uplinks. */
import { expect, it } from 'vitest';
import { Router } from '../router.ts';

/** Both uplinks answer probes; so many of those of lte get lost. */
function losing(router: Router, lost: number): void {
  const [lte, wifi] = router.router.entries;
  for (const { prober } of [lte!, wifi!]) Object.assign(prober, { state: 'alive' });
  for (let probe = 0; probe < lost; probe++) lte!.prober.quality!.judge(undefined);
  router.wait(1000);
}

it('an uplink that was degraded is left alone after a restart, until its probes are good again', () => {
  const router = new Router().start();
  losing(router, 30);
  expect(router.active).toBe('wifi');
  for (const [key, value] of router.records) router.records.set(key, JSON.parse(JSON.stringify(value)));
  router.restart();
  expect(router.active).toBe('wifi');
  router.wait(1000);
  expect(router.active).toBe('wifi');
  const { prober } = router.router.entries[0]!;
  expect(prober.quality!.grade).toBe('degraded');
  for (let probe = 0; probe < 100; probe++) prober.quality!.judge(50);
  router.wait(1000);
  expect(router.active).toBe('lte');
  router.restart();
  expect(router.router.entries[0]!.prober.quality!.grade).toBe('good');
});

it('one that is not judged any more has no verdict', () => {
  const router = new Router().start();
  losing(router, 30);
  const uplinks = router.config.uplinks.map(uplink => ({ ...uplink, limits: { loss: 1 } }));
  router.restart({ ...router.config, uplinks });
  expect(router.router.entries[0]!.prober.quality!.grade).toBe('good');
  expect(router.active).toBe('lte');
});
