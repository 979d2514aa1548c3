/** The uplink in use goes bad step by step, with real traffic, and becomes good again. */
import { now, sleep } from '../inside/clock.ts';
import { mainTopology } from '../inside/main-topology.ts';
import type { Impairment } from '../inside/network.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { type RouterStatus, Stage, type Uplink } from '../inside/stage.ts';

interface Course {
  /** What the uplink does to packets, one after the other. */
  readonly steps: readonly Impairment[];
  /** Milliseconds of each. */
  readonly span: number;
}

const steps = (count: number, of: (step: number) => Impairment): Impairment[] =>
  Array.from({ length: count }, (_, i) => of(i + 1));

const COURSES: Readonly<Record<string, Course>> = {
  loss: { steps: steps(10, i => ({ loss: 2 * i })), span: 2000 },
  delay: { steps: steps(120, i => ({ delay: 20 + 10 * i })), span: 100 },
  jitter: { steps: steps(10, i => ({ delay: 20 + 90 * i, jitter: 90 * i })), span: 2000 },
};
/** Milliseconds between two looks at the router. */
const LOOK = 2000;

/** Looks now and then: it may take minutes. */
async function carriedBy({ router }: Stage, uplink: Uplink, limit: number): Promise<void> {
  for (let waited = 0; waited < limit; waited += LOOK) {
    const { mobileRouter } = await router.status<RouterStatus>();
    if (mobileRouter.active.uplink === uplink) return;
    await sleep(LOOK);
  }
  throw new Error(`${uplink} does not carry the traffic: ${await router.command('status')}`);
}

async function worsen(stage: Stage, { steps: course, span }: Course): Promise<void> {
  const link = stage.network.link('lte');
  const from = now();
  for (const step of course) {
    await link.impair('both', step);
    await sleep(span);
  }
  await carriedBy(stage, 'wifi', 60_000);
  record('left', { after: now() - from });
  // What was on its way in the bad uplink comes late.
  await sleep(5000);
  await stage.event('calm', () => sleep(3000));
  await link.restore();
  await stage.event('back', () => carriedBy(stage, 'lte', 120_000));
  await stage.event('calm again', () => sleep(3000));
}

/** Its own traffic spoils the uplink: it is good when the traffic has left, and bad when that is back. */
async function exhaust(stage: Stage): Promise<void> {
  const link = stage.network.link('lte');
  await link.impair('both', { rate: '150kbit', limit: 40 });
  await carriedBy(stage, 'wifi', 60_000);
  await sleep(120_000);
  await link.restore();
  await sleep(100_000);
  await carriedBy(stage, 'lte', 60_000);
  await stage.event('calm again', () => sleep(3000));
}

const { course } = parameters<{ course: string }>();
/** With a rate, so that its restoration says one. */
const RATED = { lte: { delay: 20, rate: '20mbit' } };

scenario(mainTopology({ ...(course === 'rate' && RATED), capture: false }), async network => {
  const interval = course === 'rate' ? 40 : 10;
  const stage = await Stage.set(network, {}, { size: 952, settle: 5000, interval });
  const plan = COURSES[course];
  if (course === 'rate') await exhaust(stage);
  else if (plan !== undefined) await worsen(stage, plan);
  else throw new Error(`no course ${course}`);
  record('end', { anchor: await stage.anchor.status() });
  await stage.finish();
});
